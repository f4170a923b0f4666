#include "app/scan.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>

#include "app/baseline_file.h"
#include "app/gap_log.h"
#include "app/live_scan.h"
#include "app/needs.h"
#include "app/paths.h"
#include "app/publish.h"
#include "app/version.h"
#include "app/worker.h"
#include "base/file.h"
#include "base/input.h"
#include "base/text.h"
#include "base/time.h"
#include "control/secrets.h"
#include "evaluate/baseline.h"
#include "evaluate/evaluator.h"
#include "evaluate/exception_use.h"
#include "evaluate/exceptions.h"
#include "evaluate/spool.h"
#include "report/saved_report.h"
#include "report/summary.h"
#include "source/given.h"

namespace sagewarden {
namespace {

constexpr size_t kSpoolBytes = 12'000'000;
constexpr size_t kMaxExceptionsBytes = 16'000'000;

Result<std::string> find_temporary_folder() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (!error) return folder.string();
  const char* const named = std::getenv("TMPDIR");
  return fail(Error::Code::NotFound,
              fmt::format("TMPDIR is {}, which is no folder: set it to one, or unset it",
                          named == nullptr ? folder.string() : named));
}

Result<Exceptions> read_exceptions(const std::string& file) {
  if (file.empty()) return Exceptions{};
  TRY_LET(const std::string text, read_file(file, kMaxExceptionsBytes));
  return parse_exceptions(file, text);
}

// Of the catalogue, and of the users' controls that are applied.
std::vector<std::string_view> all_ids(std::span<const Control> applied) {
  std::vector<std::string_view> ids = builtin_control_ids();
  for (const Control& control : applied) ids.push_back(control.info.id);
  return ids;
}

// With a baseline, each finding that passed must be there to be compared with it, whatever the
// formats: the numbers of a run do not depend on those.
KeepPassed keep_passed(const ScanOptions& options) {
  const bool wanted = !options.baseline_file.empty() || options.publish ||
                      std::ranges::any_of(options.reports, [](const ReportTarget& report) {
                        return report.format->wants_passed;
                      });
  return wanted ? KeepPassed::Yes : KeepPassed::No;
}

// Where nothing was an input, it is of use to know where was looked, and that files were there.
std::string why_nothing(const std::vector<std::string>& inputs, const Coverage& coverage,
                        const Error& error) {
  constexpr std::string_view kNothing = "no input found";
  constexpr size_t kNamed = 3;
  if (!error.message.starts_with(kNothing)) return error.message;
  std::string out;
  for (size_t i = 0; i < std::min(inputs.size(), kNamed); ++i)
    out += (i == 0 ? "" : ", ") + inputs[i];
  if (inputs.size() > kNamed) out += fmt::format(" and {} more", inputs.size() - kNamed);
  size_t passed_over = 0;
  for (const auto& [reason, count] : coverage.passed_over) passed_over += count;
  const std::string among =
      passed_over == 0 ? ""
                       : " among " + count_of(passed_over, "file or folder", "files and folders");
  return fmt::format("{}: {}{}{}", out, kNothing, among, error.message.substr(kNothing.size()));
}

// What a run works with.
struct Means {
  const Given& given;
  std::span<const live::TypeNeeds> needs;
  const Evaluator& evaluator;
  Spool& spool;
  Progress& progress;
  Log& log;
};

Result<void> collect_from_files(const ScanOptions& options, const Means& means,
                                std::span<Sink* const> sinks) {
  SourceOptions source = means.given.in(options.source);
  source.types = means.evaluator.types();
  const std::vector<std::string_view> tag_types = types_by_tags(means.needs);
  source.tag_types = &tag_types;
  std::vector<std::string> inputs;
  for (const std::string& input : options.inputs) inputs.push_back(normal_path(input));
  return collect(inputs, source, sinks, means.progress);
}

// What the reports only count.
void log_paths_passed_over(std::span<const std::unique_ptr<Worker>> workers, Log& log) {
  std::vector<std::string> paths;
  for (const std::unique_ptr<Worker>& worker : workers)
    std::ranges::copy(worker->paths_passed_over(), std::back_inserter(paths));
  std::ranges::sort(paths);
  const size_t shown = std::min(paths.size(), kMaxPathsPassedOver);
  for (size_t i = 0; i < shown; ++i) log.info(paths[i]);
  if (paths.size() > shown) log.info("further files that are passed over are not named");
}

// Reads all there is through the evaluation into the spool: files with one worker a thread, then
// AWS.
Result<void> collect_all(const ScanOptions& options, const Means& means, ReportInput& report) {
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<Sink*> sinks;
  for (size_t i = 0; i < options.threads; ++i) {
    workers.push_back(std::make_unique<Worker>(means.evaluator, means.spool.writer()));
    sinks.push_back(workers.back().get());
  }
  Result<void> collected;
  if (!options.inputs.empty()) collected = collect_from_files(options, means, sinks);
  if (options.aws && collected) {
    TRY_LET(LiveRun run, collect_from_aws({*options.aws, means.needs}, *sinks.front(),
                                          means.progress, means.log));
    std::ranges::move(run.inputs, std::back_inserter(report.run.inputs));
    std::ranges::move(run.notices, std::back_inserter(report.notices));
  }
  Coverage& coverage = report.coverage;
  size_t not_kept = 0;
  log_paths_passed_over(workers, means.log);
  for (const std::unique_ptr<Worker>& worker : workers) {
    not_kept += worker->gaps_not_kept();
    std::move(*worker).add_to(coverage);
  }
  if (!collected)
    return fail(collected.error().code, why_nothing(options.inputs, coverage, collected.error()));
  settle_gaps(coverage.gaps, not_kept);
  settle_rows(coverage.rows);
  coverage.files = means.progress.files;
  coverage.bytes = means.progress.bytes_text;
  coverage.calls = means.progress.calls;
  return {};
}

// Counts one finding, for the report and for the verdict.
void count(const Finding& finding, std::optional<Severity> fail_on, ControlCounts& counts,
           ScanOutcome& outcome) {
  count_in(counts, finding);
  if (finding.suppressed || finding.compliance == Compliance::Passed) return;
  if (finding.compliance != Compliance::Failed)
    ++outcome.incomplete;
  else if (fail_on && finding.severity >= *fail_on)
    ++outcome.failed;
}

// Counts one finding that the baseline knows: it is left out, and does not fail the run.
void count_known(const Finding& finding, KnownCounts& known) {
  if (finding.suppressed)
    ++known.suppressed;
  else if (finding.compliance == Compliance::Failed)
    ++known.failed;
  else if (finding.compliance == Compliance::Passed)
    ++known.passed;
  else
    ++known.not_judged;
}

bool is_known(const std::optional<Baseline>& baseline, const Finding& finding) {
  return baseline && baseline->is_known(finding);
}

// What the reports say of the baseline.
std::string baseline_notice(const ScanOptions& options, const Baseline& baseline, bool met) {
  std::string notice = fmt::format("Compared with {}: only what is new or has changed is listed",
                                   options.baseline_file);
  if (met || baseline.size() == 0) return notice;
  notice += fmt::format("; none of its {} is about what was read now",
                        count_of(baseline.size(), "finding"));
  // Ids hold the names of files.
  if (!options.inputs.empty()) notice += ": were the files named by another path then?";
  return notice;
}

// One pass over the findings, before any report begins: all formats say the totals first.
Result<void> count_findings(const Spool& spool, const std::optional<Baseline>& baseline,
                            const ScanOptions& options, ReportInput& report, ScanOutcome& outcome) {
  const std::vector<size_t>& passed = spool.counts().passed;
  for (size_t i = 0; i < report.controls.size(); ++i)
    report.counts[report.controls[i].id].passed = i < passed.size() ? passed[i] : 0;
  bool met = false;  // anything that the baseline is about
  TRY_DO(spool.each([&](const Finding& finding) -> Result<void> {
    ControlCounts& counts = report.counts[finding.control];
    met = met || (baseline && baseline->has(finding.id));
    if (is_known(baseline, finding))
      count_known(finding, counts.known);
    else
      count(finding, options.fail_on, counts, outcome);
    return {};
  }));
  outcome.incomplete += report.coverage.gaps.size();
  if (baseline) report.notices.push_back(baseline_notice(options, *baseline, met));
  return {};
}

// Standard output is given; a file is made, and appears when it is whole.
Result<void> write_report(const ReportTarget& target, const ReportInput& report,
                          const EachFinding& each, const TextStyle& style, Output& out) {
  if (target.file.empty()) return target.format->write(report, each, style, out);
  TRY_LET(const std::unique_ptr<Output> file, create_file_output(target.file));
  TRY_DO(target.format->write(report, each, TextStyle{}, *file));
  return file->commit();
}

struct Streams {
  Output& out;
  Log& log;
};

// All reports, even when one cannot be written: the others are still worth having.
Result<void> write_reports(const ScanOptions& options, const ReportInput& report,
                           const EachFinding& each, ScanOutcome& outcome, Streams streams) {
  Result<void> result;  // the last failure; those before are said here
  for (const ReportTarget& target : options.reports) {
    Result<void> written = write_report(target, report, each, options.style, streams.out);
    if (written) continue;
    if (target.file.empty() && written.error().code == Error::Code::Interrupted) {
      outcome.reader_went_away = true;
    } else {
      std::string& message = written.error().message;
      if (!target.file.empty() && !message.starts_with("cannot "))
        message.insert(0, target.file + ": ");
      if (!result) streams.log.error(result.error().message);
      result = std::move(written);
    }
  }
  return result;
}

// A tag's value under a name that hints at a secret. Exceptions have been held against it before.
bool is_secret(const std::pair<std::string, std::string>& tag) {
  std::string name = tag.first;
  // One name and no path, whatever stands in it.
  std::ranges::replace_if(
      name, [](char c) { return c == '.' || c == '[' || c == '"'; }, '_');
  return is_secret_path(name);
}

Result<void> take_without_secrets(const Finding& finding,
                                  const std::function<Result<void>(const Finding&)>& take) {
  if (std::ranges::none_of(finding.tags, is_secret)) return take(finding);
  Finding shown = finding;
  for (auto& tag : shown.tags) {
    if (is_secret(tag)) tag.second = kHidden;
  }
  return take(shown);
}

// The findings that are reported: with a baseline, those that it does not know.
EachFinding reported(const Spool& spool, const std::optional<Baseline>& baseline) {
  return [&](const std::function<Result<void>(const Finding&)>& take) {
    return spool.each([&](const Finding& finding) -> Result<void> {
      if (is_known(baseline, finding)) return {};
      return take_without_secrets(finding, take);
    });
  };
}

// To where the findings are wanted, all of them: what a baseline knows is as true as the rest.
Result<void> publish_findings(const ScanOptions& options, const Spool& spool,
                              const ReportInput& report, Means means, ScanOutcome& outcome) {
  if (!options.publish) return {};
  if (report.interrupted) {
    means.log.error("nothing is published: the run was stopped before everything was read");
    return {};
  }
  const EachFinding all = [&](const std::function<Result<void>(const Finding&)>& take) {
    return spool.each([&](const Finding& finding) { return take_without_secrets(finding, take); });
  };
  TRY_LET(outcome.published, publish_to_hub(*options.publish, {report, all}, publish::Send::Yes,
                                            means.progress, means.log));
  return {};
}

}  // namespace

