// Carrying plans out, going on with what was interrupted, and taking back what was done.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/aws_session.h"
#include "app/executions.h"
#include "base/log.h"
#include "base/result.h"
#include "remediate/execute.h"
#include "remediate/plan.h"
#include "source/source.h"

namespace sagewarden {

struct ApplyRequest {
  AwsOptions aws;
  std::string state_folder;  // empty: see ExecutionStore
  remediate::ExecuteOptions options;
  size_t max_resources = 10;                                // that may be changed
  bool allow_delete = false;                                // of what was there before
  int64_t max_age = 86'400;                                 // of a plan, in seconds
  std::chrono::seconds poll = std::chrono::seconds::max();  // the longest pause between two looks
  // Asks the user; what is given is what would be done. Null: the user has said yes already.
  std::function<Result<bool>(const remediate::Plan& plan)> confirm = {};
  std::function<void(const std::string& line)> say = {};  // by several threads; may be null
  int64_t (*clock)() = nullptr;
  size_t threads = 1;
};

// What became of a finding.
struct AfterRepair {
  remediate::Repaired repaired;
  std::string action;
  remediate::Outcome outcome = remediate::Outcome::Done;
  // The control's verdict where it is to pass now, or of an undo where it failed; empty: it could
  // not be judged again.
  std::string after = {};
  bool old_is_there = false;  // what was replaced still is, and fails as before
};

struct Applied {
  remediate::Execution execution;
  std::string journal;  // its file
  std::vector<AfterRepair> findings;
  bool declined = false;     // by the user; nothing was done
  size_t not_done = 0;       // actions that did not come to their end
  size_t still_failing = 0;  // findings that do not pass though they were repaired; of no undo
  size_t not_judged = 0;
};

// Errors: the plan is too old, about more resources than allowed, deletes without permission, is
// for other accounts; another process is at work there; there are no credentials. Then nothing was
// done.
Result<Applied> apply_plan(const remediate::Plan& whole, const ApplyRequest& request,
                           Progress& progress, Log& log);
// Empty id: the last one that was interrupted. With options.cleanup also what is left to delete of
// one that is over.
Result<Applied> resume_execution(const std::string& id, const ApplyRequest& request,
                                 Progress& progress, Log& log);
// Empty id: the last one.
Result<Applied> undo_execution(const std::string& id, const ApplyRequest& request,
                               Progress& progress, Log& log);

}  // namespace sagewarden
