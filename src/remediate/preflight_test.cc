// What lies around a model: one thing is changed at a time, and the check that is about it notices.
#include "remediate/preflight.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "remediate/preflight_network.h"

namespace sagewarden::remediate {
namespace {

using Answers = std::map<std::string, std::string>;  // by operation

constexpr std::string_view kDefaultPolicy =
    R"({\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]})";

std::string endpoint_text(const std::string& service, const std::string& type,
                          const std::string& more) {
  return R"({"vpcEndpointId":"vpce-)" + service + R"(","vpcEndpointType":")" + type +
         R"(","serviceName":"com.amazonaws.eu-west-1.)" + service + R"(","state":"available",)" +
         more + "}";
}

std::string interface_text(const std::string& service, const std::string& dns = "true",
                           const std::string& policy = std::string(kDefaultPolicy),
                           const std::string& more = "") {
  return endpoint_text(service, "Interface",
                       R"("privateDnsEnabled":")" + dns + R"(","policyDocument":")" + policy +
                           R"(","groupSet":[{"groupId":"sg-e"}])" + more);
}

std::string gateway_text(const std::string& table = "rtb-1",
                         const std::string& policy = std::string(kDefaultPolicy)) {
  return endpoint_text(
      "s3", "Gateway",
      R"("routeTableIdSet":[")" + table + R"("],"policyDocument":")" + policy + "\"");
}

std::string endpoints_text(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : ",") + one;
  return R"({"vpcEndpointSet":[)" + text + "]}";
}

std::string tables_text(const std::string& routes) {
  return R"({"routeTableSet":[{"routeTableId":"rtb-1","associationSet":[{"main":"true"}],
             "routeSet":[)" +
         routes + "]}]}";
}

std::string groups_text(const std::string& more) {
  return R"({"securityGroupInfo":[{"groupId":"sg-1","vpcId":"vpc-1",)" + more + "}]}";
}

constexpr std::string_view kAllOut =
    R"("ipPermissionsEgress":[{"ipProtocol":"-1","ipRanges":[{"cidrIp":"0.0.0.0/0"}]}])";
// Of the endpoints and of the model, as the stand-in gives both the same answer.
constexpr std::string_view kLetIn =
    R"("ipPermissions":[{"ipProtocol":"tcp","fromPort":"443","toPort":"443",
       "groups":[{"groupId":"sg-1"}]}])";

std::string in_and_out() {
  return groups_text(std::string(kAllOut) + "," + std::string(kLetIn));
}

std::string subnets_text(const std::string& free, const std::string& zone = "b",
                         const std::string& vpc = "vpc-1") {
  return R"({"subnetSet":[{"subnetId":"subnet-1","vpcId":"vpc-1","cidrBlock":"10.0.0.0/24",
             "availabilityZone":"eu-west-1a","availableIpAddressCount":")" +
         free +
         R"("},{"subnetId":"subnet-2","cidrBlock":"10.0.1.0/24","availableIpAddressCount":"0",
             "availabilityZone":"eu-west-1)" +
         zone + R"(","vpcId":")" + vpc + "\"}]}";
}

std::string decision_text(const std::string& decision) {
  std::string text;
  for (const char* action : {"ecr:GetAuthorizationToken", "ecr:BatchGetImage",
                             "ecr:GetDownloadUrlForLayer", "lambda:InvokeFunction"})
    text += std::string(text.empty() ? "" : ",") + R"({"EvalActionName":")" + action +
            R"(","EvalDecision":")" + decision + "\"}";
  return R"({"EvaluationResults":[)" + text + "]}";
}

// A closed VPC with all that it needs.
Answers in_order() {
  return {
      {"DescribeSubnets", subnets_text("250")},
      {"DescribeSecurityGroups", in_and_out()},
      {"DescribeVpcEndpoints", endpoints_text({interface_text("ecr.api"), interface_text("ecr.dkr"),
                                               interface_text("lambda"), gateway_text()})},
      {"DescribeRouteTables", tables_text("")},
      {"DescribeNatGateways",
       R"({"natGatewaySet":[{"natGatewayId":"nat-1","connectivityType":"public"}]})"},
      {"DescribeVpcAttribute",
       R"({"enableDnsSupport":{"value":"true"},"enableDnsHostnames":{"value":"true"}})"},
      {"SimulatePrincipalPolicy", decision_text("allowed")},
      {"GetFunctionConfiguration", R"({"State":"Active"})"}};
}

