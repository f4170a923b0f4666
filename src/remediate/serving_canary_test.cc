// What is looked into beforehand as part of a plan, and the canary endpoint.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "remediate/render.h"
#include "remediate/serving_world_for_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kOurImage =
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@sha256:01";
constexpr std::string_view kOneVariant =
    R"({"ProductionVariants":[{"VariantName":"v","ModelName":"m","InitialInstanceCount":2,
        "InstanceType":"ml.m5.large","VolumeSizeInGB":30,"RoutingConfig":{}}],
        "KmsKeyId":"key-1","DataCaptureConfig":{"EnableCapture":true}})";

PlanOptions ecr_options() {
  PlanOptions options;
  options.subnets = {"subnet-1", "subnet-2"};
  options.security_groups = {"sg-1"};
  options.registry = {{std::string(kOurImage), std::string(kOurImage)}};
  return options;
}

std::string ecr_model() {
  return R"({"ExecutionRoleArn":"arn:aws:iam::111122223333:role/serve",
             "PrimaryContainer":{"ModelDataUrl":"s3://models/churn.tar.gz","Image":")" +
         std::string(kOurImage) + "\"}}";
}

// A model in ECR behind an endpoint.
void arrange(ServingWorld& world) {
  world.model("m", ecr_model());
  world.config("c", kOneVariant);
  world.endpoint("e", "c");
  world.tags(ServingWorld::arn("endpoint-config/", "c"), R"([{"Key":"Owner","Value":"ml"}])");
}

std::vector<std::string> operations(const Action& action) {
  std::vector<std::string> all;
  for (const Step& step : action.steps) all.push_back(step.call.operation);
  return all;
}

bool has_row(const Action& action, std::string_view check, Found result) {
  return std::ranges::any_of(action.preflight, [&](const Preflight& row) {
    return row.check == check && row.result == result;
  });
}

TEST(ServingCanary, RunsBeforeARealEndpointIsTouched) {
  ServingWorld world;
  arrange(world);
  const Action action =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, ecr_options()).front();
  ASSERT_EQ(operations(action),
            (std::vector<std::string>{"CreateModel", "CreateEndpointConfig", "CreateEndpointConfig",
                                      "CreateEndpoint", "DeleteEndpoint", "DeleteEndpointConfig",
                                      "UpdateEndpoint"}));
  const Step& config = action.steps[2];
  const Step& start = action.steps[3];
  const std::string model = ServingWorld::value(action.steps[0].call.input, "ModelName");
  const std::string name = ServingWorld::value(start.call.input, "EndpointName");
  EXPECT_EQ(ServingWorld::value(config.call.input, "ProductionVariants"),
            R"([{"VariantName":"canary","ModelName":)" + model +
                R"(,"InitialInstanceCount":1,"InstanceType":"ml.m5.large","VolumeSizeInGB":30}])");
  EXPECT_EQ(ServingWorld::value(config.call.input, "KmsKeyId"), R"("key-1")");
  EXPECT_EQ(ServingWorld::value(config.call.input, "Tags"), R"([{"Key":"Owner","Value":"ml"}])");
  EXPECT_EQ(ServingWorld::value(config.call.input, "DataCaptureConfig"), "");
  EXPECT_EQ(ServingWorld::value(start.call.input, "EndpointConfigName"), name);
  EXPECT_TRUE(name.starts_with("\"m-canary-sw")) << name;
  for (const Step* step : {&config, &start})
    EXPECT_EQ(step->also_needs, (std::vector<std::string>{"sagemaker:AddTags", "kms:CreateGrant"}));
  // Each is taken away again, as the plan's own, and by whoever goes back before that.
  EXPECT_TRUE(takes_away(start, action.steps[4]));
  EXPECT_TRUE(takes_away(config, action.steps[5]));
  EXPECT_FALSE(takes_away(config, action.steps[4]));
  EXPECT_FALSE(takes_away(action.steps[1], action.steps[5]));
  EXPECT_EQ(start.undo, std::vector<Step>{action.steps[4]});
  EXPECT_EQ(config.undo, std::vector<Step>{action.steps[5]});
  EXPECT_TRUE(ServingWorld::says({action.cost}, "canary endpoint runs one ml.m5.large"));
  EXPECT_TRUE(ServingWorld::says(action.risks, "a canary endpoint of one instance runs it"));
}

