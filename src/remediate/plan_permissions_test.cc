#include "remediate/plan_permissions.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sagewarden::remediate {
namespace {

const Target kPermitted = {"AWS::SageMaker::NotebookInstance",
                           "arn:aws-cn:sagemaker:cn-north-1:111122223333:notebook-instance/lab",
                           "Lab",
                           "111122223333",
                           "cn-north-1",
                           "aws-cn"};

Plan plan_of(std::vector<Step> steps, Way way = Way::InPlace) {
  Plan plan;
  Action& action = plan.actions.emplace_back();
  action.way = way;
  action.resources = {kPermitted};
  action.steps = std::move(steps);
  return plan;
}

Step calling(std::string service, std::string operation, std::string input,
             std::vector<std::string> also = {}) {
  Step step;
  step.call = {std::move(service), std::move(operation), std::move(input)};
  step.also_needs = std::move(also);
  return step;
}

// "action on resource", of all but what is always there: the tags that lock.
std::vector<std::string> allowed_by(const std::vector<Permission>& permissions) {
  std::vector<std::string> lines;
  for (const Permission& permission : permissions)
    for (const std::string& action : permission.actions)
      for (const std::string& resource : permission.resources)
        lines.push_back(fmt::format("{}: {} on {}", permission.name, action, resource));
  std::erase_if(lines, [](const std::string& line) {
    return line.ends_with("Tags on " + kPermitted.arn) || line == "Look: sagemaker:ListTags on *";
  });
  return lines;
}

TEST(PlanPermissions, AreForWhatIsChanged) {
  const std::string here = "arn:aws-cn:sagemaker:cn-north-1:111122223333:";
  const struct {
    Step step;
    std::vector<std::string> allowed;
  } cases[] = {
      {calling("sagemaker", "DescribeModel", R"({"ModelName":"m"})"),
       {"Look: sagemaker:DescribeModel on *"}},
      {calling("sagemaker", "DeleteModel", R"({"ModelName":"m"})"),
       {"DeleteModel: sagemaker:DeleteModel on " + here + "model/m"}},
      {calling("sagemaker", "CreateModel",
               R"({"ModelName":"Big","Tags":[{"Key":"a","Value":"b"}]})", {"sagemaker:AddTags"}),
       {"ChangeModel: sagemaker:AddTags on " + here + "model/Big",
        "ChangeModel: sagemaker:AddTags on " + here + "model/big",
        "ChangeModel: sagemaker:CreateModel on " + here + "model/Big",
        "ChangeModel: sagemaker:CreateModel on " + here + "model/big"}},
      {calling("sagemaker", "UpdateEndpoint", R"({"EndpointName":"e","EndpointConfigName":"c"})"),
       {"ChangeEndpoint: sagemaker:UpdateEndpoint on " + here + "endpoint/e",
        "ChangeEndpointConfig: sagemaker:UpdateEndpoint on " + here + "endpoint-config/c"}},
      // What it is made of is not what it is about.
      {calling("sagemaker", "CreateEndpointConfig",
               R"({"EndpointConfigName":"c","ProductionVariants":[{"ModelName":"m"}]})"),
       {"ChangeEndpointConfig: sagemaker:CreateEndpointConfig on " + here + "endpoint-config/c"}},
      {calling("sagemaker", "CreateModelBiasJobDefinition", R"({"JobDefinitionName":"j"})"),
       {"ChangeModelBiasJobDefinition: sagemaker:CreateModelBiasJobDefinition on " + here +
        "model-bias-job-definition/j"}},
      {calling("sagemaker", "UpdateInferenceExperiment", R"({"Name":"x"})"),
       {"ChangeInferenceExperiment: sagemaker:UpdateInferenceExperiment on " + here +
        "inference-experiment/x"}},
      {calling("sagemaker", "AddTags", R"({"ResourceArn":"arn:aws-cn:sagemaker:r:1:image/i"})"),
       {"ChangeImage: sagemaker:AddTags on arn:aws-cn:sagemaker:r:1:image/i"}},
      {calling("sagemaker", "AddTags",
               R"({"ResourceArn":"arn:aws-cn:sagemaker:r:1:inference-experiment/i"})"),
       {"Others: sagemaker:AddTags on *"}},
      // What is not known is not guessed.
      {calling("sagemaker", "CreateSomething", R"({"SomethingName":"s"})"),
       {"Others: sagemaker:CreateSomething on *"}},
      {calling("ec2", "CreateVpcEndpoint", R"({"VpcId":"v"})"),
       {"Others: ec2:CreateVpcEndpoint on *"}},
      {calling("skopeo", "copy", "{}"), {}},
      {calling("sagemaker", "UpdateMonitoringSchedule",
               R"({"MonitoringScheduleName":"s","C":{"RoleArn":"arn:aws-cn:iam::1:role/r"}})",
               {"iam:PassRole", "kms:CreateGrant", "ec2:DescribeVpcs"}),
       {"ChangeMonitoringSchedule: sagemaker:UpdateMonitoringSchedule on " + here +
            "monitoring-schedule/s",
        "Look: ec2:DescribeVpcs on *", "Others: kms:CreateGrant on *",
        "PassRoles: iam:PassRole on arn:aws-cn:iam::1:role/r"}},
      {calling("sagemaker", "UpdateEndpoint", R"({"EndpointName":"e"})", {"iam:PassRole"}),
       {"ChangeEndpoint: sagemaker:UpdateEndpoint on " + here + "endpoint/e",
        "PassRoles: iam:PassRole on *"}},
  };
  for (const auto& c : cases)
    EXPECT_EQ(allowed_by(permissions_of(plan_of({c.step}))), c.allowed) << c.step.call.operation;
}

TEST(PlanPermissions, OfUndoCleanupAndWaits) {
  Plan plan =
      plan_of({calling("sagemaker", "StopNotebookInstance", R"({"NotebookInstanceName":"lab"})")});
  plan.actions[0].steps[0].undo = {
      calling("sagemaker", "StartNotebookInstance", R"({"NotebookInstanceName":"lab"})")};
  Step wait;
  wait.check.read = {"s3", "GetObject", R"({"Bucket":"b","Key":"p/saved"})"};
  wait.also_needs = {"s3:ListBucket"};
  plan.actions[0].steps.push_back(wait);
  Step removal = calling("sagemaker", "DeleteModel", R"({"ModelName":"m"})");
  removal.effect = Effect::Deletes;
  plan.actions[0].cleanup = {removal};
  plan.actions[0].seen = {{{"iam", "GetRole", "{}"}, "{}"}};
  const std::vector<std::string> lines = allowed_by(permissions_of(plan));
  for (const char* line : {"ChangeNotebookInstance: sagemaker:StartNotebookInstance on "
                           "arn:aws-cn:sagemaker:cn-north-1:111122223333:notebook-instance/lab",
                           "ReadBackup: s3:GetObject on arn:aws-cn:s3:::b/p/saved",
                           "ListBackup: s3:ListBucket on arn:aws-cn:s3:::b",
                           "Look: iam:GetRole on *", "Look: sagemaker:ListInferenceComponents on *",
                           "DeleteModel: sagemaker:DeleteModel on "
                           "arn:aws-cn:sagemaker:cn-north-1:111122223333:model/m"})
    EXPECT_TRUE(std::ranges::count(lines, line)) << line;
}

TEST(PlanPermissions, ManyNamesAreSaidByTheirKindButNotOfWhatIsDeleted) {
  std::vector<Step> changes;
  std::vector<Step> deletions;
  for (int i = 0; i < 21; ++i) {
    const std::string input = fmt::format(R"({{"NotebookInstanceName":"n{}"}})", i);
    changes.push_back(calling("sagemaker", "StopNotebookInstance", input));
    deletions.push_back(calling("sagemaker", "DeleteNotebookInstance", input));
  }
  const std::vector<std::string> all = allowed_by(permissions_of(plan_of(changes)));
  EXPECT_EQ(all, std::vector<std::string>{
                     "ChangeNotebookInstance2: sagemaker:StopNotebookInstance on "
                     "arn:aws-cn:sagemaker:cn-north-1:111122223333:notebook-instance/*"});
  EXPECT_EQ(allowed_by(permissions_of(plan_of(deletions))).size(), 21U);
  changes.pop_back();
  EXPECT_EQ(allowed_by(permissions_of(plan_of(changes))).size(), 20U);
}

// Who may change one may not delete it, nor delete another one.
TEST(PlanPermissions, EachActionIsAllowedWhereItIsNeeded) {
  const std::vector<Permission> permissions = permissions_of(
      plan_of({calling("sagemaker", "UpdateEndpoint", R"({"EndpointName":"prod"})"),
               calling("sagemaker", "CreateEndpoint", R"({"EndpointName":"canary"})"),
               calling("sagemaker", "DeleteEndpoint", R"({"EndpointName":"canary"})")}));
  const std::string endpoint = "arn:aws-cn:sagemaker:cn-north-1:111122223333:endpoint/";
  EXPECT_EQ(allowed_by(permissions),
            (std::vector<std::string>{
                "ChangeEndpoint: sagemaker:CreateEndpoint on " + endpoint + "canary",
                "ChangeEndpoint2: sagemaker:UpdateEndpoint on " + endpoint + "prod",
                "DeleteEndpoint: sagemaker:DeleteEndpoint on " + endpoint + "canary"}));
  std::set<std::string> names;
  for (const Permission& permission : permissions)
    EXPECT_TRUE(names.insert(permission.name).second);
}

TEST(PlanPermissions, WhatAPersonDoesNeedsNone) {
  EXPECT_TRUE(
      permissions_of(plan_of({calling("sagemaker", "DeleteModel", "{}")}, Way::ByHand)).empty());
}

}  // namespace
}  // namespace sagewarden::remediate
