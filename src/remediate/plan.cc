#include "remediate/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/json_writer.h"
#include "remediate/images.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

// Before something is deleted it is looked for what uses it: in_use.h.
void add_looks(const Step& step, std::set<std::string>& actions) {
  const std::string_view operation = step.call.operation;
  if (step.effect != Effect::Deletes) return;
  if (operation.ends_with("JobDefinition")) actions.insert("sagemaker:ListMonitoringSchedules");
  if (operation.ends_with("LifecycleConfig")) actions.insert("sagemaker:ListNotebookInstances");
  if (operation != "DeleteModel" && operation != "DeleteEndpointConfig") return;
  for (const std::string_view what :
       {"EndpointConfig", "Endpoint", "InferenceExperiment", "InferenceComponent"}) {
    actions.insert(fmt::format("sagemaker:List{}s", what));
    actions.insert(fmt::format("sagemaker:Describe{}", what));
  }
}

void add_actions(const std::vector<Step>& steps, std::set<std::string>& actions) {
  for (const Step& step : steps) {
    add_looks(step, actions);
    for (const PlannedCall* call : {&step.call, &step.check.read})
      if (!call->operation.empty() && !is_skopeo_call(*call))
        actions.insert(call->service + ":" + call->operation);
    actions.insert(step.also_needs.begin(), step.also_needs.end());
    add_actions(step.undo, actions);
  }
}

}  // namespace

std::string_view name_of(Effect effect) {
  switch (effect) {
    case Effect::Changes:
      return "changes";
    case Effect::Creates:
      return "creates";
    case Effect::Deletes:
      return "deletes";
  }
  return "";
}

std::string_view name_of(Found found) {
  switch (found) {
    case Found::Ok:
      return "ok";
    case Found::Wrong:
      return "wrong";
    case Found::Uncertain:
      return "uncertain";
    case Found::Unread:
      return "unread";
  }
  return "";
}

std::string_view name_of(Way way) {
  switch (way) {
    case Way::InPlace:
      return "in-place";
    case Way::Replace:
      return "replace";
    case Way::ByHand:
      return "by-hand";
  }
  return "";
}

Expectation equals(std::string path, std::string_view text) {
  return {std::move(path), {quoted(text)}};
}

Expectation equals_json(std::string path, std::string json) {
  return {std::move(path), {std::move(json)}};
}

Expectation any_of(std::string path, std::initializer_list<std::string_view> texts) {
  Expectation expected{std::move(path), {}};
  for (const std::string_view text : texts) expected.values.push_back(quoted(text));
  return expected;
}

Expectation missing(std::string path) {
  return {std::move(path), {}};
}

bool only_waits(const Step& step) {
  return step.call.operation.empty();
}

bool holds(const Expectation& expected, json::Value root) {
  const json::Value value = at_path(root, expected.path);
  if (expected.values.empty()) return !value.exists();
  if (!value.exists()) return false;
  const std::string found = canonical(value);
  return std::ranges::any_of(expected.values, [&](const std::string& wanted) {
    const Result<json::Document> document = json::parse_document(wanted);
    return document && canonical(document->root) == found;
  });
}

bool takes_away(const Step& creation, const Step& deletion) {
  constexpr std::string_view kCreate = "Create";
  constexpr std::string_view kDelete = "Delete";
  const std::string_view made = creation.call.operation;
  const std::string_view deleted = deletion.call.operation;
  return creation.effect == Effect::Creates && deletion.effect == Effect::Deletes && deletion.own &&
         deletion.check.gone && made.starts_with(kCreate) && deleted.starts_with(kDelete) &&
         made.substr(kCreate.size()) == deleted.substr(kDelete.size()) &&
         creation.call.service == deletion.call.service &&
         creation.check.read == deletion.check.read &&
         deletion.call.input == deletion.check.read.input;
}

std::vector<std::string> iam_actions(const Plan& plan) {
  std::set<std::string> actions;
  for (const Action& action : plan.actions) {
    for (const Observation& seen : action.seen)
      actions.insert(seen.read.service + ":" + seen.read.operation);
    add_actions(action.steps, actions);
    add_actions(action.cleanup, actions);
    if (action.way == Way::ByHand) continue;
    // What is changed is tagged meanwhile (claim.h).
    for (const std::string_view tagging : {"AddTags", "DeleteTags", "ListTags"})
      actions.insert(fmt::format("sagemaker:{}", tagging));
  }
  return {actions.begin(), actions.end()};
}

}  // namespace sagewarden::remediate
