// Models: what repairs each finding, and what is left to people.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "remediate/serving_world_for_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kEcrImage = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3";
constexpr std::string_view kMapped = "registry.example.com/churn@sha256:01";
constexpr std::string_view kLambda = "arn:aws:lambda:eu-west-1:111122223333:function:login";
constexpr std::string_view kOwnVpc =
    R"("VpcConfig":{"Subnets":["s-1"],"SecurityGroupIds":["g-1"]})";

PlanOptions all_options() {
  PlanOptions options;
  options.subnets = {"subnet-1", "subnet-2"};
  options.security_groups = {"sg-1"};
  options.registry = {{std::string(kEcrImage), std::string(kMapped)}};
  options.credentials_lambda = kLambda;
  return options;
}

std::string container_of(std::string_view image, std::string_view more = "") {
  return R"({"Image":")" + std::string(image) + "\"" + std::string(more) + "}";
}

std::string model_of(std::string_view image, std::string_view more = "") {
  return R"({"PrimaryContainer":)" + container_of(image) + std::string(more) + "}";
}

// The Create input without its name.
std::string new_model(const Action& action) {
  const Edit nameless[] = {{"ModelName", ""}};
  return edited(ServingWorld::parsed(action.steps.front().call.input).root, nameless);
}

TEST(ServingModel, EditsWhatEachFindingNeeds) {
  const std::string vpc =
      R"("VpcConfig":{"Subnets":["subnet-1","subnet-2"],"SecurityGroupIds":["sg-1"]})";
  const std::string auth = R"("RepositoryAuthConfig":{"RepositoryCredentialsProviderArn":")" +
                           std::string(kLambda) + "\"}";
  const std::string in_vpc = R"(,"ImageConfig":{"RepositoryAccessMode":"Vpc",)" + auth + "}";
  const struct {
    const char* name;
    std::vector<std::string> controls;
    std::string model;
    std::string wanted;
  } rows[] = {
      {"isolation",
       {"SageMaker.5"},
       model_of("r/i@sha256:0"),
       model_of("r/i@sha256:0", R"(,"EnableNetworkIsolation":true)")},
      {"isolation that is off",
       {"SageMaker.5"},
       model_of("r/i@sha256:0", R"(,"EnableNetworkIsolation":false)"),
       model_of("r/i@sha256:0", R"(,"EnableNetworkIsolation":true)")},
      {"a VPC", {"Sagewarden.9"}, model_of("r/i"), model_of("r/i", "," + vpc)},
      {"a registry, in the model's own VPC",
       {"SageMaker.16"},
       model_of(kEcrImage, "," + std::string(kOwnVpc)),
       R"({"PrimaryContainer":)" + container_of(kMapped, in_vpc) + "," + std::string(kOwnVpc) +
           "}"},
      {"a registry and a VPC",
       {"SageMaker.16", "Sagewarden.9"},
       model_of(kEcrImage),
       R"({"PrimaryContainer":)" + container_of(kMapped, in_vpc) + "," + vpc + "}"},
      {"an image that is in a private registry already",
       {"SageMaker.16"},
       model_of("r/i@sha256:0"),
       R"({"PrimaryContainer":)" + container_of("r/i@sha256:0", in_vpc) + "," + vpc + "}"},
      {"the containers that come by the platform",
       {"SageMaker.19"},
       R"({"Containers":[)" +
           container_of("a", R"(,"ImageConfig":{"RepositoryAccessMode":"Vpc"})") + "," +
           container_of(kEcrImage, R"(,"ImageConfig":{"RepositoryAccessMode":"Platform"})") + "]," +
           std::string(kOwnVpc) + "}",
       R"({"Containers":[)" +
           container_of("a", R"(,"ImageConfig":{"RepositoryAccessMode":"Vpc"})") + "," +
           container_of(kMapped, in_vpc) + "]," + std::string(kOwnVpc) + "}"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ServingWorld world;
    world.model("m", row.model);
    const std::vector<Action> actions =
        world.plan({ServingWorld::broken_model("m", row.controls)}, all_options());
    ASSERT_EQ(actions.size(), 1U);
    ASSERT_EQ(actions.front().way, Way::Replace);
    EXPECT_EQ(actions.front().findings.size(), row.controls.size());
    EXPECT_EQ(new_model(actions.front()), row.wanted);
  }
}

TEST(ServingModel, LogsInNowhereWithoutAFunction) {
  ServingWorld world;
  world.model("m", model_of(kEcrImage));
  PlanOptions options = all_options();
  options.credentials_lambda.clear();
  const Action action =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, options).front();
  EXPECT_EQ(new_model(action).find("RepositoryAuthConfig"), std::string::npos);
  EXPECT_TRUE(ServingWorld::says(action.risks, "logs in nowhere"));
}