PreflightSubject closed_subject() {
  return {.model = "churn",
          .subnets = {"subnet-1", "subnet-2"},
          .security_groups = {"sg-1"},
          .own_vpc = false,
          .role = "arn:aws:iam::111122223333:role/serve",
          .images = {"111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@sha256:01"},
          .lambda = "arn:aws:lambda:eu-west-1:111122223333:function:login:live",
          .objects = {"models/churn.tar.gz"},
          .instances = 2};
}

using ErrorKind = aws::CallError::Kind;

PreflightReport look(const PreflightSubject& subject, const Answers& answers,
                     const std::map<std::string, ErrorKind>& errors = {},
                     std::vector<std::string>* asked_for = nullptr) {
  const aws::CallAws call = [&](const aws::Call& asked) -> aws::Answer {
    if (asked_for != nullptr) asked_for->push_back(asked.operation + " " + asked.input);
    if (const auto failing = errors.find(asked.operation); failing != errors.end()) {
      aws::CallError error;
      error.kind = failing->second;
      error.service = asked.service;
      error.operation = asked.operation;
      return tl::make_unexpected(std::move(error));
    }
    return std::move(*json::parse_document(answers.at(asked.operation)));
  };
  const Reader reader(call, {"111122223333", "eu-west-1", "aws", nullptr});
  PreflightReader cached(reader);
  return look_ahead(subject, cached);
}

std::string row_text(const Preflight& row) {
  return std::string(name_of(row.result)) + " " + row.check + ": " + row.detail;
}

std::string_view result_of(const PreflightReport& report, std::string_view check) {
  const std::vector<Preflight> all = report.all();
  const auto found = std::ranges::find(all, check, &Preflight::check);
  return found == all.end() ? std::string_view() : name_of(found->result);
}

TEST(Preflight, FindsAllInOrder) {
  const PreflightReport report = look(closed_subject(), in_order());
  for (const Preflight& row : report.all()) {
    EXPECT_EQ(row.result, Found::Ok) << row_text(row);
    EXPECT_TRUE(row.fix.empty()) << row_text(row);
  }
  for (const char* check :
       {"subnets", "zones", "free addresses", "security groups", "way to S3", "real-time inference",
        "way to ECR's layers", "digest", "443 outwards", "DNS of the VPC", "role may log in",
        "role may pull", "endpoint ecr.dkr", "443 into ecr.dkr", "endpoint ecr.api",
        "credentials function", "role may call the function", "endpoint lambda", "443 into lambda"})
    EXPECT_TRUE(std::ranges::count(report.all(), check, &Preflight::check)) << check;
}

