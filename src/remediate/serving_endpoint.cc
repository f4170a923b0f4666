// Endpoints: what keeps one from being moved, and the move to another configuration (blue/green).
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/serving.h"

namespace sagewarden::remediate {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// As SageMaker's own waiters do.
constexpr seconds kEndpointPoll{30};
constexpr minutes kEndpointMost{60};
// AWS ends a deployment by then: the largest MaximumExecutionTimeoutInSeconds.
constexpr seconds kLongestDeployment{28'800};
// A batch is at least 5 %.
constexpr int64_t kMostBatches = 20;
// How long a canary, and then the whole new fleet, is watched before the next thing is done.
constexpr seconds kBake{300};

// What AWS changes by itself, as auto scaling and patches do.
std::vector<std::string> volatile_paths(bool takes_counts) {
  std::vector<std::string> paths = {"LastModifiedTime"};
  for (const std::string list : {"ProductionVariants[*].", "ShadowProductionVariants[*]."}) {
    for (const std::string_view member : {"CurrentInstanceCount", "CurrentWeight", "DeployedImages",
                                          "InstancePools", "VariantStatus"})
      paths.push_back(list + std::string(member));
    // Otherwise the plan's counts rest on it.
    if (!takes_counts) paths.push_back(list + "DesiredInstanceCount");
  }
  return paths;
}

// How long the policy of a deployment makes it take.
seconds duration_of(json::Value deployment) {
  for (const std::string_view name : {"BlueGreenUpdatePolicy", "RollingUpdatePolicy"}) {
    const json::Value policy = deployment[name];
    if (!policy.is_object()) continue;
    const int64_t limit = int_or(policy["MaximumExecutionTimeoutInSeconds"], 0);
    if (limit > 0) return std::min(seconds(limit), kLongestDeployment);
    const int64_t between =
        int_or(policy["TrafficRoutingConfiguration"]["WaitIntervalInSeconds"], 0) +
        int_or(policy["WaitIntervalInSeconds"], 0);
    return std::min(seconds(kMostBatches * between + int_or(policy["TerminationWaitInSeconds"], 0)),
                    kLongestDeployment);
  }
  return seconds(0);
}

bool wants_deployment(const PlanOptions& options) {
  return options.canary_percent > 0 || !options.alarms.empty();
}

std::string deployment_text(const EndpointMove& move, const PlanOptions& options) {
  const bool is_canary = options.canary_percent > 0 && !is_too_small_for_canary(move, options);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("BlueGreenUpdatePolicy").begin_object();
  out.key("TrafficRoutingConfiguration").begin_object();
  out.member("Type", is_canary ? "CANARY" : "ALL_AT_ONCE");
  out.key("WaitIntervalInSeconds").integer(is_canary ? kBake.count() : 0);
  if (is_canary) {
    out.key("CanarySize").begin_object().member("Type", "CAPACITY_PERCENT");
    out.key("Value").integer(options.canary_percent).end_object();
  }
  out.end_object();
  out.key("TerminationWaitInSeconds").integer(kBake.count()).end_object();
  if (!options.alarms.empty()) {
    out.key("AutoRollbackConfiguration").begin_object().key("Alarms").begin_array();
    for (const std::string& alarm : options.alarms)
      out.begin_object().member("AlarmName", alarm).end_object();
    out.end_array().end_object();
  }
  out.end_object();
  return text;
}

// The deployment that an UpdateEndpoint call is to use.
struct Deployment {
  std::string config = {};  // JSON; empty: none is given
  bool retain = false;      // the last one is used again
};

// An UpdateEndpoint call that keeps what runs, except for the counts where they are to come from
// the configuration.
std::string endpoint_input(std::string_view endpoint, std::string_view config, bool takes_counts,
                           const Deployment& deployment) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("EndpointName", endpoint).member("EndpointConfigName", config);
  out.key("RetainAllVariantProperties").boolean(true);
  if (takes_counts) {
    out.key("ExcludeRetainedVariantProperties").begin_array().begin_object();
    out.member("VariantPropertyType", "DesiredInstanceCount").end_object().end_array();
  }
  if (!deployment.config.empty()) out.key("DeploymentConfig").raw(deployment.config);
  if (deployment.retain) out.key("RetainDeploymentConfig").boolean(true);
  out.end_object();
  return text;
}

Step endpoint_step(std::string_view endpoint, std::string_view from, std::string_view to) {
  Step step;
  step.title = fmt::format("Move endpoint {} to configuration {}", endpoint, to);
  step.call.operation = "UpdateEndpoint";
  step.check.read = describe_endpoint(endpoint);
  step.check.reached = {equals("EndpointStatus", "InService"), equals("EndpointConfigName", to)};
  step.check.moving = {
      any_of("EndpointStatus", {"Creating", "Updating", "SystemUpdating", "RollingBack"})};
  step.check.broken = {
      any_of("EndpointStatus", {"Failed", "UpdateRollbackFailed", "OutOfService", "Deleting"})};
  step.check.every = kEndpointPoll;
  step.check.most = kEndpointMost;
  step.from = {equals("EndpointStatus", "InService"), equals("EndpointConfigName", from)};
  return step;
}

// Whether the old configuration says what ran when it was described: then its counts bring that
// back.
bool ran_as_configured(const EndpointMove& move) {
  for (const json::Value variant : move.old_config["ProductionVariants"].elements())
    for (const json::Value live : move.root["ProductionVariants"].elements())
      if (live["VariantName"].string_or("") == variant["VariantName"].string_or("") &&
          int_or(live["DesiredInstanceCount"], 0) != int_or(variant["InitialInstanceCount"], 0))
        return false;
  return true;
}

// The counts that the plan rests on, as preconditions.
void expect_counts(Step& step, const EndpointMove& move) {
  for (const json::Value live : move.root["ProductionVariants"].elements())
    if (live["DesiredInstanceCount"].exists())
      step.from.push_back(
          equals_json(fmt::format("ProductionVariants[VariantName={}].DesiredInstanceCount",
                                  live["VariantName"].string_or("")),
                      json_value(live["DesiredInstanceCount"])));
}

std::string scaling_input(const ScalingBounds& bounds, int64_t least, int64_t most) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("ServiceNamespace", "sagemaker");
  out.member("ResourceId", fmt::format("endpoint/{}/variant/{}", bounds.endpoint, bounds.variant));
  out.member("ScalableDimension", "sagemaker:variant:DesiredInstanceCount");
  out.key("MinCapacity").integer(least).key("MaxCapacity").integer(most).end_object();
  return text;
}

