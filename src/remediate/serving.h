// Inside plan_serving(): what is decided about each broken model and endpoint configuration, and
// the steps that carry it out. serving.cc puts both together.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "remediate/path.h"
#include "remediate/planner.h"
#include "remediate/preflight.h"
#include "remediate/serving_graph.h"

namespace sagewarden::remediate {

// What all decisions rest on.
struct Serving {
  const Planning& planning;
  PreflightReader& preflight;
  ServingGraph graph;
  // By ARN: of broken resources, and of configurations in use that name a broken model.
  std::map<std::string, tl::expected<ServingTags, aws::CallError>, std::less<>> tags = {};
  std::set<std::string, std::less<>> broken_configs = {};
};

// Application Auto Scaling's bounds of a variant, where it must keep two instances from now on.
struct ScalingBounds {
  std::string endpoint;
  std::string variant;
  Observation seen;
  int64_t least = 0;
  int64_t most = 0;
};

// What becomes of a broken resource: which findings end, and by which edits of its settings.
struct Decision {
  const Broken* broken = nullptr;
  std::vector<Repaired> repaired = {};
  std::vector<Repaired> refused = {};
  std::vector<std::string> reasons = {};  // why they are, and what can be done instead
  std::vector<Edit> edits = {};
  std::vector<std::string> risks = {};
  // SageMaker.4: endpoints that take their instance counts from the new configuration, since fewer
  // than two run; the others keep what runs.
  std::set<std::string> takes_counts = {};
  std::vector<ScalingBounds> scaling = {};
  std::vector<Observation> observed = {};  // of scaling, also where nothing is to be done
  std::vector<std::string> costs = {};
  std::vector<Preflight> preflight = {};    // for what is repaired
  std::vector<Preflight> missing = {};      // for what is refused
  std::vector<NewEndpoint> endpoints = {};  // that the model needs and the VPC lacks
  std::vector<Step> before = {};            // what the model needs beside: copies of images
  bool needs_canary = false;                // the model's image may not be pulled

  void refuse(const Repaired& finding, std::string reason);
  void refuse_all(std::vector<std::string> why);
};
Decision decide_model(const Broken& broken, const Serving& serving);
Decision decide_config(const Broken& broken, const Serving& serving);

// Why an endpoint cannot be moved now, in words; empty when it can.
std::vector<std::string> endpoint_obstacles(const Serving& serving, std::string_view endpoint);
// The same of all endpoints of a configuration, and of its tags where it must be copied.
std::vector<std::string> config_obstacles(const Serving& serving, std::string_view config);
std::string unread_text(const aws::CallError& error);
// Of a finding that the resource as it is now does not have.
std::string stale_text();

// A model or an endpoint configuration and what takes its place.
struct Replacement {
  std::string type;
  std::string name;
  std::string arn;
  std::string new_name;
  std::string new_arn;
  json::Value root;  // as described
  ServingTags tags;
  std::vector<Edit> edits;
};
Replacement replace_model(const Decision& decision, const Serving& serving);
// The decision's configuration may be broken or not; `renamed` is by old name of models.
Replacement replace_config(std::string_view name, std::vector<Edit> edits,
                           const std::map<std::string, std::string>& renamed,
                           const Serving& serving);
Observation observation_of(const Replacement& replacement);
Step creation_step(const Replacement& replacement);
Step removal_step(const Replacement& replacement);  // of the old one, for cleanup

// What shows that a new model starts.
struct Canary {
  const Replacement& model;
  const Replacement& config;  // that is to run it
  json::Value variant;        // of the configuration: the one with the model
};
std::string canary_instance(const Canary& canary);  // "ml.m5.large"
std::string canary_name(const Canary& canary);      // of the endpoint and its configuration
// An endpoint of one instance is created, waited for and deleted.
std::vector<Step> canary_steps(const Canary& canary);

// An endpoint on its way to another configuration.
struct EndpointMove {
  std::string endpoint;
  json::Value root;        // as described
  json::Value old_config;  // as described
  std::string new_config;
  bool takes_counts = false;
  bool has_key = false;  // the new configuration has a KMS key
};
Observation observation_of(const EndpointMove& move);
Step move_step(const EndpointMove& move, const PlanOptions& options);
// "churn-live: 2 × ml.m5.large"
std::string fleet_text(const EndpointMove& move);
// Whether a canary was asked for and cannot be had: it is at most half of a variant's instances.
bool is_too_small_for_canary(const EndpointMove& move, const PlanOptions& options);
// Whether going back cannot restore what ran: the old configuration's counts were others.
bool keeps_counts_on_undo(const EndpointMove& move);
Step scaling_step(const ScalingBounds& bounds);

// ---- JSON texts ----
std::string json_text(std::string_view text);
std::string json_texts(std::span<const std::string> texts);
std::string json_object(std::string_view name, std::string_view text);
std::string json_value(json::Value value);
int64_t int_or(json::Value value, int64_t otherwise);

}  // namespace sagewarden::remediate
