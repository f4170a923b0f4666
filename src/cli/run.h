// The program, from its words to its exit status.
#pragma once

#include <span>
#include <string_view>

#include "base/output.h"

namespace sagewarden {

// Results go to `out`, everything else to the descriptor of standard error.
int run(std::span<const std::string_view> words, Output& out, int error_descriptor);

}  // namespace sagewarden
