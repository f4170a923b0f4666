// A Diff for people and for machines.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/difference.h"

namespace sagewarden {

inline constexpr std::string_view kDiffFormat = "sagewarden-diff/1";

struct DiffFormat {
  std::string_view name;
  std::string (*write)(const Diff& diff);
};

// Sorted by name.
std::span<const DiffFormat> diff_formats();
const DiffFormat* find_diff_format(std::string_view name);

// "appeared", "not-seen-after"
std::string_view word_of(Change change);

}  // namespace sagewarden
