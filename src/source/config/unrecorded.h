// What AWS Config does not record of a resource. A property that its schema lacks is absent from
// every item, whatever the resource has: so absent there means unknown, not "not set".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "model/unknown.h"
#include "source/types/shape.h"

namespace sagewarden::config {

// For one resource type; used by one thread. Items of a type mostly lack the same properties, so
// the trees are made once and kept: in the common case nothing is allocated.
class Unrecorded {
 public:
  explicit Unrecorded(const TypeShape& shape);

  // The places of the item's configuration that are absent and may be set all the same; null when
  // there are none. Good until the next call.
  const UnknownNode* absent_in(json::Value configuration);

 private:
  // A property, and below it those that lead to something that is not recorded.
  struct Place {
    std::string name = {};
    uint16_t number = 0;  // of its path in paths_
    bool recorded = true;
    bool list = false;  // its elements are looked into
    std::vector<Place> places = {};
  };
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  Place& place_of(std::string_view path);
  static void settle(Place& place, bool parent_recorded);
  void look(const Place& place, json::Value object);
  void look_below(const Place& place, json::Value value);
  void note(const Place& place);
  UnknownNode make_tree() const;

  std::string type_;
  bool schema_published_;
  Place root_;
  std::vector<std::string> paths_;  // with [] for each list on the way
  // The absent places of the item at hand, each as its number and the elements on the way to it:
  // what the trees are found by.
  std::string absent_;
  std::vector<uint32_t> elements_;
  size_t absent_count_ = 0;
  std::unordered_map<std::string, UnknownNode, TextHash, std::equal_to<>> trees_;
};

}  // namespace sagewarden::config
