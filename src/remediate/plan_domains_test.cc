#include <gtest/gtest.h>

#include "remediate/aws_for_planner_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr const char* kDomainInput = R"({"DomainId":"d-1"})";
constexpr const char* kAppsInput = R"({"DomainIdEquals":"d-1"})";
constexpr const char* kOpenDomain = R"({"DomainId":"d-1","DomainName":"studio","Status":"InService",
  "AppNetworkAccessType":"PublicInternetOnly","VpcId":"vpc-1","SubnetIds":["subnet-1","subnet-2"],
  "DefaultUserSettings":{"ExecutionRole":"r","SecurityGroups":["sg-1"]}})";

// A domain's name is not what it is asked for by.
Broken broken_domain(std::initializer_list<const char*> controls) {
  Broken broken = broken_one("Domain", "domain", "d-1", controls);
  broken.target.name = "studio";
  return broken;
}

std::vector<Action> planned_domain(const Broken& broken, std::string_view describe,
                                   std::string_view apps = R"({"Apps":[]})") {
  PlannerAws aws;
  aws.answers("DescribeDomain", kDomainInput, describe);
  aws.answers("ListApps", kAppsInput, apps);
  aws.has_tags(broken.target.arn, "[]");
  PlanOptions options;
  options.tags = {{"Owner", "x"}};
  std::vector<Action> actions = aws.plan(plan_domains, broken, options);
  expect_whole(actions, broken);
  return actions;
}

TEST(PlanDomains, CloseTheWayToTheInternet) {
  const Action action = planned_domain(
      broken_domain({"Sagewarden.1"}), kOpenDomain,
      R"({"Apps":[{"AppName":"a","Status":"Deleted"},{"AppName":"b","Status":"Failed"}]})")[0];
  EXPECT_EQ(action.way, Way::InPlace);
  // AWS refuses VpcOnly without VPC and subnets, also where they stay.
  EXPECT_EQ(
      calls_of(action.steps),
      std::vector<std::string>{R"(UpdateDomain {"DomainId":"d-1","AppNetworkAccessType":"VpcOnly",)"
                               R"("VpcId":"vpc-1","SubnetIds":["subnet-1","subnet-2"]})"});
  const Step& step = action.steps[0];
  EXPECT_EQ(step.from, (std::vector{equals("AppNetworkAccessType", "PublicInternetOnly"),
                                    equals("Status", "InService")}));
  EXPECT_EQ(step.check.reached, (std::vector{equals("AppNetworkAccessType", "VpcOnly"),
                                             equals("Status", "InService")}));
  EXPECT_EQ(step.check.moving, std::vector{equals("Status", "Updating")});
  EXPECT_EQ(calls_of(step.undo),
            std::vector<std::string>{
                R"(UpdateDomain {"DomainId":"d-1","AppNetworkAccessType":"PublicInternetOnly"})"});
}

TEST(PlanDomains, SayWhatKeepsThemOpen) {
  const struct {
    const char* from;
    const char* to;
    const char* apps;
    const char* wanted;
  } rows[] = {
      {"InService", "Updating", "[]", "plan again"},
      {"InService", "Update_Failed", "[]", "mend it first"},
      {"PublicInternetOnly", "VpcOnly", "[]", "scan again"},
      {R"("VpcId":"vpc-1",)", "", "[]", "has no VPC"},
      {R"(["subnet-1","subnet-2"])", "[]", "[]", "has no VPC"},
      {R"(,"SecurityGroups":["sg-1"])", "", "[]", "needs security groups"},
      {R"(["sg-1"])", "[]", "[]", "needs security groups"},
      {R"("DomainName")",
       R"("DomainSettings":{"RStudioServerProDomainSettings":{"DomainExecutionRoleArn":"r"}},"N")",
       "[]", "RStudio"},
      {"studio", "studio",
       R"([{"UserProfileName":"ann","AppName":"default","Status":"InService"}])",
       "ann/default does"},
      {"studio", "studio",
       R"([{"AppName":"1","Status":"Pending"},{"AppName":"2","Status":"Deleting"},
           {"AppName":"3","Status":"InService"},{"AppName":"4","Status":"InService"},
           {"AppName":"5","Status":"InService"},{"AppName":"6","Status":"InService"},
           {"AppName":"7","Status":"InService"}])",
       "2 more"},
  };
  for (const auto& row : rows) {
    std::string describe = kOpenDomain;
    describe.replace(describe.find(row.from), std::string_view(row.from).size(), row.to);
    const std::vector<Action> actions = planned_domain(broken_domain({"Sagewarden.1"}), describe,
                                                       R"({"Apps":)" + std::string(row.apps) + "}");
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::ByHand) << row.wanted;
    EXPECT_NE(joined(actions[0].advice).find(row.wanted), std::string::npos)
        << joined(actions[0].advice);
  }
}

TEST(PlanDomains, AreTaggedWhateverElseIsSo) {
  const std::vector<Action> actions =
      planned_domain(broken_domain({"Sagewarden.1", "Sagewarden.2", "Acme.1"}),
                     R"({"Status":"Updating","AppNetworkAccessType":"PublicInternetOnly"})");
  ASSERT_EQ(actions.size(), 3U);
  EXPECT_EQ(actions[1].way, Way::ByHand);
  EXPECT_EQ(actions[2].way, Way::InPlace);
  EXPECT_EQ(actions[2].steps.at(0).call.operation, "AddTags");
}

TEST(PlanDomains, NeedToKnowTheirApps) {
  const Broken broken = broken_domain({"Sagewarden.1"});
  PlannerAws aws;
  aws.answers("DescribeDomain", kDomainInput, kOpenDomain);
  aws.has_tags(broken.target.arn, "[]");
  aws::CallError denied;
  denied.kind = aws::CallError::Kind::Denied;
  aws.fails("ListApps", kAppsInput, denied);
  const std::vector<Action> actions = aws.plan(plan_domains, broken);
  expect_whole(actions, broken);
  EXPECT_NE(actions.at(0).advice.at(0).find("allow sagemaker:ListApps"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden::remediate
