// `sagewarden prevent …`: what keeps violations from coming back.
#include "remediate/prevent.h"

#include <fmt/core.h>

#include "app/controls.h"
#include "app/prevent.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/verbs.h"

namespace sagewarden {
namespace {

Result<std::vector<ControlInfo>> chosen(const Arguments& arguments) {
  ControlSelection selected = selection(arguments);
  if (selected.controls.empty() && selected.sets.empty()) selected.sets = {"security-hub"};
  TRY_LET(const std::vector<Control> controls, select_controls(selected));
  return infos_of(controls);
}

// Prints the document, and says of each control what it does not do, or, to those who ask for more
// words, what it does.
Result<int> print(const remediate::Prevention& made, std::string_view by, Console& console) {
  TRY_DO(console.out.write(made.document));
  for (const remediate::Coverage& coverage : made.controls) {
    if (!coverage.how.empty())
      console.log.info(fmt::format("{}: {}", coverage.control, coverage.how));
    if (!coverage.limit.empty())
      console.log.warning(fmt::format("{}: {}", coverage.control, coverage.limit));
  }
  for (const std::string& note : made.notes) console.log.warning(note);
  if (made.document.empty())
    return fail(Error::Code::Invalid,
                fmt::format("none of these controls can be prevented by {}", by));
  return kExitPassed;
}

}  // namespace

Result<int> run_prevent_scp(const Arguments& arguments, Console& console) {
  TRY_LET(const std::vector<ControlInfo> controls, chosen(arguments));
  std::vector<std::string> ids;
  ids.reserve(controls.size());
  for (const ControlInfo& control : controls) ids.push_back(control.id);
  const remediate::PreventOptions options = {.tag_keys = arguments.all("tag-key"),
                                             .except_roles = arguments.all("except-role")};
  for (const std::string& key : options.tag_keys)
    if (key.empty() || key.starts_with("aws:"))
      return fail(Error::Code::Invalid,
                  fmt::format("--tag-key: '{}' is no key that anybody can set", printable(key)));
  for (const std::string& role : options.except_roles)
    if (!role.starts_with("arn:"))
      return fail(Error::Code::Invalid,
                  fmt::format("--except-role: '{}' is no ARN, such as arn:aws:iam::*:role/Repair",
                              printable(role)));
  remediate::Prevention made = remediate::service_control_policy(ids, options);
  if (!made.document.empty()) made.document += '\n';
  return print(made, "a policy", console);
}

Result<int> run_prevent_guard(const Arguments& arguments, Console& console) {
  TRY_LET(const std::vector<ControlInfo> controls, chosen(arguments));
  TRY_LET(const remediate::Prevention made, remediate::guard_rules(controls));
  return print(made, "rules of CloudFormation Guard", console);
}

Result<int> run_prevent_admission(const Arguments& arguments, Console& console) {
  TRY_LET(const std::vector<ControlInfo> controls, chosen(arguments));
  const Admission admission = arguments.has("enforce") ? Admission::Deny : Admission::Warn;
  return print(admission_policies(controls, admission), "an admission policy", console);
}

Result<int> run_prevent_ci(const Arguments& arguments, Console& console) {
  const std::string_view platform = arguments.positionals().empty()
                                        ? "github"
                                        : std::string_view(arguments.positionals().front());
  TRY_DO(console.out.write(remediate::ci_gate(platform)));
  return kExitPassed;
}

Result<int> run_prevent_coverage(const Arguments& arguments, Console& console) {
  TRY_LET(const std::vector<ControlInfo> controls, chosen(arguments));
  TRY_LET(const std::string table, prevention_table(controls));
  TRY_DO(console.out.write(table));
  return kExitPassed;
}

}  // namespace sagewarden
