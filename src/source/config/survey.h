// Looks through a parsed configuration once, for two things. Names that are given twice: readers
// may disagree on which of the two counts. And what AWS Config does not record: a property that its
// schema lacks is absent from every item, whatever the resource has, so absent there means unknown
// and not "not set". Without a schema, or where a query chose single properties, that holds for
// every property, whether our tables have it or not.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "model/unknown.h"
#include "source/types/shape.h"

namespace sagewarden::config {

// For one resource type; used by one thread.
class Survey {
 public:
  // Why a property may be absent although the resource has it.
  enum class Absent : uint8_t {
    MayNotBeRecorded,  // the schema lacks it, or no schema is published
    MayNotBeAsked,     // an advanced query chose single properties: holds for all
  };

  // Only for names that are given twice.
  Survey() = default;
  Survey(const TypeShape& shape, Absent absent);

  struct Answer {
    bool name_twice = false;  // json::duplicate_key() says which
    // The places that are absent and may be set all the same; null when there are none. Good until
    // the next look().
    const UnknownNode* unknown = nullptr;
  };
  Answer look(json::Value configuration);  // an object

 private:
  // A property, and below it those that lead to something that is not recorded.
  struct Place {
    std::string name = {};
    uint16_t number = 0;  // of its path in paths_
    bool recorded = true;
    bool list = false;  // its elements are looked into
    std::vector<Place> places = {};
    std::vector<uint64_t> marks = {};  // of their names
    uint64_t seen = 0;                 // the last object that had it
  };
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  Place& place_of(std::string_view path);
  static void settle(Place& place, bool parent_recorded);
  bool look_into(Place& place, const json::Tape& tape, uint32_t& at);
  bool look_at_object(Place& place, const json::Tape& tape, uint32_t& at);
  static Place* place_below(Place& place, std::string_view name, uint64_t mark);
  void note(const Place& place);
  UnknownNode make_tree() const;
  const UnknownNode* open_tree(json::Value configuration);

  std::span<const Field> instead_;  // those of the type's fields of which some have alternatives
  bool open_ = false;               // anything that is absent may be set
  UnknownNode all_open_;
  UnknownNode partly_closed_;  // of the configuration at hand, where it decides for alternatives
  Place root_;
  std::vector<std::string> paths_;  // with [] for each list on the way

  uint64_t objects_ = 0;  // looked at so far, so that each has a number
  // The absent places of the configuration at hand, each as its number and the elements on the way
  // to it. Items of a type mostly lack the same, so the trees are made once and found by this: in
  // the common case nothing is allocated.
  std::string absent_places_;
  std::vector<uint32_t> elements_;
  size_t absent_count_ = 0;
  std::unordered_map<std::string, UnknownNode, TextHash, std::equal_to<>> trees_;
};

}  // namespace sagewarden::config
