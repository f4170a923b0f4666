// How values are spelled.
#pragma once

#include <string>

namespace sagewarden::cel {

// The shortest spelling that reads back as the same number; "NaN", "Infinity", "-Infinity".
std::string write_double(double value);

}  // namespace sagewarden::cel
