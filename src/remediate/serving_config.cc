// Endpoint configurations: what repairs one, and what AWS does not allow.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json_writer.h"
#include "remediate/serving.h"

namespace sagewarden::remediate {
namespace {

// What SageMaker.4 asks for.
constexpr int64_t kLeastInstances = 2;
// Instance families with storage of their own, beside those with a `d` after their number: they
// encrypt it themselves, and CreateEndpointConfig refuses a key for them.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
constexpr std::array<std::string_view, 14> kOwnStorage = {
    "dl1",  "g5",      "g6",      "g6e",       "g7e",  "p5",    "p5e",
    "p5en", "p6-b200", "p6-b300", "p6e-gb200", "trn1", "trn1n", "trn2"};

bool has_own_storage(std::string_view instance_type) {
  if (!instance_type.starts_with("ml.")) return false;
  instance_type.remove_prefix(3);
  const std::string_view family = instance_type.substr(0, instance_type.find('.'));
  if (std::ranges::find(kOwnStorage, family) != kOwnStorage.end()) return true;
  const size_t digit = family.find_first_of("0123456789");
  return digit != std::string_view::npos && family.find('d', digit) != std::string_view::npos;
}

// The first instance type of the configuration that takes no key; empty when all do.
std::string_view type_without_key(json::Value config) {
  for (const std::string_view list : {"ProductionVariants", "ShadowProductionVariants"})
    for (const json::Value variant : config[list].elements()) {
      const std::string_view type = variant["InstanceType"].string_or("");
      if (has_own_storage(type)) return type;
      for (const json::Value pool : variant["InstancePools"].elements())
        if (has_own_storage(pool["InstanceType"].string_or("")))
          return pool["InstanceType"].string();
    }
  return {};
}

bool has_instances(json::Value variant) {
  return !variant["ServerlessConfig"].is_object();
}

bool has_too_few(json::Value variant) {
  return has_instances(variant) && int_or(variant["InitialInstanceCount"], 1) < kLeastInstances;
}

// What runs of a variant on an endpoint, or is to run.
int64_t live_count(json::Value endpoint, std::string_view list, std::string_view variant) {
  for (const json::Value live : endpoint[list].elements())
    if (live["VariantName"].string_or("") == variant)
      return int_or(live["DesiredInstanceCount"], 0);
  return 0;
}

PlannedCall describe_scaling(std::string_view endpoint, std::string_view variant) {
  PlannedCall call{
      .service = "application-autoscaling", .operation = "DescribeScalableTargets", .input = ""};
  json::Writer out(call.input);
  out.begin_object().member("ServiceNamespace", "sagemaker");
  out.key("ResourceIds").begin_array();
  out.string(fmt::format("endpoint/{}/variant/{}", endpoint, variant)).end_array();
  out.member("ScalableDimension", "sagemaker:variant:DesiredInstanceCount").end_object();
  return call;
}

class ConfigDecider {
 public:
  ConfigDecider(const Broken& broken, const Serving& serving, json::Value config)
      : serving_(serving),
        config_(config),
        endpoints_(endpoints_on(serving.graph, broken.target.name)) {
    decision_.broken = &broken;
  }
  Decision decide();

 private:
  std::vector<std::string> obstacles() const;
  void key(const Repaired& finding);
  void counts(const Repaired& finding);
  std::string read_scaling(json::Value variant);
  void find_takers();
  void say_scaling();
  void say_components();
  void raise(std::string_view list, size_t position, json::Value variant);
  void raise_managed_scaling(const std::string& path, json::Value variant, int64_t count);

