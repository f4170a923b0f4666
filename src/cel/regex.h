// Regular expressions, by RE2: linear in the text, whatever the pattern.
#pragma once

#include <re2/re2.h>

#include <string_view>

#include "cel/context.h"
#include "cel/value.h"

namespace sagewarden::cel {

// Quiet, and with bounded memory.
RE2::Options regex_options();

// Whether the pattern occurs in the text.
Value search(Context& context, std::string_view text, const RE2& regex);

}  // namespace sagewarden::cel