std::vector<Expectation> scaling_is(int64_t least, int64_t most) {
  return {equals_json("ScalableTargets[0].MinCapacity", std::to_string(least)),
          equals_json("ScalableTargets[0].MaxCapacity", std::to_string(most))};
}

Step bounds_step(const ScalingBounds& bounds, int64_t least, int64_t most) {
  Step step;
  step.title = fmt::format("Let auto scaling keep {} to {} instances of {}/{}", least, most,
                           bounds.endpoint, bounds.variant);
  step.call = {.service = "application-autoscaling",
               .operation = "RegisterScalableTarget",
               .input = scaling_input(bounds, least, most)};
  step.check.read = bounds.seen.read;
  step.check.reached = scaling_is(least, most);
  return step;
}

}  // namespace

std::vector<std::string> endpoint_obstacles(const Serving& serving, std::string_view endpoint) {
  std::vector<std::string> why;
  const json::Value root = serving.graph.endpoints.get(endpoint);
  const std::string_view status = root["EndpointStatus"].string_or("");
  if (status == "Failed" || status == "UpdateRollbackFailed" || status == "OutOfService")
    why.push_back(
        fmt::format("endpoint {} is {}: AWS updates only what is in service; repair or "
                    "delete it, then plan again",
                    endpoint, status));
  else if (status != "InService")
    why.push_back(fmt::format("endpoint {} is {}: plan again when it is InService", endpoint,
                              printable(status)));
  if (root["PendingDeploymentSummary"].is_object())
    why.push_back(fmt::format(
        "a deployment of endpoint {} is under way: plan again when it is over", endpoint));
  for (const auto& [name, document] : serving.graph.experiments.found)
    if (document.root["EndpointMetadata"]["EndpointName"].string_or("") == endpoint)
      why.push_back(
          fmt::format("inference experiment {} on endpoint {} is {}: plan again when it is "
                      "over, or stop it",
                      name, endpoint, document.root["Status"].string_or("unknown")));
  return why;
}

