// An endpoint of one instance that runs a new model for a moment, before a real endpoint does: for
// what AWS's documentation leaves open.
#include <fmt/core.h>

#include <array>
#include <utility>

#include "base/json_writer.h"
#include "remediate/serving.h"

namespace sagewarden::remediate {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kCanaryPoll{30};
constexpr minutes kCanaryMost{60};
constexpr minutes kCanaryGone{30};

// What the canary's variant has of the real one: how an instance is made and how long it may take.
constexpr std::array<std::string_view, 6> kLikeReal = {
    "AcceleratorType",
    "VolumeSizeInGB",
    "ModelDataDownloadTimeoutInSeconds",
    "ContainerStartupHealthCheckTimeoutInSeconds",
    "EnableSSMAccess",
    "InferenceAmiVersion",
};

void write_tags(json::Writer& out, const Replacement& config) {
  if (config.tags.copied != "[]") out.key("Tags").raw(config.tags.copied);
}

// With the key of the real configuration, or else without one.
std::string canary_key(const Replacement& config) {
  for (const Edit& edit : config.edits)
    if (edit.path == "KmsKeyId") return edit.json;
  const json::Value key = config.root["KmsKeyId"];
  return key.exists() ? json_value(key) : std::string();
}

std::string config_input(const Canary& canary, std::string_view name) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("EndpointConfigName", name);
  out.key("ProductionVariants").begin_array().begin_object();
  out.member("VariantName", "canary").member("ModelName", canary.model.new_name);
  out.key("InitialInstanceCount").integer(1);
  out.member("InstanceType", canary_instance(canary));
  for (const std::string_view member : kLikeReal)
    if (canary.variant[member].exists()) out.key(member).value(canary.variant[member]);
  out.end_object().end_array();
  if (const std::string key = canary_key(canary.config); !key.empty()) out.key("KmsKeyId").raw(key);
  write_tags(out, canary.config);
  out.end_object();
  return text;
}

std::string canary_endpoint_input(const Canary& canary, std::string_view name) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("EndpointName", name);
  out.member("EndpointConfigName", name);
  write_tags(out, canary.config);
  out.end_object();
  return text;
}

Step config_gone(std::string_view name) {
  Step step;
  step.title = fmt::format("Delete the canary's configuration {}", name);
  step.effect = Effect::Deletes;
  step.own = true;
  step.call = {.operation = "DeleteEndpointConfig",
               .input = json_object("EndpointConfigName", name)};
  step.check.read = describe_config(name);
  step.check.gone = true;
  return step;
}

Step endpoint_gone(std::string_view name) {
  Step step;
  step.title = fmt::format("Delete the canary endpoint {}", name);
  step.effect = Effect::Deletes;
  step.own = true;
  step.call = {.operation = "DeleteEndpoint", .input = json_object("EndpointName", name)};
  step.check.read = describe_endpoint(name);
  // AWS deletes none that is on its way.
  step.check.moving = {any_of(
      "EndpointStatus", {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"})};
  step.check.gone = true;
  step.check.every = kCanaryPoll;
  step.check.most = kCanaryMost + kCanaryGone;
  step.from = {
      any_of("EndpointStatus", {"InService", "Failed", "OutOfService", "UpdateRollbackFailed"})};
  return step;
}

void add_needs(Step& step, const Canary& canary) {
  if (canary.config.tags.copied != "[]") step.also_needs.emplace_back("sagemaker:AddTags");
  if (!canary_key(canary.config).empty()) step.also_needs.emplace_back("kms:CreateGrant");
}

Step config_made(const Canary& canary, std::string_view name) {
  Step step;
  step.title = fmt::format("Create endpoint configuration {}: one {}, for the canary", name,
                           canary_instance(canary));
  step.effect = Effect::Creates;
  step.call = {.operation = "CreateEndpointConfig", .input = config_input(canary, name)};
  step.check.read = describe_config(name);
  step.check.reached = {equals("EndpointConfigName", name),
                        equals("ProductionVariants[0].ModelName", canary.model.new_name)};
  add_needs(step, canary);
  step.undo = {config_gone(name)};
  return step;
}

Step endpoint_made(const Canary& canary, std::string_view name) {
  Step step;
  step.title =
      fmt::format("Create canary endpoint {}: does {} start?", name, canary.model.new_name);
  step.effect = Effect::Creates;
  step.call = {.operation = "CreateEndpoint", .input = canary_endpoint_input(canary, name)};
  step.check.read = describe_endpoint(name);
  step.check.reached = {equals("EndpointStatus", "InService"), equals("EndpointConfigName", name)};
  step.check.moving = {any_of("EndpointStatus", {"Creating", "Updating", "SystemUpdating"})};
  step.check.broken = {any_of("EndpointStatus", {"Failed", "OutOfService", "Deleting"})};
  step.check.every = kCanaryPoll;
  step.check.most = kCanaryMost;
  add_needs(step, canary);
  step.undo = {endpoint_gone(name)};
  return step;
}

}  // namespace

std::string canary_instance(const Canary& canary) {
  const json::Value type = canary.variant["InstanceType"];
  return std::string(
      (type.exists() ? type : canary.variant["InstancePools"].at(0)["InstanceType"]).string_or(""));
}

std::string canary_name(const Canary& canary) {
  return replacement_name(canary.model.name + "-canary", config_input(canary, ""));
}

std::vector<Step> canary_steps(const Canary& canary) {
  const std::string name = canary_name(canary);
  return {config_made(canary, name), endpoint_made(canary, name), endpoint_gone(name),
          config_gone(name)};
}

}  // namespace sagewarden::remediate