  const Serving& serving_;
  json::Value config_;
  std::set<std::string> endpoints_;
  std::string_view list_ = "ProductionVariants";  // whose counts are raised
  Decision decision_ = {};
};

std::vector<std::string> ConfigDecider::obstacles() const {
  const ServingGraph& graph = serving_.graph;
  std::vector<std::string> why;
  for (const ServingSet* set : {&graph.endpoints, &graph.experiments})
    if (const aws::CallError* error = set->unread()) why.push_back(unread_text(*error));
  for (std::string& text : config_obstacles(serving_, decision_.broken->target.name))
    if (std::ranges::find(why, text) == why.end()) why.push_back(std::move(text));
  return why;
}

Decision ConfigDecider::decide() {
  const Broken& broken = *decision_.broken;
  if (std::vector<std::string> why = obstacles(); !why.empty()) {
    decision_.refuse_all(std::move(why));
    return std::move(decision_);
  }
  for (const Repaired& finding : broken.findings) {
    if (finding.control == "SageMaker.4")
      counts(finding);
    else if (finding.control == "Sagewarden.3" || finding.control == "Sagewarden.4")
      key(finding);
    else
      decision_.refuse(finding, "there is no repair for this control");
  }
  if (!decision_.repaired.empty() && !endpoints_.empty()) say_components();
  return std::move(decision_);
}

void ConfigDecider::say_components() {
  for (const json::Value variant : config_["ProductionVariants"].elements())
    if (!variant["ModelName"].exists() && variant["InstancePools"].size() == 0)
      decision_.risks.push_back(fmt::format(
          "Variant {} of {} names no model, so that it hosts inference components: we know of no "
          "word of AWS on how these fare when their endpoint moves; try it elsewhere first.",
          variant["VariantName"].string_or(""), decision_.broken->target.name));
}

void ConfigDecider::key(const Repaired& finding) {
  const std::string& key = serving_.planning.options.kms_key;
  const std::string_view old = config_["KmsKeyId"].string_or("");
  if (finding.control == "Sagewarden.4" && !old.empty())
    return decision_.refuse(finding, stale_text());
  if (key.empty())
    return decision_.refuse(finding, "which key is to be used must be said with --kms-key");
  if (old == key)
    return decision_.refuse(finding,
                            "it has the key of --kms-key already, which is not an approved one");
  if (const std::string_view type = type_without_key(config_); !type.empty())
    return decision_.refuse(
        finding, fmt::format("instances of type {} encrypt their storage themselves and take no "
                             "key: choose another type, otherwise record an exception with the "
                             "reason",
                             type));
  decision_.repaired.push_back(finding);
  const auto is_set = [](const Edit& edit) { return edit.path == "KmsKeyId"; };
  if (std::ranges::any_of(decision_.edits, is_set)) return;
  decision_.edits.push_back({"KmsKeyId", json_text(key)});
  decision_.risks.push_back(fmt::format(
      "Instances of {} start only where the key's policy lets SageMaker use {}; after the key is "
      "disabled none does.",
      decision_.broken->target.name, key));
}

// Which endpoints run too few instances: only these take their counts from the new configuration.
void ConfigDecider::find_takers() {
  for (const std::string& endpoint : endpoints_) {
    const json::Value live = serving_.graph.endpoints.get(endpoint);
    for (const json::Value variant : config_[list_].elements())
      if (has_too_few(variant) &&
          live_count(live, list_, variant["VariantName"].string_or("")) < kLeastInstances)
        decision_.takes_counts.insert(endpoint);
  }
}

// Application Auto Scaling's bounds on every endpoint; an error's text, or nothing.
std::string ConfigDecider::read_scaling(json::Value variant) {
  const std::string name(variant["VariantName"].string_or(""));
  for (const std::string& endpoint : endpoints_) {
    Observation seen{
        describe_scaling(endpoint, name), "", {"ScalableTargets[*].PredictedCapacity"}};
    const aws::Answer answer = serving_.planning.reader.read(seen.read);
    if (!answer) return unread_text(answer.error());
    seen.output = json_value(answer->root);
    decision_.observed.push_back(seen);
    const json::Value target = answer->root["ScalableTargets"].at(0);
    if (!target.exists()) continue;
    ScalingBounds bounds{endpoint, name, std::move(seen), int_or(target["MinCapacity"], 0),
                         int_or(target["MaxCapacity"], 0)};
    if (bounds.least >= kLeastInstances) continue;
    decision_.scaling.push_back(std::move(bounds));
  }
  return {};
}

void ConfigDecider::counts(const Repaired& finding) {
  const auto fails = [&](std::string_view list) {
    for (const json::Value variant : config_[list].elements())
      if (has_too_few(variant)) return true;
    return false;
  };
  // Shadow variants count only where the control's parameter says so; then they alone can fail it.
  if (!fails(list_)) list_ = "ShadowProductionVariants";
  if (!fails(list_)) return decision_.refuse(finding, stale_text());
  for (const json::Value variant : config_[list_].elements()) {
    if (!has_too_few(variant)) continue;
    if (variant["InstancePools"].size() > 0 && !variant["InitialInstanceCount"].exists())
      return decision_.refuse(
          finding, fmt::format("variant {} gets its instances from pools, for which AWS does not "
                               "say how many it starts with: set missing_instance_count to ignore, "
                               "or record an exception with the reason",
                               variant["VariantName"].string_or("")));
  }
  for (const json::Value variant : config_[list_].elements()) {
    if (!has_too_few(variant)) continue;
    if (std::string why = read_scaling(variant); !why.empty()) {
      decision_.scaling.clear();
      decision_.observed.clear();
      return decision_.refuse(finding, std::move(why));
    }
  }
  decision_.repaired.push_back(finding);
  find_takers();
  say_scaling();
  for (const std::string_view list : {"ProductionVariants", "ShadowProductionVariants"}) {
    size_t position = 0;
    for (const json::Value variant : config_[list].elements()) raise(list, position++, variant);
  }
}

void ConfigDecider::say_scaling() {
  for (const ScalingBounds& bounds : decision_.scaling) {
    std::string text =
        fmt::format("Auto scaling keeps at least {} instances of {}/{} from now on, instead of {}",
                    kLeastInstances, bounds.endpoint, bounds.variant, bounds.least);
    if (bounds.most < kLeastInstances)
      text +=
          fmt::format(", and its maximum becomes {} instead of {}", kLeastInstances, bounds.most);
    decision_.risks.push_back(text + ".");
  }
}

void ConfigDecider::raise(std::string_view list, size_t position, json::Value variant) {
  if (!has_instances(variant)) return;
  const std::string_view name = variant["VariantName"].string_or("");
  const int64_t old = int_or(variant["InitialInstanceCount"], 0);
  const bool is_wrong = list == list_ && has_too_few(variant);
  const std::set<std::string>& takers = decision_.takes_counts;
  int64_t count = is_wrong ? kLeastInstances : old;
  // Who takes a count from here must not run fewer than before.
  if (is_wrong || !takers.empty())
    for (const std::string& endpoint : takers.empty() ? endpoints_ : takers)
      count = std::max(count, live_count(serving_.graph.endpoints.get(endpoint), list, name));
  if (count == old) return;
  const std::string path = fmt::format("{}[{}]", list, position);
  decision_.edits.push_back({path + ".InitialInstanceCount", std::to_string(count)});
  raise_managed_scaling(path, variant, count);
  for (const std::string& endpoint : takers) {
    const int64_t live = live_count(serving_.graph.endpoints.get(endpoint), list, name);
    if (live < count)
      decision_.costs.push_back(fmt::format("{} × {} more for {}/{} from then on", count - live,
                                            variant["InstanceType"].string_or("instance"), endpoint,
                                            name));
  }
}

// SageMaker's own scaling would take the instances away again, or refuse that many.
void ConfigDecider::raise_managed_scaling(const std::string& path, json::Value variant,
                                          int64_t count) {
  const json::Value scaling = variant["ManagedInstanceScaling"];
  if (!scaling.is_object()) return;
  const std::string below = path + ".ManagedInstanceScaling";
  if (scaling["MinInstanceCount"].exists() &&
      int_or(scaling["MinInstanceCount"], kLeastInstances) < kLeastInstances)
    decision_.edits.push_back({below + ".MinInstanceCount", std::to_string(kLeastInstances)});
  if (scaling["MaxInstanceCount"].exists() && int_or(scaling["MaxInstanceCount"], count) < count)
    decision_.edits.push_back({below + ".MaxInstanceCount", std::to_string(count)});
  decision_.risks.push_back(
      fmt::format("SageMaker's own scaling of variant {} keeps at least 2 instances from now on.",
                  variant["VariantName"].string_or("")));
}

}  // namespace

Decision decide_config(const Broken& broken, const Serving& serving) {
  const auto error = serving.graph.configs.errors.find(broken.target.name);
  if (error != serving.graph.configs.errors.end()) {
    Decision decision{.broken = &broken};
    decision.refuse_all({unread_text(error->second)});
    return decision;
  }
  return ConfigDecider(broken, serving, serving.graph.configs.get(broken.target.name)).decide();
}

}  // namespace sagewarden::remediate
