#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "remediate/execute.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

// The steps whose call may have been made, the last one first. What was found as
// it should be without having been asked for is somebody else's, and stays.
std::vector<const Step*> asked_steps(const Action& action, const ActionState& state) {
  std::vector<const Step*> asked;
  for (const std::vector<Step>* steps : {&action.steps, &action.cleanup})
    for (const Step& step : *steps) {
      const auto known = state.steps.find(step.id);
      if (known != state.steps.end() && known->second.asked) asked.push_back(&step);
    }
  std::ranges::reverse(asked);
  return asked;
}

// A state that was just reached need not be reached again.
bool is_same(const Step& one, const Step& other) {
  return one.title == other.title && one.call == other.call && one.check == other.check &&
         one.from == other.from;
}

Action taken_back(const Action& action, const std::vector<const Step*>& asked) {
  Action back;
  back.way = action.way;
  back.resources = action.resources;
  back.findings = action.findings;
  for (Repaired& repaired : back.findings) repaired.passes_at.clear();
  back.downtime = action.downtime;
  back.cost = action.cost;
  std::vector<std::string> stays;
  for (const Step* const step : asked) {
    // What the plan itself had made and deleted is to stay away.
    if (step->own && step->undo.empty()) continue;
    for (const Step& undo : step->undo)
      if (back.steps.empty() || !is_same(back.steps.back(), undo)) back.steps.push_back(undo);
    // Some are taken back in part.
    if (step->undo.empty() || !step->no_undo.empty())
      stays.push_back(fmt::format("not {}taken back: {}: {}", step->undo.empty() ? "" : "wholly ",
                                  step->title,
                                  step->no_undo.empty() ? "there is no way to" : step->no_undo));
  }
  if (back.steps.empty()) {
    back.way = Way::ByHand;
    back.advice = std::move(stays);
    return back;
  }
  back.summary = fmt::format("Takes back: {}", action.summary);
  back.risks = std::move(stays);
  return back;
}

}  // namespace

Plan undo_plan(const Execution& execution, std::string_view now) {
  Plan plan{.version = execution.plan.version,
            .made = std::string(now),
            .identity = execution.identity,
            .parameters = execution.plan.parameters,
            .actions = {}};
  for (const Action& action : execution.plan.actions) {
    const auto state = execution.actions.find(action.id);
    if (state == execution.actions.end()) continue;
    const std::vector<const Step*> asked = asked_steps(action, state->second);
    if (!asked.empty()) plan.actions.push_back(taken_back(action, asked));
  }
  number(plan);
  return plan;
}

}  // namespace sagewarden::remediate
