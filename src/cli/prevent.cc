// `sagewarden prevent …`: what keeps violations from coming back.
#include "remediate/prevent.h"

#include <fmt/core.h>

#include "app/controls.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/verbs.h"

namespace sagewarden {

Result<int> run_prevent_scp(const Arguments& arguments, Console& console) {
  ControlSelection chosen = selection(arguments);
  if (chosen.controls.empty() && chosen.sets.empty()) chosen.sets = {"security-hub"};
  TRY_LET(const std::vector<Control> controls, select_controls(chosen));
  std::vector<std::string> ids;
  ids.reserve(controls.size());
  for (const Control& control : controls) ids.push_back(control.info.id);
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
  const remediate::Prevention made = remediate::service_control_policy(ids, options);
  if (made.statements > 0) TRY_DO(console.out.write(made.document + "\n"));
  for (const std::string& note : made.notes) console.log.warning(note);
  if (made.statements == 0)
    return fail(Error::Code::Invalid, "none of these controls can be prevented by a policy");
  return kExitPassed;
}

}  // namespace sagewarden
