#include "remediate/plan_permissions.h"

#include <fmt/core.h>

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "model/resource_type.h"
#include "remediate/images.h"
#include "remediate/reader.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kPassRole = "iam:PassRole";
constexpr std::string_view kAll = "*";
// A managed policy has 6,144 characters at most:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr size_t kMostNamed = 20;

// What a call to SageMaker is about, by a member of its input.
struct Named {
  std::string_view member;
  std::string_view operation;  // a part of its name
  std::string_view arn_part;
};
// Calls that name two of them are allowed on both: AWS's reference of 2026 has CreateEndpoint and
// UpdateEndpoint need both, earlier ones the endpoint alone.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html
constexpr Named kNamed[] = {
    {"DomainId", "", "domain"},
    {"EndpointConfigName", "", "endpoint-config"},
    {"EndpointName", "", "endpoint"},
    {"JobDefinitionName", "DataQuality", "data-quality-job-definition"},
    {"JobDefinitionName", "ModelBias", "model-bias-job-definition"},
    {"JobDefinitionName", "ModelExplainability", "model-explainability-job-definition"},
    {"JobDefinitionName", "ModelQuality", "model-quality-job-definition"},
    {"ModelName", "", "model"},
    {"MonitoringScheduleName", "", "monitoring-schedule"},
    {"Name", "InferenceExperiment", "inference-experiment"},
    {"NotebookInstanceLifecycleConfigName", "", "notebook-instance-lifecycle-config"},
    {"NotebookInstanceName", "", "notebook-instance"},
};

// "endpoint-config" → "EndpointConfig"; letters only, as in the ids of statements.
std::string camel(std::string_view words) {
  std::string out;
  bool begins = true;
  for (const char c : words) {
    const bool is_small = c >= 'a' && c <= 'z';
    if (is_small) out += begins ? static_cast<char>(c - 'a' + 'A') : c;
    begins = !is_small;
  }
  return out;
}

// Texts of members of these names, at any depth.
void find_texts(json::Value value, std::string_view ending, std::set<std::string>& found) {
  for (const auto& [name, below] : value.members()) {
    if (name.ends_with(ending) && below.is_string()) found.emplace(below.string());
    find_texts(below, ending, found);
  }
  for (const json::Value element : value.elements()) find_texts(element, ending, found);
}

class Collector {
 public:
  void add(const Action& action);
  std::vector<Permission> take() &&;

 private:
  struct Group {
    std::set<std::string> actions;
    std::set<std::string> resources;
  };

  void steps(const std::vector<Step>& steps, const Target& place);
  void step(const Step& step, const Target& place);
  void read(const PlannedCall& call, const Target& place);
  void change(const Step& step, json::Value input, const Target& place);
  void also(const Step& step, std::string_view action, const Target& place);
  void looks(const Step& step);
  void allow(std::string_view group, std::string_view action, std::string_view resource);
  void on_sagemaker(std::string_view action, std::string_view arn_part, std::string_view name,
                    const Target& place);
  // Of the type that stands in the ARN.
  void on_arn(std::string_view action, std::string_view arn);

  std::map<std::string, Group, std::less<>> groups_;
};

void Collector::allow(std::string_view group, std::string_view action, std::string_view resource) {
  Group& found = groups_[std::string(group)];
  found.actions.emplace(action);
  found.resources.emplace(resource);
}

void Collector::on_sagemaker(std::string_view action, std::string_view arn_part,
                             std::string_view name, const Target& place) {
  const std::string group = "Change" + camel(arn_part);
  const std::string prefix = fmt::format("arn:{}:sagemaker:{}:{}:{}/", place.partition,
                                         place.region, place.account, arn_part);
  allow(group, action, fmt::format("{}{}", prefix, name));
  // ARNs of SageMaker have names in small letters, at least those of some types.
  allow(group, action, prefix + lower(name));
}

void Collector::on_arn(std::string_view action, std::string_view arn) {
  const std::vector<std::string_view> parts = split(arn, ':');
  constexpr size_t kResource = 5;
  if (parts.size() <= kResource) return allow("Others", action, kAll);
  const std::string_view resource = parts[kResource];
  allow("Change" + camel(resource.substr(0, resource.find('/'))), action, arn);
}

// Before something is deleted it is looked for what uses it: in_use.h.
void Collector::looks(const Step& step) {
  const std::string_view operation = step.call.operation;
  if (step.effect != Effect::Deletes) return;
  if (operation.ends_with("JobDefinition"))
    allow("Look", "sagemaker:ListMonitoringSchedules", kAll);
  if (operation.ends_with("LifecycleConfig"))
    allow("Look", "sagemaker:ListNotebookInstances", kAll);
  if (operation != "DeleteModel" && operation != "DeleteEndpointConfig") return;
  for (const std::string_view what :
       {"EndpointConfig", "Endpoint", "InferenceExperiment", "InferenceComponent"}) {
    allow("Look", fmt::format("sagemaker:List{}s", what), kAll);
    allow("Look", fmt::format("sagemaker:Describe{}", what), kAll);
  }
}