Result<ScanOutcome> scan(const ScanOptions& options, Progress& progress, Log& log, Output& out) {
  ReportInput report;
  report.run = {std::string(program_version()), iso_time(options.clock()), "", options.inputs};
  report.run.live =
      options.aws && options.aws->from == AwsSource::SageMaker && options.inputs.empty();
  // Found out now and not after hours of reading.
  TRY_DO(check_reports(options));
  TRY_LET(const std::vector<Control> controls, select_controls(options.controls));
  TRY_LET(const Exceptions exceptions, read_exceptions(options.exceptions_file));
  TRY_LET(const std::optional<Baseline> baseline, read_baseline_file(options.baseline_file));
  TRY_LET(const Given given, read_given(options.source));
  log.info(fmt::format("applying {}", count_of(controls.size(), "control")));

  ExceptionUse exception_use(exceptions, options.today);
  const Evaluator evaluator(controls, exception_use, keep_passed(options));
  TRY_LET(std::string temporary_folder, find_temporary_folder());
  Spool spool(evaluator, kSpoolBytes, std::move(temporary_folder));
  const std::vector<live::TypeNeeds> needs = needs_of(controls, exceptions);
  const Means means{given, needs, evaluator, spool, progress, log};
  TRY_DO(collect_all(options, means, report));
  // A signal from here on stops nothing: all has been read.
  const bool stopped = progress.stop;
  TRY_DO(spool.finish());

  // Beyond this point, findings no longer change.
  ScanOutcome outcome;
  outcome.interrupted = report.interrupted = stopped;
  GapLog gap_log(log);
  for (const Gap& gap : report.coverage.gaps) gap_log.note(gap);
  gap_log.end();
  report.controls = infos_of(controls);
  report.coverage.evaluated = spool.counts().evaluated;
  report.coverage.superseded = spool.counts().superseded;
  std::ranges::move(exception_use.notices(all_ids(controls)), std::back_inserter(report.notices));
  if (!stopped) std::ranges::move(given.notices(), std::back_inserter(report.notices));
  TRY_DO(count_findings(spool, baseline, options, report, outcome));
  for (const std::string& notice : report.notices) log.info(notice);
  const EachFinding each = reported(spool, baseline);
  report.run.finished = iso_time(options.clock());
  // A report that cannot be written is no reason not to publish.
  const Result<void> written = write_reports(options, report, each, outcome, {out, log});
  const Result<void> published = publish_findings(options, spool, report, means, outcome);
  if (!published && written && !progress.stop) return tl::make_unexpected(published.error());
  if (!published) {
    log.error(published.error().message);
    outcome.interrupted = true;  // unless the reports failed too, which is said first
  }
  TRY_DO(written);
  return outcome;
}

Result<ScanOutcome> scan_findings(ScanOptions options, Progress& progress, Log& log,
                                  const std::function<Result<void>(const Finding&)>& take) {
  options.reports = {{find_format("ndjson"), ""}};
  std::string text;
  const std::unique_ptr<Output> out = create_string_output(text);
  TRY_LET(ScanOutcome outcome, scan(options, progress, log, *out));
  TRY_LET(const SavedReport report, SavedReport::read("scan", text));
  TRY_DO(report.each(take));
  return outcome;
}

}  // namespace sagewarden
