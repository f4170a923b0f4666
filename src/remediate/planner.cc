#include "remediate/planner.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/text.h"
#include "model/arn.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

struct Family {
  std::string_view type;
  PlanFamily plan;
};

constexpr std::array kFamilies = {
    Family{"AWS::SageMaker::AppImageConfig", plan_images},
    Family{"AWS::SageMaker::DataQualityJobDefinition", plan_job_definitions},
    Family{"AWS::SageMaker::Domain", plan_domains},
    Family{"AWS::SageMaker::EndpointConfig", plan_serving},
    Family{"AWS::SageMaker::FeatureGroup", plan_feature_groups},
    Family{"AWS::SageMaker::Image", plan_images},
    Family{"AWS::SageMaker::InferenceExperiment", plan_experiments},
    Family{"AWS::SageMaker::Model", plan_serving},
    Family{"AWS::SageMaker::ModelBiasJobDefinition", plan_job_definitions},
    Family{"AWS::SageMaker::ModelExplainabilityJobDefinition", plan_job_definitions},
    Family{"AWS::SageMaker::ModelQualityJobDefinition", plan_job_definitions},
    Family{"AWS::SageMaker::MonitoringSchedule", plan_schedules},
    Family{"AWS::SageMaker::NotebookInstance", plan_notebooks},
};

// What AWS changes by itself.
const std::vector<std::string> kVolatile = {"LastModifiedTime", "LastMonitoringExecutionSummary"};
// A name that we gave ends in this and seven hexadecimal digits.
constexpr std::string_view kMark = "-sw";
constexpr size_t kMarkDigits = 7;

// A finding is never lost: what no family took (a user's own control) is for a person.
void add_forgotten(std::span<const Broken> broken, std::vector<Action>& actions) {
  std::set<std::string_view> taken;
  for (const Action& action : actions)
    for (const Repaired& repaired : action.findings) taken.insert(repaired.finding);
  std::vector<Action> forgotten;
  for (const Broken& one : broken) {
    Broken rest{one.target, {}};
    std::string controls;
    for (const Repaired& repaired : one.findings) {
      if (taken.contains(repaired.finding)) continue;
      rest.findings.push_back(repaired);
      controls += (controls.empty() ? "" : ", ") + repaired.control;
    }
    if (!rest.findings.empty())
      forgotten.push_back(by_hand(rest, {fmt::format("no repair is known for {}", controls)}));
  }
  std::ranges::move(forgotten, std::back_inserter(actions));
}

std::string_view without_mark(std::string_view name) {
  const size_t size = kMark.size() + kMarkDigits;
  if (name.size() <= size) return name;
  const std::string_view end = name.substr(name.size() - size);
  const bool is_ours = end.starts_with(kMark) &&
                       end.find_first_not_of("0123456789abcdef", kMark.size()) == std::string::npos;
  return is_ours ? name.substr(0, name.size() - size) : name;
}

}  // namespace

bool Broken::fails(std::string_view control) const {
  return std::ranges::find(findings, control, &Repaired::control) != findings.end();
}

PlanFamily family_of(std::string_view type) {
  const auto* const found = std::ranges::find(kFamilies, type, &Family::type);
  return found == kFamilies.end() ? nullptr : found->plan;
}

namespace {

std::vector<Action> plan_all(std::span<const Broken> broken, const Planning& planning) {
  std::map<PlanFamily, std::vector<Broken>> families;
  std::vector<Action> actions;
  for (const Broken& one : broken) {
    if (const PlanFamily family = family_of(one.target.type))
      families[family].push_back(one);
    else
      actions.push_back(by_hand(
          one, {fmt::format("there is no repair for resources of type {}", one.target.type)}));
  }
  for (const auto& [family, members] : families) {
    std::vector<Action> made = family(members, planning);
    std::ranges::move(made, std::back_inserter(actions));
  }
  add_forgotten(broken, actions);
  return actions;
}

}  // namespace

std::vector<Action> plan_place(std::span<const Broken> broken, const Planning& planning) {
  // A key is good in its own Region only.
  const Result<Arn> key = parse_arn(planning.options.kms_key);
  if (!key || key->region == planning.reader.place().region) return plan_all(broken, planning);
  PlanOptions without_key = planning.options;
  without_key.kms_key.clear();
  std::vector<Action> actions = plan_all(broken, {without_key, planning.reader});
  for (Action& action : actions)
    for (std::string& advice : action.advice)
      if (advice.find("--kms-key") != std::string::npos)
        advice += fmt::format(" (the key that was given is of {}: plan for each Region by itself)",
                              printable(key->region));
  return actions;
}

Action in_place(const Broken& broken) {
  Action action;
  action.way = Way::InPlace;
  action.resources = {broken.target};
  action.findings = broken.findings;
  for (Repaired& repaired : action.findings) repaired.passes_at = repaired.arn;
  return action;
}

Action by_hand(const Broken& broken, std::vector<std::string> advice) {
  Action action = in_place(broken);
  action.way = Way::ByHand;
  action.advice = std::move(advice);
  return action;
}

Action unread(const Broken& broken, const aws::CallError& error) {
  if (error.kind == aws::CallError::Kind::NotFound)
    return by_hand(broken, {"it is not there any more: scan again"});
  std::string text = "could not be read: " + aws::describe(error);
  if (error.kind == aws::CallError::Kind::Denied)
    text += fmt::format("; allow {}:{}", error.service, error.operation);
  return by_hand(broken, {std::move(text)});
}

tl::expected<json::Document, aws::CallError> observe(const Broken& broken,
                                                     const PlannedCall& describe, Action& action,
                                                     const Reader& reader) {
  std::string tags_of;
  json::Writer(tags_of)
      .begin_object()
      .member("ResourceArn", broken.target.arn)
      .key("MaxResults")
      .integer(100)
      .end_object();
  const PlannedCall tags = {.operation = "ListTags", .input = std::move(tags_of)};
  aws::Answer described = reader.read(describe);
  if (!described) return described;
  const aws::Answer listed = reader.read(tags);
  if (!listed) return tl::make_unexpected(listed.error());
  std::string text;
  json::Writer(text).value(described->root);
  action.seen.push_back({describe, std::move(text), kVolatile});
  text.clear();
  json::Writer(text).value(listed->root);
  action.seen.push_back({tags, std::move(text), {}});
  return described;
}

std::string copied_tags(const Action& action) {
  std::string text;
  json::Writer out(text);
  out.begin_array();
  for (const Observation& seen : action.seen) {
    if (seen.read.operation != "ListTags") continue;
    const Result<json::Document> document = json::parse_document(seen.output);
    if (!document) continue;
    for (const json::Value tag : document->root["Tags"].elements())
      if (!tag["Key"].string_or("").starts_with("aws:")) out.value(tag);
    break;
  }
  out.end_array();
  return text;
}

std::string replacement_name(std::string_view old, std::string_view change, size_t most) {
  Sha256 hash;
  hash.update(old);
  hash.update("\n");
  hash.update(change);
  std::string_view base = without_mark(old).substr(0, most - kMark.size() - kMarkDigits);
  while (base.ends_with('-') || base.ends_with('_')) base.remove_suffix(1);
  return fmt::format("{}{}{}", base, kMark, hash.hex().substr(0, kMarkDigits));
}

}  // namespace sagewarden::remediate
