// A notebook instance whose network or key is wrong: neither can be changed, so a new instance, its
// twin, has to take its place, and what lies on the volume has to get there.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/json.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {

// The guided way, by a bucket that the user names: the old instance saves its volume there, the
// twin is made and restores it, and the old one stays, stopped. `observed` has the instance's and
// the tags' observations. Error: why that cannot be done.
tl::expected<Action, std::string> plan_notebook_twin(const Broken& broken, json::Value described,
                                                     const Action& observed,
                                                     const Planning& planning);

// The same as steps for a person.
Action twin_by_hand(const Broken& broken, json::Value described, const Action& observed,
                    const PlanOptions& options);

}  // namespace sagewarden::remediate
