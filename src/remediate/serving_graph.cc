#include "remediate/serving_graph.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/json_writer.h"
#include "base/pool.h"

namespace sagewarden::remediate {
namespace {

// How resources of a kind are listed and described.
struct ServingKind {
  std::string_view list;
  std::string_view member;  // of a page
  std::string_view describe;
  std::string_view name;  // member of a page's elements and parameter of Describe
};

constexpr ServingKind kModels = {"ListModels", "Models", "DescribeModel", "ModelName"};
constexpr ServingKind kConfigs = {"ListEndpointConfigs", "EndpointConfigs",
                                  "DescribeEndpointConfig", "EndpointConfigName"};
constexpr ServingKind kEndpoints = {"ListEndpoints", "Endpoints", "DescribeEndpoint",
                                    "EndpointName"};
constexpr ServingKind kExperiments = {"ListInferenceExperiments", "InferenceExperiments",
                                      "DescribeInferenceExperiment", "Name"};
constexpr ServingKind kComponents = {"ListInferenceComponents", "InferenceComponents",
                                     "DescribeInferenceComponent", "InferenceComponentName"};

// Describe calls at once; the client keeps below the rate at which AWS throttles.
constexpr size_t kCallsAtOnce = 8;

PlannedCall describe_named(const ServingKind& kind, std::string_view name) {
  PlannedCall call{.operation = std::string(kind.describe), .input = ""};
  json::Writer(call.input).begin_object().member(kind.name, name).end_object();
  return call;
}

void describe_all(ServingSet& set, const ServingKind& kind, const std::set<std::string>& names,
                  const Reader& reader) {
  std::map<std::string, std::optional<aws::Answer>> answers;
  for (const std::string& name : names) answers.emplace(name, std::nullopt);
  Pool pool(std::min(kCallsAtOnce, names.size()));
  for (auto& [name, answer] : answers) {
    // Each task has an answer of its own to write to.
    pool.run([&kind, &reader, &name = name, &answer = answer] {
      answer.emplace(reader.read(describe_named(kind, name)));
    });
  }
  pool.wait();
  for (auto& [name, answer] : answers) {
    if (*answer)
      set.found.emplace(name, std::move(**answer));
    else
      set.errors.emplace(name, std::move(answer->error()));
  }
}

bool is_finished_experiment(std::string_view status) {
  return status == "Completed" || status == "Cancelled";
}

// Lists what there is and adds its names; experiments that are over concern nobody.
void add_listed(ServingSet& set, const ServingKind& kind, std::set<std::string>& names,
                const Reader& reader) {
  auto listed = reader.list({.operation = std::string(kind.list), .input = R"({"MaxResults":100})"},
                            kind.member);
  if (!listed) {
    set.list_error = std::move(listed.error());
    return;
  }
  const Result<json::Document> document = json::parse_document(*listed);
  assert(document);
  for (const json::Value element : document->root.elements()) {
    if (kind.list == kExperiments.list && is_finished_experiment(element["Status"].string_or("")))
      continue;
    names.emplace(element[kind.name].string_or(""));
  }
}

ServingSet read_set(const ServingKind& kind, std::set<std::string> names, const Reader& reader) {
  ServingSet set;
  add_listed(set, kind, names, reader);
  if (!names.empty()) describe_all(set, kind, names, reader);
  return set;
}

// The same for what younger operations list: where a Region does not have them, there is nothing.
ServingSet read_optional_set(const ServingKind& kind, const Reader& reader) {
  ServingSet set = read_set(kind, {}, reader);
  if (set.list_error && set.list_error->kind == aws::CallError::Kind::NotAvailable)
    set.list_error.reset();
  return set;
}

void add_places(std::vector<ModelPlace>& places, json::Value config, std::string_view list) {
  size_t position = 0;
  for (const json::Value variant : config[list].elements()) {
    const std::string path = std::string(list) + "[" + std::to_string(position++) + "]";
    if (variant["ModelName"].is_string())
      places.push_back({path + ".ModelName", path, std::string(variant["ModelName"].string())});
    size_t pool = 0;
    for (const json::Value element : variant["InstancePools"].elements()) {
      const std::string at = path + ".InstancePools[" + std::to_string(pool++) + "]";
      const std::string_view model = element["ModelNameOverride"].string_or("");
      if (!model.empty()) places.push_back({at + ".ModelNameOverride", path, std::string(model)});
    }
  }
}

bool runs_model(json::Value component, std::string_view model) {
  if (component["Specification"]["ModelName"].string_or("") == model) return true;
  for (const json::Value one : component["Specifications"].elements())
    if (one["ModelName"].string_or("") == model) return true;
  return false;
}

}  // namespace

const aws::CallError* ServingSet::unread() const {
  if (list_error) return &*list_error;
  for (const auto& [name, error] : errors)
    if (error.kind != aws::CallError::Kind::NotFound) return &error;
  return nullptr;
}

json::Value ServingSet::get(std::string_view name) const {
  const auto place = found.find(name);
  return place == found.end() ? json::Value() : place->second.root;
}

ServingGraph read_serving_graph(std::span<const Broken> broken, const Reader& reader) {
  std::set<std::string> models;
  std::set<std::string> configs;
  for (const Broken& one : broken)
    (one.target.type == kModelType ? models : configs).insert(one.target.name);
  ServingGraph graph;
  if (!models.empty()) {
    describe_all(graph.models, kModels, models, reader);
    graph.configs = read_set(kConfigs, configs, reader);
    graph.components = read_optional_set(kComponents, reader);
  } else if (!configs.empty()) {
    describe_all(graph.configs, kConfigs, configs, reader);
  }
  graph.endpoints = read_set(kEndpoints, {}, reader);
  const bool is_served = std::ranges::any_of(
      configs, [&](const std::string& config) { return !endpoints_on(graph, config).empty(); });
  if (!models.empty() || is_served) graph.experiments = read_optional_set(kExperiments, reader);
  return graph;
}

PlannedCall describe_model(std::string_view name) {
  return describe_named(kModels, name);
}

PlannedCall describe_config(std::string_view name) {
  return describe_named(kConfigs, name);
}

PlannedCall describe_endpoint(std::string_view name) {
  return describe_named(kEndpoints, name);
}

std::vector<ModelPlace> model_places(json::Value config) {
  std::vector<ModelPlace> places;
  add_places(places, config, "ProductionVariants");
  add_places(places, config, "ShadowProductionVariants");
  return places;
}

std::set<std::string> configs_with(const ServingGraph& graph, std::string_view model) {
  std::set<std::string> names;
  for (const auto& [name, document] : graph.configs.found)
    for (const ModelPlace& place : model_places(document.root))
      if (place.model == model) names.insert(name);
  return names;
}

std::set<std::string> endpoints_on(const ServingGraph& graph, std::string_view config) {
  std::set<std::string> names;
  for (const auto& [name, document] : graph.endpoints.found) {
    const json::Value pending = document.root["PendingDeploymentSummary"];
    if (document.root["EndpointConfigName"].string_or("") == config ||
        pending["EndpointConfigName"].string_or("") == config)
      names.insert(name);
  }
  return names;
}

std::set<std::string> components_with(const ServingGraph& graph, std::string_view model) {
  std::set<std::string> names;
  for (const auto& [name, document] : graph.components.found)
    if (runs_model(document.root, model)) names.insert(name);
  return names;
}

std::set<std::string> experiments_with(const ServingGraph& graph, std::string_view model) {
  std::set<std::string> names;
  for (const auto& [name, document] : graph.experiments.found)
    for (const json::Value variant : document.root["ModelVariants"].elements())
      if (variant["ModelName"].string_or("") == model) names.insert(name);
  return names;
}

std::set<std::string> endpoints_without_config(const ServingGraph& graph) {
  std::set<std::string> names;
  for (const auto& [name, document] : graph.endpoints.found) {
    const std::string_view config = document.root["EndpointConfigName"].string_or("");
    if (!graph.configs.get(config).exists()) names.insert(name);
  }
  return names;
}

tl::expected<ServingTags, aws::CallError> read_tags(std::string_view arn, const Reader& reader) {
  ServingTags tags;
  tags.seen.read = {.operation = "ListTags", .input = ""};
  json::Writer(tags.seen.read.input).begin_object().member("ResourceArn", arn).end_object();
  const aws::Answer answer = reader.read(tags.seen.read);
  if (!answer) return tl::make_unexpected(answer.error());
  json::Writer(tags.seen.output).value(answer->root);
  json::Writer copied(tags.copied);
  copied.begin_array();
  for (const json::Value tag : answer->root["Tags"].elements()) {
    const std::string_view key = tag["Key"].string_or("");
    if (key == "aws:cloudformation:stack-name") tags.stack = tag["Value"].string_or("");
    if (!key.starts_with("aws:")) copied.value(tag);
  }
  copied.end_array();
  return tags;
}

}  // namespace sagewarden::remediate
