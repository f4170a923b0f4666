// IAM policies: the least that each use of the program needs, made from what it really calls.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/aws_session.h"
#include "app/controls.h"
#include "base/result.h"
#include "remediate/plan.h"

namespace sagewarden {

// How resources are read from AWS.
struct AuditPolicyOptions {
  ControlSelection controls;
  AwsSource from = AwsSource::SageMaker;
  bool organization = false;  // the accounts are asked of AWS Organizations
  std::string role_name;      // acted as in other accounts; empty: in none
  std::string partition = "aws";
};

// One statement of a policy; its effect is Allow.
struct Statement {
  std::string sid;
  std::vector<std::string> actions;
  std::vector<std::string> resources = {"*"};
  std::string passed_to = {};  // of iam:PassRole: to no other service than that one
};

// Errors: those of the selection of controls.
Result<std::vector<Statement>> audit_statements(const AuditPolicyOptions& options);

// What publishing there needs, a statement for each. A destination is "securityhub",
// "s3://BUCKET/PREFIX" or the ARN of an SNS topic. Errors: it is none of these.
Result<std::vector<Statement>> publish_statements(const std::vector<std::string>& destinations,
                                                  const std::string& partition);

// What carrying the plan out needs, its undo and judging again included.
Result<std::vector<Statement>> repair_statements(const remediate::Plan& plan);
// What planning the repair of these controls reads, beside what a scan does.
Result<Statement> plan_statement(const ControlSelection& controls);
// What any repair of these controls can need, before there is a plan. Error: none has a repair.
Result<std::vector<Statement>> repair_statements(const ControlSelection& controls);

// A policy document, indented JSON.
std::string policy_document(const std::vector<Statement>& statements);

// A CloudFormation template, in JSON, of a role that others may act as: for the members of an
// organisation, by a stack set. Parameters: RoleName (default as given), TrustedPrincipal (an
// account or a role's ARN), ExternalId (may be empty).
std::string role_template(const std::vector<Statement>& statements, const std::string& role_name);

}  // namespace sagewarden
