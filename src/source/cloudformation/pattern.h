// What an AllowedPattern says about the empty text.
#pragma once

#include <string_view>

namespace sagewarden::cloudformation {

// Whether the pattern (a Java regular expression that the whole text must match) is sure to refuse
// the empty text. What is not understood is taken to match it.
bool refuses_empty_text(std::string_view pattern);

}  // namespace sagewarden::cloudformation
