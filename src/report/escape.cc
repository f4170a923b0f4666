#include "report/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace sagewarden {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026
constexpr std::string_view kHex = "0123456789ABCDEF";

struct Character {
  std::string_view bytes;  // one byte of broken UTF-8, or a whole character
  uint32_t code;           // U+FFFD for a broken byte
};

// Cuts the first character off; the text is not empty.
Character take(std::string_view& text) {
  const size_t length = utf8_length(text);
  Character out{text.substr(0, std::max<size_t>(length, 1)), 0xFFFD};
  if (length == 1) {
    out.code = static_cast<unsigned char>(text[0]);
  } else if (length > 1) {
    // The first byte of 2, 3 or 4 has 5, 4 or 3 bits of the code, each other byte 6.
    out.code = static_cast<unsigned char>(text[0]) & (0xFFU >> (length + 1));
    for (const char byte : out.bytes.substr(1))
      out.code = (out.code << 6) | (static_cast<unsigned char>(byte) & 0x3FU);
  }
  text.remove_prefix(out.bytes.size());
  return out;
}

bool is_control(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

// What stands for a character that its reader must not get as it is: U+FFFD for a control character
// and for a broken byte, the code for one that turns the direction of text. Nothing for the others.
std::string replacement_of(const Character& character) {
  if (is_control(character.code) || character.code == 0xFFFD) return std::string(kReplacement);
  return direction_mark(character.bytes) == 0 ? std::string() : printable(character.bytes);
}

void append_replaced(std::string& out, const Character& character) {
  const std::string other = replacement_of(character);
  out += other.empty() ? character.bytes : std::string_view(other);
}

struct Range {
  uint32_t first;
  uint32_t last;
};
// What terminals draw two columns wide (Unicode's East Asian Width, in round blocks), and what they
// draw on top of the character before.
constexpr std::array<Range, 10> kWide = {{{0x1100, 0x115F},
                                          {0x2E80, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1F64F},
                                          {0x1F900, 0x1F9FF},
                                          {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 5> kZero = {
    {{0x0300, 0x036F}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};

template <size_t Size>
bool in(const std::array<Range, Size>& ranges, uint32_t code) {
  return std::ranges::any_of(
      ranges, [code](Range range) { return code >= range.first && code <= range.last; });
}

size_t columns_of(uint32_t code) {
  if (code < 0x300) return 1;
  if (in(kZero, code)) return 0;
  return in(kWide, code) ? 2 : 1;
}

void append_reference(std::string& out, uint32_t code) {
  ((out += "&#") += std::to_string(code)) += ';';
}

bool is_alphanumeric(uint32_t code) {
  return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
         (code >= 'a' && code <= 'z');
}

// Whether a spreadsheet takes a cell that begins so for a formula. Blanks and quotes before it do
// not stop all of them, and East Asian versions take the full-width signs too.
bool starts_formula(std::string_view text) {
  while (!text.empty()) {
    const Character first = take(text);
    switch (first.code) {
      case ' ':
      case '"':
      case '\'':
      case 0xA0:    // no-break space
      case 0xFEFF:  // byte order mark
        continue;
      case '=':
      case '+':
      case '-':
      case '@':
      case '\t':
      case '\r':
      case '\n':
      case 0xFF1D:
      case 0xFF0B:
      case 0xFF0D:
      case 0xFF20:
        return true;
      default:
        return false;
    }
  }
  return false;
}

}  // namespace

std::string as_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character next = take(text);
    out += next.code == 0xFFFD ? kReplacement : next.bytes;
  }
  return out;
}

std::string shortened(std::string_view text, size_t bytes) {
  // Broken bytes grow to three, so the length is only known once they are mended.
  std::string whole = as_utf8(text.substr(0, bytes + 4));
  if (text.size() <= bytes && whole.size() <= bytes) return whole;
  const size_t room = bytes < kEllipsis.size() ? 0 : bytes - kEllipsis.size();
  size_t end = 0;
  for (std::string_view rest = whole; !rest.empty();) {
    const size_t length = take(rest).bytes.size();
    if (end + length > room) break;
    end += length;
  }
  whole.resize(end);
  return bytes < kEllipsis.size() ? whole : whole.append(kEllipsis);
}

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool blank = false;
  while (!text.empty()) {
    const Character next = take(text);
    if (next.code == ' ' || (next.code >= '\t' && next.code <= '\r')) {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    append_replaced(out, next);
  }
  return out;
}

std::string directed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character next = take(text);
    if (direction_mark(next.bytes) == 0)
      out += next.bytes;
    else
      out += printable(next.bytes);
  }
  return out;
}

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const Character next = take(text);
    switch (next.code) {
      case '&':
      case '<':
      case '>':
      case '"':
      case '\'':
      case '`':
        append_reference(out, next.code);
        break;
      case '\n':
      case '\t':
        out += next.bytes;
        break;
      default:
        append_replaced(out, next);
    }
  }
  return out;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const Character next = take(text);
    switch (next.code) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\t':
      case '\n':
      case '\r':
        append_reference(out, next.code);
        break;
      case 0xFFFE:
      case 0xFFFF:
        // XML 1.0 has no way to write these, nor control characters; U+007F to U+009F are allowed,
        // but of no use.
        out += kReplacement;
        break;
      default:
        append_replaced(out, next);
    }
  }
  return out;
}

