// Studio domains: the way to the network, and tags.
#include <fmt/core.h>

#include <algorithm>

#include "remediate/family.h"
#include "remediate/path.h"
#include "remediate/plan_tags.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kDomainNetworkControls[] = {"Sagewarden.1"};
constexpr std::string_view kDomainTagControls[] = {"Sagewarden.2"};
constexpr std::string_view kDomainAccess = "AppNetworkAccessType";
constexpr size_t kMostNamedApps = 5;  // apps that a sentence names

std::string domain_id(const Target& target) {
  return target.arn.substr(target.arn.rfind('/') + 1);
}

PlannedCall describe_domain_call(const Target& target) {
  return {.operation = "DescribeDomain", .input = object_of({{"DomainId", domain_id(target)}})};
}

Check domain_check(const Target& target) {
  Check check;
  check.read = describe_domain_call(target);
  check.moving = {equals("Status", "Updating")};
  check.broken = {any_of("Status", {"Failed", "Update_Failed", "Deleting", "Delete_Failed"})};
  check.every = std::chrono::seconds{10};
  check.most = std::chrono::seconds{900};
  return check;
}

// AWS asks for VPC and subnets with VpcOnly although they do not change:
// https://github.com/hashicorp/terraform-provider-aws/issues/45528
Step close_domain_step(const Target& target, json::Value described) {
  Step step;
  step.title = fmt::format("Send the traffic of domain {} through its VPC", target.name);
  const std::string input =
      object_of({{"DomainId", domain_id(target)}, {kDomainAccess, "VpcOnly"}});
  const Edit network[] = {{"VpcId", text_of(described["VpcId"])},
                          {"SubnetIds", text_of(described["SubnetIds"])}};
  step.call = {.operation = "UpdateDomain",
               .input = edited(json::parse_document(input)->root, network)};
  step.check = domain_check(target);
  step.check.reached = {equals(std::string(kDomainAccess), "VpcOnly"),
                        equals("Status", "InService")};
  step.from = {as_seen(std::string(kDomainAccess), described), equals("Status", "InService")};
  Step undo;
  undo.title = fmt::format("Give domain {} its way to the internet back", target.name);
  undo.call = {
      .operation = "UpdateDomain",
      .input = object_of({{"DomainId", domain_id(target)}, {kDomainAccess, "PublicInternetOnly"}})};
  undo.check = domain_check(target);
  undo.check.reached = {equals(std::string(kDomainAccess), "PublicInternetOnly"),
                        equals("Status", "InService")};
  undo.from = {equals(std::string(kDomainAccess), "VpcOnly"), equals("Status", "InService")};
  step.undo = {std::move(undo)};
  return step;
}

// The apps that keep a domain from being changed, a few by name; empty when there are none.
tl::expected<std::string, aws::CallError> running_apps(const Target& target, const Reader& reader) {
  const auto list = reader.list(
      {.operation = "ListApps", .input = object_of({{"DomainIdEquals", domain_id(target)}})},
      "Apps");
  if (!list) return tl::make_unexpected(list.error());
  const Result<json::Document> document = json::parse_document(*list);
  std::vector<std::string> names;
  size_t count = 0;
  for (const json::Value app : document->root.elements()) {
    const std::string_view status = app["Status"].string_or("");
    if (status == "Deleted" || status == "Failed") continue;
    const std::string_view owner =
        app["UserProfileName"].string_or(app["SpaceName"].string_or("?"));
    if (++count <= kMostNamedApps)
      names.push_back(fmt::format("{}/{}", owner, app["AppName"].string_or("?")));
  }
  if (count > kMostNamedApps) names.push_back(fmt::format("{} more", count - kMostNamedApps));
  return listed(names);
}

