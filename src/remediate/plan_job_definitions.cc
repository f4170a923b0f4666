// Job definitions of Model Monitor, which cannot be changed: a new one is made, the schedules are
// pointed at it, and the old one stays until the clean-up.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "remediate/family.h"
#include "remediate/job_network.h"
#include "remediate/path.h"
#include "remediate/planner.h"
#include "remediate/schedule_steps.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kDefinitionControls[] = {"SageMaker.9",  "SageMaker.10", "SageMaker.11",
                                                    "SageMaker.12", "SageMaker.13", "SageMaker.15",
                                                    "SageMaker.20", "SageMaker.25"};
constexpr std::string_view kDefinitionName = "JobDefinitionName";
constexpr size_t kSchedulesOnPage = 100;

// A definition that is to be replaced.
struct JobDefinition {
  const Target& target;
  std::string kind;  // as in the operations' names: "DataQuality"
  json::Value described;
  std::vector<std::string_view> switches;  // to turn on
  std::string tags;
  std::string new_name;

  PlannedCall call(std::string_view verb, std::string_view name) const {
    return {.operation = fmt::format("{}{}JobDefinition", verb, kind),
            .input = object_of({{kDefinitionName, name}})};
  }
};

// "AWS::SageMaker::DataQualityJobDefinition" → "DataQuality"
std::string definition_kind(std::string_view type) {
  type.remove_prefix(std::min(type.size(), type.rfind(':') + 1));
  return std::string(type.substr(0, type.rfind("JobDefinition")));
}

bool is_clarify(std::string_view kind) {
  return kind == "ModelBias" || kind == "ModelExplainability";
}

// The ARN of a definition beside the old one. AWS writes names in ARNs in lower case; where the old
// one's shows otherwise, so it does here.
std::string definition_arn(const JobDefinition& definition) {
  const std::string& old = definition.target.arn;
  const size_t slash = old.rfind('/') + 1;
  const bool keeps_case = old.substr(slash) == definition.target.name &&
                          lower(definition.target.name) != definition.target.name;
  return old.substr(0, slash) + (keeps_case ? definition.new_name : lower(definition.new_name));
}

Check definition_check(const JobDefinition& definition, std::string_view name) {
  Check check;
  check.read = definition.call("Describe", name);
  return check;
}

// The call that makes a definition of what Describe shows.
PlannedCall create_definition_call(const JobDefinition& definition, std::vector<Edit> edits) {
  edits.push_back({"JobDefinitionArn", ""});
  edits.push_back({"CreationTime", ""});
  if (definition.tags != "[]") edits.push_back({"Tags", definition.tags});
  return {.operation = fmt::format("Create{}JobDefinition", definition.kind),
          .input = edited(definition.described, edits)};
}

Step create_definition_step(const JobDefinition& definition, std::string_view name,
                            std::vector<Edit> edits) {
  Step step;
  step.title = fmt::format("Create job definition {}", name);
  step.effect = Effect::Creates;
  step.check = definition_check(definition, name);
  step.check.reached = {equals(std::string(kDefinitionName), name)};
  for (const Edit& edit : edits) step.check.reached.push_back(equals_json(edit.path, edit.json));
  edits.push_back({std::string(kDefinitionName), json_string(name)});
  step.call = create_definition_call(definition, std::move(edits));
  step.also_needs = {"iam:PassRole"};
  if (definition.tags != "[]") step.also_needs.emplace_back("sagemaker:AddTags");
  return step;
}

Step delete_definition_step(const JobDefinition& definition, std::string_view name) {
  Step step;
  step.title = fmt::format("Delete job definition {}", name);
  step.effect = Effect::Deletes;
  step.call = definition.call("Delete", name);
  step.check = definition_check(definition, name);
  step.check.gone = true;
  return step;
}

Step create_new_definition(const JobDefinition& definition) {
  std::vector<Edit> edits;
  for (const std::string_view one : definition.switches)
    edits.push_back({fmt::format("NetworkConfig.{}", one), "true"});
  Step step = create_definition_step(definition, definition.new_name, std::move(edits));
  step.undo = {delete_definition_step(definition, definition.new_name)};
  step.undo.front().own = true;
  return step;
}

Step delete_old_definition(const JobDefinition& definition) {
  const std::string& name = definition.target.name;
  Step step = delete_definition_step(definition, name);
  // One that was made since under the same name is another one.
  step.from = {as_seen("CreationTime", definition.described)};
  step.undo = {create_definition_step(definition, name, {})};
  return step;
}

void point_schedule(const JobDefinition& definition, json::Value schedule, Action& action) {
  constexpr std::string_view kNamed = "MonitoringJobDefinitionName";
  const json::Value config = schedule["MonitoringScheduleConfig"];
  const std::string_view name = schedule["MonitoringScheduleName"].string_or("");
  std::vector<Edit> edits = {{std::string(kNamed), json_string(definition.new_name)}};
  if (!config["MonitoringType"].exists())
    edits.push_back({"MonitoringType", json_string(definition.kind)});
  ScheduleChange change;
  change.title =
      fmt::format("Point monitoring schedule {} at job definition {}", name, definition.new_name);
  change.undo_title = fmt::format("Point monitoring schedule {} at job definition {}", name,
                                  definition.target.name);
  change.config = edited(config, edits);
  change.reached = {
      equals(fmt::format("MonitoringScheduleConfig.{}", kNamed), definition.new_name)};
  change.passes_role = true;
  add_schedule_steps(action.steps, schedule, change);
}

