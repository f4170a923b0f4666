#include "app/live_scan.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"

namespace sagewarden {

Result<std::vector<std::string>> collect_from_aws(const AwsOptions& options,
                                                  std::span<const live::TypeNeeds> needs,
                                                  Sink& sink, Progress& progress, Log& log) {
  TRY_LET(const std::unique_ptr<AwsSession> session, AwsSession::open(options, log));
  TRY_LET(const std::vector<live::Scope> scopes, session->scopes(sink, progress));
  std::vector<std::string> inputs;
  for (const live::Scope& scope : scopes) {
    if (scope.regions.empty()) continue;
    inputs.push_back(
        fmt::format("AWS account {}: {}", scope.account, fmt::join(scope.regions, ", ")));
    log.info(fmt::format("scanning {}", inputs.back()));
  }
  live::LiveOptions live_options;
  live_options.scopes = scopes;
  live_options.needs = needs;
  live_options.concurrency = options.concurrency;
  live_options.now = seconds_now;
  const live::Transport transport = session->transport();
  live::collect(live_options, transport, sink, progress);
  session->log_counts(log);
  return inputs;
}

}  // namespace sagewarden
