// What is said about AWS's answers: never what may be a secret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/call_error.h"
#include "remediate/plan.h"

namespace sagewarden::remediate {

// The first expectation that the answer does not meet, as what is seen and what is wanted:
// `EndpointStatus is "Failed", not "InService"`. Empty when all are met.
std::string unmet(const std::vector<Expectation>& expected, json::Value root);
// The first one that it meets: `EndpointStatus is "Failed"`. Empty when none is.
std::string met(const std::vector<Expectation>& expected, json::Value root);

// What AWS says is taken as it is but for what the call's input holds below Environment and the
// like: AWS repeats what it finds wrong.

// Why something failed, to be put behind a sentence; empty where AWS does not say.
std::string reason_of(json::Value root, const PlannedCall& planned);
// Why a call failed, and what to allow when that is why.
std::string told(const aws::CallError& error, const PlannedCall& planned,
                 const std::vector<std::string>& also_needs);

}  // namespace sagewarden::remediate