// Everything that the user should know before it happens.
void describe_replacement(const JobDefinition& definition, size_t schedules, Action& action) {
  action.summary = fmt::format(
      "Job definition {} is replaced by {}, which {}; {} pointed there.", definition.target.name,
      definition.new_name, effect_of(definition.switches),
      schedules == 1 ? "its schedule is" : fmt::format("its {} schedules are", schedules));
  if (schedules == 0)
    action.summary =
        fmt::format("Job definition {} is replaced by {}, which {}; no schedule uses it.",
                    definition.target.name, definition.new_name, effect_of(definition.switches));
  action.downtime = "none: the next executions run with the new definition";
  action.cost = "none";
  action.risks = risks_of(definition.switches, definition.described["NetworkConfig"],
                          is_clarify(definition.kind));
  action.risks.push_back(fmt::format(
      "What names {} itself (templates, scripts, IAM policies) has to be changed to {}. "
      "CloudFormation and Terraform see a resource that they did not make.",
      definition.target.name, definition.new_name));
  const bool was_stopped = std::ranges::any_of(action.steps, [](const Step& step) {
    return step.call.operation == "StopMonitoringSchedule";
  });
  if (was_stopped)
    action.risks.emplace_back(
        "The update may start a stopped schedule for a moment before it is stopped again.");
  action.advice = {fmt::format("{} stays until the clean-up, and fails its controls until then.",
                               definition.target.name)};
}

// The names of the schedules that use the definition.
tl::expected<std::vector<std::string>, aws::CallError> schedules_of(const Target& target,
                                                                    const Reader& reader) {
  const std::string input = object_of({{"MonitoringJobDefinitionName", target.name}});
  const Edit page[] = {{"MaxResults", std::to_string(kSchedulesOnPage)}};
  const tl::expected<std::string, aws::CallError> list =
      reader.list({.operation = "ListMonitoringSchedules",
                   .input = edited(json::parse_document(input)->root, page)},
                  "MonitoringScheduleSummaries");
  if (!list) return tl::make_unexpected(list.error());
  const Result<json::Document> document = json::parse_document(*list);
  std::vector<std::string> names;
  for (const json::Value schedule : document->root.elements())
    names.emplace_back(schedule["MonitoringScheduleName"].string_or(""));
  std::ranges::sort(names);
  return names;
}

Action replace_definition(const Broken& broken, const JobDefinition& definition,
                          std::span<const json::Document> schedules,
                          std::vector<Observation> seen) {
  Action action = in_place(broken);
  action.way = Way::Replace;
  for (Repaired& repaired : action.findings) repaired.passes_at = definition_arn(definition);
  action.steps = {create_new_definition(definition)};
  action.seen = std::move(seen);
  for (const json::Document& schedule : schedules) {
    const std::string_view name = schedule.root["MonitoringScheduleName"].string_or("");
    action.seen.push_back({describe_schedule(name), text_of(schedule.root), schedule_times()});
    Target target = broken.target;
    target.type = "AWS::SageMaker::MonitoringSchedule";
    target.arn = schedule.root["MonitoringScheduleArn"].string_or("");
    target.name = name;
    action.resources.push_back(std::move(target));
    point_schedule(definition, schedule.root, action);
  }
  action.cleanup = {delete_old_definition(definition)};
  describe_replacement(definition, schedules.size(), action);
  return action;
}

Action definition_by_hand(const Broken& broken, std::string why) {
  return left_to_people(
      broken, fmt::format("Job definition {} can't be replaced as it is.", broken.target.name),
      {std::move(why)});
}

Action plan_definition(const Broken& broken, const Planning& planning) {
  Action observed;
  JobDefinition definition{broken.target, definition_kind(broken.target.type), {}, {}, {}, {}};
  const auto described =
      observe(broken, definition.call("Describe", broken.target.name), observed, planning.reader);
  if (!described) return not_read(broken, described.error());
  definition.described = described->root;
  definition.switches = switches_off(broken, described->root["NetworkConfig"]);
  if (definition.switches.empty())
    return definition_by_hand(broken, "it is as the control asks already: scan again");
  definition.tags = copied_tags(observed);
  std::string changes;
  for (const std::string_view one : definition.switches) changes += std::string(one) + ",";
  // Of its content too: a later definition of the same name is another one.
  changes += canonical(described->root) + definition.tags;
  definition.new_name = replacement_name(broken.target.name, changes);
  const auto names = schedules_of(broken.target, planning.reader);
  if (!names) return not_read(broken, names.error());
  std::vector<json::Document> schedules;
  for (const std::string& name : *names) {
    aws::Answer schedule = planning.reader.read(describe_schedule(name));
    if (!schedule) return not_read(broken, schedule.error());
    if (std::string why = schedule_obstacle(schedule->root); !why.empty())
      return definition_by_hand(broken, std::move(why));
    schedules.push_back(std::move(*schedule));
  }
  return replace_definition(broken, definition, schedules, std::move(observed.seen));
}

}  // namespace

std::vector<Action> plan_job_definitions(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) {
    Broken known = only(one, kDefinitionControls);
    if (is_clarify(definition_kind(one.target.type)))
      known = without_clarify_isolation(known, planning.options, actions);
    if (!known.findings.empty()) actions.push_back(plan_definition(known, planning));
    add_unknown(actions, without(one, kDefinitionControls));
  }
  return actions;
}

}  // namespace sagewarden::remediate
