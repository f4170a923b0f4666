// Inference experiments (shadow tests): the key of captured data and tags in place, the key of the
// instances' volumes by a new experiment.
#include <fmt/core.h>

#include "base/json_writer.h"
#include "remediate/family.h"
#include "remediate/path.h"
#include "remediate/plan_tags.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kExperimentVolumeControls[] = {"SageMaker.23"};
constexpr std::string_view kExperimentDataControls[] = {"SageMaker.24"};
constexpr std::string_view kExperimentTagControls[] = {"Sagewarden.8"};
constexpr std::string_view kDataStorage = "DataStorageConfig";
constexpr std::string_view kDataKey = "DataStorageConfig.KmsKey";
constexpr size_t kLongestExperimentName = 120;

PlannedCall describe_experiment_call(const Target& target) {
  return {.operation = "DescribeInferenceExperiment", .input = object_of({{"Name", target.name}})};
}

bool is_experiment_over(std::string_view status) {
  return status == "Completed" || status == "Cancelled";
}

std::string delete_experiment_command(const Target& target) {
  return fmt::format(
      "aws sagemaker delete-inference-experiment --region {} --name {} (its record "
      "only: endpoint, models and captured data stay)",
      target.region, target.name);
}

Step update_experiment_step(const Target& target, std::string title, std::string_view data) {
  Step step;
  step.title = std::move(title);
  step.call.operation = "UpdateInferenceExperiment";
  step.call.input.clear();
  json::Writer(step.call.input)
      .begin_object()
      .member("Name", target.name)
      .key(kDataStorage)
      .raw(data)
      .end_object();
  step.check.read = describe_experiment_call(target);
  step.check.reached = {any_of("Status", {"Created", "Running"})};
  step.check.moving = {any_of("Status", {"Updating", "Starting"})};
  step.check.broken = {any_of("Status", {"Stopping", "Completed", "Cancelled"})};
  step.check.every = std::chrono::seconds{30};
  step.check.most = std::chrono::seconds{1800};
  step.from = {any_of("Status", {"Created", "Running"})};
  return step;
}

Step encrypt_experiment_step(const Target& target, json::Value described, std::string_view key) {
  const Edit with_key[] = {{"KmsKey", json_string(key)}};
  Step step = update_experiment_step(
      target, fmt::format("Encrypt what experiment {} captures", target.name),
      edited(described[kDataStorage], with_key));
  step.check.reached.push_back(equals(std::string(kDataKey), key));
  step.from.push_back(as_seen(std::string(kDataStorage), described));
  Step undo = update_experiment_step(
      target, fmt::format("Let experiment {} capture without the key again", target.name),
      text_of(described[kDataStorage]));
  undo.check.reached.push_back(as_seen(std::string(kDataKey), described));
  undo.from.push_back(equals(std::string(kDataKey), key));
  step.undo = {std::move(undo)};
  return step;
}

// Why the experiment cannot be changed; empty when it can.
std::string experiment_obstacle(const Target& target, json::Value described,
                                const PlanOptions& options) {
  const std::string_view status = described["Status"].string_or("");
  if (is_experiment_over(status))
    return fmt::format(
        "it is {}, and AWS changes no experiment that is over: keep what you need of it, then {}",
        status, delete_experiment_command(target));
  if (status != "Created" && status != "Running")
    return fmt::format("its status is {}: plan again when it is Created or Running", status);
  if (!described[kDataStorage].is_object())
    return "it captures no data, so there is nothing to encrypt: leave the control's parameter "
           "require_data_storage off";
  if (const std::string_view key = at_path(described, kDataKey).string_or(""); !key.empty())
    return "what it captures is encrypted with a key already: scan again";
  if (options.kms_key.empty())
    return "say which key: plan again with --kms-key ARN (the experiment's role needs "
           "kms:GenerateDataKey on it)";
  return {};
}

Action plan_captured_data(const Broken& broken, json::Value described, Action observed,
                          const PlanOptions& options) {
  const Target& target = broken.target;
  if (std::string why = experiment_obstacle(target, described, options); !why.empty())
    return left_to_people(
        broken, fmt::format("What experiment {} captures stays without a key.", target.name),
        {std::move(why)});
  Action action = in_place(broken);
  action.summary = fmt::format("What experiment {} captures from then on is encrypted with {}.",
                               target.name, options.kms_key);
  action.downtime = "none";
  action.cost = "requests to the KMS key";
  action.risks = {
      fmt::format("The role {} needs kms:GenerateDataKey on the key; without it nothing more is "
                  "captured.",
                  described["RoleArn"].string_or("of the experiment")),
      "What has been captured keeps its old encryption: copy or delete it.",
      "Whoever reads the captured data needs kms:Decrypt on the key."};
  action.seen = std::move(observed.seen);
  // Its schedule starts it at any time; the step looks at the status itself.
  for (const char* path : {"Status", "StatusReason", "EndpointMetadata", "ModelVariants[*].Status"})
    action.seen.front().ignore.emplace_back(path);
  action.steps = {encrypt_experiment_step(target, described, options.kms_key)};
  return action;
}

