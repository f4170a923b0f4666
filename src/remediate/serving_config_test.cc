// Endpoint configurations: instance counts, keys, scaling and deployments.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "remediate/serving_world_for_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kNewKey = "arn:aws:kms:eu-west-1:111122223333:key/k";

const Step* step_of(const Action& action, std::string_view operation, std::string_view name = "") {
  for (const Step& step : action.steps)
    if (step.call.operation == operation && step.call.input.find(name) != std::string::npos)
      return &step;
  return nullptr;
}

// A configuration of variants a, b, … with these counts; 0: none is given.
std::string variants_of(const std::vector<int>& counts, std::string_view more = "") {
  std::string text = R"({"ProductionVariants":[)";
  char name = 'a';
  for (const int count : counts) {
    if (name != 'a') text += ",";
    text += std::string(R"({"VariantName":")") + name++ + R"(","ModelName":"m")";
    text += R"(,"InstanceType":"ml.m5.large")";
    if (count > 0) text += R"(,"InitialInstanceCount":)" + std::to_string(count);
    text += std::string(more) + "}";
  }
  return text + "]}";
}

std::string running(const std::vector<int>& counts) {
  std::string text = R"({"ProductionVariants":[)";
  char name = 'a';
  for (const int count : counts) {
    if (name != 'a') text += ",";
    text += std::string(R"({"VariantName":")") + name++ + R"(","CurrentInstanceCount":)" +
            std::to_string(count) + R"(,"DesiredInstanceCount":)" + std::to_string(count) + "}";
  }
  return text + "]}";
}

TEST(ServingConfig, StartsWithTwoInstancesOrWhatRuns) {
  const struct {
    const char* name;
    std::vector<int> config;
    std::vector<std::vector<int>> live;  // of each endpoint
    std::vector<int> wanted;             // counts of the new configuration
    std::vector<bool> takes;             // whether the endpoint takes its counts from there
  } rows[] = {
      {"nothing runs", {1}, {}, {2}, {}},
      {"one runs", {1}, {{1}}, {2}, {true}},
      {"scaled to none", {1}, {{0}}, {2}, {true}},
      {"two run", {1}, {{2}}, {2}, {false}},
      {"five run", {1}, {{5}}, {5}, {false}},
      {"no count is given", {0}, {{1}}, {2}, {true}},
      {"another variant runs more than configured", {1, 2}, {{1, 6}}, {2, 6}, {true}},
      {"another variant runs fewer than configured", {1, 4}, {{1, 3}}, {2, 4}, {true}},
      {"another variant is kept as it is", {1, 2}, {{3, 6}}, {3, 2}, {false}},
      {"one endpoint is too small, one is not", {1}, {{1}, {5}}, {2}, {true, false}},
      {"two that are large", {1}, {{3}, {5}}, {5}, {false, false}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ServingWorld world;
    world.config("c", variants_of(row.config));
    for (size_t i = 0; i < row.live.size(); ++i)
      world.endpoint("e" + std::to_string(i), "c", running(row.live[i]));
    const std::vector<Action> actions =
        world.plan({ServingWorld::broken_config("c", {"SageMaker.4"})});
    ASSERT_EQ(actions.size(), 1U);
    const Action& action = actions.front();
    ASSERT_EQ(action.way, Way::Replace);
    const std::string input = step_of(action, "CreateEndpointConfig")->call.input;
    std::vector<int> counts;
    for (size_t i = 0; i < row.config.size(); ++i)
      counts.push_back(std::stoi(ServingWorld::value(
          input, "ProductionVariants[" + std::to_string(i) + "].InitialInstanceCount")));
    EXPECT_EQ(counts, row.wanted);
    for (size_t i = 0; i < row.takes.size(); ++i) {
      const Step* step = step_of(action, "UpdateEndpoint", "\"e" + std::to_string(i) + "\"");
      ASSERT_NE(step, nullptr);
      EXPECT_EQ(ServingWorld::value(step->call.input, "RetainAllVariantProperties"), "true");
      EXPECT_EQ(ServingWorld::value(step->call.input, "ExcludeRetainedVariantProperties"),
                row.takes[i] ? R"([{"VariantPropertyType":"DesiredInstanceCount"}])" : "");
      EXPECT_EQ(step->from.size(), row.takes[i] ? 2 + row.config.size() : 2U);
    }
  }
}

TEST(ServingConfig, GoesBackToTheCountsThatRan) {
  const struct {
    std::vector<int> config;
    std::vector<int> live;
    const char* excluded;
  } rows[] = {
      {{1}, {1}, R"([{"VariantPropertyType":"DesiredInstanceCount"}])"},
      {{1, 2}, {1, 6}, ""},  // the old configuration would take four of them away
  };
  for (const auto& row : rows) {
    ServingWorld world;
    world.config("c", variants_of(row.config));
    world.endpoint("e", "c", running(row.live));
    const Action action = world.plan({ServingWorld::broken_config("c", {"SageMaker.4"})}).front();
    const Step& undo = step_of(action, "UpdateEndpoint")->undo.front();
    EXPECT_EQ(ServingWorld::value(undo.call.input, "EndpointConfigName"), "\"c\"");
    EXPECT_EQ(ServingWorld::value(undo.call.input, "ExcludeRetainedVariantProperties"),
              row.excluded);
    EXPECT_EQ(ServingWorld::says(action.risks, "Going back leaves"), *row.excluded == '\0');
  }
}

TEST(ServingConfig, RaisesShadowVariantsOnlyWhereTheyAloneFail) {
  const std::string_view shadow = R"({
      "ProductionVariants":[{"VariantName":"a","ModelName":"m","InitialInstanceCount":COUNT}],
      "ShadowProductionVariants":[{"VariantName":"s","ModelName":"m","InitialInstanceCount":1}]})";
  for (const char count : {'1', '2'}) {
    std::string text(shadow);
    text.replace(text.find("COUNT"), 5, 1, count);
    ServingWorld world;
    world.config("c", text);
    const Action action = world.plan({ServingWorld::broken_config("c", {"SageMaker.4"})}).front();
    const std::string input = step_of(action, "CreateEndpointConfig")->call.input;
    EXPECT_EQ(ServingWorld::value(input, "ProductionVariants[0].InitialInstanceCount"), "2");
    EXPECT_EQ(ServingWorld::value(input, "ShadowProductionVariants[0].InitialInstanceCount"),
              count == '1' ? "1" : "2");
  }
}

TEST(ServingConfig, RaisesManagedScaling) {
  ServingWorld world;
  world.config("c", variants_of({1}, R"(,"ManagedInstanceScaling":{"Status":"ENABLED",
      "MinInstanceCount":1,"MaxInstanceCount":1})"));
  const Action action = world.plan({ServingWorld::broken_config("c", {"SageMaker.4"})}).front();
  EXPECT_EQ(ServingWorld::value(step_of(action, "CreateEndpointConfig")->call.input,
                                "ProductionVariants[0].ManagedInstanceScaling"),
            R"({"Status":"ENABLED","MinInstanceCount":2,"MaxInstanceCount":2})");
}

TEST(ServingConfig, RaisesAutoScaling) {
  const struct {
    int least;
    int most;
    const char* wanted;  // bounds; empty: nothing is done
  } rows[] = {
      {1, 4, R"("MinCapacity":2,"MaxCapacity":4})"},
      {0, 1, R"("MinCapacity":2,"MaxCapacity":2})"},
      {2, 4, ""},
  };
  for (const auto& row : rows) {
    ServingWorld world;
    world.config("c", variants_of({1}));
    world.endpoint("e", "c", running({1}));
    world.scaling("endpoint/e/variant/a", row.least, row.most);
    const Action action = world.plan({ServingWorld::broken_config("c", {"SageMaker.4"})}).front();
    const Step* step = step_of(action, "RegisterScalableTarget");
    EXPECT_TRUE(std::ranges::any_of(action.seen, [](const Observation& seen) {
      return seen.read.operation == "DescribeScalableTargets" &&
             seen.read.service == "application-autoscaling";
    }));
    ASSERT_EQ(step != nullptr, *row.wanted != '\0');
    if (step == nullptr) continue;
    EXPECT_EQ(step, &action.steps.back());  // once the endpoint has moved
    EXPECT_EQ(step->call.input,
              R"({"ServiceNamespace":"sagemaker","ResourceId":"endpoint/e/variant/a",)"
              R"("ScalableDimension":"sagemaker:variant:DesiredInstanceCount",)" +
                  std::string(row.wanted));
    EXPECT_EQ(step->from.front(),
              equals_json("ScalableTargets[0].MinCapacity", std::to_string(row.least)));
    ASSERT_EQ(step->undo.size(), 1U);
    EXPECT_EQ(ServingWorld::value(step->undo.front().call.input, "MinCapacity"),
              std::to_string(row.least));
    EXPECT_EQ(ServingWorld::value(step->undo.front().call.input, "MaxCapacity"),
              std::to_string(row.most));
    EXPECT_TRUE(ServingWorld::says(action.risks, "at least 2 instances of e/a"));
    EXPECT_EQ(ServingWorld::says(action.risks, "maximum"), row.most < 2);
  }
}

TEST(ServingConfig, TellsOfInferenceComponents) {
  for (const bool has_model : {true, false}) {
    ServingWorld world;
    std::string text = variants_of({1});
    if (!has_model) text.erase(text.find(R"("ModelName":"m",)"), 16);
    world.config("c", text);
    world.endpoint("e", "c", running({1}));
    const Action action = world.plan({ServingWorld::broken_config("c", {"SageMaker.4"})}).front();
    EXPECT_EQ(ServingWorld::says(action.risks, "inference components"), !has_model);
  }
}

TEST(ServingConfig, GivesAKey) {
  PlanOptions options;
  options.kms_key = kNewKey;
  ServingWorld world;
  world.config("c", variants_of({1}));
  world.endpoint("e", "c", running({1}));
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_config("c", {"Sagewarden.3", "Sagewarden.4"})}, options);
  ASSERT_EQ(actions.size(), 1U);
  const Action& action = actions.front();
  EXPECT_EQ(action.findings.size(), 2U);
  const Step& create = *step_of(action, "CreateEndpointConfig");
  EXPECT_EQ(ServingWorld::value(create.call.input, "KmsKeyId"), ServingWorld::quoted(kNewKey));
  EXPECT_EQ(ServingWorld::value(create.call.input, "ProductionVariants[0].InitialInstanceCount"),
            "1");
  EXPECT_EQ(create.also_needs, (ServingWorld::Texts{"kms:CreateGrant"}));
  EXPECT_EQ(create.check.reached.back(), equals("KmsKeyId", kNewKey));
  const Step& move = *step_of(action, "UpdateEndpoint");
  EXPECT_EQ(move.also_needs, (ServingWorld::Texts{"kms:CreateGrant"}));
  EXPECT_EQ(ServingWorld::value(move.call.input, "ExcludeRetainedVariantProperties"), "");
}

