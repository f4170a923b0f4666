// Lists and maps of both forms (JSON places and what an expression makes) under one interface, with
// what is not known of them taken into account.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "cel/context.h"
#include "cel/value.h"

namespace sagewarden::cel {

struct Entry {
  Value key;
  Value value;
};

// A map that an expression made. Keys are Bool, Int, Uint or String, no two of them equal.
struct MapData {
  const Entry* entries = nullptr;
  size_t size = 0;
  // Open addressing over places in `entries` (+ 1; 0 is free), where there are more than a few.
  const uint32_t* buckets = nullptr;
  size_t bucket_count = 0;  // a power of two
};

// Builds a map; keys must be of a key's kind. False: the key is there already.
class MapBuilder {
 public:
  // `capacity` entries at most. Check context.is_exhausted() afterwards.
  MapBuilder(Context& context, size_t capacity);
  bool add(const Value& key, const Value& value);
  Value finish();

 private:
  Context& context_;
  Entry* entries_ = nullptr;
  size_t size_ = 0;
  uint32_t* buckets_ = nullptr;
  size_t bucket_count_ = 0;
};

bool is_key(const Value& value);

// The member of a map; false when there is none. What is found may be Unknown: then the node says
// whether it is at least set. All of this also for Map values that are JSON.
bool find_member(const Value& map, std::string_view key, Value& found);
bool find_entry(Context& context, const Value& map, const Value& key, Value& found);
// The element of a list; false when there is none.
bool find_element(Context& context, const Value& list, size_t position, Value& found);

// How many elements or entries; nothing when that is not known, and then `unknown` says what is
// not.
std::optional<size_t> count(const Value& collection, const UnknownNode** unknown = nullptr);
// The same, counting what may or may not be there: for limits.
size_t count_at_most(const Value& collection);
// Whether anything in or below it is not known.
bool has_unknown(const Value& collection);

// Goes over a list (key: position, value: element) or a map. What is not known whether it is there
// comes as Unknown key and value.
class Walk {
 public:
  explicit Walk(const Value& collection);
  bool next();
  const Value& key() const { return key_; }
  const Value& value() const { return value_; }
  const Value& collection() const { return collection_; }
  // It is not known whether this one is there at all; the key says why.
  bool is_uncertain() const { return key_.is_unknown(); }

 private:
  bool next_json();
  bool next_unknown();

  Value collection_;
  size_t position_ = 0;  // of the next element or entry
  json::Elements::Iterator element_;
  json::Elements::Iterator last_element_;
  json::Members::Iterator member_;
  json::Members::Iterator last_member_;
  size_t unknown_position_ = 0;
  Value key_;
  Value value_;
};

}  // namespace sagewarden::cel