TEST(Preflight, NoticesWhatIsNot) {
  const std::string nat = R"({"destinationCidrBlock":"0.0.0.0/0","natGatewayId":"nat-1"})";
  const std::string igw = R"({"destinationCidrBlock":"0.0.0.0/0","gatewayId":"igw-1"})";
  const std::string narrow =
      R"({\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"ecr:*\",\"Resource\":\"*\"}]})";
  const std::string inbound =
      R"(,"dnsOptions":{"privateDnsOnlyForInboundResolverEndpoint":"true"})";
  const std::string inbound_s3 = interface_text("s3", "true", std::string(kDefaultPolicy), inbound);
  const std::string without_dkr =
      endpoints_text({interface_text("ecr.api"), interface_text("lambda"), gateway_text()});
  const std::string https = R"("ipPermissionsEgress":[{"ipProtocol":"tcp","fromPort":"443",
      "toPort":"443","ipRanges":[{"cidrIp":"10.0.0.0/8"}]}],)";
  const struct {
    const char* name;
    Answers changed;
    const char* check;
    Found wanted;
  } rows[] = {
      {"a subnet is not there",
       {{"DescribeSubnets", R"({"subnetSet":[{"subnetId":"subnet-1","vpcId":"vpc-1"}]})"}},
       "subnets",
       Found::Wrong},
      {"there is no subnet", {{"DescribeSubnets", R"({"subnetSet":""})"}}, "subnets", Found::Wrong},
      {"two VPCs",
       {{"DescribeSubnets", subnets_text("250", "b", "vpc-2")}},
       "subnets",
       Found::Wrong},
      {"one zone", {{"DescribeSubnets", subnets_text("250", "a")}}, "zones", Found::Wrong},
      {"enough addresses", {{"DescribeSubnets", subnets_text("8")}}, "free addresses", Found::Ok},
      {"few addresses",
       {{"DescribeSubnets", subnets_text("7")}},
       "free addresses",
       Found::Uncertain},
      {"not one an instance",
       {{"DescribeSubnets", subnets_text("1")}},
       "free addresses",
       Found::Wrong},
      {"a group of another VPC",
       {{"DescribeSecurityGroups",
         R"({"securityGroupInfo":[{"groupId":"sg-1","vpcId":"vpc-9"}]})"}},
       "security groups",
       Found::Wrong},
      {"no group",
       {{"DescribeSecurityGroups", R"({"securityGroupInfo":""})"}},
       "security groups",
       Found::Wrong},
      {"nothing goes out",
       {{"DescribeSecurityGroups", groups_text(std::string(kLetIn))}},
       "443 outwards",
       Found::Wrong},
      {"some goes out",
       {{"DescribeSecurityGroups", groups_text(https + std::string(kLetIn))}},
       "443 outwards",
       Found::Uncertain},
      {"the endpoint lets nobody in",
       {{"DescribeSecurityGroups", groups_text(std::string(kAllOut))}},
       "443 into ecr.dkr",
       Found::Wrong},
      {"no gateway for S3",
       {{"DescribeVpcEndpoints",
         endpoints_text({interface_text("ecr.api"), interface_text("ecr.dkr")})}},
       "way to S3",
       Found::Wrong},
      {"a gateway of another table",
       {{"DescribeVpcEndpoints", endpoints_text({gateway_text("rtb-9")})}},
       "way to S3",
       Found::Wrong},
      {"a gateway that lets nothing through",
       {{"DescribeVpcEndpoints", endpoints_text({gateway_text("rtb-1", R"({\"Statement\":[]})")})}},
       "way to S3",
       Found::Wrong},
      {"a gateway whose policy cannot be read",
       {{"DescribeVpcEndpoints", endpoints_text({gateway_text("rtb-1", "?")})}},
       "way to S3",
       Found::Unread},
      {"no endpoint", {{"DescribeVpcEndpoints", without_dkr}}, "endpoint ecr.dkr", Found::Wrong},
      {"no endpoint but NAT",
       {{"DescribeVpcEndpoints", without_dkr}, {"DescribeRouteTables", tables_text(nat)}},
       "endpoint ecr.dkr",
       Found::Ok},
      {"no endpoint but a private NAT gateway",
       {{"DescribeVpcEndpoints", without_dkr},
        {"DescribeRouteTables", tables_text(nat)},
        {"DescribeNatGateways",
         R"({"natGatewaySet":[{"natGatewayId":"nat-1","connectivityType":"private"}]})"}},
       "endpoint ecr.dkr",
       Found::Uncertain},
      {"no endpoint but a NAT gateway that is gone",
       {{"DescribeVpcEndpoints", without_dkr},
        {"DescribeRouteTables", tables_text(nat)},
        {"DescribeNatGateways", R"({"natGatewaySet":""})"}},
       "endpoint ecr.dkr",
       Found::Uncertain},
      {"a policy of its own",
       {{"DescribeVpcEndpoints", endpoints_text({interface_text("ecr.dkr", "true", narrow)})}},
       "endpoint ecr.dkr",
       Found::Uncertain},
      {"a policy that cannot be read",
       {{"DescribeVpcEndpoints", endpoints_text({interface_text("lambda", "true", "")})}},
       "endpoint lambda",
       Found::Uncertain},
      {"an interface endpoint for S3",
       {{"DescribeVpcEndpoints", endpoints_text({interface_text("s3")})}},
       "way to S3",
       Found::Ok},
      {"an interface endpoint for S3 that lets nobody in",
       {{"DescribeVpcEndpoints", endpoints_text({interface_text("s3")})},
        {"DescribeSecurityGroups", groups_text(std::string(kAllOut))}},
       "443 into s3",
       Found::Wrong},
      {"an interface endpoint for S3 that only others use",
       {{"DescribeVpcEndpoints", endpoints_text({inbound_s3})}},
       "way to S3",
       Found::Wrong},
      {"the same beside a gateway of another table",
       {{"DescribeVpcEndpoints", endpoints_text({inbound_s3, gateway_text("rtb-9")})}},
       "way to S3",
       Found::Wrong},
      {"the same beside a gateway",
       {{"DescribeVpcEndpoints", endpoints_text({inbound_s3, gateway_text()})}},
       "way to S3",
       Found::Ok},
      {"no endpoint but an internet gateway",
       {{"DescribeVpcEndpoints", without_dkr}, {"DescribeRouteTables", tables_text(igw)}},
       "endpoint ecr.dkr",
       Found::Uncertain},
      {"no table is known",
       {{"DescribeVpcEndpoints", without_dkr}, {"DescribeRouteTables", R"({"routeTableSet":""})"}},
       "endpoint ecr.dkr",
       Found::Uncertain},
      {"no private DNS",
       {{"DescribeVpcEndpoints",
         endpoints_text({interface_text("ecr.dkr", "false"), gateway_text()})}},
       "endpoint ecr.dkr",
       Found::Wrong},
      {"no endpoint for the login",
       {{"DescribeVpcEndpoints", endpoints_text({gateway_text()})}},
       "endpoint ecr.api",
       Found::Uncertain},
      {"no endpoint for Lambda",
       {{"DescribeVpcEndpoints", endpoints_text({gateway_text()})}},
       "endpoint lambda",
       Found::Wrong},
      {"no DNS",
       {{"DescribeVpcAttribute",
         R"({"enableDnsSupport":{"value":"false"},"enableDnsHostnames":{"value":"true"}})"}},
       "DNS of the VPC",
       Found::Wrong},
      {"the role may not",
       {{"SimulatePrincipalPolicy", decision_text("implicitDeny")}},
       "role may call the function",
       Found::Uncertain},
      {"the role must not",
       {{"SimulatePrincipalPolicy", decision_text("explicitDeny")}},
       "role may call the function",
       Found::Wrong},
      {"the role must not pull",
       {{"SimulatePrincipalPolicy", decision_text("explicitDeny")}},
       "role may pull",
       Found::Uncertain},
      {"nothing is said of the role",
       {{"SimulatePrincipalPolicy", R"({"EvaluationResults":""})"}},
       "role may pull",
       Found::Uncertain},
      {"the function is not ready",
       {{"GetFunctionConfiguration", R"({"State":"Pending"})"}},
       "credentials function",
       Found::Uncertain},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Answers answers = in_order();
    for (const auto& [operation, text] : row.changed) answers[operation] = text;
    const std::vector<Preflight> all = look(closed_subject(), answers).all();
    const auto is_meant = [&](const Preflight& one) {
      return one.check == row.check && one.result == row.wanted;
    };
    const auto found = std::ranges::find_if(all, is_meant);
    if (found == all.end()) {
      std::string text;
      for (const Preflight& one : all) text += row_text(one) + "\n";
      ADD_FAILURE() << text;
      continue;
    }
    EXPECT_EQ(found->fix.empty(), row.wanted == Found::Ok) << row_text(*found);
  }
}

