#include "remediate/job_network.h"

#include <fmt/core.h>

#include <algorithm>

#include "remediate/family.h"

namespace sagewarden::remediate {
namespace {

struct NetworkSwitch {
  std::string_view control;
  std::string_view name;
};

constexpr NetworkSwitch kNetworkSwitches[] = {
    {"SageMaker.9", kEncryption},  {"SageMaker.10", kEncryption}, {"SageMaker.11", kIsolation},
    {"SageMaker.12", kIsolation},  {"SageMaker.13", kEncryption}, {"SageMaker.14", kIsolation},
    {"SageMaker.15", kEncryption}, {"SageMaker.20", kIsolation},  {"SageMaker.22", kEncryption},
    {"SageMaker.25", kIsolation},
};

bool is_switched_on(json::Value network, std::string_view name) {
  return network[name].is_bool() && network[name].boolean();
}

bool has_switch(std::span<const std::string_view> switches, std::string_view name) {
  return std::ranges::find(switches, name) != switches.end();
}

}  // namespace

std::string_view switch_of(std::string_view control) {
  for (const auto& [id, name] : kNetworkSwitches)
    if (id == control) return name;
  return {};
}

std::vector<std::string_view> switches_off(const Broken& broken, json::Value network) {
  std::vector<std::string_view> off;
  for (const Repaired& repaired : broken.findings) {
    const std::string_view name = switch_of(repaired.control);
    if (!name.empty() && !is_switched_on(network, name) && !has_switch(off, name))
      off.push_back(name);
  }
  std::ranges::sort(off);
  return off;
}

Broken without_clarify_isolation(const Broken& broken, const PlanOptions& options,
                                 std::vector<Action>& actions) {
  if (options.isolate_clarify) return broken;
  std::vector<std::string_view> isolating;
  for (const Repaired& repaired : broken.findings)
    if (switch_of(repaired.control) == kIsolation) isolating.push_back(repaired.control);
  if (isolating.empty()) return broken;
  actions.push_back(left_to_people(
      only(broken, isolating),
      fmt::format("{} is SageMaker Clarify's, and is not isolated without your word.",
                  broken.target.name),
      {"Clarify asks a shadow endpoint of the model for explanations and for bias after training, "
       "and its documentation says that such a job must not be isolated. Where it needs none (bias "
       "of the data alone), plan with --isolate-clarify and look at the first execution; otherwise "
       "record an exception with the reason."}));
  return without(broken, isolating);
}

std::string effect_of(std::span<const std::string_view> switches) {
  std::vector<std::string> effects;
  if (has_switch(switches, kIsolation)) effects.emplace_back("runs isolated from the network");
  if (has_switch(switches, kEncryption))
    effects.emplace_back("encrypts what its containers send to each other");
  return listed(effects);
}

std::vector<std::string> risks_of(std::span<const std::string_view> switches, json::Value network,
                                  bool calls_out) {
  std::vector<std::string> risks;
  if (has_switch(switches, kIsolation)) {
    risks.emplace_back(
        "An isolated job reaches nothing but its input and output: scripts of its own that call "
        "other services stop working.");
    if (calls_out)
      risks.emplace_back(
          "SageMaker Clarify asks a shadow endpoint of the model for explanations and for bias "
          "after training, and its documentation says that such a job must not be isolated. Look "
          "at the first execution afterwards; if it fails, undo this and record an exception.");
  }
  if (has_switch(switches, kEncryption)) {
    risks.emplace_back("Jobs on several instances take longer.");
    if (network["VpcConfig"].is_object())
      risks.emplace_back(
          "The job runs in a VPC: its security groups must let each other in and out on UDP 500 "
          "and IP protocol 50 (ESP), otherwise it fails.");
  }
  return risks;
}

}  // namespace sagewarden::remediate
