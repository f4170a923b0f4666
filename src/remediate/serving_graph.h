// What serves what: the models, endpoint configurations and endpoints of one account and Region, as
// far as a plan needs to know them. AWS has no index from a model to what uses it, nor refuses to
// delete what is used, so all of them are read.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {

inline constexpr std::string_view kModelType = "AWS::SageMaker::Model";
inline constexpr std::string_view kConfigType = "AWS::SageMaker::EndpointConfig";
inline constexpr std::string_view kEndpointType = "AWS::SageMaker::Endpoint";

// Resources of one kind, by name.
struct ServingSet {
  std::map<std::string, json::Document, std::less<>> found = {};
  std::map<std::string, aws::CallError, std::less<>> errors = {};  // of their Describe calls
  std::optional<aws::CallError> list_error = {};

  // Why the set is not known as a whole; null when it is. What went away meanwhile is no error.
  const aws::CallError* unread() const;
  // Missing when it was not found.
  json::Value get(std::string_view name) const;
};

struct ServingGraph {
  ServingSet models;       // the broken ones
  ServingSet configs;      // all where a model is broken, otherwise the broken ones
  ServingSet endpoints;    // all
  ServingSet experiments;  // inference experiments that are not over
  ServingSet components;   // inference components, where a model is broken
};
ServingGraph read_serving_graph(std::span<const Broken> broken, const Reader& reader);

PlannedCall describe_model(std::string_view name);
PlannedCall describe_config(std::string_view name);
PlannedCall describe_endpoint(std::string_view name);

// Where a configuration names a model: "ProductionVariants[0].ModelName".
struct ModelPlace {
  std::string path;
  std::string variant;  // the path of the variant
  std::string model;
};
std::vector<ModelPlace> model_places(json::Value config);

// Sorted names.
std::set<std::string> configs_with(const ServingGraph& graph, std::string_view model);
// Those that run on the configuration or are about to.
std::set<std::string> endpoints_on(const ServingGraph& graph, std::string_view config);
// Inference components that run the model.
std::set<std::string> components_with(const ServingGraph& graph, std::string_view model);
// Inference experiments that are not over and name the model.
std::set<std::string> experiments_with(const ServingGraph& graph, std::string_view model);
// Endpoints whose configuration was deleted, so that nobody can say which models they run.
std::set<std::string> endpoints_without_config(const ServingGraph& graph);

// A resource's tags.
struct ServingTags {
  Observation seen;
  std::string copied;  // JSON, for a Create call; "[]" when there are none
  std::string stack;   // CloudFormation's stack that made the resource; usually empty
};
tl::expected<ServingTags, aws::CallError> read_tags(std::string_view arn, const Reader& reader);

}  // namespace sagewarden::remediate