TEST(ServingCanary, IsLeftOutWhereNothingIsOpen) {
  const struct {
    const char* name;
    bool wanted;  // by the user
    bool served;
    const char* image;
    bool expected;
  } rows[] = {
      {"as it is", true, true, nullptr, true},
      {"not wanted", false, true, nullptr, false},
      {"no endpoint", true, false, nullptr, false},
      {"another registry", true, true, "registry.example.com/churn@sha256:01", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ServingWorld world;
    world.model("m", ecr_model());
    world.config("c", kOneVariant);
    if (row.served) world.endpoint("e", "c");
    PlanOptions options = ecr_options();
    options.canary_endpoint = row.wanted;
    if (row.image != nullptr) options.registry.begin()->second = row.image;
    const Action action =
        world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, options).front();
    EXPECT_EQ(std::ranges::count(operations(action), "CreateEndpoint"), row.expected ? 1 : 0);
    EXPECT_EQ(ServingWorld::says(action.risks, "try it on an endpoint of its own first"),
              !row.expected && row.image == nullptr);
  }
}

TEST(ServingCanary, SaysThatAnEarlierOneIsLeft) {
  ServingWorld world;
  arrange(world);
  const auto plan = [&] {
    return world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, ecr_options()).front();
  };
  const Action first = plan();
  EXPECT_FALSE(ServingWorld::says(first.risks, "is there already"));
  const json::Document start = ServingWorld::parsed(first.steps[3].call.input);
  const std::string name(start.root["EndpointName"].string());
  world.endpoint(name, name, R"({"EndpointStatus":"Failed"})");
  EXPECT_TRUE(ServingWorld::says(plan().risks, "is there already"));
}

TEST(ServingPreflight, IsPartOfThePlan) {
  ServingWorld world;
  arrange(world);
  world.around("SimulatePrincipalPolicy", R"({"EvaluationResults":""})");
  Plan plan;
  plan.actions = world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, ecr_options());
  number(plan);
  const Action& action = plan.actions.front();
  EXPECT_TRUE(has_row(action, "subnets", Found::Ok));
  EXPECT_TRUE(has_row(action, "role may pull", Found::Uncertain));
  EXPECT_TRUE(ServingWorld::says(action.risks, "Not everything around the model"));
  const Result<Plan> read = read_plan("p", write_plan(plan));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, plan);
  const std::string text = plan_text(plan, {});
  // A column wide enough for the longest name of a check.
  EXPECT_NE(text.find("\n       uncertain  role may pull        serve is not allowed"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n       ok         real-time inference  no endpoint of another kind"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("to do: allow serve ecr:BatchGetImage"), std::string::npos) << text;
  EXPECT_NE(plan_markdown(plan).find("| role may pull | uncertain | serve is not allowed"),
            std::string::npos);
}

// What only the registry lacks does not keep a model out of the VPC.
TEST(ServingPreflight, LeavesWhatWouldFailToAPerson) {
  ServingWorld world;
  world.model("m", R"({"PrimaryContainer":{"Image":")" + std::string(kOurImage) + "\"}}");
  world.config("c", kOneVariant);
  world.endpoint("e", "c");
  world.around("DescribeRouteTables",
               R"({"routeTableSet":[{"routeTableId":"r","associationSet":[{"main":"true"}]}]})");
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16", "SageMaker.5", "Sagewarden.9"})},
                 ecr_options());
  ASSERT_EQ(actions.size(), 2U);
  const Action& left = actions[0];
  EXPECT_EQ(left.way, Way::ByHand);
  ASSERT_EQ(left.findings.size(), 1U);
  EXPECT_EQ(left.findings[0].control, "SageMaker.16");
  for (const char* advice :
       {"SageMaker.16: endpoint ecr.dkr: there is none", "give vpc-1 an interface endpoint",
        "SageMaker.16: way to ECR's layers: gateway endpoint for S3: there is none"})
    EXPECT_TRUE(ServingWorld::says(left.advice, advice)) << advice;
  EXPECT_TRUE(has_row(left, "endpoint ecr.dkr", Found::Wrong));
  const Action& done = actions[1];
  EXPECT_EQ(done.way, Way::Replace);
  EXPECT_EQ(done.findings.size(), 2U);
  EXPECT_TRUE(has_row(done, "subnets", Found::Ok));
  EXPECT_FALSE(has_row(done, "endpoint ecr.dkr", Found::Wrong));
  const std::string& input = done.steps[0].call.input;
  EXPECT_NE(ServingWorld::value(input, "VpcConfig"), "");
  EXPECT_EQ(ServingWorld::value(input, "PrimaryContainer.ImageConfig"), "");
  EXPECT_EQ(std::ranges::count(operations(done), "CreateEndpoint"), 0);
}

