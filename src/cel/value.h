// A CEL value: 24 bytes, copied freely, owning nothing. Texts, lists and maps are views of memory
// that a parsed JSON document, the program or the scratch of the evaluation holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "model/unknown.h"

namespace sagewarden::cel {

enum class Kind : uint8_t {
  Error,    // evaluation failed; the value holds why
  Unknown,  // depends on something that could not be read
  Null,
  Bool,
  Int,
  Uint,
  Double,
  String,
  Bytes,
  List,
  Map,
  Timestamp,
  Duration,
  Type,
  Optional,
};

struct MapData;

// Seconds and nanoseconds (0 ≤ nanoseconds < 1e9, also for times before 1970 and negative
// durations).
struct Moment {
  int64_t seconds = 0;
  int32_t nanoseconds = 0;

  friend auto operator<=>(const Moment&, const Moment&) = default;
};

class Value {
 public:
  constexpr Value() = default;  // null

  static Value null() { return {}; }
  static Value boolean(bool value);
  static Value integer(int64_t value);
  static Value unsigned_integer(uint64_t value);
  static Value real(double value);
  // The text must be valid UTF-8 and outlive the value.
  static Value string(std::string_view text);
  static Value bytes(std::string_view octets);
  // A place of a parsed document, and what is not known of it and below it. A place that does not
  // exist is an error value, unless the node says that it is not known.
  static Value json(json::Value value, const UnknownNode* unknown = nullptr);
  static Value unknown(const UnknownNode* node);
  // The text must outlive the value; `offset` is where in the expression it happened.
  static Value error(std::string_view message, uint32_t offset = kNoOffset);

  static Value timestamp(Moment moment) { return moment_of(Kind::Timestamp, moment); }
  static Value duration(Moment moment) { return moment_of(Kind::Duration, moment); }
  static Value type(std::string_view name);
  static Value list(const Value* items, size_t size);
  static Value map(const MapData* map);
  static Value optional(const Value* content);  // null for none

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_error() const { return kind_ == Kind::Error; }
  bool is_unknown() const { return kind_ == Kind::Unknown; }
  // Neither an error nor unknown: what a function can work with.
  bool is_settled() const { return kind_ > Kind::Unknown; }
  bool is_true() const { return kind_ == Kind::Bool && first_.boolean; }
  bool is_false() const { return kind_ == Kind::Bool && !first_.boolean; }

  // Each of these may only be asked of a value of its kind.
  bool boolean() const { return first_.boolean; }
  int64_t integer() const { return first_.integer; }
  uint64_t unsigned_integer() const { return first_.unsigned_integer; }
  double real() const { return first_.real; }
  // String, Bytes, Type (its name) and Error (its message).
  std::string_view text() const { return {first_.text, second_.size}; }
  Moment moment() const { return {first_.integer, static_cast<int32_t>(extra_)}; }
  const Value* content() const { return first_.items; }  // Optional; null for none

  // List and Map come in two forms: read from JSON, or made by the expression.
  bool is_json() const { return json_; }
  json::Value json() const { return {first_.tape, extra_}; }
  const Value* items() const { return first_.items; }  // List, not JSON
  size_t item_count() const { return second_.size; }
  const MapData* map() const { return first_.map; }  // Map, not JSON
  // What is not known below a JSON list or map, or null; the place itself of an Unknown, which may
  // be null.
  const UnknownNode* unknown_node() const { return second_.unknown; }
  const UnknownNode* unknown_below() const { return json_ ? second_.unknown : nullptr; }

  static constexpr uint32_t kNoOffset = UINT32_MAX;
  uint32_t offset() const { return extra_; }  // Error
  Value at_offset(uint32_t offset) const;  // the same error, placed unless it has a place already

 private:
  static Value moment_of(Kind kind, Moment moment);
  static Value text_of(Kind kind, std::string_view text);

  union First {
    bool boolean;
    int64_t integer;
    uint64_t unsigned_integer;
    double real;
    const char* text;
    const Value* items;
    const MapData* map;
    const json::Tape* tape;
  };
  union Second {
    size_t size;
    const UnknownNode* unknown;
  };

  Kind kind_ = Kind::Null;
  bool json_ = false;
  uint32_t extra_ = 0;  // index on the tape, nanoseconds, or offset of an error
  First first_ = {.integer = 0};
  Second second_ = {.size = 0};
};

// ---- inline: these run for every evaluation ----

inline Value Value::boolean(bool value) {
  Value made;
  made.kind_ = Kind::Bool;
  made.first_.boolean = value;
  return made;
}

inline Value Value::integer(int64_t value) {
  Value made;
  made.kind_ = Kind::Int;
  made.first_.integer = value;
  return made;
}

inline Value Value::unsigned_integer(uint64_t value) {
  Value made;
  made.kind_ = Kind::Uint;
  made.first_.unsigned_integer = value;
  return made;
}

inline Value Value::real(double value) {
  Value made;
  made.kind_ = Kind::Double;
  made.first_.real = value;
  return made;
}

inline Value Value::text_of(Kind kind, std::string_view text) {
  Value made;
  made.kind_ = kind;
  made.first_.text = text.data();
  made.second_.size = text.size();
  return made;
}

inline Value Value::string(std::string_view text) {
  return text_of(Kind::String, text);
}
inline Value Value::bytes(std::string_view octets) {
  return text_of(Kind::Bytes, octets);
}
inline Value Value::type(std::string_view name) {
  return text_of(Kind::Type, name);
}

inline Value Value::error(std::string_view message, uint32_t offset) {
  Value made = text_of(Kind::Error, message);
  made.extra_ = offset;
  return made;
}

inline Value Value::at_offset(uint32_t offset) const {
  Value placed = *this;
  if (placed.extra_ == kNoOffset) placed.extra_ = offset;
  return placed;
}

inline Value Value::unknown(const UnknownNode* node) {
  Value made;
  made.kind_ = Kind::Unknown;
  made.second_.unknown = node;
  return made;
}

inline Value Value::moment_of(Kind kind, Moment moment) {
  Value made;
  made.kind_ = kind;
  made.first_.integer = moment.seconds;
  made.extra_ = static_cast<uint32_t>(moment.nanoseconds);
  return made;
}

inline Value Value::list(const Value* items, size_t size) {
  Value made;
  made.kind_ = Kind::List;
  made.first_.items = items;
  made.second_.size = size;
  return made;
}

inline Value Value::map(const MapData* map) {
  Value made;
  made.kind_ = Kind::Map;
  made.first_.map = map;
  return made;
}

inline Value Value::optional(const Value* content) {
  Value made;
  made.kind_ = Kind::Optional;
  made.first_.items = content;
  return made;
}

inline Value Value::json(json::Value value, const UnknownNode* unknown) {
  if (unknown != nullptr && unknown->unknown) return Value::unknown(unknown);
  switch (value.kind()) {
    case json::Kind::Missing:
      return error("no value");
    case json::Kind::Null:
      return {};
    case json::Kind::Bool:
      return boolean(value.boolean());
    case json::Kind::Int:
      return integer(value.integer());
    case json::Kind::Uint:
      return unsigned_integer(value.unsigned_integer());
    case json::Kind::Double:
      return real(value.real());
    case json::Kind::String:
      return string(value.string());
    case json::Kind::Array:
    case json::Kind::Object:
      break;
  }
  Value made;
  made.kind_ = value.is_array() ? Kind::List : Kind::Map;
  made.json_ = true;
  made.extra_ = value.index();
  made.first_.tape = value.tape();
  made.second_.unknown = unknown;
  return made;
}

}  // namespace sagewarden::cel