TEST(ServingConfig, RefusesWhatCannotBe) {
  const std::string key(kNewKey);
  const std::string with_key = R"({"KmsKeyId":")" + key + R"(","ProductionVariants":[]})";
  const std::string pools =
      R"({"ProductionVariants":[{"VariantName":"a","InstancePools":[{"InstanceType":"ml.g5.xlarge"}]}]})";
  const struct {
    const char* control;
    std::string config;
    std::string key;
    const char* reason;
  } rows[] = {
      {"Sagewarden.4", variants_of({1}), "", "--kms-key"},
      {"Sagewarden.3", variants_of({1}), "", "--kms-key"},
      {"Sagewarden.4", with_key, key, "scan again"},
      {"Sagewarden.3", with_key, key, "not an approved one"},
      {"Sagewarden.4", pools, key, "ml.g5.xlarge"},
      {"Sagewarden.4",
       R"({"ProductionVariants":[{"VariantName":"a","InstanceType":"ml.r5d.large"}]})", key,
       "ml.r5d.large"},
      {"SageMaker.4", pools, "", "pools"},
      {"SageMaker.4", variants_of({2}), "", "scan again"},
      {"Mine.1", variants_of({1}), "", "no repair"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.control) + " " + row.reason);
    ServingWorld world;
    world.config("c", row.config);
    PlanOptions options;
    options.kms_key = row.key;
    const std::vector<Action> actions =
        world.plan({ServingWorld::broken_config("c", {row.control})}, options);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions.front().way, Way::ByHand);
    EXPECT_TRUE(actions.front().steps.empty());
    EXPECT_EQ(actions.front().findings.size(), 1U);
    EXPECT_TRUE(ServingWorld::says(actions.front().advice, row.reason))
        << actions.front().advice.front();
  }
}