// Nor does it keep anything from being isolated that the network is not right.
TEST(ServingPreflight, RepairsWhatDoesNotRestOnIt) {
  ServingWorld world;
  arrange(world);
  world.around("DescribeSubnets", R"({"subnetSet":""})");
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16", "SageMaker.5", "Sagewarden.9"})},
                 ecr_options());
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].findings.size(), 2U);
  EXPECT_TRUE(ServingWorld::says(actions[0].advice, "not found in eu-west-1"));
  EXPECT_EQ(actions[1].findings.at(0).control, "SageMaker.5");
  EXPECT_TRUE(actions[1].preflight.empty());
  EXPECT_EQ(ServingWorld::value(actions[1].steps[0].call.input, "VpcConfig"), "");
}

TEST(ServingPreflight, KnowsAllThatComesFromS3) {
  ServingWorld world;
  world.model("m", R"({"PrimaryContainer":{"Image":"i","ModelDataUrl":"s3://models/m.tar.gz",
      "AdditionalModelDataSources":[{"ChannelName":"draft",
        "S3DataSource":{"S3Uri":"s3://drafts/d/","S3DataType":"S3Prefix"}}]}})");
  world.around("DescribeVpcEndpoints",
               R"({"vpcEndpointSet":[{"vpcEndpointId":"vpce-1","vpcEndpointType":"Gateway",
      "serviceName":"com.amazonaws.eu-west-1.s3","state":"available","routeTableIdSet":["rtb-1"],
      "policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",)"
               R"(\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::models/*\"}]}"}]})");
  const Action action =
      world.plan({ServingWorld::broken_model("m", {"Sagewarden.9"})}, ecr_options()).front();
  EXPECT_EQ(action.way, Way::ByHand);
  EXPECT_TRUE(ServingWorld::says(action.advice, "does not allow s3:GetObject of drafts"));
}

TEST(ServingPreflight, KnowsHowManyInstancesRun) {
  ServingWorld world;
  world.model("m", ecr_model());
  world.config("c", kOneVariant);
  world.endpoint("e", "c",
                 R"({"ProductionVariants":[{"VariantName":"v","DesiredInstanceCount":7},
                                           {"VariantName":"w","DesiredInstanceCount":9}]})");
  const Action action =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, ecr_options()).front();
  const auto row = std::ranges::find(action.preflight, "free addresses", &Preflight::check);
  ASSERT_NE(row, action.preflight.end());
  // Seven and the canary, two addresses each, two fleets.
  EXPECT_EQ(row->detail, "500 free; 32 for 8 instances, 2 each, while old and new ones run");
}

}  // namespace
}  // namespace sagewarden::remediate
