#include "remediate/in_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/serving_graph.h"

namespace sagewarden::remediate {
namespace {

// Names of what is deleted.
struct Deleted {
  std::set<std::string> models = {};
  std::set<std::string> configs = {};
  std::set<std::string> job_definitions = {};
  std::set<std::string> notebooks = {};
  std::set<std::string> scripts = {};    // lifecycle configurations of notebook instances
  std::set<std::string> endpoints = {};  // before their configurations
};

Deleted deleted_by(std::span<const Step* const> steps) {
  Deleted deleted;
  for (const Step* const step : steps) {
    const Result<json::Document> input = json::parse_document(step->call.input);
    if (step->effect != Effect::Deletes || !input) continue;
    const auto add = [&](std::set<std::string>& names, std::string_view member) {
      if (input->root[member].is_string()) names.emplace(input->root[member].string());
    };
    if (step->call.operation == "DeleteModel") add(deleted.models, "ModelName");
    if (step->call.operation == "DeleteEndpointConfig") add(deleted.configs, "EndpointConfigName");
    if (step->call.operation == "DeleteEndpoint") add(deleted.endpoints, "EndpointName");
    if (step->call.operation.ends_with("JobDefinition"))
      add(deleted.job_definitions, "JobDefinitionName");
    if (step->call.operation == "DeleteNotebookInstance")
      add(deleted.notebooks, "NotebookInstanceName");
    if (step->call.operation == "DeleteNotebookInstanceLifecycleConfig")
      add(deleted.scripts, "NotebookInstanceLifecycleConfigName");
  }
  return deleted;
}

std::string users_text(std::string_view what, std::string_view name, std::string_view user,
                       const std::set<std::string>& users) {
  return fmt::format("{} {} is used by {} {}", what, printable(name), user,
                     printable(fmt::format("{}", fmt::join(users, ", "))));
}

std::string use_in(const ServingGraph& graph, const Deleted& deleted) {
  for (const std::string& config : deleted.configs) {
    std::set<std::string> users = endpoints_on(graph, config);
    std::erase_if(users, [&](const std::string& name) { return deleted.endpoints.contains(name); });
    if (!users.empty()) return users_text("endpoint configuration", config, "endpoint", users);
  }
  for (const std::string& model : deleted.models) {
    std::set<std::string> configs = configs_with(graph, model);
    std::erase_if(configs, [&](const std::string& name) { return deleted.configs.contains(name); });
    if (!configs.empty()) return users_text("model", model, "endpoint configuration", configs);
    if (const auto users = components_with(graph, model); !users.empty())
      return users_text("model", model, "inference component", users);
    if (const auto users = experiments_with(graph, model); !users.empty())
      return users_text("model", model, "inference experiment", users);
  }
  return {};
}

tl::expected<std::string, aws::CallError> use_in_serving(const Deleted& deleted,
                                                         const Reader& reader) {
  std::vector<Broken> about;
  const auto add = [&](std::string_view type, const std::set<std::string>& names) {
    for (const std::string& name : names) {
      Broken& one = about.emplace_back();
      one.target.type = type;
      one.target.name = name;
    }
  };
  add(kModelType, deleted.models);
  add(kConfigType, deleted.configs);
  if (about.empty()) return std::string();
  const ServingGraph graph = read_serving_graph(about, reader);
  for (const ServingSet* set :
       {&graph.configs, &graph.endpoints, &graph.experiments, &graph.components})
    if (const aws::CallError* const error = set->unread()) return tl::make_unexpected(*error);
  return use_in(graph, deleted);
}

tl::expected<std::string, aws::CallError> use_by_schedules(const std::string& definition,
                                                           const Reader& reader) {
  PlannedCall list = {.operation = "ListMonitoringSchedules", .input = ""};
  json::Writer(list.input)
      .begin_object()
      .member("MonitoringJobDefinitionName", definition)
      .key("MaxResults")
      .integer(100)
      .end_object();
  const auto listed = reader.list(std::move(list), "MonitoringScheduleSummaries");
  if (!listed) return tl::make_unexpected(listed.error());
  const Result<json::Document> document = json::parse_document(*listed);
  std::set<std::string> users;
  if (document)
    for (const json::Value schedule : document->root.elements())
      users.emplace(schedule["MonitoringScheduleName"].string_or("?"));
  return users.empty() ? ""
                       : users_text("job definition", definition, "monitoring schedule", users);
}

tl::expected<std::string, aws::CallError> use_by_notebooks(const std::string& scripts,
                                                           const Deleted& deleted,
                                                           const Reader& reader) {
  PlannedCall list = {.operation = "ListNotebookInstances", .input = ""};
  json::Writer(list.input)
      .begin_object()
      .member("NotebookInstanceLifecycleConfigNameContains", scripts)
      .key("MaxResults")
      .integer(100)
      .end_object();
  const auto listed = reader.list(std::move(list), "NotebookInstances");
  if (!listed) return tl::make_unexpected(listed.error());
  const Result<json::Document> document = json::parse_document(*listed);
  std::set<std::string> users;
  if (document)
    for (const json::Value notebook : document->root.elements()) {
      const std::string name(notebook["NotebookInstanceName"].string_or("?"));
      const bool has_it = notebook["NotebookInstanceLifecycleConfigName"].string_or("") == scripts;
      if (has_it && !deleted.notebooks.contains(name)) users.insert(name);
    }
  return users.empty() ? ""
                       : users_text("lifecycle configuration", scripts, "notebook instance", users);
}

}  // namespace

tl::expected<std::string, aws::CallError> use_of_deleted(std::span<const Step* const> steps,
                                                         const Reader& reader) {
  const Deleted deleted = deleted_by(steps);
  tl::expected<std::string, aws::CallError> use = use_in_serving(deleted, reader);
  for (const std::string& definition : deleted.job_definitions) {
    if (!use || !use->empty()) break;
    use = use_by_schedules(definition, reader);
  }
  for (const std::string& scripts : deleted.scripts) {
    if (!use || !use->empty()) break;
    use = use_by_notebooks(scripts, deleted, reader);
  }
  return use;
}

}  // namespace sagewarden::remediate
