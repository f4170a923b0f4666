// Reading the spelling of literals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cel/lexer.h"

namespace sagewarden::cel {

// The number of an Int or Uint token without its sign; nothing when it does not fit 64 bits.
std::optional<uint64_t> read_magnitude(std::string_view spelling);
// A decimal number, with a sign or without; what is too small for a double is zero.
std::optional<double> read_double(std::string_view spelling);

// The content of a String or Bytes token, escapes resolved; false (and the fault) when an escape is
// wrong.
bool read_string(const Token& token, std::string& content, Fault& fault);

// Appends a code point in UTF-8.
void append_utf8(std::string& out, uint32_t code_point);

}  // namespace sagewarden::cel
