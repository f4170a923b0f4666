// What controls and exceptions read of the resources that they are about: a live scan asks AWS for
// nothing else.
#pragma once

#include <span>
#include <vector>

#include "control/control.h"
#include "evaluate/exceptions.h"
#include "source/live/live.h"

namespace sagewarden {

// Sorted by type.
std::vector<live::TypeNeeds> needs_of(std::span<const Control> controls,
                                      const Exceptions& exceptions);

}  // namespace sagewarden
