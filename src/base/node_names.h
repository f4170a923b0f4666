// Finds names that a mapping is given twice, while a reader builds it.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

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
    if (entries.size() * 2 >= slots_.size()) grow(entries);
    return take(entries, name, entries.size());
  }

 private:
  // A table with open addressing: beside each entry's place a part of its name's hash, so that
  // hardly any other name is looked at. Few names of a large mapping are in the cache.
  struct Slot {
    uint32_t place = 0;  // from 1; 0: free
    uint32_t hash = 0;
  };

  void grow(std::span<const Node::Entry> entries) {
    slots_.assign(std::bit_ceil(entries.size() * 4), {});
    for (size_t place = 0; place < entries.size(); ++place)
      take(entries, entries[place].key, place);
  }

  bool take(std::span<const Node::Entry> entries, const std::string& name, size_t place) {
    const size_t hash = std::hash<std::string>()(name);
    const auto part = static_cast<uint32_t>(hash >> 32U);
    const size_t mask = slots_.size() - 1;
    size_t at = hash & mask;
    for (; slots_[at].place != 0; at = (at + 1) & mask) {
      if (slots_[at].hash == part && entries[slots_[at].place - 1].key == name) return false;
    }
    slots_[at] = {static_cast<uint32_t>(place + 1), part};
    return true;
  }

  std::vector<Slot> slots_;  // a power of two, at most half full
};

}  // namespace sagewarden
