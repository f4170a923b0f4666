// Carrying out one step: look, ask, wait until what it is for is reached.
#pragma once

#include <atomic>
#include <string>

#include "remediate/execute.h"

namespace sagewarden::remediate {

struct Ended {
  Outcome outcome = Outcome::Done;
  std::string why = {};
};

// Whether AWS may answer when it is asked again.
inline bool is_transient(aws::CallError::Kind kind) {
  using Kind = aws::CallError::Kind;
  return kind == Kind::Throttled || kind == Kind::Failed || kind == Kind::Malformed;
}

// Where a step is carried out.
struct StepPlace {
  const ExecuteWorld& world;
  Journal& journal;
  const Action& action;
  const Place& place;
  // The journal cannot be written: nothing more may be asked of AWS.
  const std::atomic<bool>& broken;
  // Whether the action has changed something already: AWS may need a moment to show it.
  bool changed = false;
};

// `state` is what is known of the step, and is kept as the journal has it. Error: the journal
// cannot be written.
Result<Ended> carry_out(const Step& step, StepState& state, const StepPlace& at);

}  // namespace sagewarden::remediate
