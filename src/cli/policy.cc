// `sagewarden policy audit`: the IAM policy that a scan needs.
#include "app/policy.h"

#include "cli/options.h"
#include "cli/verbs.h"

namespace sagewarden {
namespace {

constexpr std::string_view kRoleName = "SagewardenAudit";

}  // namespace

Result<int> run_policy_audit(const Arguments& arguments, Console& console) {
  AuditPolicyOptions options;
  options.controls = selection(arguments);
  options.organization = arguments.has("organization");
  options.partition = arguments.value("partition", "aws");
  const std::string role_name(arguments.value("role-name", kRoleName));
  const bool is_template = arguments.has("cloudformation");
  if (is_template && options.organization)
    return fail(Error::Code::Invalid,
                "--organization is about who scans, --cloudformation about the role in each "
                "account that is scanned: ask for one at a time");
  // The role that is acted as acts as no further one.
  if (!is_template && (arguments.has("role-name") || options.organization))
    options.role_name = role_name;
  TRY_LET(const std::vector<Statement> statements, audit_statements(options));
  TRY_DO(console.out.write(is_template ? role_template(statements, role_name)
                                       : policy_document(statements)));
  return kExitPassed;
}

}  // namespace sagewarden
