// Models, endpoint configurations and endpoints: what hangs together is replaced together, so that
// each endpoint is updated once for all findings. docs/repair/models.md says it to users.
#include "remediate/serving.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kUnread = "could not be read";

// What is replaced and moved in one action; sorted names.
struct ServingGroup {
  std::set<std::string> models;
  std::set<std::string> configs;
  std::set<std::string> endpoints;
};

using Decisions = std::map<std::string, Decision*, std::less<>>;

// Sets that have been joined, by any of their members.
class Joined {
 public:
  const std::string& root(const std::string& member) {
    std::string& parent = parents_.try_emplace(member, member).first->second;
    if (parent != member) parent = root(parent);
    return parent;
  }
  void join(const std::string& a, const std::string& b) {
    const std::string root_a = root(a);
    const std::string root_b = root(b);
    parents_[std::max(root_a, root_b)] = std::min(root_a, root_b);
  }

 private:
  std::map<std::string, std::string> parents_;
};

void add_unique(std::vector<std::string>& texts, std::string text) {
  if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

void read_all_tags(Serving& serving, std::span<const Broken> broken) {
  const auto read = [&](std::string_view arn) {
    if (!serving.tags.contains(arn))
      serving.tags.emplace(arn, read_tags(arn, serving.planning.reader));
  };
  const auto read_config = [&](std::string_view name) {
    const json::Value root = serving.graph.configs.get(name);
    if (root.exists()) read(root["EndpointConfigArn"].string_or(""));
  };
  for (const Broken& one : broken) {
    if (one.target.type == kConfigType) {
      read_config(one.target.name);
    } else if (serving.graph.models.get(one.target.name).exists()) {
      read(one.target.arn);
      for (const std::string& config : configs_with(serving.graph, one.target.name))
        if (!endpoints_on(serving.graph, config).empty()) read_config(config);
    }
  }
}

std::vector<ServingGroup> groups_of(const Decisions& models, const Decisions& configs,
                                    const ServingGraph& graph) {
  // Which configurations are replaced: broken ones, and those in use that name a broken model.
  std::set<std::string> replaced;
  for (const auto& [name, decision] : configs) replaced.insert(name);
  for (const auto& [name, decision] : models)
    for (const std::string& config : configs_with(graph, name))
      if (!endpoints_on(graph, config).empty()) replaced.insert(config);

  Joined joined;
  for (const std::string& config : replaced) {
    for (const ModelPlace& place : model_places(graph.configs.get(config)))
      if (models.contains(place.model)) joined.join("config/" + config, "model/" + place.model);
    for (const std::string& endpoint : endpoints_on(graph, config))
      joined.join("config/" + config, "endpoint/" + endpoint);
  }
  std::map<std::string, ServingGroup> groups;
  for (const auto& [name, decision] : models)
    groups[joined.root("model/" + name)].models.insert(name);
  for (const std::string& config : replaced) {
    ServingGroup& group = groups[joined.root("config/" + config)];
    group.configs.insert(config);
    group.endpoints.merge(endpoints_on(graph, config));
  }
  std::vector<ServingGroup> list;
  list.reserve(groups.size());
  for (auto& [root, group] : groups) list.push_back(std::move(group));
  return list;
}

// One VPC endpoint serves all models of its VPC: it gets what each of them needs.
void join_endpoints(const Decisions& models) {
  std::vector<NewEndpoint> joined;
  const auto in_joined = [&](const NewEndpoint& endpoint) {
    return std::ranges::find_if(
        joined, [&](const NewEndpoint& one) { return is_same_endpoint(one, endpoint); });
  };
  for (const auto& [name, decision] : models) {
    for (const NewEndpoint& endpoint : decision->endpoints) {
      if (const auto found = in_joined(endpoint); found != joined.end())
        join_needs(endpoint, *found);
      else
        joined.push_back(endpoint);
    }
  }
  for (const auto& [name, decision] : models)
    for (NewEndpoint& endpoint : decision->endpoints) endpoint = *in_joined(endpoint);
}

// Makes the action of one group.
class GroupPlanner {
 public:
  GroupPlanner(const Serving& serving, const Decisions& models, const Decisions& configs,
               const ServingGroup& group)
      : serving_(serving), models_(models), configs_(configs), group_(group) {}
  Action plan();

 private:
  void add_step(const Step& step);
  void replace_models();
  void replace_configs();
  void try_models();
  void try_model(const Replacement& model);
  void move_endpoints();
  void say_deployment(const EndpointMove& move);
  void clean_up();
  bool must_stay(const Replacement& model);
  void take_over(const Decision& decision, const Replacement& replacement);
  void add_replacement(const Replacement& replacement);
  void say_all();

  const Serving& serving_;
  const Decisions& models_;
  const Decisions& configs_;
  const ServingGroup& group_;
  Action action_ = {};
  std::vector<Replacement> new_models_ = {};
  std::vector<Replacement> new_configs_ = {};
  std::map<std::string, std::string> renamed_ = {};
  std::vector<std::string> fleets_ = {};
  std::vector<std::string> costs_ = {};
};

Action GroupPlanner::plan() {
  action_.way = Way::Replace;
  replace_models();
  replace_configs();
  try_models();
  move_endpoints();
  clean_up();
  say_all();
  return std::move(action_);
}

// The findings of a broken resource are the action's, and pass at what replaces it.
void GroupPlanner::take_over(const Decision& decision, const Replacement& replacement) {
  for (Repaired finding : decision.repaired) {
    finding.passes_at = replacement.new_arn;
    action_.findings.push_back(std::move(finding));
  }
  for (const std::string& risk : decision.risks) add_unique(action_.risks, risk);
  costs_.insert(costs_.end(), decision.costs.begin(), decision.costs.end());
  // Models of one VPC have much in common.
  for (const Preflight& row : decision.preflight)
    if (std::ranges::find(action_.preflight, row) == action_.preflight.end())
      action_.preflight.push_back(row);
  action_.seen.insert(action_.seen.end(), decision.observed.begin(), decision.observed.end());
}

void GroupPlanner::add_replacement(const Replacement& replacement) {
  const Place& place = serving_.planning.reader.place();
  action_.resources.push_back({replacement.type, replacement.arn, replacement.name, place.account,
                               place.region, place.partition});
  action_.seen.push_back(observation_of(replacement));
  action_.seen.push_back(replacement.tags.seen);
  action_.steps.push_back(creation_step(replacement));
  if (!replacement.tags.stack.empty())
    add_unique(action_.advice,
               fmt::format("{} was made by CloudFormation's stack {}: change its template too, or "
                           "the stack brings the old settings back",
                           replacement.name, printable(replacement.tags.stack)));
}

// Models can need the same.
void GroupPlanner::add_step(const Step& step) {
  if (std::ranges::find(action_.steps, step) == action_.steps.end()) action_.steps.push_back(step);
}

void GroupPlanner::replace_models() {
  for (const std::string& name : group_.models) {
    const Decision& decision = *models_.at(name);
    Replacement made = replace_model(decision, serving_);
    renamed_.emplace(name, made.new_name);
    for (const NewEndpoint& endpoint : decision.endpoints) add_step(endpoint_creation(endpoint));
    for (const Step& step : decision.before) add_step(step);
    add_replacement(made);
    take_over(decision, made);
    new_models_.push_back(std::move(made));
  }
}

void GroupPlanner::replace_configs() {
  // Broken ones first: the action is named after its first resource.
  std::vector<std::string> names(group_.configs.begin(), group_.configs.end());
  std::stable_partition(names.begin(), names.end(),
                        [&](const std::string& name) { return configs_.contains(name); });
  for (const std::string& name : names) {
    const auto decision = configs_.find(name);
    const bool is_broken = decision != configs_.end();
    Replacement made = replace_config(
        name, is_broken ? decision->second->edits : std::vector<Edit>{}, renamed_, serving_);
    add_replacement(made);
    if (is_broken) take_over(*decision->second, made);
    if (endpoints_on(serving_.graph, name).empty())
      action_.advice.push_back(fmt::format(
          "no endpoint uses endpoint configuration {}: when nobody needs it, deleting it is enough",
          name));
    new_configs_.push_back(std::move(made));
  }
}

// Before a real endpoint moves.
void GroupPlanner::try_models() {
  for (const Replacement& model : new_models_)
    if (models_.at(model.name)->needs_canary) try_model(model);
}

void GroupPlanner::try_model(const Replacement& model) {
  for (const Replacement& config : new_configs_) {
    for (const ModelPlace& place : model_places(config.root)) {
      if (place.model != model.name || endpoints_on(serving_.graph, config.name).empty()) continue;
      const Canary canary{model, config, at_path(config.root, place.variant)};
      std::vector<Step> steps = canary_steps(canary);
      const std::string name = canary_name(canary);
      if (serving_.graph.endpoints.get(name).exists())
        action_.risks.push_back(fmt::format(
            "The canary endpoint {} is there already, of an execution that did not come to its "
            "end: take that back first (sagewarden undo).",
            name));
      std::ranges::move(steps, std::back_inserter(action_.steps));
      costs_.push_back(fmt::format("a canary endpoint runs one {} for some 15 minutes",
                                   canary_instance(canary)));
      return;
    }
  }
}

void GroupPlanner::say_deployment(const EndpointMove& move) {
  const PlanOptions& options = serving_.planning.options;
  if (is_too_small_for_canary(move, options))
    add_unique(action_.risks,
               fmt::format("Endpoint {} has a variant of one instance, of which no part can be a "
                           "canary: its traffic moves all at once.",
                           move.endpoint));
  const json::Value last = move.root["LastDeploymentConfig"]["AutoRollbackConfiguration"];
  if (options.alarms.empty() && (options.canary_percent > 0 || !last.is_object()))
    add_unique(action_.risks,
               "Without alarms (--alarm) AWS goes back only when new instances do not start, not "
               "when they answer wrongly.");
  for (const std::string& alarm : options.alarms)
    add_unique(action_.advice,
               fmt::format("A deployment is rolled back when the CloudWatch alarm {} goes off; "
                           "whether there is one of that name is not looked at.",
                           alarm));
  if (keeps_counts_on_undo(move))
    action_.risks.push_back(fmt::format(
        "Going back leaves endpoint {} the number of instances that it has then.", move.endpoint));
}

void GroupPlanner::move_endpoints() {
  const Place& place = serving_.planning.reader.place();
  for (const std::string& name : group_.endpoints) {
    const json::Value root = serving_.graph.endpoints.get(name);
    const std::string_view old = root["EndpointConfigName"].string_or("");
    const auto config = std::ranges::find(new_configs_, old, &Replacement::name);
    const auto decision = configs_.find(old);
    const bool is_broken = decision != configs_.end();
    EndpointMove move{.endpoint = name,
                      .root = root,
                      .old_config = config->root,
                      .new_config = config->new_name,
                      .takes_counts = is_broken && decision->second->takes_counts.contains(name),
                      .has_key = config->root["KmsKeyId"].is_string() ||
                                 std::ranges::find(config->edits, "KmsKeyId", &Edit::path) !=
                                     config->edits.end()};
    action_.resources.push_back({std::string(kEndpointType),
                                 std::string(root["EndpointArn"].string_or("")), name,
                                 place.account, place.region, place.partition});
    action_.seen.push_back(observation_of(move));
    action_.steps.push_back(move_step(move, serving_.planning.options));
    if (std::string fleet = fleet_text(move); !fleet.empty()) fleets_.push_back(std::move(fleet));
    say_deployment(move);
    if (!is_broken) continue;
    for (const ScalingBounds& bounds : decision->second->scaling)
      if (bounds.endpoint == name) action_.steps.push_back(scaling_step(bounds));
  }
}

// Whether something that stays may need the old model; says what.
bool GroupPlanner::must_stay(const Replacement& model) {
  std::vector<std::string> stay;
  for (const std::string& config : configs_with(serving_.graph, model.name))
    if (!group_.configs.contains(config)) stay.push_back(config);
  if (!stay.empty())
    action_.advice.push_back(
        fmt::format("what no endpoint uses still names the old model {}, which stays as long: "
                    "endpoint configuration {}",
                    model.name, fmt::join(stay, ", ")));
  const std::set<std::string> experiments = experiments_with(serving_.graph, model.name);
  if (!experiments.empty())
    action_.advice.push_back(fmt::format("the old model {} stays: inference experiment {} uses it",
                                         model.name, fmt::join(experiments, ", ")));
  const std::set<std::string> blind = endpoints_without_config(serving_.graph);
  if (!blind.empty())
    action_.advice.push_back(
        fmt::format("the old model {} stays: the configuration of endpoint {} was deleted, so that "
                    "nobody can say which models it runs",
                    model.name, fmt::join(blind, ", ")));
  return !stay.empty() || !experiments.empty() || !blind.empty();
}

void GroupPlanner::clean_up() {
  for (const Replacement& config : new_configs_) action_.cleanup.push_back(removal_step(config));
  for (const Replacement& model : new_models_)
    if (!must_stay(model)) action_.cleanup.push_back(removal_step(model));
}

void GroupPlanner::say_all() {
  std::vector<std::string> parts;
  if (!new_models_.empty()) parts.push_back(count_of(new_models_.size(), "model"));
  if (!new_configs_.empty())
    parts.push_back(count_of(new_configs_.size(), "endpoint configuration"));
  const size_t replaced = new_models_.size() + new_configs_.size();
  action_.summary =
      fmt::format("{} {} replaced", fmt::join(parts, " and "), replaced == 1 ? "is" : "are");
  if (!group_.endpoints.empty())
    action_.summary += fmt::format(", and {} {} over by a blue/green update",
                                   count_of(group_.endpoints.size(), "endpoint"),
                                   group_.endpoints.size() == 1 ? "moves" : "move");
  action_.summary += "; what was there before stays until the cleanup.";
  const auto is_doubtful = [](const Preflight& row) { return row.result != Found::Ok; };
  if (std::ranges::any_of(action_.preflight, is_doubtful))
    action_.risks.emplace_back(
        "Not everything around the model could be found in order beforehand: see what is not ok "
        "among what was looked into.");
  action_.downtime = "none";
  action_.cost = "none";
  if (!fleets_.empty())
    action_.cost =
        fmt::format("while an endpoint is updated its old and its new instances run ({})",
                    fmt::join(fleets_, "; "));
  if (!costs_.empty()) action_.cost += fmt::format("; {}", fmt::join(costs_, "; "));
  action_.advice.emplace_back(
      "batch transform jobs, pipelines, scripts and templates that name what is replaced are not "
      "seen from here: give them the new names before the cleanup");
}

// What is refused of one resource, as an action by hand.
Action refused_action(Decision& decision) {
  Broken left{decision.broken->target, decision.refused};
  std::stable_partition(decision.reasons.begin(), decision.reasons.end(),
                        [](const std::string& text) { return text.starts_with(kUnread); });
  Action action = by_hand(left, std::move(decision.reasons));
  action.preflight = std::move(decision.missing);
  return action;
}

}  // namespace

