#include "cel/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace sagewarden::cel {
namespace {

constexpr size_t kBefore = 100;  // bytes of the line shown before the place
constexpr size_t kAfter = 60;    // and after it

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// What moves the caret: one column for each character of the text, tabs kept as they are.
std::string blanks_for(std::string_view text) {
  std::string blanks;
  for (const char byte : text) {
    if (!continues_character(byte)) blanks += byte == '\t' ? '\t' : ' ';
  }
  return blanks;
}

}  // namespace

std::string point_at(std::string_view expression, uint32_t offset, std::string_view message) {
  if (offset > expression.size()) return std::string(message);
  const auto [line, column] = line_and_column(expression, offset);
  const size_t line_break =
      offset == 0 ? std::string_view::npos : expression.rfind('\n', offset - 1);
  const size_t line_start = line_break == std::string_view::npos ? 0 : line_break + 1;
  const size_t line_end = std::min(expression.find('\n', offset), expression.size());
  size_t start = offset - line_start > kBefore ? offset - kBefore : line_start;
  while (start < offset && continues_character(expression[start])) ++start;
  size_t end = std::min<size_t>(line_end, offset + kAfter);
  while (end < line_end && continues_character(expression[end])) ++end;
  std::string_view before = expression.substr(start, offset - start);
  std::string_view after = expression.substr(offset, end - offset);
  if (!after.empty() && after.back() == '\r') after.remove_suffix(1);
  return fmt::format("line {}, column {}: {}\n  {}{}{}{}\n  {}{}^", line, column, message,
                     start > line_start ? "…" : "", before, after, end < line_end ? "…" : "",
                     start > line_start ? " " : "", blanks_for(before));
}

}  // namespace sagewarden::cel
