// What controls and exceptions read of the resources that they are about: a live scan asks AWS for
// nothing else.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "control/control.h"
#include "evaluate/exceptions.h"
#include "source/live/live.h"

namespace sagewarden {

// Sorted by type.
std::vector<live::TypeNeeds> needs_of(std::span<const Control> controls,
                                      const Exceptions& exceptions);

// Those whose tags are read; views of the needs.
std::vector<std::string_view> types_by_tags(std::span<const live::TypeNeeds> needs);

// All that can be read of all types: for a bundle, that any control may be applied to later.
std::vector<live::TypeNeeds> needs_of_all();

}  // namespace sagewarden