TEST(ServingConfig, TakesAKeyForOtherInstances) {
  for (const std::string type :
       {"ml.m5.large", "ml.inf1.xlarge", "ml.c6in.large", "ml.p3.2xlarge"}) {
    ServingWorld world;
    world.config(
        "c", R"({"ProductionVariants":[{"VariantName":"a","InstanceType":")" + type + R"("}]})");
    PlanOptions options;
    options.kms_key = kNewKey;
    EXPECT_EQ(world.plan({ServingWorld::broken_config("c", {"Sagewarden.4"})}, options).front().way,
              Way::Replace)
        << type;
  }
}

TEST(ServingConfig, RepairsWhatItCanAndLeavesTheRest) {
  ServingWorld world;
  world.config("c", variants_of({1}));
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_config("c", {"SageMaker.4", "Sagewarden.4"})});
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::ByHand);
  EXPECT_EQ(actions[0].findings.front().control, "Sagewarden.4");
  EXPECT_EQ(actions[0].findings.front().passes_at, ServingWorld::arn("endpoint-config/", "c"));
  EXPECT_EQ(actions[1].way, Way::Replace);
  EXPECT_EQ(actions[1].findings.front().control, "SageMaker.4");
}

TEST(ServingConfig, LeavesCountsAloneWhereScalingIsNotKnown) {
  PlanOptions options;
  options.kms_key = kNewKey;
  ServingWorld world;
  world.config("c", variants_of({1}));
  world.endpoint("e", "c", running({1}));
  world.deny("DescribeScalableTargets");
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_config("c", {"SageMaker.4", "Sagewarden.4"})}, options);
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].findings.front().control, "SageMaker.4");
  EXPECT_TRUE(actions[0].advice.front().starts_with("could not be read"));
  EXPECT_TRUE(ServingWorld::says(actions[0].advice,
                                 "allow application-autoscaling:DescribeScalableTargets"));
  const std::string input = step_of(actions[1], "CreateEndpointConfig")->call.input;
  EXPECT_EQ(ServingWorld::value(input, "ProductionVariants[0].InitialInstanceCount"), "1");
}

