#include "app/live_scan.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "source/live/config_live.h"

namespace sagewarden {

namespace {

// What is read, in words.
std::string input_of(const AwsOptions& options, const live::Scope& scope) {
  std::string regions = fmt::format("{}", fmt::join(scope.regions, ", "));
  const std::string account = scope.name.empty()
                                  ? scope.account
                                  : fmt::format("{} ({})", scope.account, printable(scope.name));
  switch (options.from) {
    case AwsSource::SageMaker:
      return fmt::format("AWS account {}: {}", account, regions);
    case AwsSource::Config:
      return fmt::format("AWS Config of account {}: {}", account, regions);
    case AwsSource::ConfigAggregator:
      return fmt::format("AWS Config aggregator {} of account {}: {}", options.aggregator, account,
                         regions);
  }
  return regions;
}

Result<std::vector<live::Scope>> scopes_of(const AwsOptions& options, AwsSession& session,
                                           Sink& sink, Progress& progress) {
  if (options.from != AwsSource::ConfigAggregator) return session.scopes(sink, progress);
  TRY_LET(live::Scope home, session.home(progress));
  return std::vector<live::Scope>{std::move(home)};
}

void read_config(const LiveRequest& request, std::span<const live::Scope> scopes,
                 const live::Transport& transport, Sink& sink, Progress& progress) {
  live::ConfigOptions options;
  options.scopes = scopes;
  for (const live::TypeNeeds& of : request.needs) options.types.push_back(of.type);
  options.aggregator = request.options.aggregator;
  if (request.options.from == AwsSource::ConfigAggregator) {
    options.accounts = request.options.accounts;
    options.regions = request.options.regions;
  }
  options.concurrency = request.options.concurrency;
  live::collect_from_config(options, transport, sink, progress);
}

void read_sagemaker(const LiveRequest& request, std::span<const live::Scope> scopes,
                    const live::Transport& transport, Sink& sink, Progress& progress) {
  live::LiveOptions options;
  options.scopes = scopes;
  options.needs = request.needs;
  options.concurrency = request.options.concurrency;
  options.now = seconds_now;
  live::collect(options, transport, sink, progress);
}

}  // namespace

Result<LiveRun> collect_from_aws(const LiveRequest& request, Sink& sink, Progress& progress,
                                 Log& log) {
  const AwsOptions& options = request.options;
  TRY_LET(const std::unique_ptr<AwsSession> session, AwsSession::open(options, log));
  TRY_LET(const std::vector<live::Scope> scopes, scopes_of(options, *session, sink, progress));
  LiveRun run;
  run.notices = session->notices();
  for (const live::Scope& scope : scopes) {
    if (scope.regions.empty()) continue;
    run.inputs.push_back(input_of(options, scope));
    log.info(fmt::format("scanning {}", run.inputs.back()));
  }
  if (request.begins) request.begins(scopes);
  const live::Transport transport = session->transport();
  if (options.from == AwsSource::SageMaker)
    read_sagemaker(request, scopes, transport, sink, progress);
  else
    read_config(request, scopes, transport, sink, progress);
  session->log_counts(log);
  return run;
}

}  // namespace sagewarden
