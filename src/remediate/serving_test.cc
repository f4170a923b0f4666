// What is replaced, in which order, and that nothing but the repair differs.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "remediate/serving_world_for_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kChurn = R"({
  "PrimaryContainer": {"Image": "registry.example.com/churn@sha256:00", "ModelDataUrl": "s3://b/k",
                       "Environment": {"LEVEL": "1"}, "NotKnownYet": [1, 2.5]},
  "ExecutionRoleArn": "arn:aws:iam::111122223333:role/r", "EnableNetworkIsolation": false,
  "DeploymentRecommendation": {"RecommendationStatus": "COMPLETED"}, "NotKnownYet": {"a": null}})";
constexpr std::string_view kChurnConfig = R"({
  "ProductionVariants": [{"VariantName": "blue", "ModelName": "churn", "InitialInstanceCount": 1,
                          "InstanceType": "ml.m5.large", "InitialVariantWeight": 1.0,
                          "NotKnownYet": true}],
  "DataCaptureConfig": {"EnableCapture": true, "DestinationS3Uri": "s3://b/c"},
  "NotKnownYet": "x"})";
constexpr std::string_view kChurnLive = R"({
  "ProductionVariants": [{"VariantName": "blue", "CurrentInstanceCount": 1,
                          "DesiredInstanceCount": 1}]})";

std::string created_by(const Action& action, std::string_view operation, size_t number = 0) {
  for (const Step& step : action.steps)
    if (step.call.operation == operation && number-- == 0) return step.call.input;
  return {};
}

std::vector<std::string> serving_calls(const std::vector<Step>& steps) {
  std::vector<std::string> names;
  for (const Step& step : steps) {
    const json::Document input = ServingWorld::parsed(step.call.input);
    std::string name;
    for (const std::string_view key : {"EndpointName", "EndpointConfigName", "ModelName"})
      if (name.empty()) name = input.root[key].string_or("");
    // ServingWorld::Texts that we give end in "-sw" and seven digits.
    if (name.size() > 10 && name.substr(name.size() - 10, 3) == "-sw")
      name = name.substr(0, name.size() - 10) + "*";
    names.push_back(step.call.operation + " " + name);
  }
  return names;
}

std::string differs_at(const std::string& a, const std::string& b,
                       std::vector<std::string> ignore) {
  return difference(ServingWorld::parsed(a).root, ServingWorld::parsed(b).root, ignore);
}

TEST(Serving, ReplacesAModelItsConfigurationAndMovesTheEndpoint) {
  ServingWorld world;
  world.model("churn", kChurn);
  world.config("churn-1", kChurnConfig);
  world.endpoint("live", "churn-1", kChurnLive);
  world.tags(ServingWorld::arn("model/", "churn"),
             R"([{"Key":"team","Value":"ml"},{"Key":"aws:x","Value":"y"}])");
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_model("churn", {"SageMaker.5"})});
  ASSERT_EQ(actions.size(), 1U);
  const Action& action = actions.front();
  EXPECT_EQ(action.way, Way::Replace);
  EXPECT_EQ(serving_calls(action.steps),
            (ServingWorld::Texts{"CreateModel churn*", "CreateEndpointConfig churn-1*",
                                 "UpdateEndpoint live"}));
  EXPECT_EQ(serving_calls(action.cleanup),
            (ServingWorld::Texts{"DeleteEndpointConfig churn-1", "DeleteModel churn"}));
  EXPECT_EQ(action.downtime, "none");
  EXPECT_NE(action.cost.find("live: 1 × ml.m5.large"), std::string::npos) << action.cost;

  const std::string model = created_by(action, "CreateModel");
  EXPECT_EQ(ServingWorld::value(model, "EnableNetworkIsolation"), "true");
  EXPECT_EQ(ServingWorld::value(model, "Tags"), R"([{"Key":"team","Value":"ml"}])");
  const ServingWorld::Texts read_only = {"ModelName", "ModelArn", "CreationTime",
                                         "DeploymentRecommendation"};
  for (const char* name : {"ModelArn", "CreationTime", "DeploymentRecommendation"})
    EXPECT_EQ(ServingWorld::value(model, name), "") << name;
  ServingWorld::Texts ignore = read_only;
  ignore.insert(ignore.end(), {"EnableNetworkIsolation", "Tags"});
  EXPECT_EQ(differs_at(world.described("Model churn"), model, ignore), "");

  const std::string config = created_by(action, "CreateEndpointConfig");
  const std::string new_model = ServingWorld::value(model, "ModelName");
  EXPECT_EQ(ServingWorld::value(config, "ProductionVariants[0].ModelName"), new_model);
  EXPECT_EQ(ServingWorld::value(config, "Tags"), "");
  EXPECT_EQ(differs_at(world.described("EndpointConfig churn-1"), config,
                       {"EndpointConfigName", "EndpointConfigArn", "CreationTime",
                        "ProductionVariants[0].ModelName"}),
            "");
  ASSERT_EQ(action.findings.size(), 1U);
  EXPECT_EQ(action.findings.front().passes_at,
            ServingWorld::arn("model/", new_model.substr(1, new_model.size() - 2)));
}