TEST(ServingModel, SeesItsCreationThrough) {
  ServingWorld world;
  world.model("m",
              model_of(kEcrImage, R"(,"ExecutionRoleArn":"arn:aws:iam::111122223333:role/r")"));
  world.tags(ServingWorld::arn("model/", "m"), R"([{"Key":"k","Value":"v"}])");
  const Action action =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16", "SageMaker.5"})}, all_options())
          .front();
  const Step& step = action.steps.front();
  EXPECT_EQ(step.also_needs, (std::vector<std::string>{"iam:PassRole", "sagemaker:AddTags"}));
  for (const Expectation& wanted :
       {equals("PrimaryContainer.ImageConfig.RepositoryAccessMode", "Vpc"),
        equals("PrimaryContainer.Image", kMapped), equals_json("EnableNetworkIsolation", "true")})
    EXPECT_NE(std::ranges::find(step.check.reached, wanted), step.check.reached.end())
        << wanted.path;
}

TEST(ServingModel, RefusesWhatAwsCannotDo) {
  const std::string serverless =
      R"({"ProductionVariants":[{"VariantName":"v","ModelName":"m","ServerlessConfig":{}}]})";
  const std::string dlc = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2";
  const std::string xgboost = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1";
  const PlanOptions none;
  const PlanOptions all = all_options();
  PlanOptions no_vpc = all;
  no_vpc.security_groups.clear();
  const struct {
    const char* control;
    std::string model;
    std::string config;  // in use; may be empty
    PlanOptions options;
    const char* reason;
  } rows[] = {
      {"SageMaker.5", model_of("r/i"), serverless, all, "does not support network isolation"},
      {"SageMaker.16", model_of(kEcrImage), serverless, all, "does not support private registries"},
      {"SageMaker.19", R"({"Containers":[{"Image":"r/i"}]})", serverless, all,
       "does not support private registries"},
      {"Sagewarden.9", model_of("r/i"), serverless, all, "takes no VPC"},
      {"SageMaker.16", R"({"PrimaryContainer":{"ModelPackageName":"p/1"}})", "", all,
       "names a model package"},
      {"SageMaker.19", R"({"Containers":[{"Image":"r/i"},{"ModelPackageName":"p/1"}]})", "", all,
       "Containers[1] names a model package"},
      {"SageMaker.16",
       R"({"PrimaryContainer":)" + container_of(kEcrImage, R"(,"Mode":"MultiModel")") + "}", "",
       all, "MultiModel"},
      {"SageMaker.16", model_of(dlc), "", all, "one of AWS's own"},
      {"SageMaker.16", model_of(xgboost), "", all, "one of AWS's own"},
      {"SageMaker.16", model_of("public.ecr.aws/x/y:1"), "", all, "one of AWS's own"},
      {"SageMaker.16", model_of(kEcrImage), "", none, "is in Amazon ECR"},
      {"SageMaker.16", model_of(kEcrImage), "", none, "--registry-map"},
      {"SageMaker.16", model_of(kEcrImage), "", no_vpc, "--security-group"},
      {"Sagewarden.9", model_of("r/i"), "", no_vpc, "--subnet"},
      {"SageMaker.5", model_of("r/i", R"(,"EnableNetworkIsolation":true)"), "", all, "scan again"},
      {"SageMaker.16", R"({"PrimaryContainer":{"ImageConfig":{"RepositoryAccessMode":"Vpc"}}})", "",
       all, "scan again"},
      {"Sagewarden.9", model_of("r/i", "," + std::string(kOwnVpc)), "", all, "scan again"},
      {"Mine.1", model_of("r/i"), "", all, "no repair"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.control) + " " + row.reason);
    ServingWorld world;
    world.model("m", row.model);
    if (!row.config.empty()) {
      world.config("c", row.config);
      world.endpoint("e", "c");
    }
    const std::vector<Action> actions =
        world.plan({ServingWorld::broken_model("m", {row.control})}, row.options);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions.front().way, Way::ByHand);
    EXPECT_TRUE(actions.front().steps.empty());
    EXPECT_TRUE(ServingWorld::says(actions.front().advice, row.reason))
        << actions.front().advice.front();
  }
}

TEST(ServingModel, TakesAnImageOfAwsThatIsMapped) {
  const std::string dlc = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2";
  ServingWorld world;
  world.model("m", model_of(dlc));
  PlanOptions options = all_options();
  options.registry[dlc] = kMapped;
  EXPECT_EQ(world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, options).front().way,
            Way::Replace);
}