// Nothing that is not seen is in order, and what is missing is said.
TEST(Preflight, NeverTakesTheUnreadForGood) {
  const std::string allowed[] = {"ec2:DescribeSubnets",
                                 "ec2:DescribeSecurityGroups",
                                 "ec2:DescribeVpcEndpoints",
                                 "ec2:DescribeRouteTables",
                                 "ec2:DescribeVpcAttribute",
                                 "iam:SimulatePrincipalPolicy",
                                 "lambda:GetFunctionConfiguration"};
  for (const std::string& action : allowed) {
    SCOPED_TRACE(action);
    const std::string operation = action.substr(action.find(':') + 1);
    const std::vector<Preflight> all =
        look(closed_subject(), in_order(), {{operation, ErrorKind::Denied}}).all();
    EXPECT_TRUE(std::ranges::any_of(all, [&](const Preflight& row) {
      return row.result == Found::Unread && row.fix.find("allow " + action) != std::string::npos;
    }));
    EXPECT_FALSE(PreflightReport::has_wrong(all));
  }
  Answers nat = in_order();
  nat["DescribeRouteTables"] =
      tables_text(R"({"destinationCidrBlock":"0.0.0.0/0","natGatewayId":"nat-1"})");
  EXPECT_TRUE(std::ranges::count(
      look(closed_subject(), nat, {{"DescribeNatGateways", ErrorKind::Denied}}).network,
      Found::Unread, &Preflight::result));
  const std::vector<Preflight> all =
      look(closed_subject(), in_order(), {{"GetFunctionConfiguration", ErrorKind::NotFound}}).all();
  EXPECT_TRUE(PreflightReport::has_wrong(all));
}

