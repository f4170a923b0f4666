// The JSON values of a text that holds one, several behind one another (what a shell loop of AWS
// CLI calls writes), one a line (NDJSON), or a list of them. Only cuts: each piece is for the
// parser to judge, so that one broken value does not take the others with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sagewarden::api {

struct Piece {
  enum class Kind : uint8_t {
    Value,      // begins with a bracket and ends with the one that belongs to it
    Truncated,  // the text ends before the value does
    Text,       // something else: a scalar, or no JSON at all, up to the next line with a bracket
  };
  Kind kind = Kind::Value;
  std::string_view text;
  uint32_t line = 1;
  uint32_t column = 1;
};

// Hands out one piece after the other, each a view into the text. A list at the top gives its
// elements; one that does not end well gives a last piece of another kind than Value.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : text_(text) {}
  std::optional<Piece> next();

 private:
  void skip_blanks();
  void move_to(size_t offset);
  Piece piece_to(size_t end, Piece::Kind kind);
  Piece value_or_text();
  Piece element();

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  size_t line_start_ = 0;
  bool in_list_ = false;
  bool is_first_ = true;  // of the list's elements
};

}  // namespace sagewarden::api
