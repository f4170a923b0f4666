// The version of the program.
#pragma once

#include <string_view>

namespace sagewarden {

std::string_view program_version();  // "0.1.0"

}  // namespace sagewarden