std::vector<std::string> config_obstacles(const Serving& serving, std::string_view config) {
  std::vector<std::string> why;
  const std::string_view arn = serving.graph.configs.get(config)["EndpointConfigArn"].string_or("");
  if (const auto tags = serving.tags.find(arn); tags != serving.tags.end() && !tags->second)
    why.push_back(unread_text(tags->second.error()));
  for (const std::string& endpoint : endpoints_on(serving.graph, config))
    for (std::string& text : endpoint_obstacles(serving, endpoint)) why.push_back(std::move(text));
  return why;
}

bool is_too_small_for_canary(const EndpointMove& move, const PlanOptions& options) {
  if (options.canary_percent == 0 || move.takes_counts) return false;
  for (const json::Value live : move.root["ProductionVariants"].elements())
    if (live["DesiredInstanceCount"].exists() && int_or(live["DesiredInstanceCount"], 0) < 2)
      return true;
  return false;
}

std::string fleet_text(const EndpointMove& move) {
  std::string text;
  for (const json::Value live : move.root["ProductionVariants"].elements()) {
    const std::string_view name = live["VariantName"].string_or("");
    const json::Value variant =
        at_path(move.old_config, fmt::format("ProductionVariants[VariantName={}]", name));
    if (variant["ServerlessConfig"].is_object()) continue;
    text +=
        fmt::format("{}{} × {}", text.empty() ? "" : ", ", int_or(live["CurrentInstanceCount"], 0),
                    variant["InstanceType"].string_or("instances of several types"));
  }
  return text.empty() ? text : fmt::format("{}: {}", move.endpoint, text);
}

Observation observation_of(const EndpointMove& move) {
  return {describe_endpoint(move.endpoint), json_value(move.root),
          volatile_paths(move.takes_counts)};
}

Step move_step(const EndpointMove& move, const PlanOptions& options) {
  const std::string_view old = move.old_config["EndpointConfigName"].string_or("");
  const json::Value last = move.root["LastDeploymentConfig"];
  Deployment forward{.retain = last.is_object() && !wants_deployment(options)};
  if (wants_deployment(options)) forward.config = deployment_text(move, options);
  // Back without new alarms: they may be why somebody goes back.
  const Deployment back{.config = last.is_object() ? json_value(last) : std::string()};

  Step step = endpoint_step(move.endpoint, old, move.new_config);
  step.call.input = endpoint_input(move.endpoint, move.new_config, move.takes_counts, forward);
  if (move.takes_counts) expect_counts(step, move);
  Step undo = endpoint_step(move.endpoint, move.new_config, old);
  undo.title = fmt::format("Move endpoint {} back to configuration {}", move.endpoint, old);
  undo.call.input =
      endpoint_input(move.endpoint, old, move.takes_counts && ran_as_configured(move), back);

  const Result<json::Document> given =
      json::parse_document(forward.config.empty() ? "{}" : forward.config);
  step.check.most += duration_of(forward.retain || !given ? last : given->root);
  undo.check.most += duration_of(last);
  if (move.has_key) step.also_needs.emplace_back("kms:CreateGrant");
  if (move.old_config["KmsKeyId"].is_string()) undo.also_needs.emplace_back("kms:CreateGrant");
  if (!options.alarms.empty() || (forward.retain && last["AutoRollbackConfiguration"].is_object()))
    step.also_needs.emplace_back("cloudwatch:DescribeAlarms");
  if (last["AutoRollbackConfiguration"].is_object())
    undo.also_needs.emplace_back("cloudwatch:DescribeAlarms");
  step.undo = {std::move(undo)};
  return step;
}

bool keeps_counts_on_undo(const EndpointMove& move) {
  return move.takes_counts && !ran_as_configured(move);
}

Step scaling_step(const ScalingBounds& bounds) {
  constexpr int64_t kLeast = 2;
  const int64_t most = std::max(kLeast, bounds.most);
  Step step = bounds_step(bounds, kLeast, most);
  step.from = scaling_is(bounds.least, bounds.most);
  Step undo = bounds_step(bounds, bounds.least, bounds.most);
  undo.from = scaling_is(kLeast, most);
  step.undo = {std::move(undo)};
  return step;
}

}  // namespace sagewarden::remediate
