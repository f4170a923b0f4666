#include "cel/collection.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>

#include "cel/compare.h"

namespace sagewarden::cel {
namespace {

constexpr size_t kFewEntries = 8;

// Equal keys have equal hashes, also across int, uint and double.
size_t hash_key(const Value& key) {
  switch (key.kind()) {
    case Kind::String:
      return std::hash<std::string_view>()(key.text());
    case Kind::Bool:
      return key.boolean() ? 1 : 2;
    case Kind::Int:
      return std::hash<uint64_t>()(static_cast<uint64_t>(key.integer()) * 0x9E3779B97F4A7C15U >>
                                   7U);
    case Kind::Uint:
      return std::hash<uint64_t>()(key.unsigned_integer() * 0x9E3779B97F4A7C15U >> 7U);
    default:
      return 0;
  }
}

// A double that is a whole number, as the key that it equals.
Value whole_key(const Value& key) {
  if (!key.is(Kind::Double)) return key;
  const double real = key.real();
  if (real >= -0x1p63 && real < 0x1p63 && std::trunc(real) == real)
    return Value::integer(static_cast<int64_t>(real));
  if (real >= 0x1p63 && real < 0x1p64) return Value::unsigned_integer(static_cast<uint64_t>(real));
  return key;
}

bool same_key(const Value& a, const Value& b) {
  if (a.is(Kind::String) && b.is(Kind::String)) return a.text() == b.text();
  if (a.is(Kind::Bool) && b.is(Kind::Bool)) return a.boolean() == b.boolean();
  return equal_numbers(a, b);
}

const Entry* find_native(const MapData& map, const Value& wanted) {
  const Value key = whole_key(wanted);
  if (!is_key(key)) return nullptr;
  if (map.buckets == nullptr) {
    for (size_t i = 0; i < map.size; ++i) {
      if (same_key(map.entries[i].key, key)) return &map.entries[i];
    }
    return nullptr;
  }
  const size_t mask = map.bucket_count - 1;
  for (size_t at = hash_key(key) & mask; map.buckets[at] != 0; at = (at + 1) & mask) {
    const Entry& entry = map.entries[map.buckets[at] - 1];
    if (same_key(entry.key, key)) return &entry;
  }
  return nullptr;
}

std::optional<size_t> position_of(std::string_view name) {
  size_t position = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), position);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return position;
}

// Whether the document itself holds that child of an unknown node.
bool in_document(json::Value base, std::string_view name) {
  if (base.is_object()) return base[name].exists();
  const std::optional<size_t> position = position_of(name);
  return position && *position < base.size();
}

// The node itself or the first place below it that is not known. The tree is as deep as the paths
// that its source marked.
const UnknownNode* first_unknown(const UnknownNode& node) {
  const UnknownNode* at = &node;
  while (!at->unknown && !at->is_open()) {
    const auto& children = at->children();
    const auto next = std::find_if(children.begin(), children.end(),
                                   [](const auto& child) { return !child.second->empty(); });
    if (next == children.end()) return at;
    at = next->second.get();
  }
  return at;
}

// Why it is not known whether that child of an unknown node is there at all; null when it is, or
// surely is not.
const UnknownNode* why_uncertain(json::Value base, std::string_view name, const UnknownNode& node) {
  // Absent from the document although something below it is not known: then it is not absent.
  const bool may_be_there = node.unknown || (!node.empty() && !in_document(base, name));
  if (!may_be_there) return nullptr;
  const UnknownNode* const why = first_unknown(node);
  return why->known == Known::Nothing ? why : nullptr;
}

// Null says as much as absence, of which an open node says that it says nothing.
bool is_unread(json::Value member, const UnknownNode* node) {
  return member.is_null() && node != nullptr && node->is_open();
}

}  // namespace

bool is_key(const Value& value) {
  return value.is(Kind::String) || value.is(Kind::Int) || value.is(Kind::Uint) ||
         value.is(Kind::Bool);
}

