// `sagewarden policy …`: the IAM policies that scanning and publishing need.
#include "app/policy.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/options.h"
#include "cli/repair.h"
#include "cli/verbs.h"

namespace sagewarden {
namespace {

// Of the template for publishing alone.
constexpr std::string_view kPublishRole = "SagewardenPublish";
constexpr std::string_view kRepairRole = "SagewardenRepair";

Result<AwsSource> source(std::string_view text) {
  constexpr std::pair<std::string_view, AwsSource> kSources[] = {
      {"aws", AwsSource::SageMaker},
      {"config", AwsSource::Config},
      {"config-aggregator", AwsSource::ConfigAggregator}};
  // Which aggregator makes no difference.
  const std::string_view name = text.substr(0, text.find('='));
  for (const auto& [known, from] : kSources) {
    if (known == name) return from;
  }
  return fail(Error::Code::Invalid,
              fmt::format("--from: '{}' is not aws, config or config-aggregator", text));
}

// IAM counts all but white space:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
void warn_of_size(const std::vector<Statement>& statements, bool is_template, Log& log) {
  constexpr size_t kManaged = 6'144;
  constexpr size_t kOfRole = 10'240;
  const std::string document = policy_document(statements);
  const auto size = static_cast<size_t>(
      std::ranges::count_if(document, [](char c) { return c != ' ' && c != '\n'; }));
  const size_t most = is_template ? kOfRole : kManaged;
  if (size > most)
    log.warning(
        fmt::format("the policy has {} characters, and IAM takes {} in a {}: plan for fewer "
                    "resources at a time (--resource, --controls)",
                    size, most, is_template ? "role's own policies" : "managed policy"));
}

}  // namespace

Result<int> run_policy_audit(const Arguments& arguments, Console& console) {
  AuditPolicyOptions options;
  options.controls = selection(arguments);
  TRY_LET(options.from, source(arguments.value("from", "aws")));
  options.organization = arguments.has("organization");
  options.partition = arguments.value("partition", "aws");
  const std::string role_name(arguments.value("role-name", kDefaultRole));
  const bool is_template = arguments.has("cloudformation");
  if (is_template && options.organization)
    return fail(Error::Code::Invalid,
                "--organization is about who scans, --cloudformation about the role in each "
                "account that is scanned: ask for one at a time");
  // The role that is acted as acts as no further one.
  if (!is_template && (arguments.has("role-name") || options.organization))
    options.role_name = role_name;
  TRY_LET(std::vector<Statement> statements, audit_statements(options));
  if (arguments.has("plan")) {
    TRY_LET(Statement planning, plan_statement(options.controls));
    statements.push_back(std::move(planning));
  }
  TRY_LET(const std::vector<Statement> publishing,
          publish_statements(arguments.all("publish"), options.partition));
  statements.insert(statements.end(), publishing.begin(), publishing.end());
  TRY_DO(console.out.write(is_template ? role_template(statements, role_name)
                                       : policy_document(statements)));
  return kExitPassed;
}

Result<int> run_policy_publish(const Arguments& arguments, Console& console) {
  const bool is_template = arguments.has("cloudformation");
  if (arguments.has("role-name") && !is_template)
    return fail(Error::Code::Invalid, "--role-name is for --cloudformation");
  TRY_LET(const std::vector<Statement> statements,
          publish_statements(arguments.positionals(),
                             std::string(arguments.value("partition", "aws"))));
  const std::string role_name(arguments.value("role-name", kPublishRole));
  TRY_DO(console.out.write(is_template ? role_template(statements, role_name)
                                       : policy_document(statements)));
  return kExitPassed;
}

Result<int> run_policy_remediate(const Arguments& arguments, Console& console) {
  const bool is_template = arguments.has("cloudformation");
  if (arguments.has("role-name") && !is_template)
    return fail(Error::Code::Invalid, "--role-name is for --cloudformation");
  const ControlSelection controls = selection(arguments);
  std::vector<Statement> statements;
  if (arguments.positionals().empty()) {
    TRY_LET(statements, repair_statements(controls));
  } else {
    for (const std::string_view option :
         {"controls", "controls-dir", "param", "set", "severity", "standard"})
      if (arguments.has(option))
        return fail(Error::Code::Invalid,
                    fmt::format("--{}: a plan says itself what it is about", option));
    TRY_LET(const remediate::Plan plan, load_plan(arguments.positionals().front()));
    TRY_LET(statements, repair_statements(plan));
  }
  warn_of_size(statements, is_template, console.log);
  const std::string role_name(arguments.value("role-name", kRepairRole));
  TRY_DO(console.out.write(is_template ? role_template(statements, role_name)
                                       : policy_document(statements)));
  return kExitPassed;
}

}  // namespace sagewarden
