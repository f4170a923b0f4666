// Writing JSON: the one way. Appends to a string, compact, always valid UTF-8 (what is not is
// replaced by U+FFFD).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sagewarden::json {

// Commas and colons come by themselves; the caller keeps begin/end and key/value in order
// (asserted).
class Writer {
 public:
  enum class Style { Compact, Indented };

  explicit Writer(std::string& out, Style style = Style::Compact) : out_(out), style_(style) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& boolean(bool value);
  Writer& integer(int64_t value);
  Writer& unsigned_integer(uint64_t value);
  Writer& real(double value);  // a value that is not finite is written as null
  Writer& null();
  Writer& value(Value value);          // a whole parsed value, Missing as null
  Writer& raw(std::string_view json);  // text that is already one JSON value

  // key and value in one call
  Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }

 private:
  void before_value();
  void open(char bracket);
  void close(char bracket);
  void newline();

  std::string& out_;
  Style style_;
  std::vector<bool> has_items_;  // one entry for each open object or array
  bool after_key_ = false;
};

// Appends the text with quotes around and escapes inside.
void append_quoted(std::string& out, std::string_view text);

}  // namespace sagewarden::json
