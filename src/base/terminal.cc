#include "base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace sagewarden {
namespace {

constexpr size_t kNarrowest = 40;
constexpr size_t kWidest = 200;  // longer lines are hard to read

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view(value);
}

// Cuts the next word off the front, and says whether a blank line stood before it.
std::string_view next_word(std::string_view& text, bool& paragraph) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t start = std::min(text.find_first_not_of(kBlank), text.size());
  paragraph = std::ranges::count(text.substr(0, start), '\n') > 1;
  text.remove_prefix(start);
  const std::string_view word = text.substr(0, text.find_first_of(kBlank));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}

size_t terminal_width(int descriptor, size_t otherwise) {
  winsize size = {};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return otherwise;
  return std::clamp<size_t>(size.ws_col, kNarrowest, kWidest);
}

bool wants_colour(ColourWhen when, int descriptor) {
  switch (when) {
    case ColourWhen::Always:
      return true;
    case ColourWhen::Never:
      return false;
    case ColourWhen::Auto:
      break;
  }
  return is_terminal(descriptor) && environment("NO_COLOR").empty() &&
         environment("TERM") != "dumb";
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    text.remove_prefix(std::max<size_t>(1, utf8_length(text)));
    ++width;
  }
  return width;
}

std::string wrap(std::string_view text, size_t width, std::string_view indent) {
  std::string out;
  size_t column = 0;
  bool paragraph = false;
  for (std::string_view word = next_word(text, paragraph); !word.empty();
       word = next_word(text, paragraph)) {
    const size_t length = display_width(word);
    const bool first = out.empty();
    if (first || paragraph || column + 1 + length > width) {
      if (!first) out += paragraph ? "\n\n" : "\n";
      (out += indent) += word;
      column = display_width(indent) + length;
    } else {
      (out += ' ') += word;
      column += 1 + length;
    }
  }
  if (!out.empty()) out += '\n';
  return out;
}

}  // namespace sagewarden
