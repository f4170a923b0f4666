#include "remediate/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "model/arn.h"
#include "remediate/preflight_network.h"
#include "remediate/vpc_endpoint.h"

namespace sagewarden::remediate {
namespace {

// SageMaker's advice: two addresses an instance; an update runs the old and the new instances.
constexpr int64_t kAddressesEach = 2;
constexpr int64_t kFleets = 2;
// Without the first the VPC's own DNS answers nobody.
constexpr std::array<std::string_view, 2> kBothAttributes = {"enableDnsSupport",
                                                             "enableDnsHostnames"};

std::string joined(std::span<const std::string> texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::set<std::string> distinct(json::Value list, std::string_view member) {
  const std::vector<std::string> texts = texts_at(list, member);
  return {texts.begin(), texts.end()};
}

// The host and, where it has one, the port of an image that is in no ECR.
std::string_view host_of(std::string_view image) {
  const std::string_view first = image.substr(0, image.find('/'));
  const bool is_host = first.size() < image.size() &&
                       (first.find('.') != std::string_view::npos ||
                        first.find(':') != std::string_view::npos || first == "localhost");
  return is_host ? first : "docker.io";
}

class Lookout {
 public:
  Lookout(const PreflightSubject& subject, PreflightReader& reader)
      : subject_(subject), reader_(reader), place_(reader.place()) {}

  PreflightReport run();

 private:
  // Missing, with a row that says so, when AWS does not let it be read.
  json::Value read(std::string_view check, const PlannedCall& call, std::string_view member);
  void add(std::string check, Found result, std::string detail, std::string fix = {});
  void network();
  void registry();
  void real_time();
  void subnets();
  void zones();
  void addresses();
  void groups();
  void outbound();
  void dns(std::span<const std::string_view> attributes, Found when_off);
  Exit way_out();
  void storage(const std::string& check, const std::vector<std::string>& objects);
  void storage_through(const std::string& check, json::Value endpoint,
                       const std::vector<std::string>& objects);
  void digests();
  void ecr(const EcrImage& image);
  void interface_endpoint(std::string_view service, Found at_most);
  void let_in(std::string_view service, json::Value endpoint);
  void elsewhere(std::string_view host);
  void credentials();
  void function_exists(const Arn& arn);
  // What the execution role is allowed, of the actions on the resource. What its policies do not
  // allow, those of the resource may; `when_denied`: what they deny.
  void role_may(std::string check, std::vector<std::string> actions, const std::string& resource,
                Found when_denied);
  bool may_create() const;
  void create(NewEndpoint endpoint);
  void create_interface(const std::string& check, std::string_view service);
  bool is_ecr() const;  // an image is in ECR, in this Region

  const PreflightSubject& subject_;
  PreflightReader& reader_;
  const Place& place_;
  PreflightReport report_ = {};
  std::vector<Preflight>* rows_ = nullptr;
  std::string vpc_ = {};  // empty: not known
  json::Value subnets_ = {};
  json::Value groups_ = {};
  json::Value endpoints_ = {};
  Exit exit_ = Exit::Unsure;
  json::Value tables_ = {};
};

void Lookout::add(std::string check, Found result, std::string detail, std::string fix) {
  if (result == Found::Ok) fix.clear();
  Preflight row{std::move(check), result, std::move(detail), std::move(fix)};
  for (const std::vector<Preflight>* known : {&report_.network, rows_})
    if (std::ranges::find(*known, row) != known->end()) return;
  rows_->push_back(std::move(row));
}

json::Value Lookout::read(std::string_view check, const PlannedCall& call,
                          std::string_view member) {
  const aws::Answer& answer = reader_.read(call);
  if (answer) return member.empty() ? answer->root : answer->root[member];
  add(std::string(check), Found::Unread, aws::describe(answer.error()),
      answer.error().kind == aws::CallError::Kind::Denied
          ? fmt::format("allow {}:{} and plan again", call.service, call.operation)
          : "plan again");
  return {};
}

bool Lookout::is_ecr() const {
  return std::ranges::any_of(subject_.images, [&](const std::string& image) {
    return ecr_image(image).region == place_.region;
  });
}

PreflightReport Lookout::run() {
  rows_ = &report_.network;
  network();
  rows_ = &report_.registry;
  if (!subject_.images.empty()) registry();
  return std::move(report_);
}

// ---- the network ----

void Lookout::network() {
  subnets();
  // Where one is missing, or they are of several VPCs, that is the one thing to mend.
  if (!vpc_.empty()) {
    zones();
    addresses();
  }
  groups();
  if (!subject_.objects.empty() || !subject_.images.empty()) outbound();
  if (vpc_.empty()) return;  // a row says why
  const std::vector<std::string> vpc = {vpc_};
  endpoints_ =
      read("VPC endpoints", filter_call("DescribeVpcEndpoints", "vpc-id", vpc), "vpcEndpointSet");
  tables_ =
      read("route tables", filter_call("DescribeRouteTables", "vpc-id", vpc), "routeTableSet");
  exit_ = way_out();
  if (!subject_.objects.empty()) storage("way to S3", subject_.objects);
}

Exit Lookout::way_out() {
  const std::vector<std::string> ids = nat_gateways_of(tables_, subject_.subnets);
  json::Value gateways;
  if (!ids.empty())
    gateways = read("NAT gateways", filter_call("DescribeNatGateways", "nat-gateway-id", ids),
                    "natGatewaySet");
  return exit_of(tables_, gateways, subject_.subnets).value_or(Exit::Unsure);
}

void Lookout::subnets() {
  subnets_ =
      read("subnets", filter_call("DescribeSubnets", "subnet-id", subject_.subnets), "subnetSet");
  if (!subnets_.exists()) return;
  const std::set<std::string> found = distinct(subnets_, "subnetId");
  std::vector<std::string> lacking;
  for (const std::string& subnet : subject_.subnets)
    if (!found.contains(subnet)) lacking.push_back(subnet);
  const std::set<std::string> vpcs = distinct(subnets_, "vpcId");
  if (!lacking.empty())
    return add("subnets", Found::Wrong,
               fmt::format("{} not found in {}", joined(lacking), place_.region),
               "name subnets of this account and Region");
  if (vpcs.size() != 1)
    return add("subnets", Found::Wrong,
               fmt::format("they are in different VPCs: {}", fmt::join(vpcs, ", ")),
               "name subnets of one VPC");
  vpc_ = *vpcs.begin();
  add("subnets", Found::Ok, fmt::format("{} in {}", joined(subject_.subnets), vpc_));
}

void Lookout::zones() {
  const std::set<std::string> zones = distinct(subnets_, "availabilityZone");
  // A model that is in one zone was accepted so.
  const Found narrow = subject_.own_vpc ? Found::Uncertain : Found::Wrong;
  add("zones", zones.size() >= 2 ? Found::Ok : narrow, fmt::format("{}", fmt::join(zones, ", ")),
      "AWS asks for subnets in two zones or more: add one with --subnet, or give the model another "
      "VPC by hand");
}

void Lookout::addresses() {
  int64_t free = 0;
  for (const std::string& text : texts_at(subnets_, "availableIpAddressCount"))
    free += std::strtoll(text.c_str(), nullptr, 10);
  const int64_t instances = std::max<int64_t>(subject_.instances, 1) + (subject_.canary ? 1 : 0);
  const int64_t wanted = instances * kAddressesEach * kFleets;
  // Each instance has an interface of its own: with fewer it cannot be.
  const Found found = free >= wanted      ? Found::Ok
                      : free >= instances ? Found::Uncertain
                                          : Found::Wrong;
  add("free addresses", found,
      fmt::format("{} free; {} for {}, {} each, while old and new ones run", free, wanted,
                  count_of(static_cast<size_t>(instances), "instance"), kAddressesEach),
      "use larger subnets, or more of them");
}

void Lookout::groups() {
  groups_ = read("security groups",
                 filter_call("DescribeSecurityGroups", "group-id", subject_.security_groups),
                 "securityGroupInfo");
  if (!groups_.exists()) return;
  const std::set<std::string> found = distinct(groups_, "groupId");
  std::vector<std::string> lacking;
  for (const std::string& group : subject_.security_groups)
    if (!found.contains(group)) lacking.push_back(group);
  if (!lacking.empty())
    return add("security groups", Found::Wrong, fmt::format("{} not found", joined(lacking)),
               "name security groups of the subnets' VPC");
  for (const std::string& vpc : distinct(groups_, "vpcId"))
    if (!vpc_.empty() && vpc != vpc_)
      return add("security groups", Found::Wrong, fmt::format("one is of {}, not of {}", vpc, vpc_),
                 "name security groups of the subnets' VPC");
  if (vpc_.empty() && subnets_.exists()) return;  // the subnets are wrong, whatever these are
  add("security groups", vpc_.empty() ? Found::Uncertain : Found::Ok,
      joined(subject_.security_groups), "whether they are of the subnets' VPC is not known");
  if (subject_.many_containers)
    add("containers among themselves",
        talk_among_themselves(groups_) ? Found::Ok : Found::Uncertain,
        "by a rule that lets in all traffic from the same security group",
        "AWS asks for it where a model has several containers: add that rule");
}

// What comes from S3: the model's data and, of images in ECR, their layers.
void Lookout::storage(const std::string& check, const std::vector<std::string>& objects) {
  if (!endpoints_.exists() || !tables_.exists()) return;  // a row says why
  const auto has_table = [&](const std::string& subnet) {
    return table_of(tables_, subnet).exists();
  };
  if (!std::ranges::all_of(subject_.subnets, has_table))
    return add(check, Found::Uncertain, "a subnet's route table was not found",
               "look whether it has a route to S3");
  const json::Value interface = endpoint_of(endpoints_, "s3", "Interface", place_.region);
  if (gives_names(interface)) {
    dns(kBothAttributes, Found::Wrong);
    let_in("s3", interface);
    return storage_through(check, interface, objects);
  }
  const json::Value gateway = endpoint_of(endpoints_, "s3", "Gateway", place_.region);
  std::set<std::string> lacking;
  std::set<std::string> routed;
  for (const json::Value table : gateway["routeTableIdSet"].elements())
    routed.emplace(table.string_or(""));
  for (const std::string& subnet : subject_.subnets) {
    const std::string table(table_of(tables_, subnet)["routeTableId"].string_or(""));
    if (!routed.contains(table)) lacking.insert(table);
  }
  const bool is_created = !gateway.exists() && may_create();
  // Without names of its own: public ones are found by the VPC's DNS or another.
  if (lacking.empty() || is_created) dns({kBothAttributes.data(), 1}, Found::Uncertain);
  if (lacking.empty()) return storage_through(check, gateway, objects);
  if (is_created) {
    create({.service = "s3",
            .region = place_.region,
            .vpc = vpc_,
            .route_tables = {lacking.begin(), lacking.end()}});
    return add(check, Found::Ok, "there is no gateway endpoint: --create-endpoints creates it");
  }
  add(check, without_endpoint(exit_),
      gateway.exists()
          ? fmt::format("gateway endpoint {} is not in route table {}",
                        gateway["vpcEndpointId"].string_or(""), fmt::join(lacking, ", "))
          : fmt::format("gateway endpoint for S3: {}", exit_text(exit_)),
      fmt::format("give {} a gateway endpoint for {} in route table {} (--create-endpoints)", vpc_,
                  endpoint_service("s3", place_.region), fmt::join(lacking, ", ")));
}

void Lookout::storage_through(const std::string& check, json::Value endpoint,
                              const std::vector<std::string>& objects) {
  const std::string_view id = endpoint["vpcEndpointId"].string_or("");
  for (const std::string& object : objects) {
    const Found found =
        lets_read(endpoint["policyDocument"].string_or(""), object, place_.partition);
    if (found == Found::Ok) continue;
    return add(check, found,
               fmt::format("the policy of endpoint {} {} s3:GetObject of {}", id,
                           found == Found::Wrong ? "does not allow" : "may not allow",
                           object.substr(0, object.find('/'))),
               "allow it in the endpoint's policy");
  }
  add(check, Found::Ok, fmt::format("endpoint {}", id));
}

// ---- the registry ----

void Lookout::registry() {
  real_time();
  digests();
  // Private names of endpoints need both; another registry may be found by other DNS servers.
  if (!vpc_.empty()) dns(kBothAttributes, is_ecr() ? Found::Wrong : Found::Uncertain);
  std::set<std::string> seen;
  for (const std::string& image : subject_.images) {
    const EcrImage in_ecr = ecr_image(image);
    const std::string host(host_of(image));
    if (!seen.insert(in_ecr.account.empty() ? host : host + "/" + std::string(in_ecr.repository))
             .second)
      continue;
    if (in_ecr.account.empty())
      elsewhere(host);
    else
      ecr(in_ecr);
  }
  credentials();
}

void Lookout::real_time() {
  add("real-time inference", subject_.asynchronous ? Found::Uncertain : Found::Ok,
      subject_.asynchronous ? "an endpoint is asynchronous: AWS describes private registries for "
                              "real-time inference only"
                            : "no endpoint of another kind runs the model",
      "try it on an endpoint of its own first");
}

void Lookout::digests() {
  for (const std::string& image : subject_.images) {
    const bool is_pinned = image.find("@sha256:") != std::string::npos;
    add("digest", is_pinned ? Found::Ok : Found::Uncertain,
        fmt::format("{}{}", printable(image),
                    is_pinned ? "" : " has no digest: what is pulled can change with its tag"),
        "name the image by its digest in the registry map");
  }
}

void Lookout::outbound() {
  if (!groups_.exists()) return;  // a row says why
  constexpr std::string_view kFix = "let the model's security group send to port 443";
  switch (https_out(groups_)) {
    case Passage::All:
      return add("443 outwards", Found::Ok, "to everywhere");
    case Passage::Some:
      return add("443 outwards", Found::Uncertain,
                 "to some places only: S3 and the registry must be among them", std::string(kFix));
    case Passage::None:
      return add("443 outwards", Found::Wrong, "no rule lets it out", std::string(kFix));
  }
}

void Lookout::dns(std::span<const std::string_view> attributes, Found when_off) {
  for (const std::string_view attribute : attributes) {
    const json::Value found =
        read("DNS of the VPC", vpc_attribute_call(vpc_, attribute), attribute);
    if (!found.exists()) continue;
    const bool is_on = found["value"].string_or("") == "true";
    add("DNS of the VPC", is_on ? Found::Ok : when_off,
        fmt::format("{} is {}", attribute, is_on ? "on" : "off"),
        fmt::format("turn {} on for {}", attribute, vpc_));
  }
}

void Lookout::ecr(const EcrImage& image) {
  if (!subject_.role.empty()) {
    const std::string repository = fmt::format("arn:{}:ecr:{}:{}:repository/{}", place_.partition,
                                               image.region, image.account, image.repository);
    // AWS does not say as whom an image in ECR is pulled in this mode.
    role_may("role may log in", {"ecr:GetAuthorizationToken"}, "*", Found::Uncertain);
    role_may("role may pull", {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}, repository,
             Found::Uncertain);
  }
  if (!endpoints_.exists()) return;  // a row says why
  if (image.region != place_.region)
    return add("way to ECR", exit_ == Exit::None ? Found::Wrong : Found::Uncertain,
               fmt::format("{} is in {}, to which endpoints of this Region do not lead",
                           image.repository, image.region),
               fmt::format("copy the image to ECR in {}", place_.region));
  // Where ECR keeps the layers of images:
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
  storage("way to ECR's layers", {fmt::format("prod-{}-starport-layer-bucket/x", place_.region)});
  interface_endpoint("ecr.dkr", Found::Wrong);
  // The login may come from elsewhere.
  interface_endpoint("ecr.api", Found::Uncertain);
}

// Where there is a way without, an endpoint would only cost. Names of services differ in other
// partitions.
bool Lookout::may_create() const {
  return subject_.create_endpoints && exit_ != Exit::Nat &&
         (place_.partition == "aws" || place_.partition == "aws-us-gov");
}

void Lookout::create(NewEndpoint endpoint) {
  if (std::ranges::find(report_.endpoints, endpoint) == report_.endpoints.end())
    report_.endpoints.push_back(std::move(endpoint));
}

// With the model's own security groups.
void Lookout::create_interface(const std::string& check, std::string_view service) {
  const std::vector<std::string>& groups = subject_.security_groups;
  if (!groups_.exists() ||
      https_in(groups_, groups, texts_at(subnets_, "cidrBlock")) != Passage::All)
    return add(check, groups_.exists() ? Found::Wrong : Found::Unread,
               fmt::format("it cannot be created with {}, which does not let itself in on port 443",
                           joined(groups)),
               fmt::format("let {} in from {} on port 443 and plan again", joined(groups),
                           joined(groups)));
  // An endpoint has one subnet a zone.
  std::set<std::string> zones;
  std::vector<std::string> subnets;
  for (const json::Value subnet : subnets_.elements())
    if (zones.emplace(subnet["availabilityZone"].string_or("")).second)
      subnets.emplace_back(subnet["subnetId"].string_or(""));
  create({.service = std::string(service),
          .region = place_.region,
          .vpc = vpc_,
          .subnets = std::move(subnets),
          .security_groups = groups});
  add(check, Found::Ok, "there is none: --create-endpoints creates it");
}

// `at_most`: how bad it is when there is no way at all.
void Lookout::interface_endpoint(std::string_view service, Found at_most) {
  const std::string check = fmt::format("endpoint {}", service);
  const auto is_known = [&](const Preflight& row) { return row.check == check; };
  if (std::ranges::any_of(*rows_, is_known)) return;
  const json::Value endpoint = endpoint_of(endpoints_, service, "Interface", place_.region);
  const std::string fix =
      fmt::format("give {} an interface endpoint for {} with private DNS (--create-endpoints)",
                  vpc_, endpoint_service(service, place_.region));
  Found without = without_endpoint(exit_);
  if (without == Found::Wrong) without = at_most;
  if (!endpoint.exists() && may_create()) return create_interface(check, service);
  if (!endpoint.exists()) return add(check, without, std::string(exit_text(exit_)), fix);
  const std::string_view id = endpoint["vpcEndpointId"].string_or("");
  if (endpoint["privateDnsEnabled"].string_or("") != "true")
    return add(check, without, fmt::format("{} has no private DNS", id),
               fmt::format("turn private DNS of {} on", id));
  if (allows_all(endpoint["policyDocument"].string_or("")))
    add(check, Found::Ok, fmt::format("{}, with private DNS", id));
  else
    add(check, Found::Uncertain, fmt::format("{}, with private DNS and a policy of its own", id),
        "look whether the policy allows what the model asks for there");
  let_in(service, endpoint);
}

void Lookout::let_in(std::string_view service, json::Value endpoint) {
  const std::string check = fmt::format("443 into {}", service);
  const std::vector<std::string> ids = texts_at(endpoint["groupSet"], "groupId");
  if (ids.empty())
    return add(check, Found::Uncertain, "the endpoint's security groups are not known",
               "look whether they let the model in on port 443");
  const json::Value groups =
      read(check, filter_call("DescribeSecurityGroups", "group-id", ids), "securityGroupInfo");
  if (!groups.exists()) return;
  const Passage passage =
      https_in(groups, subject_.security_groups, texts_at(subnets_, "cidrBlock"));
  const std::string fix =
      fmt::format("let {} in on port 443 at {}", joined(subject_.security_groups), joined(ids));
  switch (passage) {
    case Passage::All:
      return add(check, Found::Ok, fmt::format("{} lets the model in", joined(ids)));
    case Passage::Some:
      return add(check, Found::Uncertain, "a part of the subnets, or a list of prefixes", fix);
    case Passage::None:
      return add(check, Found::Wrong, fmt::format("{} does not let the model in", joined(ids)),
                 fix);
  }
}

// It may be anywhere: in the VPC, behind a peering, on the internet.
void Lookout::elsewhere(std::string_view host) {
  add("registry", Found::Uncertain,
      fmt::format("{} is not AWS's and was not looked into", printable(host)),
      fmt::format("from a machine in {}: `curl https://{}/v2/` must answer, 401 too, with a "
                  "certificate of a public authority",
                  joined(subject_.subnets), printable(host)));
}

// ---- the login ----

void Lookout::credentials() {
  if (subject_.lambda.empty()) return;
  if (const Result<Arn> arn = parse_arn(subject_.lambda)) function_exists(*arn);
  if (!subject_.role.empty())
    role_may("role may call the function", {"lambda:InvokeFunction"}, subject_.lambda,
             Found::Wrong);
  if (endpoints_.exists()) interface_endpoint("lambda", Found::Wrong);
}

void Lookout::function_exists(const Arn& arn) {
  constexpr std::string_view kFunctionCheck = "credentials function";
  constexpr std::string_view kPrefix = "function:";
  if (arn.account_id != place_.account || arn.region != place_.region ||
      !arn.resource.starts_with(kPrefix))
    return add(std::string(kFunctionCheck), Found::Uncertain, "it is of another account or Region",
               "use a function of the model's account and Region");
  const std::string_view rest = arn.resource.substr(kPrefix.size());
  PlannedCall call{.service = "lambda", .operation = "GetFunctionConfiguration", .input = ""};
  const std::string_view name = rest.substr(0, rest.find(':'));
  json::Writer(call.input).begin_object().member("FunctionName", name).end_object();
  const aws::Answer& answer = reader_.read(call);
  if (!answer && answer.error().kind == aws::CallError::Kind::NotFound)
    return add(std::string(kFunctionCheck), Found::Wrong,
               fmt::format("there is no function {}", name),
               "make it first: docs/repair/private-registry.md");
  const json::Value found = read(kFunctionCheck, call, "");
  if (!found.exists()) return;
  const std::string_view state = found["State"].string_or("Active");
  const bool is_ready = state == "Active" || state == "Inactive";  // of one that sleeps
  add(std::string(kFunctionCheck), is_ready ? Found::Ok : Found::Uncertain,
      fmt::format("{} is {}", name, printable(state)), "wait until it is active");
}

void Lookout::role_may(std::string check, std::vector<std::string> actions,
                       const std::string& resource, Found when_denied) {
  PlannedCall call{.service = "iam", .operation = "SimulatePrincipalPolicy", .input = ""};
  json::Writer out(call.input);
  out.begin_object().member("PolicySourceArn", subject_.role).key("ActionNames").begin_array();
  for (const std::string& action : actions) out.string(action);
  out.end_array().key("ResourceArns").begin_array().string(resource).end_array().end_object();
  const json::Value results = read(check, call, "EvaluationResults");
  if (!results.exists()) return;
  std::vector<std::string> denied;
  bool is_explicit = false;
  for (const std::string& action : actions) {
    std::string_view decision;
    for (const json::Value result : results.elements())
      if (result["EvalActionName"].string_or("") == action)
        decision = result["EvalDecision"].string_or("");
    if (decision == "allowed") continue;
    denied.push_back(action);
    is_explicit |= decision == "explicitDeny";
  }
  const std::string role = subject_.role.substr(subject_.role.rfind('/') + 1);
  if (denied.empty())
    return add(std::move(check), Found::Ok, fmt::format("{} is allowed {}", role, joined(actions)));
  add(std::move(check), is_explicit ? when_denied : Found::Uncertain,
      fmt::format("{} {} {}", role, is_explicit ? "is denied" : "is not allowed", joined(denied)),
      fmt::format("allow {} {} on {}", role, joined(denied), resource));
}

}  // namespace

const aws::Answer& PreflightReader::read(const PlannedCall& call) {
  const std::string key = call.service + " " + call.operation + " " + call.input;
  const auto found = answers_.find(key);
  if (found != answers_.end()) return found->second;
  return answers_.emplace(key, reader_.read(call)).first->second;
}

std::vector<Preflight> PreflightReport::all() const {
  std::vector<Preflight> rows = network;
  rows.insert(rows.end(), registry.begin(), registry.end());
  return rows;
}

bool PreflightReport::has_wrong(const std::vector<Preflight>& checks) {
  return std::ranges::find(checks, Found::Wrong, &Preflight::result) != checks.end();
}

PreflightReport look_ahead(const PreflightSubject& subject, PreflightReader& reader) {
  return Lookout(subject, reader).run();
}

EcrImage ecr_image(std::string_view image) {
  const size_t slash = image.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view host = image.substr(0, slash);
  // "…dkr.ecr.REGION.amazonaws.com", "…dkr.ecr-fips.REGION.…", "…dkr-ecr.REGION.on.aws"
  for (const std::string_view mark : {".dkr.ecr.", ".dkr.ecr-fips.", ".dkr-ecr."}) {
    const size_t at = host.find(mark);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = host.substr(at + mark.size());
    const std::string_view repository = image.substr(slash + 1);
    return {host.substr(0, at), rest.substr(0, rest.find('.')),
            repository.substr(0, repository.find_first_of(":@"))};
  }
  return {};
}

}  // namespace sagewarden::remediate
