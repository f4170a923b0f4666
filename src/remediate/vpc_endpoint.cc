#include "remediate/vpc_endpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

void write_list(json::Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out.key(name).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_filter(json::Writer& out, std::string_view name,
                  std::initializer_list<std::string_view> values) {
  out.begin_object().member("Name", name).key("Value").begin_array();
  for (const std::string_view value : values) out.string(value);
  out.end_array().end_object();
}

std::string_view type_of(const NewEndpoint& endpoint) {
  return endpoint.subnets.empty() ? "Gateway" : "Interface";
}

// Members are named as they go over the wire. The token makes EC2 create one, however often it is
// asked; it is the endpoint's name too.
std::string vpc_endpoint_input(const NewEndpoint& endpoint, std::string_view token) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("VpcId", endpoint.vpc);
  out.member("ServiceName", endpoint_service(endpoint.service, endpoint.region));
  out.member("VpcEndpointType", type_of(endpoint));
  write_list(out, "SubnetId", endpoint.subnets);
  write_list(out, "SecurityGroupId", endpoint.security_groups);
  write_list(out, "RouteTableId", endpoint.route_tables);
  if (!endpoint.subnets.empty()) out.key("PrivateDnsEnabled").boolean(true);
  if (!token.empty()) {
    out.member("ClientToken", token);
    out.key("TagSpecification").begin_array().begin_object();
    out.member("ResourceType", "vpc-endpoint").key("Tag").begin_array().begin_object();
    out.member("Key", "Name").member("Value", token).end_object().end_array();
    out.end_object().end_array();
  }
  out.end_object();
  return text;
}

PlannedCall find_endpoint(const NewEndpoint& endpoint) {
  PlannedCall call{.service = "ec2", .operation = "DescribeVpcEndpoints", .input = ""};
  json::Writer out(call.input);
  out.begin_object().key("Filter").begin_array();
  write_filter(out, "vpc-id", {endpoint.vpc});
  write_filter(out, "service-name", {endpoint_service(endpoint.service, endpoint.region)});
  write_filter(out, "vpc-endpoint-type", {type_of(endpoint)});
  write_filter(out, "vpc-endpoint-state", {"pending", "available"});
  out.end_array().end_object();
  return call;
}

// Others may have made one meanwhile that is of no use: in other route tables, without private DNS,
// behind other security groups.
std::vector<Expectation> what_is_needed(const NewEndpoint& endpoint) {
  // A VPC has several gateway endpoints of a service, but one interface endpoint with private DNS.
  const bool is_gateway = endpoint.subnets.empty();
  const std::string named = "vpcEndpointSet[privateDnsEnabled=true]";
  std::vector<Expectation> needed = {any_of(
      is_gateway ? "vpcEndpointSet[0].state" : named + ".state", {"available", "Available"})};
  for (const std::string& table : endpoint.route_tables)
    needed.push_back(equals(fmt::format("vpcEndpointSet[*].routeTableIdSet[={}]", table), table));
  for (const std::string& group : endpoint.security_groups)
    needed.push_back(equals(fmt::format("{}.groupSet[groupId={}].groupId", named, group), group));
  return needed;
}

void add_missing(const std::vector<std::string>& texts, std::vector<std::string>& all) {
  for (const std::string& text : texts)
    if (std::ranges::find(all, text) == all.end()) all.push_back(text);
}

}  // namespace

std::string endpoint_service(std::string_view service, std::string_view region) {
  return fmt::format("com.amazonaws.{}.{}", region, service);
}

bool is_same_endpoint(const NewEndpoint& a, const NewEndpoint& b) {
  return a.service == b.service && a.region == b.region && a.vpc == b.vpc;
}

void join_needs(const NewEndpoint& other, NewEndpoint& endpoint) {
  add_missing(other.security_groups, endpoint.security_groups);
  add_missing(other.route_tables, endpoint.route_tables);
}

Step endpoint_creation(const NewEndpoint& endpoint) {
  const std::string token = replacement_name(fmt::format("{}-{}", endpoint.service, endpoint.vpc),
                                             vpc_endpoint_input(endpoint, ""));
  Step step;
  step.title = fmt::format("Create VPC endpoint {} in {}", endpoint.service, endpoint.vpc);
  step.effect = Effect::Creates;
  step.call = {.service = "ec2",
               .operation = "CreateVpcEndpoint",
               .input = vpc_endpoint_input(endpoint, token)};
  step.check.read = find_endpoint(endpoint);
  step.check.reached = what_is_needed(endpoint);
  step.check.moving = {equals("vpcEndpointSet[state=pending].state", "pending"),
                       equals("vpcEndpointSet[state=Pending].state", "Pending")};
  step.check.every = std::chrono::seconds(15);
  step.check.most = std::chrono::minutes(15);
  step.also_needs = {"ec2:CreateTags"};
  // Private DNS is a hosted zone of AWS's.
  if (!endpoint.subnets.empty()) step.also_needs.emplace_back("route53:AssociateVPCWithHostedZone");
  step.no_undo =
      "others may have come to use the endpoint: delete it with `aws ec2 delete-vpc-endpoints`";
  return step;
}

}  // namespace sagewarden::remediate
