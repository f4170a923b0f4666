// The two switches of a monitoring job's network that controls ask for: for definitions of their
// own and for those inside a schedule.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {

inline constexpr std::string_view kIsolation = "EnableNetworkIsolation";
inline constexpr std::string_view kEncryption = "EnableInterContainerTrafficEncryption";

// The control's switch; empty for a control of something else.
std::string_view switch_of(std::string_view control);
// Those of the resource's findings that are not on in the network configuration, each once.
std::vector<std::string_view> switches_off(const Broken& broken, json::Value network);
// Without the findings that only isolation ends, where the job is one of Clarify's and the user has
// not said that it may be isolated: these become an action by hand.
Broken without_clarify_isolation(const Broken& broken, const PlanOptions& options,
                                 std::vector<Action>& actions);
// "runs isolated from the network and encrypts what its containers send to each other"
std::string effect_of(std::span<const std::string_view> switches);
// What can go wrong. `calls_out`: the job is one of Clarify's, which calls a model.
std::vector<std::string> risks_of(std::span<const std::string_view> switches, json::Value network,
                                  bool calls_out);

}  // namespace sagewarden::remediate