TEST(Serving, MovesAnEndpointAndBack) {
  ServingWorld world;
  world.model("churn", kChurn);
  world.config("churn-1", kChurnConfig);
  world.endpoint("live", "churn-1", kChurnLive);
  const Action action = world.plan({ServingWorld::broken_model("churn", {"SageMaker.5"})}).front();
  const Step& step = action.steps.back();
  const std::string new_config = ServingWorld::value(step.call.input, "EndpointConfigName");
  EXPECT_EQ(step.call.input, R"({"EndpointName":"live","EndpointConfigName":)" + new_config +
                                 R"(,"RetainAllVariantProperties":true})");
  EXPECT_EQ(step.check.read.input, R"({"EndpointName":"live"})");
  EXPECT_EQ(step.check.reached, (std::vector<Expectation>{equals("EndpointStatus", "InService"),
                                                          {"EndpointConfigName", {new_config}}}));
  EXPECT_EQ(step.from, (std::vector<Expectation>{equals("EndpointStatus", "InService"),
                                                 equals("EndpointConfigName", "churn-1")}));
  EXPECT_EQ(step.check.every, std::chrono::seconds(30));
  EXPECT_EQ(step.check.most, std::chrono::minutes(60));
  ASSERT_EQ(step.undo.size(), 1U);
  EXPECT_EQ(
      step.undo.front().call.input,
      R"({"EndpointName":"live","EndpointConfigName":"churn-1","RetainAllVariantProperties":true})");
  EXPECT_EQ(step.undo.front().from.back().values, ServingWorld::Texts{new_config});
  for (const Step& create : {action.steps[0], action.steps[1]}) {
    EXPECT_EQ(create.effect, Effect::Creates);
    ASSERT_EQ(create.undo.size(), 1U);
    EXPECT_TRUE(create.undo.front().own);
    EXPECT_TRUE(create.undo.front().check.gone);
  }
}

TEST(Serving, CleanupCanBeTakenBack) {
  ServingWorld world;
  world.model("churn", kChurn);
  world.config("churn-1", kChurnConfig);
  world.endpoint("live", "churn-1", kChurnLive);
  world.tags(ServingWorld::arn("endpoint-config/", "churn-1"), R"([{"Key":"team","Value":"ml"}])");
  const Action action = world.plan({ServingWorld::broken_model("churn", {"SageMaker.5"})}).front();
  const struct {
    const char* what;
    const char* create;
    ServingWorld::Texts ignore;
  } rows[] = {
      {"EndpointConfig churn-1",
       "CreateEndpointConfig",
       {"EndpointConfigArn", "CreationTime", "Tags"}},
      {"Model churn", "CreateModel", {"ModelArn", "CreationTime", "DeploymentRecommendation"}},
  };
  ASSERT_EQ(action.cleanup.size(), std::size(rows));
  for (size_t i = 0; i < std::size(rows); ++i) {
    const Step& step = action.cleanup[i];
    EXPECT_FALSE(step.own);
    EXPECT_EQ(step.from, (std::vector<Expectation>{equals_json("CreationTime", "1760000000.5")}));
    ASSERT_EQ(step.undo.size(), 1U);
    EXPECT_EQ(step.undo.front().call.operation, rows[i].create);
    EXPECT_EQ(
        differs_at(world.described(rows[i].what), step.undo.front().call.input, rows[i].ignore),
        "");
  }
  EXPECT_EQ(
      ServingWorld::value(action.cleanup.front().undo.front().call.input, "Tags[Key=team].Value"),
      "\"ml\"");
}