MapBuilder::MapBuilder(Context& context, size_t capacity) : context_(context) {
  entries_ = context.array<Entry>(capacity);
  if (entries_ == nullptr || capacity <= kFewEntries) return;
  bucket_count_ = std::bit_ceil(capacity * 2);
  buckets_ = context.array<uint32_t>(bucket_count_);
  if (buckets_ != nullptr) std::memset(buckets_, 0, bucket_count_ * sizeof(uint32_t));
}

bool MapBuilder::add(const Value& key, const Value& value) {
  if (context_.is_exhausted()) return true;
  if (find_native({entries_, size_, buckets_, bucket_count_}, key) != nullptr) return false;
  entries_[size_++] = {key, value};
  if (buckets_ == nullptr) return true;
  const size_t mask = bucket_count_ - 1;
  size_t at = hash_key(key) & mask;
  while (buckets_[at] != 0) at = (at + 1) & mask;
  buckets_[at] = static_cast<uint32_t>(size_);
  return true;
}

Value MapBuilder::finish() {
  auto* const map = context_.array<MapData>(1);
  if (context_.is_exhausted()) return context_.exhausted();
  *map = {entries_, size_, buckets_, bucket_count_};
  return Value::map(map);
}

bool find_member(const Value& map, std::string_view key, Value& found) {
  if (!map.is_json()) {
    const Entry* const entry = find_native(*map.map(), Value::string(key));
    if (entry == nullptr) return false;
    found = entry->value;
    return true;
  }
  const UnknownNode* const below = map.unknown_below();
  const UnknownNode* const node = below == nullptr ? nullptr : below->below(key);
  const json::Value member = map.json()[key];
  if (!member.exists() && (node == nullptr || node->empty())) return false;
  // Absent from the document although something below it is not known: then it is not absent.
  const bool is_read = member.exists() && !is_unread(member, node);
  found = is_read ? Value::json(member, node) : Value::unknown(first_unknown(*node));
  return true;
}

bool find_entry(Context& context, const Value& map, const Value& key, Value& found) {
  if (map.is_json()) {
    if (!key.is(Kind::String)) return false;
    if (!context.charge_if_large(map.json().size())) {
      found = context.exhausted();
      return true;
    }
    return find_member(map, key.text(), found);
  }
  const Entry* const entry = find_native(*map.map(), key);
  if (entry == nullptr) return false;
  found = entry->value;
  return true;
}

bool find_element(Context& context, const Value& list, size_t position, Value& found) {
  if (!list.is_json()) {
    if (position >= list.item_count()) return false;
    found = list.items()[position];
    return true;
  }
  if (!context.charge_if_large(position)) {
    found = context.exhausted();
    return true;
  }
  const UnknownNode* const below = list.unknown_below();
  const json::Value element = list.json().at(position);
  if (below == nullptr) {
    if (element.exists()) found = Value::json(element);
    return element.exists();
  }
  if (!context.charge_if_large(below->children().size())) {
    found = context.exhausted();
    return true;
  }
  // Where it is not known whether an element before it is there, its place is not certain.
  for (const auto& [name, node] : below->children()) {
    if (position_of(name).value_or(position) >= position) continue;
    const UnknownNode* const why = why_uncertain(list.json(), name, *node);
    if (why == nullptr) continue;
    found = Value::unknown(why);
    return true;
  }
  // Lists are not open: the elements that there are have been read.
  const UnknownNode* const node = element.exists() ? below->below(position) : below->find(position);
  if (!element.exists() && (node == nullptr || node->empty())) return false;
  found = element.exists() ? Value::json(element, node) : Value::unknown(first_unknown(*node));
  return true;
}

