// The name of the resource type that a control is about: a control whose type is mistyped would
// never be asked.
#pragma once

#include <string>
#include <string_view>

namespace sagewarden {

// Why it can be no type of a resource, or whose name was probably meant; empty when it may be one.
std::string type_problem(std::string_view type);

}  // namespace sagewarden