void Collector::read(const PlannedCall& call, const Target& place) {
  if (call.operation.empty() || is_skopeo_call(call)) return;
  const std::string action = call.service + ":" + call.operation;
  if (call.service != "s3") return allow("Look", action, kAll);
  const Result<json::Document> input = json::parse_document(call.input);
  allow("ReadBackup", action,
        input ? fmt::format("arn:{}:s3:::{}/{}", place.partition,
                            input->root["Bucket"].string_or("*"), input->root["Key"].string_or("*"))
              : std::string(kAll));
}

void Collector::change(const Step& step, json::Value input, const Target& place) {
  const std::string_view operation = step.call.operation;
  const std::string action = fmt::format("{}:{}", step.call.service, operation);
  bool is_named = false;
  if (step.call.service == "sagemaker") {
    if (const json::Value arn = input["ResourceArn"]; arn.is_string()) {
      on_arn(action, arn.string());
      is_named = true;
    }
    for (const Named& row : kNamed) {
      const json::Value name = input[row.member];
      if (!name.is_string() || operation.find(row.operation) == std::string_view::npos) continue;
      on_sagemaker(action, row.arn_part, name.string(), place);
      if (input["Tags"].size() > 0)
        on_sagemaker("sagemaker:AddTags", row.arn_part, name.string(), place);
      is_named = true;
    }
  }
  if (!is_named) allow("Others", action, kAll);
}

void Collector::also(const Step& step, std::string_view action, const Target& place) {
  const Result<json::Document> input =
      json::parse_document(only_waits(step) ? step.check.read.input : step.call.input);
  if (action == kPassRole) {
    std::set<std::string> roles;
    if (input) find_texts(input->root, "RoleArn", roles);
    if (roles.empty()) roles.emplace(kAll);
    for (const std::string& role : roles) allow("PassRoles", action, role);
  } else if (action == "s3:ListBucket" && input && input->root["Bucket"].is_string()) {
    allow("ListBackup", action,
          fmt::format("arn:{}:s3:::{}", place.partition, input->root["Bucket"].string()));
  } else {
    allow(only_reads(action.substr(action.find(':') + 1)) ? "Look" : "Others", action, kAll);
  }
}

void Collector::step(const Step& step, const Target& place) {
  looks(step);
  read(step.check.read, place);
  if (only_reads(step.call.operation)) {
    read(step.call, place);
  } else if (!only_waits(step) && !is_skopeo_call(step.call)) {
    const Result<json::Document> input = json::parse_document(step.call.input);
    change(step, input ? input->root : json::Value(), place);
  }
  for (const std::string& action : step.also_needs) also(step, action, place);
  steps(step.undo, place);
}

void Collector::steps(const std::vector<Step>& steps, const Target& place) {
  for (const Step& one : steps) step(one, place);
}

void Collector::add(const Action& action) {
  const Target& place = action.resources.front();
  for (const Observation& seen : action.seen) read(seen.read, place);
  steps(action.steps, place);
  steps(action.cleanup, place);
  // What is changed is tagged meanwhile (claim.h).
  allow("Look", "sagemaker:ListTags", kAll);
  for (const Target& target : action.resources)
    for (const std::string_view tagging : {"sagemaker:AddTags", "sagemaker:DeleteTags"})
      on_arn(tagging, target.arn);
}

// Many names are said by their kind.
std::vector<std::string> narrowed(const std::set<std::string>& resources) {
  if (resources.contains(std::string(kAll))) return {std::string(kAll)};
  if (resources.size() <= kMostNamed) return {resources.begin(), resources.end()};
  std::set<std::string> kinds;
  for (const std::string& resource : resources) {
    const size_t slash = resource.find('/');
    kinds.insert(slash == std::string::npos ? resource : resource.substr(0, slash + 1) + "*");
  }
  return {kinds.begin(), kinds.end()};
}

std::vector<Permission> Collector::take() && {
  std::vector<Permission> permissions;
  for (auto& [name, group] : groups_)
    permissions.push_back(
        {name, {group.actions.begin(), group.actions.end()}, narrowed(group.resources)});
  return permissions;
}

}  // namespace

std::vector<Permission> permissions_of(const Plan& plan) {
  Collector collector;
  for (const Action& action : plan.actions)
    if (action.way != Way::ByHand) collector.add(action);
  return std::move(collector).take();
}

}  // namespace sagewarden::remediate
