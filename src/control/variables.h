// What the expressions of a control can see.
#pragma once

#include <array>
#include <string_view>

#include "cel/cel.h"
#include "control/control.h"
#include "model/resource.h"

namespace sagewarden {

inline constexpr std::array<std::string_view, 7> kVariableNames = {
    "resource", "tags", "params", "account", "region", "partition", "type"};

using Variables = std::array<cel::Value, kVariableNames.size()>;

// In the order of the names. They are views of the resource, the control and the parameters.
Variables variables_of(const Control& control, json::Value parameters, const Resource& resource);

// judge() and explain() with other parameters than the control's own: for its tests.
Verdict judge_with(const Control& control, json::Value parameters, const Resource& resource,
                   cel::Scratch& scratch);
// `parameters` are those that `params` is made of, for the sentence that names them.
Grounds explain_with(const Control& control, json::Value parameters, const Resource& resource,
                     Verdict verdict, cel::Scratch& scratch);
// Where the evidence with that path stands in its file, or else its nearest parent with a place.
Mark place_of_evidence(const Resource& resource, std::string_view path);

}  // namespace sagewarden