std::optional<size_t> count(const Value& collection, const UnknownNode** unknown) {
  if (!collection.is_json())
    return collection.is(Kind::Map) ? collection.map()->size : collection.item_count();
  size_t counted = collection.json().size();
  const UnknownNode* const below = collection.unknown_below();
  if (below == nullptr) return counted;
  const UnknownNode* why = collection.is(Kind::Map) && below->is_open() ? below : nullptr;
  for (const auto& [name, node] : below->children()) {
    if (why != nullptr) break;
    why = why_uncertain(collection.json(), name, *node);
    if (why == nullptr && !node->empty() && !in_document(collection.json(), name)) ++counted;
  }
  if (why == nullptr) return counted;
  if (unknown != nullptr) *unknown = why;
  return std::nullopt;
}

size_t count_at_most(const Value& collection) {
  if (!collection.is_json()) return *count(collection);
  const UnknownNode* const below = collection.unknown_below();
  // One more for what an open map may have besides.
  return collection.json().size() + (below == nullptr ? 0 : below->children().size() + 1);
}

bool has_unknown(const Value& collection) {
  return collection.unknown_below() != nullptr && !collection.unknown_below()->empty();
}

Walk::Walk(const Value& collection)
    : collection_(collection),
      element_(nullptr, 0),
      last_element_(nullptr, 0),
      member_(nullptr, 0),
      last_member_(nullptr, 0) {
  if (!collection.is_json()) return;
  if (collection.is(Kind::List)) {
    element_ = collection.json().elements().begin();
    last_element_ = collection.json().elements().end();
  } else {
    member_ = collection.json().members().begin();
    last_member_ = collection.json().members().end();
  }
}

bool Walk::next() {
  if (collection_.is_json()) return next_json() || next_unknown();
  if (collection_.is(Kind::List)) {
    if (position_ == collection_.item_count()) return false;
    key_ = Value::integer(static_cast<int64_t>(position_));
    value_ = collection_.items()[position_++];
    return true;
  }
  if (position_ == collection_.map()->size) return false;
  key_ = collection_.map()->entries[position_].key;
  value_ = collection_.map()->entries[position_++].value;
  return true;
}

bool Walk::next_json() {
  const UnknownNode* const below = collection_.unknown_below();
  const UnknownNode* node = nullptr;
  if (collection_.is(Kind::List)) {
    if (!(element_ != last_element_)) return false;
    if (below != nullptr) node = below->below(position_);
    key_ = Value::integer(static_cast<int64_t>(position_++));
    value_ = Value::json(*element_, node);
    ++element_;
  } else {
    if (!(member_ != last_member_)) return false;
    const json::Member member = *member_;
    if (below != nullptr) node = below->below(member.key);
    key_ = Value::string(member.key);
    value_ = is_unread(member.value, node) ? Value::unknown(node) : Value::json(member.value, node);
    ++member_;
    if (is_unread(member.value, node)) key_ = value_;
  }
  if (node != nullptr && node->unknown && node->known == Known::Nothing) key_ = value_;
  return true;
}

// What the document does not hold and may yet be there.
bool Walk::next_unknown() {
  if (collection_.unknown_below() == nullptr) return false;
  const auto& children = collection_.unknown_below()->children();
  while (unknown_position_ < children.size()) {
    const auto& [name, node] = children[unknown_position_++];
    if (node->empty() || in_document(collection_.json(), name)) continue;
    value_ = Value::unknown(first_unknown(*node));
    if (value_.unknown_node()->known == Known::Nothing) {
      key_ = value_;
    } else if (collection_.is(Kind::Map)) {
      key_ = Value::string(name);
    } else {
      key_ = Value::integer(static_cast<int64_t>(position_of(name).value_or(0)));
    }
    return true;
  }
  // Whatever else an open map may have.
  if (!collection_.is(Kind::Map) || !collection_.unknown_below()->is_open()) return false;
  if (unknown_position_++ > children.size()) return false;
  key_ = value_ = Value::unknown(collection_.unknown_below());
  return true;
}

}  // namespace sagewarden::cel
