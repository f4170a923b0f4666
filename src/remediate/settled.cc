#include "remediate/settled.h"

#include <algorithm>
#include <map>

namespace sagewarden::remediate {
namespace {

// What a read is to show when all steps are done: by path, what the last step says about it.
struct End {
  const PlannedCall* read = nullptr;
  bool gone = false;
  std::map<std::string_view, const Expectation*> expected = {};
};

std::vector<End> ends_of(const std::vector<Step>& steps) {
  std::vector<End> ends;
  for (const Step& step : steps) {
    auto end = std::ranges::find_if(
        ends, [&](const End& known) { return *known.read == step.check.read; });
    if (end == ends.end()) end = ends.insert(ends.end(), End{.read = &step.check.read});
    end->gone = step.check.gone;
    if (end->gone) end->expected.clear();
    for (const Expectation& reached : step.check.reached) end->expected[reached.path] = &reached;
  }
  return ends;
}

}  // namespace

bool is_settled(const std::vector<Step>& steps, const Reader& reader) {
  return std::ranges::all_of(ends_of(steps), [&](const End& end) {
    const aws::Answer answer = reader.read(*end.read);
    if (!answer) return end.gone && answer.error().kind == aws::CallError::Kind::NotFound;
    return (!end.gone || !end.expected.empty()) &&
           std::ranges::all_of(end.expected,
                               [&](const auto& one) { return holds(*one.second, answer->root); });
  });
}

}  // namespace sagewarden::remediate
