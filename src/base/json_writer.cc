#include "base/json_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace sagewarden::json {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

void append_escape(std::string& out, char byte) {
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      const auto code = static_cast<unsigned char>(byte);
      out += "\\u00";
      out += kHex[code >> 4];
      out += kHex[code & 15];
    }
  }
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  assert(error == std::errc());
  out.append(buffer.data(), end);
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  size_t plain = 0;  // start of the run that needs no escape
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80) {
      const size_t length = utf8_length(text.substr(at));
      // Whoever looks at the file must see what a program reads from it.
      const uint32_t mark = direction_mark(text.substr(at));
      if (length != 0 && mark == 0) {
        at += length;
        continue;
      }
      out.append(text, plain, at - plain);
      out += mark == 0 ? "\xEF\xBF\xBD" : fmt::format("\\u{:04x}", mark);
      at += std::max<size_t>(length, 1);
      plain = at;
    } else if (byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F) {
      out.append(text, plain, at - plain);
      append_escape(out, text[at]);
      plain = ++at;
    } else {
      ++at;
    }
  }
  out.append(text, plain);
  out += '"';
}

void Writer::newline() {
  if (style_ == Style::Compact) return;
  out_ += '\n';
  out_.append(2 * has_items_.size(), ' ');
}

void Writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) return;
  if (has_items_.back()) out_ += ',';
  has_items_.back() = true;
  newline();
}

void Writer::open(char bracket) {
  before_value();
  out_ += bracket;
  has_items_.push_back(false);
}

void Writer::close(char bracket) {
  assert(!has_items_.empty() && !after_key_);
  const bool had_items = has_items_.back();
  has_items_.pop_back();
  if (had_items) newline();
  out_ += bracket;
}

Writer& Writer::begin_object() {
  open('{');
  return *this;
}
Writer& Writer::end_object() {
  close('}');
  return *this;
}
Writer& Writer::begin_array() {
  open('[');
  return *this;
}
Writer& Writer::end_array() {
  close(']');
  return *this;
}

Writer& Writer::key(std::string_view name) {
  assert(!has_items_.empty() && !after_key_);
  before_value();
  append_quoted(out_, name);
  out_ += style_ == Style::Compact ? ":" : ": ";
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  before_value();
  append_quoted(out_, text);
  return *this;
}

Writer& Writer::boolean(bool value) {
  return raw(value ? "true" : "false");
}
Writer& Writer::null() {
  return raw("null");
}

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

Writer& Writer::integer(int64_t value) {
  before_value();
  append_number(out_, value);
  return *this;
}

Writer& Writer::unsigned_integer(uint64_t value) {
  before_value();
  append_number(out_, value);
  return *this;
}

Writer& Writer::real(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  append_number(out_, value);
  return *this;
}

Writer& Writer::value(Value value) {  // NOLINT(misc-no-recursion): Parser bounds the depth
  switch (value.kind()) {
    case Kind::Missing:
    case Kind::Null:
      return null();
    case Kind::Bool:
      return boolean(value.boolean());
    case Kind::Int:
      return integer(value.integer());
    case Kind::Uint:
      return unsigned_integer(value.unsigned_integer());
    case Kind::Double:
      return real(value.real());
    case Kind::String:
      return string(value.string());
    case Kind::Array:
      begin_array();
      for (const Value element : value.elements()) this->value(element);
      return end_array();
    case Kind::Object:
      begin_object();
      for (const auto& [name, child] : value.members()) key(name).value(child);
      return end_object();
  }
  return *this;
}

}  // namespace sagewarden::json
