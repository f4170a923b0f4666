#include <gtest/gtest.h>

#include "remediate/aws_for_planner_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr const char* kDriftDefinition =
    R"({"JobDefinitionArn":"arn:x","JobDefinitionName":"Drift","CreationTime":1234567.25,)"
    R"("DataQualityAppSpecification":{"ImageUri":"i"},"NetworkConfig":{)"
    R"("EnableNetworkIsolation":false,"VpcConfig":{"Subnets":["s"]}},"RoleArn":"r",)"
    R"("NewMember":[1]})";

Broken broken_definition(std::initializer_list<const char*> controls,
                         std::string_view type = "DataQualityJobDefinition") {
  Broken broken = broken_one(type, "data-quality-job-definition", "Drift", controls);
  broken.target.arn = "arn:aws:sagemaker:eu-west-1:111122223333:data-quality-job-definition/drift";
  for (Repaired& repaired : broken.findings) repaired.arn = broken.target.arn;
  return broken;
}

// Schedules by name, with their Describe outputs.
using SchedulesByName = std::vector<std::pair<std::string, std::string>>;

std::string pointing_schedule(std::string_view name, std::string_view status,
                              std::string_view expression = "cron(0 * ? * * *)") {
  return R"({"MonitoringScheduleName":")" + std::string(name) +
         R"(","MonitoringScheduleStatus":")" + std::string(status) +
         R"(","MonitoringScheduleConfig":{"ScheduleConfig":{"ScheduleExpression":")" +
         std::string(expression) +
         R"("},"MonitoringJobDefinitionName":"Drift","MonitoringType":"DataQuality"}})";
}

std::vector<Action> planned_definition(const Broken& broken, const SchedulesByName& schedules,
                                       std::string_view describe = kDriftDefinition,
                                       std::string_view tags = R"([{"Key":"aws:x","Value":"y"},)"
                                                               R"({"Key":"Team","Value":"t"}])",
                                       bool isolate_clarify = true) {
  PlannerAws aws;
  std::string kind = broken.target.type.substr(16);
  aws.answers("Describe" + kind, R"({"JobDefinitionName":"Drift"})", describe);
  aws.has_tags(broken.target.arn, tags);
  // One a page.
  std::string input = R"({"MonitoringJobDefinitionName":"Drift","MaxResults":100)";
  for (size_t i = 0; i <= schedules.size(); ++i) {
    const bool is_last = i == schedules.size();
    const std::string token = "t" + std::to_string(i);
    aws.answers("ListMonitoringSchedules",
                input + (i == 0 ? "}" : R"(,"NextToken":"t)" + std::to_string(i - 1) + "\"}"),
                R"({"MonitoringScheduleSummaries":[)" +
                    (is_last ? std::string()
                             : R"({"MonitoringScheduleName":")" + schedules[i].first + "\"}") +
                    "]" + (is_last ? "" : R"(,"NextToken":")" + token + "\"") + "}");
  }
  for (const auto& [name, output] : schedules)
    aws.answers("DescribeMonitoringSchedule", R"({"MonitoringScheduleName":")" + name + "\"}",
                output);
  PlanOptions options;
  options.isolate_clarify = isolate_clarify;
  std::vector<Action> actions = aws.plan(plan_job_definitions, broken, options);
  expect_whole(actions, broken);
  return actions;
}

std::string point_call(std::string_view schedule, std::string_view definition) {
  return R"(UpdateMonitoringSchedule {"MonitoringScheduleName":")" + std::string(schedule) +
         R"-(","MonitoringScheduleConfig":{"ScheduleConfig":{"ScheduleExpression":)-"
         R"-("cron(0 * ? * * *)"},"MonitoringJobDefinitionName":")-" +
         std::string(definition) + R"(","MonitoringType":"DataQuality"}})";
}

