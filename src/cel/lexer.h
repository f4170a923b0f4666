// From text to tokens. A token is a view of the expression; literals keep their spelling and are
// read by literal.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sagewarden::cel {

// A fault found while compiling: what, and where in the expression.
struct Fault {
  uint32_t offset = 0;
  std::string message;
};

struct Token {
  enum class Kind : uint8_t {
    End,
    Identifier,
    Quoted,  // `name`, without its backticks
    Int,
    Uint,
    Double,
    String,  // with prefixes and quotes
    Bytes,
    Symbol,  // operators, brackets, and the words `in`, `true`, `false`, `null`
  };
  Kind kind = Kind::End;
  std::string_view text;
  uint32_t offset = 0;
  uint32_t size = 0;  // of what stands there, with backticks

  bool is(std::string_view symbol) const { return kind == Kind::Symbol && text == symbol; }
};

// The tokens with one of kind End behind; false (and the fault) when the text has something that is
// no token.
bool tokenize(std::string_view expression, std::vector<Token>& tokens, Fault& fault);

}  // namespace sagewarden::cel
