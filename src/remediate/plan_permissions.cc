#include "remediate/plan_permissions.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "remediate/images.h"
#include "remediate/reader.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kPassRole = "iam:PassRole";
constexpr std::string_view kAddTags = "sagemaker:AddTags";
constexpr size_t kMostNamed = 20;  // of those an action is allowed on: policies have a limit

// What a call to SageMaker is about, by a member of its input.
struct Named {
  std::string_view member;
  std::string_view operation;  // a part of its name
  std::string_view arn_part;
};
// A call that names two of them is allowed on both, as UpdateEndpoint needs to be.
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

// An ARN, cut where the name begins.
struct Subject {
  std::string kind;
  std::string name;

  friend auto operator<=>(const Subject&, const Subject&) = default;
};

class Collector {
 public:
  void add(const Action& action);
  std::vector<Permission> take() &&;

 private:
  void steps(const std::vector<Step>& steps, const Target& place);
  void step(const Step& step, const Target& place);
  void read(const PlannedCall& call, const Target& place);
  void change(const Step& step, json::Value input, const Target& place);
  void also(const Step& step, std::string_view action, const Target& place);
  void looks(const Step& step);
  void allow(std::string_view group, std::string_view action, Subject subject);
  void allow(std::string_view group, std::string_view action) { allow(group, action, {"*", ""}); }
  void on_sagemaker(std::string_view action, std::string_view arn_part, std::string_view name,
                    const Target& place);
  // Tags of what has the ARN.
  void on_arn(std::string_view tagging, std::string_view arn);

  // What each action is allowed on, group by group.
  std::map<std::pair<std::string, std::string>, std::set<Subject>> allowed_;
};

void Collector::allow(std::string_view group, std::string_view action, Subject subject) {
  allowed_[{std::string(group), std::string(action)}].insert(std::move(subject));
}

// What is deleted stands apart.
std::string group_of(std::string_view action, std::string_view arn_part) {
  const bool deletes =
      action.find(":Delete") != std::string_view::npos && !action.ends_with("Tags");
  return (deletes ? "Delete" : "Change") + camel(arn_part);
}

void Collector::on_sagemaker(std::string_view action, std::string_view arn_part,
                             std::string_view name, const Target& place) {
  allow(group_of(action, arn_part), action,
        {fmt::format("arn:{}:sagemaker:{}:{}:{}/", place.partition, place.region, place.account,
                     arn_part),
         std::string(name)});
}

void Collector::on_arn(std::string_view tagging, std::string_view arn) {
  const std::vector<std::string_view> parts = split(arn, ':');
  constexpr size_t kResource = 5;
  const size_t slash = arn.find('/');
  // AWS's reference does not have experiments among what calls about tags can be limited to.
  if (parts.size() <= kResource || slash == std::string_view::npos ||
      parts[kResource].starts_with("inference-experiment/"))
    return allow("Others", tagging);
  allow(group_of(tagging, parts[kResource].substr(0, parts[kResource].find('/'))), tagging,
        {std::string(arn.substr(0, slash + 1)), std::string(arn.substr(slash + 1))});
}

void Collector::looks(const Step& step) {
  const std::string_view operation = step.call.operation;
  if (step.effect != Effect::Deletes) return;
  if (operation.ends_with("JobDefinition")) allow("Look", "sagemaker:ListMonitoringSchedules");
  if (operation.ends_with("LifecycleConfig")) allow("Look", "sagemaker:ListNotebookInstances");
  if (operation != "DeleteModel" && operation != "DeleteEndpointConfig") return;
  for (const std::string_view what :
       {"EndpointConfig", "Endpoint", "InferenceExperiment", "InferenceComponent"}) {
    allow("Look", fmt::format("sagemaker:List{}s", what));
    allow("Look", fmt::format("sagemaker:Describe{}", what));
  }
}