TEST(Serving, ReplacesTogetherWhatHangsTogether) {
  const std::string_view two = R"({"ProductionVariants": [
      {"VariantName": "a", "ModelName": "m1", "InitialInstanceCount": 2, "InstanceType": "ml.m5.large"},
      {"VariantName": "b", "ModelName": "m2", "InitialInstanceCount": 2, "InstanceType": "ml.m5.large"}]})";
  const std::string_view one = R"({"ProductionVariants": [
      {"VariantName": "a", "ModelName": "m1", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}]})";
  const Broken m1 = ServingWorld::broken_model("m1", {"SageMaker.5"});
  const Broken m2 = ServingWorld::broken_model("m2", {"SageMaker.5"});
  const Broken c1 = ServingWorld::broken_config("c1", {"SageMaker.4"});
  const struct {
    const char* name;
    std::vector<std::pair<std::string, std::string_view>> configs;
    std::vector<std::pair<std::string, std::string>> endpoints;
    std::vector<Broken> broken;
    std::vector<ServingWorld::Texts> steps;  // of each action
  } rows[] = {
      {"two models of one endpoint",
       {{"c1", two}},
       {{"e1", "c1"}},
       {m1, m2},
       {{"CreateModel m1*", "CreateModel m2*", "CreateEndpointConfig c1*", "UpdateEndpoint e1"}}},
      {"two endpoints on one configuration",
       {{"c1", one}},
       {{"e1", "c1"}, {"e2", "c1"}},
       {m1},
       {{"CreateModel m1*", "CreateEndpointConfig c1*", "UpdateEndpoint e1", "UpdateEndpoint e2"}}},
      {"a model of two endpoints",
       {{"c1", one}, {"c2", two}},
       {{"e1", "c1"}, {"e2", "c2"}},
       {m1},
       {{"CreateModel m1*", "CreateEndpointConfig c1*", "CreateEndpointConfig c2*",
         "UpdateEndpoint e1", "UpdateEndpoint e2"}}},
      {"a model and its configuration",
       {{"c1", one}},
       {{"e1", "c1"}},
       {m1, c1},
       {{"CreateModel m1*", "CreateEndpointConfig c1*", "UpdateEndpoint e1"}}},
      {"two models apart",
       {{"c1", one}},
       {{"e1", "c1"}},
       {m1, m2},
       {{"CreateModel m1*", "CreateEndpointConfig c1*", "UpdateEndpoint e1"}, {"CreateModel m2*"}}},
      {"two models that only meet where nothing runs",
       {{"c1", two}},
       {},
       {m1, m2},
       {{"CreateModel m1*"}, {"CreateModel m2*"}}},
      {"a broken configuration that no endpoint uses",
       {{"c1", one}},
       {},
       {m1, c1},
       {{"CreateModel m1*", "CreateEndpointConfig c1*"}}},
      {"a configuration alone",
       {{"c1", one}},
       {{"e1", "c1"}},
       {c1},
       {{"CreateEndpointConfig c1*", "UpdateEndpoint e1"}}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ServingWorld world;
    world.model("m1", kChurn);
    world.model("m2", kChurn);
    for (const auto& [name, body] : row.configs) world.config(name, body);
    for (const auto& [name, config] : row.endpoints) world.endpoint(name, config);
    const std::vector<Action> actions = world.plan(row.broken);
    std::vector<ServingWorld::Texts> steps;
    size_t findings = 0;
    for (const Action& action : actions) {
      steps.push_back(serving_calls(action.steps));
      findings += action.findings.size();
    }
    std::ranges::sort(steps);
    EXPECT_EQ(steps, row.steps);
    EXPECT_EQ(findings, row.broken.size());
  }
}

