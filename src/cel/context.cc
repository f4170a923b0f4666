#include "cel/context.h"

#include <cstring>

namespace sagewarden::cel {

std::string_view Context::join(std::string_view first, std::string_view second,
                               std::string_view third) {
  const size_t size = first.size() + second.size() + third.size();
  if (!charge_if_large(size)) return {};
  char* const room = array<char>(size == 0 ? 1 : size);
  if (room == nullptr) return {};
  char* at = room;
  for (const std::string_view part : {first, second, third}) {
    if (part.empty()) continue;
    std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  return {room, size};
}

Value Context::string(std::string_view first, std::string_view second, std::string_view third) {
  const std::string_view joined = join(first, second, third);
  return joined.data() == nullptr ? exhausted() : Value::string(joined);
}

Value Context::bytes(std::string_view first, std::string_view second) {
  const std::string_view joined = join(first, second, {});
  return joined.data() == nullptr ? exhausted() : Value::bytes(joined);
}

Value Context::error(std::string_view first, std::string_view second, std::string_view third) {
  const std::string_view joined = join(first, second, third);
  return joined.data() == nullptr ? exhausted() : Value::error(joined);
}

Value Context::optional_of(const Value& content) {
  auto* const room = array<Value>(1);
  if (room == nullptr) return exhausted();
  *room = content;
  return Value::optional(room);
}

}  // namespace sagewarden::cel
