// Carrying a plan out: the only place that changes SageMaker's resources.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "remediate/journal.h"
#include "remediate/plan.h"
#include "remediate/reader.h"

namespace sagewarden::remediate {

struct ExecuteOptions {
  bool cleanup = false;             // also the steps that delete what was replaced
  bool stop_on_error = false;       // begin no further action once one failed
  size_t concurrency = 16;          // actions at once
  std::set<std::string> only = {};  // ids of actions; empty: all
  bool claims = false;              // resources are tagged while they are changed: see claim.h
  bool breaks_claims = false;       // what others have claimed is taken from them
};

// What an execution needs of the world; tests bring their own.
struct ExecuteWorld {
  const aws::CallAws& call;
  // The place of an action's account and Region; null credentials: nobody may act there.
  std::function<Place(const Target& target)> place_of;
  std::function<void(std::chrono::seconds pause)> sleep;  // ends early when `stop` is set
  const std::atomic<bool>& stop;
  std::chrono::seconds longest_pause;  // between two looks
  // Told to people as it happens; called by several threads. May be null.
  std::function<void(const Action& action, std::string_view text)> say;
};

// Carries out every action of the execution's plan that has not ended yet, and writes into the
// journal and `execution` what came of it. After `stop` no further change is asked for; what is
// under way in AWS goes on there and the execution can be gone on with. Error: the journal cannot
// be written, and nothing more was asked of AWS then.
Result<void> execute(Execution& execution, Journal& journal, const ExecuteOptions& options,
                     const ExecuteWorld& world);

// The plan that takes an execution back: what was done, in reverse order. What cannot be taken back
// is said in the actions' advice.
Plan undo_plan(const Execution& execution, std::string_view now);

}  // namespace sagewarden::remediate