TEST(Preflight, LooksAtWhatMatters) {
  std::vector<std::string> asked;
  PreflightSubject subject = closed_subject();
  subject.images.clear();
  subject.lambda.clear();
  const PreflightReport without_images = look(subject, in_order(), {}, &asked);
  EXPECT_TRUE(without_images.registry.empty());
  // The model's data comes through the VPC: it must be let out, and find its way.
  for (const char* check : {"443 outwards", "DNS of the VPC"})
    EXPECT_EQ(std::ranges::count(without_images.network, check, &Preflight::check), 1) << check;
  Answers shut = in_order();
  shut["DescribeSecurityGroups"] = groups_text(std::string(kLetIn));
  EXPECT_TRUE(PreflightReport::has_wrong(look(subject, shut).network));
  EXPECT_FALSE(std::ranges::any_of(asked, [](const std::string& call) {
    return call.starts_with("Simulate") || call.starts_with("GetFunction");
  }));

  subject = closed_subject();
  subject.images = {"registry.example.com:8443/churn:3"};
  subject.own_vpc = true;
  subject.asynchronous = true;
  subject.many_containers = true;
  Answers answers = in_order();
  answers["DescribeSubnets"] = subnets_text("250", "a");
  const PreflightReport report = look(subject, answers);
  EXPECT_EQ(result_of(report, "registry"), "uncertain");
  EXPECT_EQ(result_of(report, "digest"), "uncertain");
  EXPECT_EQ(result_of(report, "real-time inference"), "uncertain");
  EXPECT_EQ(result_of(report, "containers among themselves"), "uncertain");
  EXPECT_EQ(result_of(report, "zones"), "uncertain");
  EXPECT_EQ(result_of(report, "endpoint ecr.dkr"), "");
  EXPECT_EQ(result_of(report, "role may pull"), "");

  subject.images = {"111122223333.dkr.ecr.us-east-1.amazonaws.com/churn@sha256:01"};
  EXPECT_EQ(result_of(look(subject, in_order()), "way to ECR"), "wrong");
}

// What follows from it is not said as if it were something else.
TEST(Preflight, OfWrongSubnetsSaysOnlyThat) {
  PreflightSubject missing = closed_subject();
  missing.subnets.emplace_back("subnet-3");
  Answers apart = in_order();
  apart["DescribeSubnets"] = subnets_text("0", "a", "vpc-2");
  for (const auto& [subject, answers] :
       {std::pair(missing, in_order()), std::pair(closed_subject(), apart)}) {
    std::vector<std::string> seen;
    for (const Preflight& row : look(subject, answers).network)
      seen.push_back(fmt::format("{}: {}", row.check, name_of(row.result)));
    EXPECT_EQ(seen, (std::vector<std::string>{"subnets: wrong", "443 outwards: ok"}));
  }
}

TEST(Preflight, AsksOnce) {
  std::vector<std::string> asked;
  look(closed_subject(), in_order(), {}, &asked);
  std::ranges::sort(asked);
  EXPECT_EQ(std::ranges::adjacent_find(asked), asked.end());
}

