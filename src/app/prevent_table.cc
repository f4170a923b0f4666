// What each kind of prevention does about each control, in one table.
#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "app/prevent.h"

namespace sagewarden {
namespace {

std::string cell(const remediate::Coverage& coverage) {
  if (coverage.how.empty()) return fmt::format("no: {}", coverage.limit);
  if (coverage.limit.empty()) return coverage.how;
  return fmt::format("{}; {}", coverage.how, coverage.limit);
}

}  // namespace

Result<std::string> prevention_table(std::span<const ControlInfo> controls) {
  std::vector<std::string> ids;
  for (const ControlInfo& info : controls) ids.push_back(info.id);
  TRY_LET(remediate::Prevention guard, remediate::guard_rules(controls));
  // With any key: which one is the user's business.
  const std::array kinds = {
      remediate::service_control_policy(ids, {.tag_keys = {"Owner"}, .except_roles = {}}),
      std::move(guard), admission_policies(controls, Admission::Warn)};
  std::string table =
      "| control | `prevent scp` | `prevent guard` | `prevent admission` |\n|---|---|---|---|\n";
  for (size_t i = 0; i < controls.size(); ++i) {
    table += fmt::format("| {} |", controls[i].id);
    for (const remediate::Prevention& kind : kinds)
      table += fmt::format(" {} |", cell(kind.controls.at(i)));
    table += '\n';
  }
  return table;
}

}  // namespace sagewarden
