#include "app/collect.h"

#include <fmt/core.h>

#include <memory>
#include <vector>

#include "app/gap_log.h"
#include "app/live_scan.h"
#include "app/needs.h"
#include "app/version.h"
#include "base/gzip_output.h"
#include "base/time.h"
#include "control/secrets.h"
#include "source/inventory/inventory.h"

namespace sagewarden {
namespace {

// Writes all that it is given. What comes before it is known what was asked for waits for the
// header; after the first error the rest is not wanted.
class BundleSink : public Sink {
 public:
  BundleSink(Output& out, const CollectOptions& options, Progress& progress, Log& log)
      : options_(options),
        progress_(progress),
        log_(log),
        writer_(out, options.secrets ? nullptr : is_secret_member) {}

  void begin(const Asked& asked) {
    take(writer_.header(iso_time(options_.clock()), program_version(), &asked));
    begun_ = true;
    for (const Gap& gap : early_) take(writer_.gap(gap));
    early_.clear();
  }

  void resource(const Resource& resource) override {
    ++outcome_.resources;
    take(writer_.resource(resource));
  }
  void gap(Gap gap) override {
    ++outcome_.gaps;
    log_.note(gap);
    if (begun_) return take(writer_.gap(gap));
    early_.push_back(std::move(gap));
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    take(writer_.passed_over(reason, type));
  }

  void covered(const CoverageRow& row) override { take(writer_.covered(row)); }

  // A run that was interrupted gets no end: what of it is on standard output is no whole bundle.
  Result<CollectOutcome> end() {
    log_.end();
    if (!written_) return tl::make_unexpected(written_.error());
    outcome_.interrupted = progress_.stop;
    if (!outcome_.interrupted) TRY_DO(writer_.end());
    return outcome_;
  }

 private:
  void take(Result<void> written) {
    if (written || !written_) return;
    written_ = std::move(written);
    progress_.stop = true;
  }

  const CollectOptions& options_;
  Progress& progress_;
  GapLog log_;
  InventoryWriter writer_;
  bool begun_ = false;
  std::vector<Gap> early_;
  Result<void> written_;
  CollectOutcome outcome_;
};

Result<std::vector<live::TypeNeeds>> needs_for(const CollectOptions& options) {
  std::vector<live::TypeNeeds> all = needs_of_all();
  if (!options.controls) return all;
  TRY_LET(const std::vector<Control> controls, select_controls(*options.controls));
  std::vector<live::TypeNeeds> chosen;
  for (live::TypeNeeds& needs : needs_of(controls, Exceptions{})) {
    needs.whole = needs.tags = true;  // an exception, or another control, may read more
    chosen.push_back(std::move(needs));
  }
  return chosen;
}

std::string_view word_of(AwsSource source) {
  switch (source) {
    case AwsSource::SageMaker:
      return "aws";
    case AwsSource::Config:
      return "config";
    case AwsSource::ConfigAggregator:
      return "config-aggregator";
  }
  return "";
}

Asked asked_for(const CollectOptions& options, std::span<const live::TypeNeeds> needs,
                std::span<const live::Scope> scopes) {
  Asked asked;
  asked.from = word_of(options.aws.from);
  asked.secrets = options.secrets;
  // Which accounts an aggregator covers, and which of their Regions, is not known.
  if (options.aws.from != AwsSource::ConfigAggregator) {
    for (const live::Scope& scope : scopes)
      asked.accounts.push_back({scope.account, scope.partition, scope.regions});
  }
  for (const live::TypeNeeds& of : needs) asked.types.push_back({of.type, of.tags});
  return asked;
}

// Standard output, which its owner commits.
class Borrowed : public Output {
 public:
  explicit Borrowed(Output& to) : to_(to) {}

  Result<void> write(std::string_view text) override { return to_.write(text); }
  Result<void> commit() override { return {}; }

 private:
  Output& to_;
};

Result<std::unique_ptr<Output>> open_bundle(const CollectOptions& options, Output& out) {
  std::unique_ptr<Output> to;
  if (options.file.empty()) {
    to = std::make_unique<Borrowed>(out);
  } else {
    TRY_LET(to, create_file_output(options.file, Readers::Owner));
  }
  return options.gzip ? create_gzip_output(std::move(to)) : std::move(to);
}

}  // namespace

Result<CollectOutcome> collect_bundle(const CollectOptions& options, Progress& progress, Log& log,
                                      Output& out) {
  TRY_LET(const std::vector<live::TypeNeeds> needs, needs_for(options));
  TRY_LET(const std::unique_ptr<Output> bundle, open_bundle(options, out));
  BundleSink sink(*bundle, options, progress, log);
  const auto begins = [&](std::span<const live::Scope> scopes) {
    sink.begin(asked_for(options, needs, scopes));
  };
  TRY_LET(const LiveRun run, collect_from_aws({options.aws, needs, begins}, sink, progress, log));
  for (const std::string& notice : run.notices) log.warning(notice);
  TRY_LET(const CollectOutcome outcome, sink.end());
  if (!outcome.interrupted) TRY_DO(bundle->commit());
  return outcome;
}

}  // namespace sagewarden
