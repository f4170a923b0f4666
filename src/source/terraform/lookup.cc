// Looking up in what a stranger wrote: few members are searched from end to end, many are sorted.
// Looking up in what a stranger wrote: few members are searched from end to end, many are sorted.
#include "source/terraform/lookup.h"

#include <algorithm>

namespace sagewarden::terraform {
namespace {

// Up to here one look at each member is faster than a sorted copy.
constexpr size_t kFew = 32;

using Entry = std::pair<std::string_view, json::Value>;

bool has_at_most(json::Value object, size_t count) {
  return object.size() <= count;
}

}  // namespace

Lookup::Lookup(json::Value object) : object_(object) {
  if (has_at_most(object, kFew)) return;
  for (const auto& [key, value] : object.members()) sorted_.emplace_back(key, value);
  std::ranges::stable_sort(sorted_, {}, &Entry::first);
}

json::Value Lookup::operator[](std::string_view key) const {
  if (sorted_.empty()) return object_[key];
  const auto found = std::ranges::lower_bound(sorted_, key, {}, &Entry::first);
  return found != sorted_.end() && found->first == key ? found->second : json::Value();
}

std::string_view repeated_name(json::Value object) {
  if (has_at_most(object, kFew)) {
    for (const auto& [key, value] : object.members()) {
      // The first of that name is found first: where it is another member, this one repeats it.
      if (object[key].index() != value.index()) return key;
    }
    return {};
  }
  std::vector<std::string_view> names;
  for (const auto& [key, value] : object.members()) names.push_back(key);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  return twice != names.end() ? *twice : std::string_view();
}

bool holds_true(json::Value value) {  // NOLINT(misc-no-recursion): the parser bounds the depth
  if (is_true(value)) return true;
  for (const json::Value element : value.elements()) {
    if (holds_true(element)) return true;
  }
  for (const auto& [key, member] : value.members()) {
    if (holds_true(member)) return true;
  }
  return false;
}

}  // namespace sagewarden::terraform