TEST(ServingConfig, DeploysAsBeforeOrAsAsked) {
  const std::string last =
      R"({"BlueGreenUpdatePolicy":{"TrafficRoutingConfiguration":{"Type":"LINEAR",)"
      R"("WaitIntervalInSeconds":60},"TerminationWaitInSeconds":120},)"
      R"("AutoRollbackConfiguration":{"Alarms":[{"AlarmName":"old"}]}})";
  const std::string canary =
      R"({"BlueGreenUpdatePolicy":{"TrafficRoutingConfiguration":{"Type":"CANARY",)"
      R"("WaitIntervalInSeconds":300,"CanarySize":{"Type":"CAPACITY_PERCENT","Value":10}},)"
      R"("TerminationWaitInSeconds":300},"AutoRollbackConfiguration":{"Alarms":[)"
      R"({"AlarmName":"5xx"},{"AlarmName":"slow"}]}})";
  const std::string watched =
      R"({"BlueGreenUpdatePolicy":{"TrafficRoutingConfiguration":{"Type":"ALL_AT_ONCE",)"
      R"("WaitIntervalInSeconds":0},"TerminationWaitInSeconds":300},)"
      R"("AutoRollbackConfiguration":{"Alarms":[{"AlarmName":"5xx"},{"AlarmName":"slow"}]}})";
  const struct {
    std::string last;
    uint32_t percent;
    ServingWorld::Texts alarms;
    int instances;
    std::string config;
    const char* retain;
    int minutes;  // that it may take
  } rows[] = {
      {"", 0, {}, 3, "", "", 60},
      {last, 0, {}, 3, "", "true", 82},
      {"", 10, {"5xx", "slow"}, 3, canary, "", 165},
      {last, 10, {"5xx", "slow"}, 3, canary, "", 165},
      {"", 10, {"5xx", "slow"}, 1, watched, "", 65},  // one instance has no half
      {"", 0, {"5xx", "slow"}, 1, watched, "", 65},
  };
  for (const auto& row : rows) {
    ServingWorld world;
    world.config("c", variants_of({row.instances}));
    const std::string live = running({row.instances});
    const Edit deployment[] = {{"LastDeploymentConfig", row.last}};
    world.endpoint("e", "c",
                   row.last.empty() ? live : edited(ServingWorld::parsed(live).root, deployment));
    PlanOptions options;
    options.kms_key = kNewKey;
    options.canary_percent = row.percent;
    options.alarms = row.alarms;
    const Action action =
        world.plan({ServingWorld::broken_config("c", {"Sagewarden.4"})}, options).front();
    const Step& step = *step_of(action, "UpdateEndpoint");
    EXPECT_EQ(ServingWorld::value(step.call.input, "DeploymentConfig"), row.config);
    EXPECT_EQ(ServingWorld::value(step.call.input, "RetainDeploymentConfig"), row.retain);
    EXPECT_EQ(step.check.most, std::chrono::minutes(row.minutes));
    EXPECT_EQ(ServingWorld::says(step.also_needs, "cloudwatch:DescribeAlarms"),
              !row.alarms.empty() || !row.last.empty());
    EXPECT_EQ(ServingWorld::says(action.risks, "canary"), row.percent > 0 && row.instances == 1);
    EXPECT_EQ(ServingWorld::says(action.risks, "Without alarms"),
              row.alarms.empty() && row.last.empty());
    // Back as it was deployed before, and never watched by alarms that may ring already.
    EXPECT_EQ(ServingWorld::value(step.undo.front().call.input, "DeploymentConfig"), row.last);
    EXPECT_EQ(ServingWorld::value(step.undo.front().call.input, "RetainDeploymentConfig"), "");
  }
}

}  // namespace
}  // namespace sagewarden::remediate