TEST(ServingModel, SaysTheRisks) {
  const std::string explained =
      R"({"ProductionVariants":[{"VariantName":"v","ModelName":"m","InitialInstanceCount":2}],
          "ExplainerConfig":{},"AsyncInferenceConfig":{}})";
  PlanOptions to_ecr = all_options();
  to_ecr.registry = {{std::string(kEcrImage), std::string(kEcrImage)}};
  const struct {
    const char* control;
    std::string model;
    PlanOptions options;
    const char* risk;
  } rows[] = {
      {"SageMaker.5", model_of("r/i"), all_options(), "must not need any"},
      {"SageMaker.5", model_of("r/sagemaker-chainer:5"), all_options(), "Chainer"},
      {"SageMaker.5", model_of("r/sagemaker-rl-coach:1"), all_options(), "reinforcement"},
      {"SageMaker.5", R"({"PrimaryContainer":{"ModelPackageName":"p/1"}})", all_options(),
       "Marketplace"},
      {"SageMaker.5", model_of("r/i"), all_options(), "Clarify"},
      {"SageMaker.16", model_of("r/i:3"), all_options(), "Not everything around the model"},
      {"SageMaker.16", model_of(kEcrImage), to_ecr, "does not document whether it can be pulled"},
      {"SageMaker.16", model_of(kEcrImage), all_options(), "asynchronous"},
      {"SageMaker.16", model_of(kEcrImage), all_options(), "certificate of a public authority"},
      {"Sagewarden.9", model_of("r/i"), all_options(), "must be reached"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.risk);
    ServingWorld world;
    world.model("m", row.model);
    world.config("c", explained);
    world.endpoint("e", "c");
    const Action action =
        world.plan({ServingWorld::broken_model("m", {row.control})}, row.options).front();
    EXPECT_EQ(action.way, Way::Replace);
    EXPECT_TRUE(ServingWorld::says(action.risks, row.risk));
  }
}

constexpr std::string_view kServedConfig =
    R"({"ProductionVariants":[{"VariantName":"v","ModelName":"m","InitialInstanceCount":1,
        "InstanceType":"ml.m5.large"}]})";

