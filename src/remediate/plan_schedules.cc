// Monitoring schedules with a job definition inside, which are changed in place.
#include <fmt/core.h>

#include <array>

#include "remediate/family.h"
#include "remediate/job_network.h"
#include "remediate/path.h"
#include "remediate/planner.h"
#include "remediate/schedule_steps.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kScheduleControls[] = {"SageMaker.14", "SageMaker.22"};
constexpr std::string_view kScheduleConfig = "MonitoringScheduleConfig";
constexpr std::string_view kInsideDefinition = "MonitoringJobDefinition";

// SageMaker's own containers for bias and explanations are called sagemaker-clarify-processing.
bool is_clarify_schedule(json::Value config) {
  const std::string_view type = config["MonitoringType"].string_or("");
  const std::string_view image =
      config[kInsideDefinition]["MonitoringAppSpecification"]["ImageUri"].string_or("");
  return type == "ModelBias" || type == "ModelExplainability" ||
         image.find("clarify") != std::string_view::npos;
}

std::string inside_obstacle(json::Value described, std::span<const std::string_view> switches) {
  const json::Value config = described[kScheduleConfig];
  if (!config[kInsideDefinition].is_object()) {
    const std::string_view named = config["MonitoringJobDefinitionName"].string_or("");
    if (named.empty()) return "it has no job definition: delete it, or make it anew with one";
    return fmt::format(
        "it takes its network settings from job definition {}: repair that one, or leave schedules "
        "with a named definition to its controls (parameter named_definition)",
        named);
  }
  if (switches.empty()) return "it is as the control asks already: scan again";
  return schedule_obstacle(described);
}

Action change_inside(const Broken& broken, json::Value described, Action observed,
                     std::span<const std::string_view> switches) {
  const std::string& name = broken.target.name;
  const json::Value config = described[kScheduleConfig];
  ScheduleChange change;
  std::vector<Edit> edits;
  for (const std::string_view one : switches) {
    const std::string path = fmt::format("{}.NetworkConfig.{}", kInsideDefinition, one);
    edits.push_back({path, "true"});
    change.reached.push_back(equals_json(fmt::format("{}.{}", kScheduleConfig, path), "true"));
  }
  change.title = fmt::format("Update the job of monitoring schedule {}", name);
  change.undo_title =
      fmt::format("Give monitoring schedule {} its former configuration back", name);
  change.config = edited(config, edits);
  change.passes_role = true;
  Action action = in_place(broken);
  add_schedule_steps(action.steps, described, change);
  const bool is_stopped = action.steps.size() > 1;
  action.summary = fmt::format("The job of monitoring schedule {} {}{}.", name, effect_of(switches),
                               is_stopped ? "; the schedule stays stopped" : "");
  action.downtime = "none: the next execution runs with the new settings";
  action.cost = "none";
  action.risks =
      risks_of(switches, config[kInsideDefinition]["NetworkConfig"], is_clarify_schedule(config));
  if (is_stopped)
    action.risks.emplace_back(
        "The update may start the schedule for a moment before it is stopped again.");
  action.seen = std::move(observed.seen);
  return action;
}

void plan_schedule(const Broken& broken, const Planning& planning, std::vector<Action>& actions) {
  Broken known = only(broken, kScheduleControls);
  add_unknown(actions, without(broken, kScheduleControls));
  if (known.findings.empty()) return;
  Action observed;
  const auto described =
      observe(known, describe_schedule(known.target.name), observed, planning.reader);
  if (!described) {
    actions.push_back(not_read(known, described.error()));
    return;
  }
  // One that cannot be changed anyhow is told of once, whatever it runs.
  const json::Value config = described->root[kScheduleConfig];
  if (config[kInsideDefinition].is_object() && is_clarify_schedule(config))
    known = without_clarify_isolation(known, planning.options, actions);
  if (known.findings.empty()) return;
  const std::vector<std::string_view> switches =
      switches_off(known, described->root[kScheduleConfig][kInsideDefinition]["NetworkConfig"]);
  if (std::string why = inside_obstacle(described->root, switches); !why.empty())
    actions.push_back(left_to_people(
        known, fmt::format("Monitoring schedule {} can't be changed as it is.", known.target.name),
        {std::move(why)}));
  else
    actions.push_back(change_inside(known, described->root, std::move(observed), switches));
}

}  // namespace

std::vector<Action> plan_schedules(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_schedule(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
