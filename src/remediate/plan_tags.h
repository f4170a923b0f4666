// Tags, which every type of resource takes in place and at any time.
#pragma once

#include "remediate/planner.h"

namespace sagewarden::remediate {

// The action that gives the resource those of the user's tags whose keys it does not have; by hand
// where there are none to give. `observed` holds what observe() saw.
Action plan_tags(const Broken& broken, Action observed, const Planning& planning);

}  // namespace sagewarden::remediate