// The name of the new definition: of the old one's, the changes and the content.
std::string name_made(const Action& action) {
  const json::Document input = *json::parse_document(action.steps.at(0).call.input);
  std::string name(input.root["JobDefinitionName"].string_or(""));
  EXPECT_TRUE(name.starts_with("Drift-sw")) << name;
  return name;
}

TEST(PlanJobDefinitions, NameWhatReplacesThemByTheirContent) {
  const auto name_of_content = [](const char* content) {
    return name_made(planned_definition(broken_definition({"SageMaker.11"}), {}, content, "[]")[0]);
  };
  const std::string name = name_of_content(R"({"JobDefinitionName":"Drift","RoleArn":"r"})");
  EXPECT_EQ(name_of_content(R"({"RoleArn":"r","JobDefinitionName":"Drift"})"), name);
  EXPECT_NE(name_of_content(R"({"JobDefinitionName":"Drift","RoleArn":"s"})"), name);
}

TEST(PlanJobDefinitions, ReplaceOnceForAllFindings) {
  const Action action =
      planned_definition(broken_definition({"SageMaker.9", "SageMaker.11"}),
                         {{"weekly", pointing_schedule("weekly", "Stopped")},
                          {"hourly", pointing_schedule("hourly", "Scheduled")}})[0];
  const std::string name = name_made(action);
  EXPECT_EQ(action.way, Way::Replace);
  EXPECT_EQ(
      calls_of(action.steps),
      (std::vector<std::string>{
          R"(CreateDataQualityJobDefinition {"JobDefinitionName":")" + name +
              R"(","DataQualityAppSpecification":{"ImageUri":"i"},"NetworkConfig":{)"
              R"("EnableNetworkIsolation":true,"VpcConfig":{"Subnets":["s"]},)"
              R"("EnableInterContainerTrafficEncryption":true},"RoleArn":"r","NewMember":[1],)"
              R"("Tags":[{"Key":"Team","Value":"t"}]})",
          point_call("hourly", name), point_call("weekly", name),
          R"(StopMonitoringSchedule {"MonitoringScheduleName":"weekly"})"}));
  for (const Repaired& repaired : action.findings)
    EXPECT_EQ(repaired.passes_at,
              "arn:aws:sagemaker:eu-west-1:111122223333:data-quality-job-definition/drift" +
                  name.substr(5));
  // The definition, its tags, and every schedule that is changed.
  ASSERT_EQ(action.seen.size(), 4U);
  EXPECT_EQ(action.seen[3].read.input, R"({"MonitoringScheduleName":"weekly"})");
  EXPECT_EQ(action.seen[3].ignore.size(), 2U);
}

TEST(PlanJobDefinitions, CanBeTakenBack) {
  const Action action = planned_definition(broken_definition({"SageMaker.11"}),
                                           {{"weekly", pointing_schedule("weekly", "Stopped")}})[0];
  const std::string name = name_made(action);
  const Step& create = action.steps.at(0);
  EXPECT_EQ(create.effect, Effect::Creates);
  EXPECT_EQ(create.also_needs, (std::vector<std::string>{"iam:PassRole", "sagemaker:AddTags"}));
  EXPECT_EQ(create.check.reached,
            (std::vector{equals("JobDefinitionName", name),
                         equals_json("NetworkConfig.EnableNetworkIsolation", "true")}));
  ASSERT_EQ(create.undo.size(), 1U);
  EXPECT_EQ(calls_of(create.undo),
            std::vector<std::string>{R"(DeleteDataQualityJobDefinition {"JobDefinitionName":")" +
                                     name + "\"}"});
  EXPECT_TRUE(create.undo[0].own);
  EXPECT_TRUE(create.undo[0].check.gone);
  EXPECT_EQ(
      calls_of(action.steps.at(1).undo),
      (std::vector<std::string>{point_call("weekly", "Drift"),
                                R"(StopMonitoringSchedule {"MonitoringScheduleName":"weekly"})"}));
  ASSERT_EQ(action.cleanup.size(), 1U);
  const Step& remove = action.cleanup[0];
  EXPECT_EQ(
      calls_of(action.cleanup),
      std::vector<std::string>{R"(DeleteDataQualityJobDefinition {"JobDefinitionName":"Drift"})"});
  EXPECT_FALSE(remove.own);
  EXPECT_EQ(remove.effect, Effect::Deletes);
  EXPECT_EQ(remove.from, std::vector{equals_json("CreationTime", "1234567.25")});
  EXPECT_EQ(calls_of(remove.undo),
            std::vector<std::string>{
                R"(CreateDataQualityJobDefinition {"JobDefinitionName":"Drift",)"
                R"("DataQualityAppSpecification":{"ImageUri":"i"},"NetworkConfig":{)"
                R"("EnableNetworkIsolation":false,"VpcConfig":{"Subnets":["s"]}},"RoleArn":"r",)"
                R"("NewMember":[1],"Tags":[{"Key":"Team","Value":"t"}]})"});
}

