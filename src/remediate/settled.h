// Whether an action has nothing left to do, because it was carried out before: by another execution
// of the same plan, or by hand.
#pragma once

#include <vector>

#include "remediate/plan.h"
#include "remediate/reader.h"

namespace sagewarden::remediate {

// Whether AWS shows all that the steps are to leave behind. What a later step changes again
// (stopped, for an update) does not count. What AWS does not answer counts as not there.
bool is_settled(const std::vector<Step>& steps, const Reader& reader);

}  // namespace sagewarden::remediate
