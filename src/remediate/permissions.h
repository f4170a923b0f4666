// What the repairs of a control can need to be allowed, whatever the plan will be: for a role that
// is made before there is one. Of a plan itself: plan_permissions.h.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace sagewarden::remediate {

// IAM actions, sorted; empty when all of these controls are repaired by hand.
std::vector<std::string> iam_actions(std::span<const std::string> controls);

}  // namespace sagewarden::remediate
