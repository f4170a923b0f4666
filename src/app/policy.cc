#include "app/policy.h"

#include <fmt/core.h>

#include <algorithm>

#include "app/needs.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "publish/bucket.h"
#include "publish/notify.h"
#include "remediate/permissions.h"
#include "remediate/plan_permissions.h"
#include "remediate/reader.h"
#include "source/live/actions.h"

namespace sagewarden {
namespace {

constexpr std::string_view kVersion = "2012-10-17";  // of IAM's policy language

void write_actions(json::Writer& writer, const std::vector<std::string>& actions) {
  writer.key("Action").begin_array();
  for (const std::string& action : actions) writer.string(action);
  writer.end_array();
}

void write_resources(json::Writer& writer, const std::vector<std::string>& resources) {
  writer.key("Resource");
  if (resources.size() == 1) {
    writer.string(resources.front());
    return;
  }
  writer.begin_array();
  for (const std::string& resource : resources) writer.string(resource);
  writer.end_array();
}

void write_document(json::Writer& writer, const std::vector<Statement>& statements) {
  writer.begin_object().member("Version", kVersion).key("Statement").begin_array();
  for (const Statement& statement : statements) {
    writer.begin_object().member("Sid", statement.sid).member("Effect", "Allow");
    write_actions(writer, statement.actions);
    write_resources(writer, statement.resources);
    if (!statement.passed_to.empty()) {
      writer.key("Condition").begin_object().key("StringEquals").begin_object();
      writer.member("iam:PassedToService", statement.passed_to).end_object().end_object();
    }
    writer.end_object();
  }
  writer.end_array().end_object();
}

// {"NAME": "VALUE"}
void write_reference(json::Writer& writer, std::string_view name, std::string_view value) {
  writer.begin_object().member(name, value).end_object();
}

struct TemplateParameter {
  std::string_view name;
  std::string_view description;
  std::string_view pattern;  // a regular expression
  const std::string* otherwise;
};

void write_parameters(json::Writer& writer, const std::string& role_name) {
  const std::string empty;
  const TemplateParameter parameters[] = {
      {"RoleName", "The role's name, to be given with --role-name", "[\\w+=,.@-]{1,64}",
       &role_name},
      {"TrustedPrincipal", "Who may act as the role: the 12 digits of an account, or a role's ARN",
       "([0-9]{12}|arn:[a-z-]+:iam::[0-9]{12}:(root|role/.+))", nullptr},
      {"ExternalId", "What is to be given with --external-id; empty for none",
       "([\\w+=,.@:/-]{2,1224})?", &empty}};
  writer.key("Parameters").begin_object();
  for (const TemplateParameter& parameter : parameters) {
    writer.key(parameter.name).begin_object();
    writer.member("Type", "String").member("Description", parameter.description);
    writer.member("AllowedPattern", parameter.pattern);
    if (parameter.otherwise != nullptr) writer.member("Default", *parameter.otherwise);
    writer.end_object();
  }
  writer.end_object();
}

// Who may act as the role.
void write_trust(json::Writer& writer) {
  writer.key("AssumeRolePolicyDocument").begin_object().member("Version", kVersion);
  writer.key("Statement").begin_array().begin_object().member("Effect", "Allow");
  writer.key("Principal").begin_object().key("AWS");
  write_reference(writer, "Ref", "TrustedPrincipal");
  writer.end_object().member("Action", "sts:AssumeRole");
  writer.key("Condition").begin_object().key("Fn::If").begin_array().string("HasExternalId");
  writer.begin_object().key("StringEquals").begin_object().key("sts:ExternalId");
  write_reference(writer, "Ref", "ExternalId");
  writer.end_object().end_object();
  write_reference(writer, "Ref", "AWS::NoValue");
  writer.end_array().end_object();
  writer.end_object().end_array().end_object();
}

void write_role(json::Writer& writer, const std::vector<Statement>& statements) {
  writer.key("Role").begin_object().member("Type", "AWS::IAM::Role");
  writer.key("Properties").begin_object();
  writer.key("RoleName");
  write_reference(writer, "Ref", "RoleName");
  writer.member("Description", "Sagewarden acts as this role");
  write_trust(writer);
  writer.key("Policies").begin_array().begin_object().member("PolicyName", "Sagewarden");
  writer.key("PolicyDocument");
  write_document(writer, statements);
  writer.end_object().end_array();
  writer.end_object().end_object();
}

// By where the resources are read. Sources: the calls of source/live/.
Result<Statement> read_statement(const AuditPolicyOptions& options) {
  TRY_LET(const std::vector<Control> controls, select_controls(options.controls));
  switch (options.from) {
    case AwsSource::SageMaker:
      return Statement{"ReadSageMaker", live::actions_of(needs_of(controls, Exceptions{}))};
    case AwsSource::Config:
      return Statement{
          "ReadConfig",
          {"config:DescribeConfigurationRecorderStatus", "config:DescribeConfigurationRecorders",
           "config:GetDiscoveredResourceCounts", "config:SelectResourceConfig"}};
    case AwsSource::ConfigAggregator:
      return Statement{
          "ReadConfigAggregator",
          {"config:DescribeConfigurationAggregatorSourcesStatus",
           "config:GetAggregateDiscoveredResourceCounts", "config:SelectAggregateResourceConfig"}};
  }
  return Statement{};
}

Result<Statement> publish_statement(const std::string& destination, const std::string& partition) {
  if (destination == "securityhub")
    return Statement{"PublishToSecurityHub",
                     {"securityhub:BatchImportFindings", "securityhub:BatchUpdateFindings",
                      "securityhub:GetFindings"}};
  if (const Result<publish::Bucket> bucket = publish::parse_bucket(destination))
    return Statement{"PublishToBucket",
                     {"s3:PutObject"},
                     {fmt::format("arn:{}:s3:::{}/{}*", partition, bucket->name, bucket->prefix)}};
  if (const Result<publish::Topic> topic = publish::parse_topic(destination))
    return Statement{"PublishToTopic", {"sns:Publish"}, {topic->arn}};
  return fail(Error::Code::Invalid,
              fmt::format("'{}' is not securityhub, s3://BUCKET/PREFIX or the ARN of an SNS topic "
                          "(a folder and a webhook need no policy)",
                          printable(destination)));
}

}  // namespace

Result<std::vector<Statement>> audit_statements(const AuditPolicyOptions& options) {
  TRY_LET(Statement read, read_statement(options));
  std::vector<Statement> statements = {std::move(read)};
  // An aggregator is asked in its own Region alone.
  if (options.from != AwsSource::ConfigAggregator)
    statements.push_back({"FindRegions", {"ec2:DescribeRegions"}});
  if (options.organization)
    statements.push_back(
        {"FindAccounts",
         {"organizations:ListAccounts", "organizations:ListAccountsForParent",
          "organizations:ListOrganizationalUnitsForParent", "organizations:ListTagsForResource"}});
  if (!options.role_name.empty())
    statements.push_back(
        {"ActInOtherAccounts",
         {"sts:AssumeRole"},
         {fmt::format("arn:{}:iam::*:role/{}", options.partition, options.role_name)}});
  return statements;
}

Result<std::vector<Statement>> publish_statements(const std::vector<std::string>& destinations,
                                                  const std::string& partition) {
  std::vector<Statement> statements;
  for (const std::string& destination : destinations) {
    TRY_LET(Statement statement, publish_statement(destination, partition));
    // Statements of one policy have different names.
    if (!statements.empty()) statement.sid += std::to_string(statements.size() + 1);
    statements.push_back(std::move(statement));
  }
  return statements;
}

namespace {

constexpr std::string_view kPassRole = "iam:PassRole";
constexpr std::string_view kSageMakerService = "sagemaker.amazonaws.com";

Result<std::vector<std::string>> actions_of_repairs(const ControlSelection& controls) {
  TRY_LET(const std::vector<Control> chosen, select_controls(controls));
  std::vector<std::string> ids;
  ids.reserve(chosen.size());
  for (const Control& control : chosen) ids.push_back(control.info.id);
  std::vector<std::string> actions = remediate::iam_actions(ids);
  if (actions.empty())
    return fail(Error::Code::Invalid, "none of these controls is repaired by this program");
  return actions;
}

}  // namespace

Result<std::vector<Statement>> repair_statements(const remediate::Plan& plan) {
  AuditPolicyOptions audit;
  for (const remediate::Action& action : plan.actions)
    if (action.way != remediate::Way::ByHand)
      for (const remediate::Repaired& repaired : action.findings)
        audit.controls.controls.push_back(repaired.control);
  if (audit.controls.controls.empty())
    return fail(Error::Code::Invalid, "there is nothing in the plan that this program can do");
  TRY_LET(std::vector<Statement> statements, audit_statements(audit));
  for (remediate::Permission& needed : remediate::permissions_of(plan)) {
    const bool passes_roles = std::ranges::count(needed.actions, kPassRole) > 0;
    statements.push_back({std::move(needed.name), std::move(needed.actions),
                          std::move(needed.resources),
                          std::string(passes_roles ? kSageMakerService : "")});
  }
  return statements;
}

Result<std::vector<Statement>> repair_statements(const ControlSelection& controls) {
  AuditPolicyOptions audit;
  audit.controls = controls;
  TRY_LET(std::vector<std::string> actions, actions_of_repairs(controls));
  TRY_LET(std::vector<Statement> statements, audit_statements(audit));
  const bool passes_roles = std::erase(actions, kPassRole) > 0;
  statements.push_back({"Repair", std::move(actions)});
  if (passes_roles)
    statements.push_back(
        {"PassRoles", {std::string(kPassRole)}, {"*"}, std::string(kSageMakerService)});
  return statements;
}

Result<Statement> plan_statement(const ControlSelection& controls) {
  TRY_LET(std::vector<std::string> actions, actions_of_repairs(controls));
  std::erase_if(actions, [](const std::string& action) {
    const std::string_view operation = std::string_view(action).substr(action.find(':') + 1);
    return !remediate::only_reads(operation) || action == "s3:GetObject";
  });
  return Statement{"PlanRepairs", std::move(actions)};
}

std::string policy_document(const std::vector<Statement>& statements) {
  std::string text;
  json::Writer writer(text, json::Writer::Style::Indented);
  write_document(writer, statements);
  return text + "\n";
}

std::string role_template(const std::vector<Statement>& statements, const std::string& role_name) {
  std::string text;
  json::Writer writer(text, json::Writer::Style::Indented);
  writer.begin_object().member("AWSTemplateFormatVersion", "2010-09-09");
  writer.member("Description", "The role that Sagewarden acts as in this account");
  write_parameters(writer, role_name);
  writer.key("Conditions").begin_object().key("HasExternalId").begin_object();
  writer.key("Fn::Not").begin_array().begin_object().key("Fn::Equals").begin_array();
  write_reference(writer, "Ref", "ExternalId");
  writer.string("").end_array().end_object().end_array().end_object().end_object();
  writer.key("Resources").begin_object();
  write_role(writer, statements);
  writer.end_object();
  writer.key("Outputs").begin_object().key("RoleArn").begin_object().key("Value").begin_object();
  writer.key("Fn::GetAtt").begin_array().string("Role").string("Arn").end_array();
  writer.end_object().end_object().end_object().end_object();
  return text + "\n";
}

}  // namespace sagewarden
