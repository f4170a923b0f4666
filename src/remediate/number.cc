#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

void number_steps(std::vector<Step>& steps, const std::string& action, size_t& count) {
  for (Step& step : steps) {
    step.id = fmt::format("{}.{}", action, ++count);
    size_t back = 0;
    for (Step& undo : step.undo) undo.id = fmt::format("{}.undo{}", step.id, ++back);
  }
}

}  // namespace

void number(Plan& plan) {
  const auto key = [](const Action& action) {
    const Target& first = action.resources.front();
    return std::tie(first.account, first.region, first.type, first.name, first.arn);
  };
  std::ranges::stable_sort(plan.actions,
                           [&](const Action& a, const Action& b) { return key(a) < key(b); });
  size_t count = 0;
  for (Action& action : plan.actions) {
    action.id = std::to_string(++count);
    size_t steps = 0;
    number_steps(action.steps, action.id, steps);
    number_steps(action.cleanup, action.id, steps);
  }
}

}  // namespace sagewarden::remediate
