#include "cel/text.h"

#include <algorithm>
#include <cstring>

namespace sagewarden::cel {
namespace {

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

size_t character_count(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

std::optional<size_t> byte_of_character(std::string_view text, size_t character) {
  size_t at = 0;
  for (; character > 0; --character) {
    if (at >= text.size()) return std::nullopt;
    at += character_size(text, at);
  }
  return at;
}

size_t find_text(std::string_view text, std::string_view part, size_t from) {
  if (from > text.size()) return std::string_view::npos;
  if (part.empty()) return from;
  if (part.size() == 1) return text.find(part[0], from);
  const void* const found =
      memmem(text.data() + from, text.size() - from, part.data(), part.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

size_t character_size(std::string_view text, size_t at) {
  size_t size = 1;
  while (at + size < text.size() && continues(text[at + size])) ++size;
  return size;
}

}  // namespace sagewarden::cel
