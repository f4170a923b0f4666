// Reading JSON: the one way. A Parser turns one document into a tape (simdjson's DOM) and hands out
// Values, which are views of places on that tape. Everything is validated (UTF-8, numbers, nesting)
// before the first Value is seen. The tape's layout is simdjson's, documented in its doc/tape.md;
// only json.cc includes simdjson itself, so that this header stays cheap to include.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sagewarden::json {

enum class Kind : uint8_t { Missing, Null, Bool, Int, Uint, Double, String, Array, Object };

// Where the words and strings of one parsed document lie. Owned by the Parser.
struct Tape {
  const uint64_t* words = nullptr;
  const uint8_t* strings = nullptr;
};

class Elements;
class Members;

// A view of one value of a parsed document; cheap to copy, valid until its Parser parses again or
// goes away. A value that does not exist is a Value too, of kind Missing: looking into it gives
// Missing again, so that a path can be followed without a test at each step.
class Value {
 public:
  Value() = default;
  Value(const Tape* tape, uint32_t index) : tape_(tape), index_(index) {}

  Kind kind() const;
  bool exists() const { return tape_ != nullptr; }
  bool is_null() const { return exists() && kind() == Kind::Null; }
  bool is_bool() const { return exists() && kind() == Kind::Bool; }
  bool is_string() const { return exists() && tag() == '"'; }
  bool is_array() const { return exists() && tag() == '['; }
  bool is_object() const { return exists() && tag() == '{'; }

  // Each of these may only be asked of a value of its kind (asserted).
  bool boolean() const;
  int64_t integer() const;            // Kind::Int
  uint64_t unsigned_integer() const;  // Kind::Uint: only numbers that do not fit an int64_t
  double real() const;                // Kind::Double
  std::string_view string() const;

  // The string, or `otherwise` when this is not a string.
  std::string_view string_or(std::string_view otherwise) const {
    return is_string() ? string() : otherwise;
  }

  // The member of that name (of several, the first), or Missing when there is none or this is not
  // an object.
  Value operator[](std::string_view key) const;
  // The element at that place, or Missing when there is none or this is not an array. Counts from
  // the front.
  Value at(size_t position) const;
  // How many elements or members; 0 for anything else.
  size_t size() const;

  Elements elements() const;  // empty unless this is an array
  Members members() const;    // empty unless this is an object

  // Identity of the place, for those who keep a table beside the document.
  uint32_t index() const { return index_; }
  const Tape* tape() const { return tape_; }

 private:
  friend class Elements;
  friend class Members;
  uint64_t word(uint32_t offset = 0) const {
    assert(exists());
    return tape_->words[index_ + offset];
  }
  char tag() const { return static_cast<char>(word() >> 56); }
  // The index of what comes after this value.
  uint32_t after() const;

  const Tape* tape_ = nullptr;
  uint32_t index_ = 0;
};

// One name and value of an object.
struct Member {
  std::string_view key;
  Value value;
};

// for (Value element : array.elements())
class Elements {
 public:
  class Iterator {
   public:
    Iterator(const Tape* tape, uint32_t index) : tape_(tape), index_(index) {}
    Value operator*() const { return {tape_, index_}; }
    Iterator& operator++() {
      index_ = Value(tape_, index_).after();
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const Tape* tape_;
    uint32_t index_;
  };

  Elements(const Tape* tape, uint32_t first, uint32_t end)
      : tape_(tape), first_(first), end_(end) {}
  Iterator begin() const { return {tape_, first_}; }
  Iterator end() const { return {tape_, end_}; }

 private:
  const Tape* tape_;
  uint32_t first_;
  uint32_t end_;
};

// for (const auto& [key, value] : object.members())
class Members {
 public:
  class Iterator {
   public:
    Iterator(const Tape* tape, uint32_t index) : tape_(tape), index_(index) {}
    Member operator*() const { return {Value(tape_, index_).string(), Value(tape_, index_ + 1)}; }
    Iterator& operator++() {
      index_ = Value(tape_, index_ + 1).after();
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const Tape* tape_;
    uint32_t index_;
  };

  Members(const Tape* tape, uint32_t first, uint32_t end) : tape_(tape), first_(first), end_(end) {}
  Iterator begin() const { return {tape_, first_}; }
  Iterator end() const { return {tape_, end_}; }

