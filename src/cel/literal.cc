#include "cel/literal.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.h"

namespace sagewarden::cel {
namespace {

struct Simple {
  char letter;
  char meaning;
};
constexpr Simple kSimpleEscapes[] = {
    {'a', '\a'}, {'b', '\b'}, {'f', '\f'},  {'n', '\n'},  {'r', '\r'}, {'t', '\t'},
    {'v', '\v'}, {'"', '"'},  {'\'', '\''}, {'\\', '\\'}, {'?', '?'},  {'`', '`'},
};

// Escapes that give a number: how many digits follow, in which base.
struct Numeric {
  char letter;
  size_t digits;
  int base;
  bool code_point;  // \u and \U name a character and have no place in bytes
};
constexpr Numeric kNumericEscapes[] = {
    {'x', 2, 16, false}, {'X', 2, 16, false}, {'u', 4, 16, true}, {'U', 8, 16, true},
    {'0', 3, 8, false},  {'1', 3, 8, false},  {'2', 3, 8, false}, {'3', 3, 8, false},
};

// Reads the escape at the front of `rest`, behind its backslash. Empty message: it went well.
std::string read_escape(std::string_view& rest, bool bytes, std::string& content) {
  const char letter = rest.empty() ? '\0' : rest[0];
  for (const Simple& simple : kSimpleEscapes) {
    if (simple.letter != letter) continue;
    content += simple.meaning;
    rest.remove_prefix(1);
    return {};
  }
  for (const Numeric& numeric : kNumericEscapes) {
    if (numeric.letter != letter) continue;
    const std::string_view digits =
        rest.substr(numeric.base == 8 ? 0 : 1, std::min(rest.size(), numeric.digits));
    uint32_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, numeric.base);
    if (error != std::errc() || digits.size() < numeric.digits ||
        end != digits.data() + digits.size())
      return "this escape wants " + std::to_string(numeric.digits) + " digits";
    if (bytes && numeric.code_point) return "\\u and \\U name a character: not in bytes";
    if (number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) return "no such character";
    if (bytes) {
      content += static_cast<char>(number);
    } else {
      append_utf8(content, number);
    }
    rest.remove_prefix(digits.size() + (numeric.base == 8 ? 0 : 1));
    return {};
  }
  return "no such escape";
}

}  // namespace

std::optional<uint64_t> read_magnitude(std::string_view spelling) {
  if (!spelling.empty() && (spelling.back() == 'u' || spelling.back() == 'U'))
    spelling.remove_suffix(1);
  int base = 10;
  if (spelling.starts_with("0x") || spelling.starts_with("0X")) {
    spelling.remove_prefix(2);
    base = 16;
  }
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(spelling.data(), spelling.data() + spelling.size(), number, base);
  if (error != std::errc() || end != spelling.data() + spelling.size()) return std::nullopt;
  return number;
}

std::optional<double> read_double(std::string_view spelling) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(spelling.data(), spelling.data() + spelling.size(), number);
  if (end != spelling.data() + spelling.size()) return std::nullopt;
  if (error == std::errc()) return number;
  // Too large, or too small and then zero: from_chars() does not say which.
  number = std::strtod(std::string(spelling).c_str(), nullptr);
  return std::fabs(number) < 1 ? std::optional(number) : std::nullopt;
}

void append_utf8(std::string& out, uint32_t code_point) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0U | (code_point >> 6U));
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0U | (code_point >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code_point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool read_string(const Token& token, std::string& content, Fault& fault) {
  std::string_view rest = token.text;
  const size_t quote = rest.find_first_of("\"'");
  const bool raw = rest.substr(0, quote).find_first_of("rR") != std::string_view::npos;
  const bool bytes = token.kind == Token::Kind::Bytes;
  rest.remove_prefix(quote);
  const bool triple = rest.size() >= 6 && rest[1] == rest[0] && rest[2] == rest[0];
  rest = rest.substr(triple ? 3 : 1, rest.size() - (triple ? 6 : 2));
  if (raw) {
    content = rest;
    return true;
  }
  content.clear();
  while (!rest.empty()) {
    const size_t plain = std::min(rest.find('\\'), rest.size());
    content += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    const auto offset = static_cast<uint32_t>(rest.data() - token.text.data()) + token.offset;
    rest.remove_prefix(1);
    std::string wrong = read_escape(rest, bytes, content);
    if (!wrong.empty()) {
      fault = {offset, std::move(wrong)};
      return false;
    }
  }
  return true;
}

}  // namespace sagewarden::cel
