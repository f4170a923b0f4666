// The live part of a scan: AWS's resources into the sink.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/aws_session.h"
#include "base/log.h"
#include "base/result.h"
#include "source/source.h"

namespace sagewarden {

struct LiveRequest {
  const AwsOptions& options;
  std::span<const live::TypeNeeds> needs;
  // Called with the places that will be looked at, before anything is read there; may be empty.
  std::function<void(std::span<const live::Scope>)> begins = {};
};

struct LiveRun {
  std::vector<std::string> inputs;   // what was scanned, an entry an account, in words
  std::vector<std::string> notices;  // what else is to be known: accounts that are not active
};

// Errors: there are no credentials, or it is not known where to look.
Result<LiveRun> collect_from_aws(const LiveRequest& request, Sink& sink, Progress& progress,
                                 Log& log);

}  // namespace sagewarden