TEST(ServingModel, WaitsUntilTheEndpointCanBeMoved) {
  const std::string running = R"({"EndpointMetadata":{"EndpointName":"e"},"ModelVariants":[]})";
  const struct {
    const char* name;
    std::function<void(ServingWorld&)> arrange;
    std::vector<const char*> reasons;  // none: it is repaired
  } rows[] = {
      {"in service", [](ServingWorld& world) { world.endpoint("e", "c"); }, {}},
      {"updating",
       [](ServingWorld& world) { world.endpoint("e", "c", R"({"EndpointStatus":"Updating"})"); },
       {"plan again when it is InService"}},
      {"failed",
       [](ServingWorld& world) { world.endpoint("e", "c", R"({"EndpointStatus":"Failed"})"); },
       {"is Failed"}},
      {"about to move away",
       [](ServingWorld& world) {
         world.endpoint("e", "c", R"({"PendingDeploymentSummary":{"EndpointConfigName":"d"}})");
       },
       {"deployment of endpoint e is under way"}},
      {"another is about to move there",
       [](ServingWorld& world) {
         world.endpoint("e", "c");
         world.endpoint("f", "d", R"({"EndpointStatus":"Updating",
             "PendingDeploymentSummary":{"EndpointConfigName":"c"}})");
       },
       {"endpoint f is Updating", "deployment of endpoint f"}},
      {"an experiment runs",
       [&](ServingWorld& world) {
         world.endpoint("e", "c");
         world.experiment("trial", "Running", running);
       },
       {"inference experiment trial on endpoint e is Running"}},
      {"an experiment is over",
       [&](ServingWorld& world) {
         world.endpoint("e", "c");
         world.experiment("trial", "Completed", running);
       },
       {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ServingWorld world;
    world.model("m", model_of("r/i"));
    world.config("c", kServedConfig);
    row.arrange(world);
    const std::vector<Action> actions =
        world.plan({ServingWorld::broken_model("m", {"SageMaker.5"}),
                    ServingWorld::broken_config("c", {"SageMaker.4"})});
    size_t findings = 0;
    for (const Action& action : actions) {
      EXPECT_EQ(action.way, row.reasons.empty() ? Way::Replace : Way::ByHand);
      for (const char* reason : row.reasons)
        EXPECT_TRUE(ServingWorld::says(action.advice, reason)) << reason;
      findings += action.findings.size();
    }
    EXPECT_EQ(findings, 2U);
  }
}

TEST(ServingModel, IsLeftToInferenceComponents) {
  for (const char* body : {R"({"Specification":{"ModelName":"m"}})",
                           R"({"Specifications":[{"ModelName":"x"},{"ModelName":"m"}]})"}) {
    ServingWorld world;
    world.model("m", model_of("r/i"));
    world.component("part", body);
    const Action action = world.plan({ServingWorld::broken_model("m", {"SageMaker.5"})}).front();
    EXPECT_EQ(action.way, Way::ByHand);
    EXPECT_TRUE(ServingWorld::says(action.advice, "inference component part runs the model"));
  }
}

// Whoever is not allowed to see all that hangs on a resource does not change it.
TEST(ServingModel, StaysWhereTheGraphIsNotKnown) {
  using Kind = aws::CallError::Kind;
  const struct {
    const char* denied;
    Kind kind;
    bool model;  // whether it is repaired
    bool config;
  } rows[] = {
      {"ListEndpointConfigs", Kind::Denied, false, true},
      {"DescribeEndpointConfig other", Kind::Denied, false, true},
      {"DescribeEndpointConfig other", Kind::NotFound, true, true},
      {"DescribeEndpointConfig c", Kind::Denied, false, false},
      {"ListEndpoints", Kind::Failed, false, false},
      {"DescribeEndpoint e", Kind::Throttled, false, false},
      {"ListInferenceExperiments", Kind::Denied, false, false},
      {"DescribeInferenceExperiment trial", Kind::Denied, false, false},
      {"ListInferenceExperiments", Kind::NotAvailable, true, true},
      {"ListInferenceComponents", Kind::Denied, false, true},
      {"ListInferenceComponents", Kind::NotAvailable, true, true},
      {"DescribeInferenceComponent part", Kind::Denied, false, true},
      {"DescribeInferenceComponent part", Kind::NotFound, true, true},
      {"DescribeModel m", Kind::Denied, false, true},
      {"ListTags arn:aws:sagemaker:eu-west-1:111122223333:model/m", Kind::Denied, false, true},
      {"ListTags arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/c", Kind::Denied, false,
       false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.denied);
    ServingWorld world;
    world.model("m", model_of("r/i"));
    world.config("c", kServedConfig);
    world.config("other", R"({"ProductionVariants":[]})");
    world.endpoint("e", "c");
    world.experiment("trial", "Running", R"({"EndpointMetadata":{"EndpointName":"x"}})");
    world.component("part", R"({"Specification":{"ModelName":"x"}})");
    world.deny(row.denied, row.kind);
    const std::vector<Action> actions =
        world.plan({ServingWorld::broken_model("m", {"SageMaker.5"}),
                    ServingWorld::broken_config("c", {"SageMaker.4"})});
    size_t findings = 0;
    for (const Action& action : actions) {
      for (const Repaired& finding : action.findings) {
        ++findings;
        const bool wanted = finding.control == "SageMaker.5" ? row.model : row.config;
        EXPECT_EQ(action.way == Way::Replace, wanted) << finding.control;
        EXPECT_EQ(action.advice.front().starts_with("could not be read"), !wanted);
      }
    }
    EXPECT_EQ(findings, 2U);
  }
}

TEST(ServingModel, IsGoneMeanwhile) {
  ServingWorld world;
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.5"}),
                  ServingWorld::broken_config("c", {"SageMaker.4"})});
  ASSERT_EQ(actions.size(), 2U);
  for (const Action& action : actions)
    EXPECT_TRUE(ServingWorld::says(action.advice, "not there any more"));
}

TEST(ServingModel, DoesNotHoldUpWhatHangsOnIt) {
  ServingWorld world;
  world.model("m", model_of(kEcrImage));
  world.model("n", model_of("r/i"));
  world.config("c", R"({"ProductionVariants":[
      {"VariantName":"v","ModelName":"m","InitialInstanceCount":1},
      {"VariantName":"w","ModelName":"n","InitialInstanceCount":2}]})");
  world.endpoint("e", "c");
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16"}),
                  ServingWorld::broken_model("n", {"SageMaker.5"}),
                  ServingWorld::broken_config("c", {"SageMaker.4"})});
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::ByHand);
  ASSERT_EQ(actions[0].findings.size(), 1U);
  EXPECT_EQ(actions[0].findings.front().control, "SageMaker.16");
  EXPECT_EQ(actions[1].findings.size(), 2U);
  ASSERT_EQ(actions[1].steps.size(), 3U);
  EXPECT_NE(actions[1].steps[1].call.input.find(R"("ModelName":"m")"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden::remediate