TEST(Serving, NamesTheNewModelWhereverTheOldOneStands) {
  ServingWorld world;
  world.model("churn", kChurn);
  world.config("c", R"({"ProductionVariants": [
      {"VariantName": "a", "ModelName": "other", "InstancePools": [
          {"InstanceType": "ml.m5.large", "Priority": 1},
          {"InstanceType": "ml.c5.large", "Priority": 2, "ModelNameOverride": "churn"}]}],
      "ShadowProductionVariants": [{"VariantName": "s", "ModelName": "churn"}]})");
  world.endpoint("e", "c");
  const Action action = world.plan({ServingWorld::broken_model("churn", {"SageMaker.5"})}).front();
  const std::string config = created_by(action, "CreateEndpointConfig");
  const std::string name = ServingWorld::value(created_by(action, "CreateModel"), "ModelName");
  EXPECT_EQ(ServingWorld::value(config, "ProductionVariants[0].ModelName"), "\"other\"");
  EXPECT_EQ(ServingWorld::value(config, "ProductionVariants[0].InstancePools[1].ModelNameOverride"),
            name);
  EXPECT_EQ(ServingWorld::value(config, "ShadowProductionVariants[0].ModelName"), name);
}

TEST(Serving, KeepsAModelThatSomethingElseNames) {
  const struct {
    const char* name;
    std::function<void(ServingWorld&)> arrange;
    const char* advice;
  } rows[] = {
      {"a configuration that nothing uses",
       [](ServingWorld& world) { world.config("idle", kChurnConfig); }, "idle"},
      {"an experiment",
       [](ServingWorld& world) {
         world.experiment("trial", "Running", R"({"EndpointMetadata":{"EndpointName":"elsewhere"},
             "ModelVariants":[{"ModelName":"churn","VariantName":"v"}]})");
       },
       "trial"},
      {"an endpoint of which nobody knows what it runs",
       [](ServingWorld& world) { world.endpoint("blind", "deleted"); }, "blind"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ServingWorld world;
    world.model("churn", kChurn);
    world.config("churn-1", kChurnConfig);
    world.endpoint("live", "churn-1", kChurnLive);
    row.arrange(world);
    const std::vector<Action> actions =
        world.plan({ServingWorld::broken_model("churn", {"SageMaker.5"})});
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(serving_calls(actions.front().cleanup),
              (ServingWorld::Texts{"DeleteEndpointConfig churn-1"}));
    EXPECT_NE(actions.front().advice.front().find(row.advice), std::string::npos);
  }
}

TEST(Serving, SeesAllThatItReplacesAndMoves) {
  ServingWorld world;
  world.model("churn", kChurn);
  world.config("churn-1", kChurnConfig);
  world.endpoint("live", "churn-1", kChurnLive);
  const Action action = world
                            .plan({ServingWorld::broken_model("churn", {"SageMaker.5"}),
                                   ServingWorld::broken_config("churn-1", {"SageMaker.4"})})
                            .front();
  ServingWorld::Texts seen;
  for (const Observation& one : action.seen) seen.push_back(one.read.operation);
  EXPECT_EQ(seen, (ServingWorld::Texts{"DescribeModel", "ListTags", "DescribeEndpointConfig",
                                       "ListTags", "DescribeScalableTargets", "DescribeEndpoint"}));
  ServingWorld::Texts resources;
  for (const Target& target : action.resources) resources.push_back(target.arn);
  EXPECT_EQ(resources, (ServingWorld::Texts{ServingWorld::arn("model/", "churn"),
                                            ServingWorld::arn("endpoint-config/", "churn-1"),
                                            ServingWorld::arn("endpoint/", "live")}));
  const auto now = [&](std::string_view member, std::string_view value) {
    const Edit edits[] = {{"ProductionVariants[0]." + std::string(member), std::string(value)}};
    return differs_at(action.seen.back().output,
                      edited(ServingWorld::parsed(action.seen.back().output).root, edits),
                      action.seen.back().ignore);
  };
  EXPECT_EQ(now("CurrentInstanceCount", "7"), "");
  EXPECT_EQ(now("CurrentWeight", "0.5"), "");
  // The new configuration's counts rest on it.
  EXPECT_EQ(now("DesiredInstanceCount", "7"), "ProductionVariants[0].DesiredInstanceCount");
}

