// The words by which the inventory writes what is an enum here.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sagewarden::inventory {

// By the enum's number.
inline constexpr std::array<std::string_view, 6> kCauses = {
    "NOT_RECORDED", "NOT_RESOLVED", "AFTER_APPLY", "NOT_EXPORTED", "DENIED", "FAILED"};
inline constexpr std::array<std::string_view, 2> kKnown = {"NOTHING", "SET"};
inline constexpr std::array<std::string_view, 3> kGapKinds = {"FILE", "ITEM", "CALL"};

// What of a place is not known, where that is not all of it.
inline constexpr std::string_view kAbsent = "ABSENT";
inline constexpr std::string_view kNothing = "NOTHING";

template <class Enum, size_t Count>
std::string_view word_of(const std::array<std::string_view, Count>& words, Enum value) {
  return words.at(static_cast<size_t>(value));
}

template <class Enum, size_t Count>
std::optional<Enum> value_of(const std::array<std::string_view, Count>& words,
                             std::string_view word) {
  for (size_t i = 0; i < Count; ++i) {
    if (words.at(i) == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace sagewarden::inventory
