#include <gtest/gtest.h>

#include "remediate/aws_for_planner_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr const char* kScheduleInput = R"({"MonitoringScheduleName":"hourly"})";
constexpr const char* kInlineConfig =
    R"-({"ScheduleConfig":{"ScheduleExpression":"cron(0 * ? * * *)"},)-"
    R"("MonitoringJobDefinition":{"MonitoringInputs":[{"EndpointInput":{"EndpointName":"e",)"
    R"("ProbabilityThresholdAttribute":0.5}}],"Environment":{"A":"b"},)"
    R"("MonitoringAppSpecification":{"ImageUri":"i"},"NetworkConfig":{)"
    R"("EnableNetworkIsolation":false,"VpcConfig":{"Subnets":["s"]}},"RoleArn":"r"},)"
    R"("MonitoringType":"DataQuality","NewMember":1})";

std::string described_schedule(std::string_view status, std::string_view config = kInlineConfig) {
  return R"({"MonitoringScheduleName":"hourly","MonitoringScheduleStatus":")" +
         std::string(status) + R"(","FailureReason":"no role","MonitoringScheduleConfig":)" +
         std::string(config) + "}";
}

std::vector<Action> planned_schedule(std::initializer_list<const char*> controls,
                                     const std::string& describe, bool isolate_clarify = true) {
  const Broken broken = broken_one("MonitoringSchedule", "monitoring-schedule", "hourly", controls);
  PlannerAws aws;
  aws.answers("DescribeMonitoringSchedule", kScheduleInput, describe);
  aws.has_tags(broken.target.arn, "[]");
  PlanOptions options;
  options.isolate_clarify = isolate_clarify;
  std::vector<Action> actions = aws.plan(plan_schedules, broken, options);
  expect_whole(actions, broken);
  return actions;
}

std::string schedule_update(std::string_view config) {
  return R"(UpdateMonitoringSchedule {"MonitoringScheduleName":"hourly",)"
         R"("MonitoringScheduleConfig":)" +
         std::string(config) + "}";
}

std::string with_network(std::string_view flags) {
  std::string config = kInlineConfig;
  const std::string_view off = R"("EnableNetworkIsolation":false,"VpcConfig":{"Subnets":["s"]})";
  return config.replace(config.find(off), off.size(), flags);
}

TEST(PlanSchedules, SendTheirWholeConfiguration) {
  const struct {
    std::initializer_list<const char*> controls;
    const char* flags;
  } rows[] = {
      {{"SageMaker.14"}, R"("EnableNetworkIsolation":true,"VpcConfig":{"Subnets":["s"]})"},
      {{"SageMaker.22"},
       R"("EnableNetworkIsolation":false,"VpcConfig":{"Subnets":["s"]},)"
       R"("EnableInterContainerTrafficEncryption":true)"},
      {{"SageMaker.14", "SageMaker.22"},
       R"("EnableNetworkIsolation":true,"VpcConfig":{"Subnets":["s"]},)"
       R"("EnableInterContainerTrafficEncryption":true)"},
  };
  for (const auto& row : rows) {
    const std::vector<Action> actions =
        planned_schedule(row.controls, described_schedule("Scheduled"));
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(calls_of(actions[0].steps), std::vector{schedule_update(with_network(row.flags))});
    EXPECT_EQ(calls_of(actions[0].steps[0].undo), std::vector{schedule_update(kInlineConfig)});
    EXPECT_EQ(actions[0].steps[0].also_needs, std::vector<std::string>{"iam:PassRole"});
  }
}

TEST(PlanSchedules, LookAtWhatIsThere) {
  const Step step =
      planned_schedule({"SageMaker.14", "SageMaker.22"}, described_schedule("Scheduled"))[0]
          .steps[0];
  const std::string network = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.";
  const Expectation isolated = equals_json(network + "EnableNetworkIsolation", "true");
  const Expectation encrypted =
      equals_json(network + "EnableInterContainerTrafficEncryption", "true");
  const Expectation settled = any_of("MonitoringScheduleStatus", {"Scheduled", "Stopped"});
  EXPECT_EQ(step.check.reached, (std::vector{encrypted, isolated, settled}));
  EXPECT_EQ(step.check.moving, std::vector{equals("MonitoringScheduleStatus", "Pending")});
  EXPECT_EQ(step.check.broken, std::vector{equals("MonitoringScheduleStatus", "Failed")});
  EXPECT_EQ(step.from, (std::vector{equals_json("MonitoringScheduleConfig", kInlineConfig),
                                    equals("MonitoringScheduleStatus", "Scheduled")}));
  EXPECT_EQ(step.undo[0].from, (std::vector{encrypted, isolated}));
  EXPECT_EQ(step.undo[0].check.reached,
            (std::vector{missing(network + "EnableInterContainerTrafficEncryption"),
                         equals_json(network + "EnableNetworkIsolation", "false"), settled}));
}