TEST(Serving, LetsScalingChangeWhatIsRetained) {
  ServingWorld world;
  world.model("churn", kChurn);
  world.config("churn-1", kChurnConfig);
  world.endpoint("live", "churn-1", kChurnLive);
  const Action action = world.plan({ServingWorld::broken_model("churn", {"SageMaker.5"})}).front();
  const ServingWorld::Texts& ignore = action.seen.back().ignore;
  EXPECT_NE(std::ranges::find(ignore, "ProductionVariants[*].DesiredInstanceCount"), ignore.end());
}

TEST(Serving, ReadsNoMoreThanItNeeds) {
  ServingWorld world;
  world.config("c", kChurnConfig);
  world.config("other", kChurnConfig);
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_config("c", {"SageMaker.4"})});
  EXPECT_EQ(actions.size(), 1U);
  EXPECT_EQ(world.calls("ListEndpoints"), 1U);
  EXPECT_EQ(world.calls("DescribeEndpointConfig"), 1U);
  EXPECT_EQ(world.calls("ListEndpointConfigs"), 0U);
  EXPECT_EQ(world.calls("ListInferenceExperiments"), 0U);
  EXPECT_EQ(world.calls("ListInferenceComponents"), 0U);
}

TEST(Serving, ReadsAGraphOnceForAll) {
  ServingWorld world;
  std::vector<Broken> broken;
  for (int i = 0; i < 30; ++i) {
    const std::string name = "m" + std::to_string(i);
    world.model(name, kChurn);
    world.config("c" + std::to_string(i), kChurnConfig);
    broken.push_back(ServingWorld::broken_model(name, {"SageMaker.5"}));
  }
  EXPECT_EQ(world.plan(broken).size(), 30U);
  EXPECT_EQ(world.calls("ListEndpointConfigs"), 1U);
  EXPECT_EQ(world.calls("DescribeEndpointConfig"), 30U);
  EXPECT_EQ(world.calls("ListEndpoints"), 1U);
}

TEST(Serving, PlansTheSameTwiceAndNamesByContent) {
  ServingWorld world;
  world.model("churn", kChurn);
  const std::vector<Broken> broken = {
      ServingWorld::broken_model("churn", {"SageMaker.5", "Sagewarden.9"})};
  PlanOptions options;
  options.subnets = {"subnet-1", "subnet-2"};
  options.security_groups = {"sg-1"};
  const Action first = world.plan(broken, options).front();
  EXPECT_EQ(first, world.plan(broken, options).front());
  options.security_groups = {"sg-2"};
  EXPECT_NE(first.steps.front().call.input,
            world.plan(broken, options).front().steps.front().call.input);
  EXPECT_NE(first.findings.front().passes_at,
            world.plan(broken, options).front().findings.front().passes_at);
}

TEST(Serving, FollowsTheCaseOfArns) {
  ServingWorld world;
  world.model("Churn", kChurn);
  Broken broken = ServingWorld::broken_model("Churn", {"SageMaker.5"});
  broken.target.arn = ServingWorld::arn("model/", "churn");
  const Action action = world.plan({broken}).front();
  EXPECT_TRUE(ServingWorld::value(created_by(action, "CreateModel"), "ModelName")
                  .starts_with("\"Churn-sw"));
  EXPECT_TRUE(
      action.findings.front().passes_at.starts_with(ServingWorld::arn("model/", "churn-sw")));
}

TEST(Serving, TellsOfTheStackThatMadeIt) {
  ServingWorld world;
  world.model("churn", kChurn);
  world.tags(ServingWorld::arn("model/", "churn"),
             R"([{"Key":"aws:cloudformation:stack-name","Value":"prod"}])");
  const Action action = world.plan({ServingWorld::broken_model("churn", {"SageMaker.5"})}).front();
  EXPECT_EQ(ServingWorld::value(created_by(action, "CreateModel"), "Tags"), "");
  EXPECT_NE(action.advice.front().find("stack prod"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden::remediate