TEST(PlanJobDefinitions, KnowTheControlsOfEachKind) {
  const struct {
    const char* control;
    const char* type;
    const char* create;
    const char* flag;
  } rows[] = {
      {"SageMaker.9", "DataQualityJobDefinition", "CreateDataQualityJobDefinition",
       "EnableInterContainerTrafficEncryption"},
      {"SageMaker.10", "ModelExplainabilityJobDefinition", "CreateModelExplainabilityJobDefinition",
       "EnableInterContainerTrafficEncryption"},
      {"SageMaker.11", "DataQualityJobDefinition", "CreateDataQualityJobDefinition",
       "EnableNetworkIsolation"},
      {"SageMaker.12", "ModelBiasJobDefinition", "CreateModelBiasJobDefinition",
       "EnableNetworkIsolation"},
      {"SageMaker.13", "ModelQualityJobDefinition", "CreateModelQualityJobDefinition",
       "EnableInterContainerTrafficEncryption"},
      {"SageMaker.15", "ModelBiasJobDefinition", "CreateModelBiasJobDefinition",
       "EnableInterContainerTrafficEncryption"},
      {"SageMaker.20", "ModelExplainabilityJobDefinition", "CreateModelExplainabilityJobDefinition",
       "EnableNetworkIsolation"},
      {"SageMaker.25", "ModelQualityJobDefinition", "CreateModelQualityJobDefinition",
       "EnableNetworkIsolation"},
  };
  for (const auto& row : rows) {
    const Action action = planned_definition(broken_definition({row.control}, row.type), {},
                                             R"({"JobDefinitionName":"Drift"})", "[]")[0];
    EXPECT_EQ(calls_of(action.steps),
              std::vector<std::string>{std::string(row.create) + R"( {"JobDefinitionName":")" +
                                       name_made(action) + R"(","NetworkConfig":{")" + row.flag +
                                       R"(":true}})"});
    EXPECT_EQ(action.steps[0].also_needs, std::vector<std::string>{"iam:PassRole"});
    const std::string_view type = row.type;
    const bool clarify = type.starts_with("ModelBias") || type.starts_with("ModelExpl");
    const bool isolates = std::string_view(row.flag) == "EnableNetworkIsolation";
    EXPECT_EQ(joined(action.risks).find("Clarify") != std::string::npos, clarify && isolates);
  }
}

TEST(PlanJobDefinitions, IsolateClarifyOnlyWhenTold) {
  const Broken bias = broken_definition({"SageMaker.12", "SageMaker.15"}, "ModelBiasJobDefinition");
  const auto planned = [&](bool told) {
    return planned_definition(bias, {}, R"({"JobDefinitionName":"Drift"})", "[]", told);
  };
  EXPECT_EQ(planned(true).size(), 1U);
  const std::vector<Action> actions = planned(false);
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::ByHand);
  EXPECT_EQ(actions[0].findings.at(0).control, "SageMaker.12");
  EXPECT_NE(joined(actions[0].advice).find("--isolate-clarify"), std::string::npos);
  EXPECT_EQ(actions[1].way, Way::Replace);
  EXPECT_EQ(actions[1].findings.at(0).control, "SageMaker.15");
  EXPECT_EQ(actions[1].steps.at(0).call.input.find("Isolation"), std::string::npos);
}