void Decision::refuse(const Repaired& finding, std::string reason) {
  refused.push_back(finding);
  if (!reason.starts_with(kUnread)) reason = fmt::format("{}: {}", finding.control, reason);
  add_unique(reasons, std::move(reason));
}

void Decision::refuse_all(std::vector<std::string> why) {
  refused = broken->findings;
  for (std::string& text : why) add_unique(reasons, std::move(text));
}

std::string unread_text(const aws::CallError& error) {
  return unread(Broken{}, error).advice.front();
}

std::string stale_text() {
  return "it does not fail any more: scan again";
}

std::string json_text(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

std::string json_texts(std::span<const std::string> texts) {
  std::string out;
  json::Writer writer(out);
  writer.begin_array();
  for (const std::string& text : texts) writer.string(text);
  writer.end_array();
  return out;
}

std::string json_object(std::string_view name, std::string_view text) {
  std::string out;
  json::Writer(out).begin_object().member(name, text).end_object();
  return out;
}

std::string json_value(json::Value value) {
  std::string out;
  json::Writer(out).value(value);
  return out;
}

int64_t int_or(json::Value value, int64_t otherwise) {
  return value.kind() == json::Kind::Int ? value.integer() : otherwise;
}

std::vector<Action> plan_serving(std::span<const Broken> broken, const Planning& planning) {
  PreflightReader preflight(planning.reader);
  Serving serving{.planning = planning,
                  .preflight = preflight,
                  .graph = read_serving_graph(broken, planning.reader)};
  for (const Broken& one : broken)
    if (one.target.type == kConfigType) serving.broken_configs.insert(one.target.name);
  read_all_tags(serving, broken);

  std::vector<Decision> decisions;
  for (const Broken& one : broken)
    decisions.push_back(one.target.type == kModelType ? decide_model(one, serving)
                                                      : decide_config(one, serving));
  std::vector<Action> actions;
  Decisions models;
  Decisions configs;
  for (Decision& decision : decisions) {
    if (!decision.refused.empty()) actions.push_back(refused_action(decision));
    if (decision.repaired.empty()) continue;
    const Target& target = decision.broken->target;
    (target.type == kModelType ? models : configs).emplace(target.name, &decision);
  }
  join_endpoints(models);
  for (const ServingGroup& group : groups_of(models, configs, serving.graph))
    actions.push_back(GroupPlanner(serving, models, configs, group).plan());
  return actions;
}

}  // namespace sagewarden::remediate