TEST(PlanSchedules, StayStopped) {
  const std::string stop = std::string("StopMonitoringSchedule ") + kScheduleInput;
  const Action action = planned_schedule({"SageMaker.14"}, described_schedule("Stopped"))[0];
  ASSERT_EQ(action.steps.size(), 2U);
  EXPECT_EQ(calls_of({action.steps[1]}), std::vector{stop});
  EXPECT_EQ(action.steps[1].check.reached,
            std::vector{equals("MonitoringScheduleStatus", "Stopped")});
  // Taking it back sends the old configuration, and must not start it either.
  EXPECT_EQ(calls_of(action.steps[0].undo), (std::vector{schedule_update(kInlineConfig), stop}));
  EXPECT_TRUE(action.steps[1].undo.empty());
}

TEST(PlanSchedules, AddANetworkConfigurationWhereThereIsNone) {
  const Action action = planned_schedule(
      {"SageMaker.14"}, described_schedule("Scheduled", R"({"MonitoringJobDefinition":{}})"))[0];
  EXPECT_EQ(calls_of(action.steps),
            std::vector{schedule_update(R"({"MonitoringJobDefinition":{"NetworkConfig":)"
                                        R"({"EnableNetworkIsolation":true}}})")});
}

TEST(PlanSchedules, WarnOfWhatCanBreak) {
  EXPECT_NE(joined(planned_schedule({"SageMaker.22"}, described_schedule("Scheduled"))[0].risks)
                .find("UDP 500"),
            std::string::npos);
  EXPECT_EQ(joined(planned_schedule({"SageMaker.14"}, described_schedule("Scheduled"))[0].risks)
                .find("Clarify"),
            std::string::npos);
  std::string clarify = kInlineConfig;
  clarify.replace(clarify.find(R"("i")"), 3, R"("1.ecr/sagemaker-clarify-processing:1.0")");
  EXPECT_NE(
      joined(planned_schedule({"SageMaker.14"}, described_schedule("Scheduled", clarify))[0].risks)
          .find("Clarify"),
      std::string::npos);
}

TEST(PlanSchedules, IsolateClarifyOnlyWhenTold) {
  std::string clarify = kInlineConfig;
  clarify.replace(clarify.find(R"("i")"), 3, R"("1.ecr/sagemaker-clarify-processing:1.0")");
  const std::string described = described_schedule("Scheduled", clarify);
  const std::vector<Action> untold =
      planned_schedule({"SageMaker.14", "SageMaker.22"}, described, false);
  ASSERT_EQ(untold.size(), 2U);
  EXPECT_EQ(untold[0].way, Way::ByHand);
  EXPECT_EQ(untold[0].findings.at(0).control, "SageMaker.14");
  EXPECT_EQ(untold[1].findings.at(0).control, "SageMaker.22");
  EXPECT_EQ(planned_schedule({"SageMaker.14"}, described_schedule("Scheduled"), false)[0].way,
            Way::InPlace);
}

TEST(PlanSchedules, SayWhatCannotBeChanged) {
  std::string now = kInlineConfig;
  now.replace(now.find("cron(0 * ? * * *)"), 17, "NOW");
  const struct {
    std::initializer_list<const char*> controls;
    std::string described;
    const char* wanted;
  } rows[] = {
      {{"SageMaker.14"},
       described_schedule("Pending"),
       "plan again when it is Scheduled or Stopped"},
      {{"SageMaker.14"}, described_schedule("Failed"), "no role"},
      {{"SageMaker.14"}, described_schedule("Scheduled", now), "run it again"},
      {{"SageMaker.14"},
       described_schedule("Scheduled", with_network(R"("EnableNetworkIsolation":true)")),
       "scan again"},
      {{"SageMaker.22"},
       described_schedule("Scheduled", R"({"MonitoringJobDefinitionName":"named"})"),
       "job definition named"},
      {{"SageMaker.22"}, described_schedule("Scheduled", "{}"), "has no job definition"},
      {{"Acme.1"}, described_schedule("Scheduled"), "Acme.1"},
  };
  for (const auto& row : rows) {
    const std::vector<Action> actions = planned_schedule(row.controls, row.described);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::ByHand) << row.wanted;
    EXPECT_NE(joined(actions[0].advice).find(row.wanted), std::string::npos)
        << joined(actions[0].advice);
  }
}

}  // namespace
}  // namespace sagewarden::remediate