 private:
  const Tape* tape_;
  uint32_t first_;
  uint32_t end_;
};

// Nesting beyond this is an error: nothing that AWS writes comes near it.
inline constexpr size_t kMaxDepth = 512;
// simdjson may read this far beyond the text's end (it ignores what it reads there).
inline constexpr size_t kPadding = 64;

// Parses one document after another and reuses its memory. Not for several threads at once.
class Parser {
 public:
  Parser();
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // Copies the text, so that it needs no padding. Errors name line, column and reason.
  Result<Value> parse(std::string_view text);
  // As parse(), without the copy: kPadding bytes behind the text must be readable.
  Result<Value> parse_padded(std::string_view text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A document that owns its parser: for small documents that live for a while.
struct Document {
  Parser parser;
  Value root;
};
Result<Document> parse_document(std::string_view text);

// The name of the first object member that is given twice anywhere in the value, as a path
// (`a.b[2].c`); empty when there is none. Two readers may disagree on which of the two counts, so
// callers reject such a document.
std::string duplicate_key(Value value);

// ---- inline: these run for every evaluation ----

// Whether two texts of the same size are the same. Names are short: going out to the library's
// function for each would take longer than comparing.
[[gnu::always_inline]] inline bool same_bytes(const char* a, const char* b, size_t size) {
  const auto load = [](const char* from, auto number) {
    std::memcpy(&number, from, sizeof number);
    return number;
  };
  if (size >= 8) {
    for (size_t at = 0; at + 8 < size; at += 8)
      if (load(a + at, uint64_t{}) != load(b + at, uint64_t{})) return false;
    return load(a + size - 8, uint64_t{}) == load(b + size - 8, uint64_t{});
  }
  if (size >= 4) {
    return load(a, uint32_t{}) == load(b, uint32_t{}) &&
           load(a + size - 4, uint32_t{}) == load(b + size - 4, uint32_t{});
  }
  for (size_t at = 0; at < size; ++at)
    if (a[at] != b[at]) return false;
  return true;
}

inline Kind Value::kind() const {
  if (tape_ == nullptr) return Kind::Missing;
  static constexpr auto kKinds = [] {
    std::array<Kind, 256> kinds = {};
    kinds.fill(Kind::Null);
    kinds['{'] = Kind::Object;
    kinds['['] = Kind::Array;
    kinds['"'] = Kind::String;
    kinds['l'] = Kind::Int;
    kinds['u'] = Kind::Uint;
    kinds['d'] = Kind::Double;
    kinds['t'] = Kind::Bool;
    kinds['f'] = Kind::Bool;
    return kinds;
  }();
  return kKinds[static_cast<unsigned char>(tag())];
}

inline bool Value::boolean() const {
  assert(is_bool());
  return tag() == 't';
}
inline int64_t Value::integer() const {
  assert(kind() == Kind::Int);
  return static_cast<int64_t>(word(1));
}
inline uint64_t Value::unsigned_integer() const {
  assert(kind() == Kind::Uint);
  return word(1);
}
inline double Value::real() const {
  assert(kind() == Kind::Double);
  double number = 0;
  const uint64_t bits = word(1);
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

inline std::string_view Value::string() const {
  assert(is_string());
  const uint8_t* start = tape_->strings + (word() & 0x00FF'FFFF'FFFF'FFFFULL);
  uint32_t length = 0;
  std::memcpy(&length, start, sizeof length);
  return {reinterpret_cast<const char*>(start + sizeof length), length};
}

inline uint32_t Value::after() const {
  switch (tag()) {
    case '{':
    case '[':
      return static_cast<uint32_t>(word());  // low half: one past the closing word
    case 'l':
    case 'u':
    case 'd':
      return index_ + 2;
    default:
      return index_ + 1;
  }
}

inline Value Value::operator[](std::string_view key) const {
  if (tape_ == nullptr || tag() != '{') return {};
  const uint32_t end = static_cast<uint32_t>(word()) - 1;
  for (uint32_t at = index_ + 1; at != end;) {
    const uint8_t* start = tape_->strings + (tape_->words[at] & 0x00FF'FFFF'FFFF'FFFFULL);
    uint32_t length = 0;
    std::memcpy(&length, start, sizeof length);
    const Value value(tape_, at + 1);
    if (length == key.size() &&
        same_bytes(reinterpret_cast<const char*>(start) + sizeof length, key.data(), length))
      return value;
    at = value.after();
  }
  return {};
}

inline Elements Value::elements() const {
  if (tape_ == nullptr || tag() != '[') return {tape_, 0, 0};
  return {tape_, index_ + 1, static_cast<uint32_t>(word()) - 1};
}

inline Members Value::members() const {
  if (tape_ == nullptr || tag() != '{') return {tape_, 0, 0};
  return {tape_, index_ + 1, static_cast<uint32_t>(word()) - 1};
}

}  // namespace sagewarden::json