// What the new experiment is created with.
std::string experiment_input(const Target& target, json::Value described, const Action& observed,
                             const PlanOptions& options) {
  std::vector<Edit> edits;
  for (const char* gone : {"Arn", "CompletionTime", "CreationTime", "EndpointMetadata",
                           "LastModifiedTime", "Schedule.StartTime", "Status", "StatusReason"})
    edits.push_back({gone, ""});
  for (size_t i = 0; i < described["ModelVariants"].size(); ++i)
    edits.push_back({fmt::format("ModelVariants[{}].Status", i), ""});
  const std::string name = replacement_name(target.name, "key", kLongestExperimentName);
  edits.push_back({"Name", json_string(name)});
  edits.push_back({"EndpointName",
                   json_string(at_path(described, "EndpointMetadata.EndpointName").string_or(""))});
  edits.push_back({"KmsKey", json_string(options.kms_key.empty() ? "KEY-ARN" : options.kms_key)});
  if (std::string tags = copied_tags(observed); tags != "[]")
    edits.push_back({"Tags", std::move(tags)});
  return edited(described, edits);
}

// "production=Retain,shadow=Remove": production stays as it is.
std::string variant_actions(json::Value described) {
  const std::string_view production =
      described["ShadowModeConfig"]["SourceModelVariantName"].string_or("");
  std::string text;
  for (const json::Value variant : described["ModelVariants"].elements()) {
    const std::string_view name = variant["VariantName"].string_or("");
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", name,
                        name == production ? "Retain" : "Remove");
  }
  return text;
}

Action experiment_by_hand(const Broken& broken, json::Value described, const Action& observed,
                          const PlanOptions& options) {
  const Target& target = broken.target;
  const std::string_view status = described["Status"].string_or("");
  std::vector<std::string> advice = {
      "the key of the instances' volumes can't be changed after the experiment was made"};
  if (is_experiment_over(status)) {
    advice.push_back(fmt::format("it is {}: keep what you need of its results, then {}", status,
                                 delete_experiment_command(target)));
  } else {
    advice.push_back(fmt::format(
        "1. stop it: aws sagemaker stop-inference-experiment --region {} --name {} "
        "--model-variant-actions {} (production stays as it is; Promote in place of Remove would "
        "change what it serves)",
        target.region, target.name, variant_actions(described)));
    advice.push_back(
        fmt::format("2. write into experiment.json, with your values for words in capitals: {}",
                    experiment_input(target, described, observed, options)));
    advice.push_back(
        fmt::format("   aws sagemaker create-inference-experiment --region {} --cli-input-json "
                    "file://experiment.json (its role needs kms:CreateGrant on the key, you need "
                    "iam:PassRole; it begins at once)",
                    target.region));
    advice.push_back("3. " + delete_experiment_command(target));
  }
  Action action = left_to_people(
      broken, fmt::format("Experiment {} has to be made anew with a key.", target.name),
      std::move(advice));
  action.risks = {
      "The metrics of the old run stay with the old experiment and go when it is deleted.",
      "Starting an experiment updates its endpoint (blue/green)."};
  return action;
}

void plan_experiment(const Broken& broken, const Planning& planning, std::vector<Action>& actions) {
  const Broken volumes = only(broken, kExperimentVolumeControls);
  const Broken data = only(broken, kExperimentDataControls);
  const Broken tags = only(broken, kExperimentTagControls);
  add_unknown(actions,
              without(without(without(broken, kExperimentVolumeControls), kExperimentDataControls),
                      kExperimentTagControls));
  Action observed;
  const auto described =
      observe(broken, describe_experiment_call(broken.target), observed, planning.reader);
  for (const Broken* part : {&data, &volumes, &tags}) {
    if (part->findings.empty()) continue;
    if (!described)
      actions.push_back(not_read(*part, described.error()));
    else if (part == &data)
      actions.push_back(plan_captured_data(data, described->root, observed, planning.options));
    else if (part == &volumes)
      actions.push_back(experiment_by_hand(volumes, described->root, observed, planning.options));
    else
      actions.push_back(plan_tags(tags, observed, planning));
  }
}

}  // namespace

std::vector<Action> plan_experiments(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_experiment(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