TEST(Preflight, TakesImagesApart) {
  const struct {
    const char* image;
    const char* account;
    const char* region;
    const char* repository;
  } rows[] = {
      {"1.dkr.ecr.eu-west-1.amazonaws.com/a/b:3", "1", "eu-west-1", "a/b"},
      {"1.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a@sha256:0", "1", "us-gov-west-1", "a"},
      {"1.dkr-ecr.eu-west-1.on.aws/a", "1", "eu-west-1", "a"},
      {"registry.example.com/x.dkr.ecr.y/a", "", "", ""},
      {"churn", "", "", ""},
  };
  for (const auto& row : rows) {
    const EcrImage image = ecr_image(row.image);
    EXPECT_EQ(image.account, row.account) << row.image;
    EXPECT_EQ(image.region, row.region) << row.image;
    EXPECT_EQ(image.repository, row.repository) << row.image;
  }
}

TEST(Preflight, ReadsPoliciesOfEndpoints) {
  const std::string allow = R"({"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"})";
  const struct {
    std::string statements;
    Found wanted;
  } rows[] = {
      {allow, Found::Ok},
      {"[" + allow + "]", Found::Ok},
      {R"([{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["S3:Get*"],
            "Resource":["arn:aws:s3:::layers/*","arn:aws:s3:::other/*"]}])",
       Found::Ok},
      {R"([{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"}])",
       Found::Wrong},
      {R"([{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"}])",
       Found::Wrong},
      {"[" + allow +
           R"(,{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"}])",
       Found::Wrong},
      {"[" + allow +
           R"(,{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*",
                "Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}])",
       Found::Uncertain},
      {"[" + allow +
           R"(,{"Effect":"Deny","Principal":"*","Action":"s3:*",
                "NotResource":"arn:aws:s3:::layers/*"}])",
       Found::Uncertain},
      {R"([{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/r"},"Action":"*",
            "Resource":"*"}])",
       Found::Uncertain},
      {"[]", Found::Wrong},
  };
  for (const auto& row : rows)
    EXPECT_EQ(lets_read(R"({"Statement":)" + row.statements + "}", "layers/x", "aws"), row.wanted)
        << row.statements;
  EXPECT_EQ(lets_read("", "layers/x", "aws"), Found::Unread);
}

TEST(Preflight, KnowsThePlainPolicy) {
  const struct {
    const char* statements;
    bool wanted;
  } rows[] = {
      {R"({"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"})", true},
      {R"([{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["*"],"Resource":["*"]}])", true},
      {R"([{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}])", false},
      {R"([{"Effect":"Allow","Principal":"*","Action":"ecr:*","Resource":"*"}])", false},
      {R"([{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:ecr:*"}])", false},
      {R"([{"Effect":"Allow","Principal":{"AWS":"1"},"Action":"*","Resource":"*"}])", false},
      {R"([{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{}}])", false},
      {R"([{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},
           {"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}])",
       false},
      {"[]", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(allows_all(R"({"Statement":)" + std::string(row.statements) + "}"), row.wanted)
        << row.statements;
  EXPECT_FALSE(allows_all(""));
}

TEST(Preflight, KnowsWhatABlockCovers) {
  const struct {
    const char* outer;
    const char* inner;
    bool wanted;
  } rows[] = {
      {"0.0.0.0/0", "10.0.1.0/24", true},      {"10.0.0.0/16", "10.0.1.0/24", true},
      {"10.0.1.0/24", "10.0.1.0/24", true},    {"10.0.1.0/25", "10.0.1.0/24", false},
      {"10.1.0.0/16", "10.0.1.0/24", false},   {"10.0.1.7/32", "10.0.1.7/32", true},
      {"10.0.1.6/32", "10.0.1.7/32", false},   {"10.0.0/16", "10.0.1.0/24", false},
      {"10.0.0.0", "10.0.1.0/24", false},      {"10.0.0.0/33", "10.0.1.0/24", false},
      {"10.0.0.256/16", "10.0.1.0/24", false}, {"::/0", "10.0.1.0/24", false},
  };
  for (const auto& row : rows) EXPECT_EQ(covers(row.outer, row.inner), row.wanted) << row.outer;
}

}  // namespace
}  // namespace sagewarden::remediate
