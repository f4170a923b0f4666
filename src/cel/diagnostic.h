// How a fault in an expression is shown: line, column, the line itself and a caret below the place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sagewarden::cel {

// "line 1, column 12: MESSAGE\n  resource.A == (1\n             ^". A long line is cut around the
// place. Without a place (an offset beyond the text) only the message.
std::string point_at(std::string_view expression, uint32_t offset, std::string_view message);

}  // namespace sagewarden::cel
