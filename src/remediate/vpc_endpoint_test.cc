#include "remediate/vpc_endpoint.h"

#include <gtest/gtest.h>

#include "remediate/render.h"
#include "remediate/serving_world_for_tests.h"

namespace sagewarden::remediate {
namespace {

const std::string kEcrImageHere = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@sha256:01";

PlanOptions creating() {
  PlanOptions options;
  options.subnets = {"subnet-1", "subnet-2"};
  options.security_groups = {"sg-1"};
  options.registry = {{kEcrImageHere, kEcrImageHere}};
  options.create_endpoints = true;
  return options;
}

// A VPC without any way out.
void close_vpc(ServingWorld& world, bool lets_itself_in) {
  world.around(
      "DescribeRouteTables",
      R"({"routeTableSet":[{"routeTableId":"rtb-1","associationSet":[{"main":"true"}]}]})");
  const std::string in = R"(,"ipPermissions":[{"ipProtocol":"-1","groups":[{"groupId":"sg-1"}]}])";
  world.around("DescribeSecurityGroups",
               R"({"securityGroupInfo":[{"groupId":"sg-1","vpcId":"vpc-1",
                   "ipPermissionsEgress":[{"ipProtocol":"-1",
                   "ipRanges":[{"cidrIp":"0.0.0.0/0"}]}])" +
                   (lets_itself_in ? in : "") + "}]}");
  for (const char* name : {"m", "n"})
    world.model(name,
                R"({"PrimaryContainer":{"ModelDataUrl":"s3://models/churn.tar.gz","Image":")" +
                    kEcrImageHere + "\"}}");
}

std::vector<std::string> services_created(const Action& action) {
  std::vector<std::string> services;
  for (const Step& step : action.steps)
    if (step.call.operation == "CreateVpcEndpoint")
      services.push_back(ServingWorld::value(step.call.input, "ServiceName"));
  return services;
}

TEST(VpcEndpoint, AreCreatedWhereTheyAreMissing) {
  ServingWorld world;
  close_vpc(world, true);
  Plan plan;
  plan.actions = world.plan({ServingWorld::broken_model("m", {"SageMaker.16"}),
                             ServingWorld::broken_model("n", {"SageMaker.16"})},
                            creating());
  number(plan);
  ASSERT_EQ(plan.actions.size(), 2U);
  EXPECT_EQ(services_created(plan.actions[0]),
            (std::vector<std::string>{R"("com.amazonaws.eu-west-1.s3")",
                                      R"("com.amazonaws.eu-west-1.ecr.dkr")",
                                      R"("com.amazonaws.eu-west-1.ecr.api")"}));
  // Both actions have the same steps: whichever comes first creates, once.
  for (size_t i = 0; i < 3; ++i)
    EXPECT_EQ(plan.actions[0].steps[i].call, plan.actions[1].steps[i].call);
  EXPECT_EQ(plan.actions[0].steps[3].call.operation, "CreateModel");
  const Step& step = plan.actions[0].steps[1];
  const auto value = [&](const char* path) { return ServingWorld::value(step.call.input, path); };
  EXPECT_EQ(value("SubnetId"), R"(["subnet-1","subnet-2"])");
  EXPECT_EQ(value("SecurityGroupId"), R"(["sg-1"])");
  EXPECT_EQ(value("PrivateDnsEnabled"), "true");
  EXPECT_EQ(value("ClientToken"), value("TagSpecification[0].Tag[0].Value"));
  EXPECT_LE(value("ClientToken").size(), 66U);  // 64 are EC2's limit
  EXPECT_EQ(ServingWorld::value(plan.actions[0].steps[0].call.input, "RouteTableId"),
            R"(["rtb-1"])");
  EXPECT_FALSE(step.no_undo.empty());
  EXPECT_TRUE(ServingWorld::says({plan.actions[0].cost}, "charged by hour and zone"));
  EXPECT_TRUE(read_plan("p", write_plan(plan)));
  const std::vector<std::string> needed = iam_actions(plan);
  for (const char* action : {"ec2:CreateVpcEndpoint", "ec2:CreateTags", "ec2:DescribeVpcEndpoints",
                             "route53:AssociateVPCWithHostedZone"})
    EXPECT_TRUE(std::ranges::count(needed, action)) << action;
  const std::string script = plan_script(plan);
  for (const char* part : {R"("SubnetIds":["subnet-1","subnet-2"])",
                           R"("Filters":[{"Name":"vpc-id","Values":["vpc-1"]})",
                           R"("TagSpecifications":[{"ResourceType":"vpc-endpoint","Tags":[{)",
                           "--query 'VpcEndpoints[0].State'"})
    EXPECT_NE(script.find(part), std::string::npos) << part;
}

TEST(VpcEndpoint, IsThereOnceItIsAvailable) {
  const Step step = endpoint_creation({.service = "ecr.dkr",
                                       .region = "eu-west-1",
                                       .vpc = "vpc-1",
                                       .subnets = {"subnet-1"},
                                       .security_groups = {"sg-1"}});
  const struct {
    const char* answer;
    bool reached;
    bool moving;
  } rows[] = {
      {R"({"vpcEndpointSet":""})", false, false},
      {R"({"vpcEndpointSet":[{"state":"pending"}]})", false, true},
      {R"({"vpcEndpointSet":[{"state":"available"}]})", true, false},
  };
  for (const auto& row : rows) {
    const json::Document seen = ServingWorld::parsed(row.answer);
    EXPECT_EQ(holds(step.check.reached.at(0), seen.root), row.reached) << row.answer;
    EXPECT_EQ(holds(step.check.moving.at(0), seen.root), row.moving) << row.answer;
  }
}

TEST(VpcEndpoint, IsNotCreatedWhereItWouldBeOfNoUse) {
  const auto plan = [](ServingWorld& world, const PlanOptions& options) {
    return world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, options).front();
  };
  ServingWorld shut;
  close_vpc(shut, false);
  const Action left = plan(shut, creating());
  EXPECT_EQ(left.way, Way::ByHand);
  EXPECT_TRUE(ServingWorld::says(left.advice, "let sg-1 in from sg-1 on port 443"));

  ServingWorld unwanted;
  close_vpc(unwanted, true);
  PlanOptions options = creating();
  options.create_endpoints = false;
  const Action told = plan(unwanted, options);
  EXPECT_EQ(told.way, Way::ByHand);
  EXPECT_TRUE(ServingWorld::says(told.advice, "--create-endpoints"));

  ServingWorld open;  // with a NAT gateway
  open.model("m", R"({"PrimaryContainer":{"Image":")" + kEcrImageHere + "\"}}");
  const Action done = plan(open, creating());
  EXPECT_EQ(done.way, Way::Replace);
  EXPECT_TRUE(services_created(done).empty());
}

}  // namespace
}  // namespace sagewarden::remediate