TEST(PlanJobDefinitions, CountTheirSchedulesAsChanged) {
  const Action action = planned_definition(broken_definition({"SageMaker.11"}),
                                           {{"hourly", pointing_schedule("hourly", "Scheduled")},
                                            {"weekly", pointing_schedule("weekly", "Stopped")}})[0];
  ASSERT_EQ(action.resources.size(), 3U);
  EXPECT_EQ(action.resources[0].name, "Drift");
  EXPECT_EQ(action.resources[2].name, "weekly");
  EXPECT_EQ(action.resources[2].type, "AWS::SageMaker::MonitoringSchedule");
}

TEST(PlanJobDefinitions, KeepTheCaseThatAwsUses) {
  Broken broken = broken_definition({"SageMaker.11"});
  broken.target.arn = "arn:aws:sagemaker:eu-west-1:111122223333:data-quality-job-definition/Drift";
  const Action action = planned_definition(broken, {})[0];
  EXPECT_EQ(
      action.findings[0].passes_at,
      "arn:aws:sagemaker:eu-west-1:111122223333:data-quality-job-definition/" + name_made(action));
}

TEST(PlanJobDefinitions, SayWhatCannotBeReplaced) {
  const struct {
    std::initializer_list<const char*> controls;
    SchedulesByName schedules;
    std::string described;
    const char* wanted;
  } rows[] = {
      {{"SageMaker.11"},
       {{"s", pointing_schedule("s", "Pending")}},
       kDriftDefinition,
       "the status of monitoring schedule s is Pending"},
      {{"SageMaker.11"},
       {{"s", pointing_schedule("s", "Failed")}},
       kDriftDefinition,
       "schedule s has failed"},
      {{"SageMaker.11"},
       {{"a", pointing_schedule("a", "Scheduled")},
        {"s", pointing_schedule("s", "Scheduled", "NOW")}},
       kDriftDefinition,
       "schedule s runs once"},
      {{"SageMaker.11"}, {}, R"({"NetworkConfig":{"EnableNetworkIsolation":true}})", "scan again"},
      {{"Acme.1"}, {}, kDriftDefinition, "Acme.1"},
  };
  for (const auto& row : rows) {
    const std::vector<Action> actions =
        planned_definition(broken_definition(row.controls), row.schedules, row.described);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::ByHand) << row.wanted;
    EXPECT_NE(joined(actions[0].advice).find(row.wanted), std::string::npos)
        << joined(actions[0].advice);
  }
}

TEST(PlanJobDefinitions, NeedToKnowTheirSchedules) {
  const Broken broken = broken_definition({"SageMaker.11"});
  PlannerAws aws;
  aws.answers("DescribeDataQualityJobDefinition", R"({"JobDefinitionName":"Drift"})",
              kDriftDefinition);
  aws.has_tags(broken.target.arn, "[]");
  aws::CallError denied;
  denied.kind = aws::CallError::Kind::Denied;
  aws.fails("ListMonitoringSchedules",
            R"({"MonitoringJobDefinitionName":"Drift","MaxResults":100})", denied);
  const std::vector<Action> actions = aws.plan(plan_job_definitions, broken);
  expect_whole(actions, broken);
  EXPECT_EQ(actions.at(0).way, Way::ByHand);
  EXPECT_NE(actions[0].advice[0].find("allow sagemaker:ListMonitoringSchedules"),
            std::string::npos);
}

}  // namespace
}  // namespace sagewarden::remediate
