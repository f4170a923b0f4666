// Finds names that a mapping is given twice, while a reader builds it.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <unordered_set>

#include "base/node.h"

namespace sagewarden {

// Most mappings have a handful of names, for which looking at each is faster than a table.
class MappingNames {
 public:
  // Whether the entries that the mapping has so far do not have the name. Only for a name that is
  // then added.
  bool is_new(std::span<const Node::Entry> entries, const std::string& name) {
    constexpr size_t kFew = 12;
    if (entries.size() < kFew)
      return std::none_of(entries.begin(), entries.end(),
                          [&](const Node::Entry& entry) { return entry.key == name; });
    if (names_.empty()) {
      for (const Node::Entry& entry : entries) names_.insert(entry.key);
    }
    return names_.insert(name).second;
  }

 private:
  std::unordered_set<std::string> names_;
};

}  // namespace sagewarden
