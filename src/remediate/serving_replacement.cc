// What takes the place of a model or an endpoint configuration, and how the old one goes.
#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/serving.h"

namespace sagewarden::remediate {
namespace {

// What Describe has beside what Create takes.
const std::vector<std::string> kModelOutputs = {"ModelArn", "CreationTime",
                                                "DeploymentRecommendation"};
const std::vector<std::string> kConfigOutputs = {"EndpointConfigArn", "CreationTime"};
// A status that AWS changes by itself.
const std::vector<std::string> kModelVolatile = {"DeploymentRecommendation"};

bool is_model(const Replacement& replacement) {
  return replacement.type == kModelType;
}

std::string_view word_of(const Replacement& replacement) {
  return is_model(replacement) ? "model" : "endpoint configuration";
}

std::string_view name_member(const Replacement& replacement) {
  return is_model(replacement) ? "ModelName" : "EndpointConfigName";
}

PlannedCall describe_replaced(const Replacement& replacement, std::string_view name) {
  return is_model(replacement) ? describe_model(name) : describe_config(name);
}

// The input of a Create call: all that was described, with the edits and under that name.
std::string creation_input(const Replacement& replacement, std::string_view name,
                           const std::vector<Edit>& edits) {
  std::vector<Edit> all = edits;
  for (const std::string& output : is_model(replacement) ? kModelOutputs : kConfigOutputs)
    all.push_back({output, ""});
  all.push_back({std::string(name_member(replacement)), json_text(name)});
  if (replacement.tags.copied != "[]") all.push_back({"Tags", replacement.tags.copied});
  return edited(replacement.root, all);
}

// Its name says what it is: another repair of the same resource gets another name.
void give_name(Replacement& replacement) {
  replacement.new_name =
      replacement_name(replacement.name, creation_input(replacement, "", replacement.edits));
  // The ARN has the name as AWS writes it there: often in lower case.
  const size_t slash = replacement.arn.rfind('/') + 1;
  const bool is_lower = replacement.arn.substr(slash) != replacement.name;
  replacement.new_arn = replacement.arn.substr(0, slash) +
                        (is_lower ? lower(replacement.new_name) : replacement.new_name);
}

Step creation_of(const Replacement& replacement, std::string_view name,
                 const std::vector<Edit>& edits) {
  Step step;
  step.effect = Effect::Creates;
  step.call = {.operation = is_model(replacement) ? "CreateModel" : "CreateEndpointConfig",
               .input = creation_input(replacement, name, edits)};
  step.check.read = describe_replaced(replacement, name);
  step.check.reached = {equals(std::string(name_member(replacement)), name)};
  if (replacement.root["ExecutionRoleArn"].is_string())
    step.also_needs.emplace_back("iam:PassRole");
  if (replacement.tags.copied != "[]") step.also_needs.emplace_back("sagemaker:AddTags");
  const auto has_key = [](const Edit& edit) { return edit.path == "KmsKeyId"; };
  if (!is_model(replacement) &&
      (replacement.root["KmsKeyId"].is_string() || std::ranges::any_of(edits, has_key)))
    step.also_needs.emplace_back("kms:CreateGrant");
  return step;
}

Step deletion_of(const Replacement& replacement, std::string_view name) {
  Step step;
  step.effect = Effect::Deletes;
  step.call = {.operation = is_model(replacement) ? "DeleteModel" : "DeleteEndpointConfig",
               .input = json_object(name_member(replacement), name)};
  step.check.read = describe_replaced(replacement, name);
  step.check.gone = true;
  return step;
}

}  // namespace

Replacement replace_model(const Decision& decision, const Serving& serving) {
  const Target& target = decision.broken->target;
  Replacement made{.type = std::string(kModelType),
                   .name = target.name,
                   .arn = target.arn,
                   .new_name = "",
                   .new_arn = "",
                   .root = serving.graph.models.get(target.name),
                   .tags = *serving.tags.at(target.arn),
                   .edits = decision.edits};
  give_name(made);
  return made;
}

Replacement replace_config(std::string_view name, std::vector<Edit> edits,
                           const std::map<std::string, std::string>& renamed,
                           const Serving& serving) {
  Replacement made{.type = std::string(kConfigType),
                   .name = std::string(name),
                   .arn = "",
                   .new_name = "",
                   .new_arn = "",
                   .root = serving.graph.configs.get(name),
                   .tags = {},
                   .edits = std::move(edits)};
  made.arn = made.root["EndpointConfigArn"].string_or("");
  made.tags = *serving.tags.at(made.arn);
  for (const ModelPlace& place : model_places(made.root))
    if (const auto model = renamed.find(place.model); model != renamed.end())
      made.edits.push_back({place.path, json_text(model->second)});
  give_name(made);
  return made;
}

Observation observation_of(const Replacement& replacement) {
  return {describe_replaced(replacement, replacement.name), json_value(replacement.root),
          is_model(replacement) ? kModelVolatile : std::vector<std::string>{}};
}

Step creation_step(const Replacement& replacement) {
  Step step = creation_of(replacement, replacement.new_name, replacement.edits);
  step.title = "Create " + std::string(word_of(replacement)) + " " + replacement.new_name +
               ", a copy of " + replacement.name + " with the repairs";
  // Lists are left out: AWS may order them as it likes.
  for (const Edit& edit : replacement.edits)
    if (!edit.json.starts_with('['))
      step.check.reached.push_back(equals_json(edit.path, edit.json));
  Step undo = deletion_of(replacement, replacement.new_name);
  undo.title = "Delete " + std::string(word_of(replacement)) + " " + replacement.new_name;
  undo.own = true;
  step.undo = {std::move(undo)};
  return step;
}

Step removal_step(const Replacement& replacement) {
  Step step = deletion_of(replacement, replacement.name);
  step.title = "Delete the old " + std::string(word_of(replacement)) + " " + replacement.name;
  // Another one of the same name is not what was replaced.
  if (const json::Value created = replacement.root["CreationTime"]; created.exists())
    step.from = {equals_json("CreationTime", json_value(created))};
  Step undo = creation_of(replacement, replacement.name, {});
  undo.title =
      "Create " + std::string(word_of(replacement)) + " " + replacement.name + " as it was";
  step.undo = {std::move(undo)};
  return step;
}

}  // namespace sagewarden::remediate