// Why the domain's settings keep it from being changed; empty when they do not.
std::string domain_obstacle(json::Value described) {
  const std::string_view status = described["Status"].string_or("");
  if (described[kDomainAccess].string_or("") == "VpcOnly")
    return "its traffic goes through its VPC already: scan again";
  if (status == "Updating" || status == "Pending" || status == "Deleting")
    return fmt::format("its status is {}: plan again when it is InService", status);
  if (status != "InService")
    return fmt::format("its status is {} ({}): mend it first, then plan again", status,
                       described["FailureReason"].string_or("AWS gives no reason"));
  if (described["VpcId"].string_or("").empty() || described["SubnetIds"].size() == 0)
    return "it has no VPC: give it one with aws sagemaker update-domain --vpc-id … --subnet-ids …, "
           "then plan again";
  if (at_path(described, "DomainSettings.RStudioServerProDomainSettings.DomainExecutionRoleArn")
          .exists())
    return "AWS does not let this setting of a domain with RStudio be changed: make a new domain "
           "and move the users";
  if (at_path(described, "DefaultUserSettings.SecurityGroups").size() == 0)
    return "VpcOnly needs security groups in the default settings of its users, and there are "
           "none: give it some that let its apps talk to each other and to what they need (aws "
           "sagemaker update-domain --default-user-settings SecurityGroups=…), then plan again";
  return {};
}

Action close_domain(const Broken& broken, json::Value described, Action observed) {
  const std::string& name = broken.target.name;
  Action action = in_place(broken);
  action.summary = fmt::format(
      "All traffic of domain {} goes through its VPC; Studio's own way to the internet is closed.",
      name);
  action.downtime =
      "none now: no app runs, and none must be started until the domain is updated (a few minutes)";
  action.cost =
      "none by itself; NAT gateways and VPC endpoints that the users need cost by hour and traffic";
  action.risks = {
      "Apps reach only what the VPC lets them: without a NAT gateway, or endpoints for S3, the "
      "SageMaker API and Runtime, STS, CloudWatch Logs and what else the users need, Studio opens "
      "and nothing in it works.",
      "The security groups must let the apps of the domain talk to each other and to its file "
      "system (NFS, port 2049).",
      "Apps take an address each in the subnets: check that enough are free."};
  if (at_path(described, "DefaultSpaceSettings").is_object() &&
      at_path(described, "DefaultSpaceSettings.SecurityGroups").size() == 0)
    action.risks.emplace_back(
        "Shared spaces take their security groups from the default space settings, which have "
        "none: give them some before a shared space is opened.");
  action.advice = {"It can only be taken back while no app runs, too."};
  action.seen = std::move(observed.seen);
  action.steps = {close_domain_step(broken.target, described)};
  return action;
}

Action plan_domain_network(const Broken& broken, json::Value described, Action observed,
                           const Reader& reader) {
  const std::string cannot =
      fmt::format("Domain {} can't be changed as it is.", broken.target.name);
  if (std::string why = domain_obstacle(described); !why.empty())
    return left_to_people(broken, cannot, {std::move(why)});
  const auto apps = running_apps(broken.target, reader);
  if (!apps) return not_read(broken, apps.error());
  if (!apps->empty())
    return left_to_people(
        broken, cannot,
        {fmt::format("AWS changes this only while no app runs, and {} does: have the work saved, "
                     "delete the apps (aws sagemaker delete-app), then plan again",
                     *apps)});
  return close_domain(broken, described, std::move(observed));
}

void plan_domain(const Broken& broken, const Planning& planning, std::vector<Action>& actions) {
  const Broken network = only(broken, kDomainNetworkControls);
  const Broken tags = only(broken, kDomainTagControls);
  add_unknown(actions, without(without(broken, kDomainNetworkControls), kDomainTagControls));
  if (network.findings.empty() && tags.findings.empty()) return;
  Action observed;
  const auto described =
      observe(broken, describe_domain_call(broken.target), observed, planning.reader);
  if (!network.findings.empty())
    actions.push_back(described
                          ? plan_domain_network(network, described->root, observed, planning.reader)
                          : not_read(network, described.error()));
  if (!tags.findings.empty())
    actions.push_back(described ? plan_tags(tags, observed, planning)
                                : not_read(tags, described.error()));
}

}  // namespace

std::vector<Action> plan_domains(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_domain(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