std::string uri_encoded(std::string_view path) {
  constexpr std::string_view kUnreserved = "-._~/";
  std::string out;
  for (const char byte : path) {
    const auto code = static_cast<unsigned char>(byte);
    if (is_alphanumeric(code) || kUnreserved.find(byte) != std::string_view::npos)
      out += byte;
    else
      ((out += '%') += kHex[code >> 4]) += kHex[code & 15];
  }
  return out;
}

std::string csv_cell(std::string_view text) {
  std::string cell = starts_formula(text) ? "'" : "";
  bool quoted = false;
  while (!text.empty()) {
    const Character next = take(text);
    if (next.code == '\r' || next.code == '\n') {
      cell += ' ';
    } else if (const std::string other = replacement_of(next);
               !other.empty() && next.code != '\t') {
      cell += other;
    } else {
      cell += next.bytes;
      if (next.code == '"') cell += '"';
      // A semicolon or a tab separates cells in some countries' spreadsheets.
      quoted |= std::string_view(",\";\t").find(next.bytes[0]) != std::string_view::npos;
    }
  }
  // Blanks at the ends belong to the cell, which some readers only believe inside quotes.
  quoted |= !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
  return quoted ? "\"" + cell + "\"" : cell;
}

std::string markdown_code(std::string_view text) {
  const std::string line = one_line(text);
  if (line.empty()) return "";
  size_t longest = 0;
  size_t run = 0;
  for (const char c : line) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  // A backtick at an end would join the fence.
  const bool pad = line.front() == '`' || line.back() == '`';
  const std::string_view blank = pad ? " " : "";
  return (fence + std::string(blank)).append(line).append(blank).append(fence);
}

std::string markdown_words(std::string_view text) {
  std::string out;
  const std::string line = one_line(text);
  bool number = true;  // nothing but digits so far: "1." and "1)" would begin a list
  char before = '\0';  // "www." would begin a link
  for (std::string_view rest = line; !rest.empty();) {
    const bool first = rest.size() == line.size();
    const Character next = take(rest);
    const char c = next.bytes[0];
    // Sentences stay readable in the source: these do nothing between words, and the second row
    // nothing unless a line begins with them.
    bool harmless = std::string_view(" ,;'%/").find(c) != std::string_view::npos ||
                    (!first && std::string_view(".-()\"?=").find(c) != std::string_view::npos);
    if ((c == '.' || c == ')') && (number || before == 'w' || before == 'W')) harmless = false;
    if (c == ':') harmless = !rest.starts_with('/');  // "https://" would begin a link
    if (next.code >= 0x80 || is_alphanumeric(next.code) || harmless)
      out += next.bytes;
    else
      append_reference(out, next.code);
    // Mentions, addresses and issue numbers are found in the text that results, references or not;
    // a word joiner, which is not shown, keeps their parts apart.
    if (next.code == '@' || next.code == '#') out += "&#8288;";
    number = number && c >= '0' && c <= '9';
    before = c;
  }
  return out;
}

size_t terminal_columns(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) columns += columns_of(take(text).code);
  return columns;
}

size_t bytes_of_columns(std::string_view text, size_t columns) {
  size_t bytes = 0;
  size_t used = 0;
  while (!text.empty()) {
    const Character next = take(text);
    used += columns_of(next.code);
    if (used > columns && bytes > 0) break;
    bytes += next.bytes.size();
  }
  return bytes;
}

std::string fitted(std::string_view text, size_t columns) {
  if (terminal_columns(text) <= columns) return std::string(text);
  std::string out;
  size_t used = 0;
  while (!text.empty()) {
    const Character next = take(text);
    const size_t width = columns_of(next.code);
    if (used + width + 1 > columns) break;
    out += next.bytes;
    used += width;
  }
  return columns == 0 ? out : out.append(kEllipsis);
}

std::string filled(std::string_view text, size_t columns) {
  std::string out = fitted(text, columns);
  out.append(columns - terminal_columns(out), ' ');
  return out;
}

}  // namespace sagewarden
