// Values written out for people.
#pragma once

#include <string>
#include <string_view>

#include "cel/value.h"

namespace sagewarden::cel {

// JSON of the value, as far as JSON has it: what is not known inside of it is written as (not
// known). Cut, with an ellipsis, where it grows longer than a line or two.
std::string spell(const Value& value);

// Appends a member to a path: ".Name", or ["a name"] when it is no plain word.
void append_member(std::string& path, std::string_view name);

}  // namespace sagewarden::cel