void Collector::read(const PlannedCall& call, const Target& place) {
  if (call.operation.empty() || is_skopeo_call(call)) return;
  const std::string action = call.service + ":" + call.operation;
  const Result<json::Document> input = json::parse_document(call.input);
  if (call.service != "s3" || !input || !input->root["Key"].is_string())
    return allow("Look", action);
  allow("ReadBackup", action,
        {fmt::format("arn:{}:s3:::{}/", place.partition, input->root["Bucket"].string_or("*")),
         std::string(input->root["Key"].string())});
}

void Collector::change(const Step& step, json::Value input, const Target& place) {
  const std::string_view operation = step.call.operation;
  const std::string action = fmt::format("{}:{}", step.call.service, operation);
  const bool gives_tags = std::ranges::count(step.also_needs, kAddTags) > 0;
  const json::Value arn = input["ResourceArn"];
  bool is_named = false;
  if (step.call.service == "sagemaker" && arn.is_string()) {
    on_arn(action, arn.string());
    is_named = true;
  } else if (step.call.service == "sagemaker") {
    for (const Named& row : kNamed) {
      const json::Value name = input[row.member];
      if (!name.is_string() || operation.find(row.operation) == std::string_view::npos) continue;
      on_sagemaker(action, row.arn_part, name.string(), place);
      if (gives_tags) on_sagemaker(kAddTags, row.arn_part, name.string(), place);
      is_named = true;
    }
  }
  if (is_named) return;
  allow("Others", action);
  if (gives_tags) allow("Others", kAddTags);
}

void Collector::also(const Step& step, std::string_view action, const Target& place) {
  const Result<json::Document> input =
      json::parse_document(only_waits(step) ? step.check.read.input : step.call.input);
  if (action == kAddTags) return;  // on what is created: change()
  std::set<std::string> roles;
  if (action == kPassRole && input) find_texts(input->root, "RoleArn", roles);
  for (const std::string& role : roles) allow("PassRoles", action, {role, ""});
  if (!roles.empty()) return;
  if (action == kPassRole) return allow("PassRoles", action);
  if (action == "s3:ListBucket" && input && input->root["Bucket"].is_string())
    return allow(
        "ListBackup", action,
        {fmt::format("arn:{}:s3:::{}", place.partition, input->root["Bucket"].string()), ""});
  allow(only_reads(action.substr(action.find(':') + 1)) ? "Look" : "Others", action);
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
  allow("Look", "sagemaker:ListTags");
  for (const Target& target : action.resources)
    for (const std::string_view tagging : {kAddTags, std::string_view("sagemaker:DeleteTags")})
      on_arn(tagging, target.arn);
}

std::vector<std::string> resources_of(const std::string& group, const std::set<Subject>& subjects) {
  if (subjects.contains({"*", ""})) return {"*"};
  // Many names are said by their kind; never what may be deleted.
  if (subjects.size() > kMostNamed && !group.starts_with("Delete")) {
    std::set<std::string> kinds;
    for (const Subject& subject : subjects)
      kinds.insert(subject.name.empty() ? subject.kind : subject.kind + "*");
    return {kinds.begin(), kinds.end()};
  }
  std::set<std::string> all;
  for (const Subject& subject : subjects) {
    all.insert(subject.kind + subject.name);
    // SageMaker's ARNs have names in small letters, at least those of some types.
    if (subject.kind.find(":sagemaker:") != std::string::npos)
      all.insert(subject.kind + lower(subject.name));
  }
  return {all.begin(), all.end()};
}

std::vector<Permission> Collector::take() && {
  std::vector<Permission> permissions;
  std::map<std::string, size_t> used;  // names of groups
  for (const auto& [key, subjects] : allowed_) {
    const std::string& group = key.first;
    const std::string& action = key.second;
    std::vector<std::string> resources = resources_of(group, subjects);
    const auto alike = std::ranges::find_if(permissions, [&](const Permission& known) {
      return known.name.starts_with(group) && known.resources == resources;
    });
    if (alike != permissions.end()) {
      alike->actions.push_back(action);
      continue;
    }
    const size_t number = ++used[group];
    permissions.push_back(
        {number == 1 ? group : fmt::format("{}{}", group, number), {action}, std::move(resources)});
  }
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
