#include "source/config/unrecorded.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace sagewarden::config {
namespace {

// Both far beyond what AWS allows (10 variants, 15 containers), so that an invented item with a
// million elements costs no more than a real one.
constexpr size_t kMaxAbsent = 256;
constexpr size_t kMaxTrees = 256;

constexpr std::string_view kListMark = "[]";

template <class Number>
void append_number(std::string& out, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof bytes);
}

template <class Number>
Number take_number(std::string_view& text) {
  Number number = 0;
  std::memcpy(&number, text.data(), sizeof number);
  text.remove_prefix(sizeof number);
  return number;
}

}  // namespace

Unrecorded::Unrecorded(const TypeShape& shape)
    : type_(shape.cloudformation), schema_published_(shape.config_schema_published) {
  for (const Field& field : shape.fields) place_of(field.path).recorded = field.config_records;
  settle(root_, schema_published_);
}

// The place at a path, made with all places above it when it is not there yet.
Unrecorded::Place& Unrecorded::place_of(std::string_view path) {
  Place* place = &root_;
  std::string way;
  for (std::string_view name : split(path, '.')) {
    const bool list = name.ends_with(kListMark);
    if (list) name.remove_suffix(kListMark.size());
    if (!way.empty()) way += '.';
    way += name;
    auto found = std::ranges::find(place->places, name, &Place::name);
    if (found == place->places.end()) {
      const auto number = static_cast<uint16_t>(paths_.size());
      found = place->places.insert(found, Place{.name = std::string(name), .number = number});
      paths_.push_back(way);
    }
    place = &*found;
    if (!list) continue;
    place->list = true;
    way += kListMark;
  }
  return *place;
}

// What lies below a place that is not recorded is not recorded either. Drops the places that lead
// to none such.
void Unrecorded::settle(Place& place, bool parent_recorded) {
  place.recorded = place.recorded && parent_recorded;
  for (Place& below : place.places) settle(below, place.recorded);
  std::erase_if(place.places,
                [](const Place& below) { return below.recorded && below.places.empty(); });
}

const UnknownNode* Unrecorded::absent_in(json::Value configuration) {
  absent_.clear();
  elements_.clear();
  absent_count_ = 0;
  look(root_, configuration);
  if (absent_.empty()) return nullptr;
  if (absent_count_ > kMaxAbsent) absent_ = "many";  // no list of places is that short
  const auto known = trees_.find(std::string_view(absent_));
  if (known != trees_.end()) return &known->second;
  if (trees_.size() == kMaxTrees) trees_.clear();
  return &trees_.emplace(absent_, make_tree()).first->second;
}

void Unrecorded::look(const Place& place, json::Value object) {
  for (const Place& below : place.places) {
    const json::Value value = object[below.name];
    const bool absent = !value.exists() || value.is_null();
    if (!absent) {
      look_below(below, value);
    } else if (!below.recorded) {
      note(below);
    }
  }
}

void Unrecorded::look_below(const Place& place, json::Value value) {
  if (place.places.empty()) return;
  if (!place.list) {
    look(place, value);
    return;
  }
  uint32_t number = 0;
  for (const json::Value element : value.elements()) {
    if (absent_count_ > kMaxAbsent) return;
    elements_.push_back(number++);
    look(place, element);
    elements_.pop_back();
  }
}

void Unrecorded::note(const Place& place) {
  if (++absent_count_ > kMaxAbsent) return;
  append_number(absent_, place.number);
  for (const uint32_t element : elements_) append_number(absent_, element);
}

UnknownNode Unrecorded::make_tree() const {
  UnknownNode root;
  if (absent_count_ > kMaxAbsent) {
    root.unknown = true;
    root.cause = UnknownCause::NotRecorded;
    root.reason = "more than " + std::to_string(kMaxAbsent) + " places of the item are absent";
    return root;
  }
  for (std::string_view rest = absent_; !rest.empty();) {
    std::string path = paths_[take_number<uint16_t>(rest)];
    for (size_t mark = path.find(kListMark); mark != std::string::npos;
         mark = path.find(kListMark, mark))
      path.replace(mark, kListMark.size(), "[" + std::to_string(take_number<uint32_t>(rest)) + "]");
    const std::string reason =
        schema_published_ ? "AWS Config does not record " + path
                          : "AWS Config does not say whether it records " + path + " of " + type_;
    mark_unknown(root, path, Known::Nothing, UnknownCause::NotRecorded, reason);
  }
  return root;
}

}  // namespace sagewarden::config
