#include "remediate/vpc_endpoint.h"

#include <gtest/gtest.h>

#include "remediate/plan_permissions.h"
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
  std::vector<std::string> needed;
  for (const Permission& permission : permissions_of(plan))
    needed.insert(needed.end(), permission.actions.begin(), permission.actions.end());
  for (const char* action : {"ec2:CreateVpcEndpoint", "ec2:CreateTags", "ec2:DescribeVpcEndpoints",
                             "route53:AssociateVPCWithHostedZone"})
    EXPECT_TRUE(std::ranges::count(needed, action)) << action;
  const std::string script = plan_script(plan);
  for (const char* part : {R"("SubnetIds":["subnet-1","subnet-2"])",
                           R"("Filters":[{"Name":"vpc-id","Values":["vpc-1"]})",
                           R"("TagSpecifications":[{"ResourceType":"vpc-endpoint","Tags":[{)",
                           "--query 'VpcEndpoints[0].State'",
                           R"(--query 'VpcEndpoints[*].RouteTableIds[]|[?@==`"rtb-1"`]|[0]')",
                           "--query 'VpcEndpoints[?PrivateDnsEnabled]|[0].State'",
                           R"([?PrivateDnsEnabled]|[0].Groups[?GroupId==`"sg-1"`]|[0].GroupId')"})
    EXPECT_NE(script.find(part), std::string::npos) << part;
}

// An endpoint that another one made meanwhile is only taken for it where it does.
TEST(VpcEndpoint, IsThereOnceItIsOfUse) {
  const Step interface = endpoint_creation({.service = "ecr.dkr",
                                            .region = "eu-west-1",
                                            .vpc = "vpc-1",
                                            .subnets = {"subnet-1"},
                                            .security_groups = {"sg-1", "sg-2"}});
  const Step gateway = endpoint_creation(
      {.service = "s3", .region = "eu-west-1", .vpc = "vpc-1", .route_tables = {"rtb-1", "rtb-2"}});
  const struct {
    const Step& step;
    const char* endpoints;
    bool reached;
    bool moving;
  } rows[] = {
      {interface, R"("")", false, false},
      {interface, R"([{"state":"pending"}])", false, true},
      {interface,
       R"([{"state":"available","privateDnsEnabled":"false"},
           {"state":"available","privateDnsEnabled":"true",
            "groupSet":[{"groupId":"sg-2"},{"groupId":"sg-1"}]}])",
       true, false},
      {interface,
       R"([{"state":"available","privateDnsEnabled":"false",
            "groupSet":[{"groupId":"sg-1"},{"groupId":"sg-2"}]}])",
       false, false},
      {interface,
       R"([{"state":"available","privateDnsEnabled":"true","groupSet":[{"groupId":"sg-1"}]}])",
       false, false},
      {gateway, R"([{"state":"available","routeTableIdSet":["rtb-1","rtb-2"]}])", true, false},
      {gateway,
       R"([{"state":"available","routeTableIdSet":["rtb-2"]},
           {"state":"available","routeTableIdSet":["rtb-1"]}])",
       true, false},
      {gateway, R"([{"state":"available","routeTableIdSet":["rtb-1"]}])", false, false},
      {gateway, R"([{"state":"available","routeTableIdSet":""}])", false, false},
  };
  for (const auto& row : rows) {
    const json::Document seen =
        ServingWorld::parsed(R"({"vpcEndpointSet":)" + std::string(row.endpoints) + "}");
    const auto is_met = [&](const Expectation& expected) { return holds(expected, seen.root); };
    EXPECT_EQ(std::ranges::all_of(row.step.check.reached, is_met), row.reached) << row.endpoints;
    EXPECT_EQ(std::ranges::any_of(row.step.check.moving, is_met), row.moving) << row.endpoints;
  }
}

// The first action would create an endpoint that the second takes for its own.
TEST(VpcEndpoint, GetsWhatAllModelsNeed) {
  ServingWorld world;
  world.around("DescribeRouteTables",
               R"({"routeTableSet":[
      {"routeTableId":"rtb-1","associationSet":[{"main":"true"}]},
      {"routeTableId":"rtb-2","associationSet":[{"subnetId":"subnet-3"},{"subnetId":"subnet-4"}]}
  ]})");
  world.around("DescribeSubnets",
               R"({"subnetSet":[
      {"subnetId":"subnet-1","vpcId":"vpc-1","availabilityZone":"a","cidrBlock":"10.0.0.0/24",
       "availableIpAddressCount":"99"},
      {"subnetId":"subnet-2","vpcId":"vpc-1","availabilityZone":"b","cidrBlock":"10.0.1.0/24",
       "availableIpAddressCount":"99"},
      {"subnetId":"subnet-3","vpcId":"vpc-1","availabilityZone":"a","cidrBlock":"10.0.2.0/24",
       "availableIpAddressCount":"99"},
      {"subnetId":"subnet-4","vpcId":"vpc-1","availabilityZone":"b","cidrBlock":"10.0.3.0/24",
       "availableIpAddressCount":"99"}]})");
  const std::string rules =
      R"("vpcId":"vpc-1","ipPermissions":[{"ipProtocol":"-1",
         "groups":[{"groupId":"sg-1"},{"groupId":"sg-2"}]}],
         "ipPermissionsEgress":[{"ipProtocol":"-1","ipRanges":[{"cidrIp":"0.0.0.0/0"}]}]})";
  world.around("DescribeSecurityGroups", R"({"securityGroupInfo":[{"groupId":"sg-1",)" + rules +
                                             R"(,{"groupId":"sg-2",)" + rules + "]}");
  const auto model = [&](const char* name, const char* vpc) {
    world.model(name,
                R"({"PrimaryContainer":{"ModelDataUrl":"s3://models/churn.tar.gz","Image":")" +
                    kEcrImageHere + R"("},"VpcConfig":)" + vpc + "}");
  };
  model("m", R"({"Subnets":["subnet-1","subnet-2"],"SecurityGroupIds":["sg-1"]})");
  model("n", R"({"Subnets":["subnet-3","subnet-4"],"SecurityGroupIds":["sg-2"]})");
  const std::vector<Action> actions =
      world.plan({ServingWorld::broken_model("m", {"SageMaker.16"}),
                  ServingWorld::broken_model("n", {"SageMaker.16"})},
                 creating());
  ASSERT_EQ(actions.size(), 2U);
  for (const Action& action : actions) {
    ASSERT_EQ(services_created(action).size(), 3U);
    EXPECT_EQ(ServingWorld::value(action.steps[0].call.input, "RouteTableId"),
              R"(["rtb-1","rtb-2"])");
    EXPECT_EQ(ServingWorld::value(action.steps[1].call.input, "SecurityGroupId"),
              R"(["sg-1","sg-2"])");
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(action.steps[i].call, actions[0].steps[i].call);
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
