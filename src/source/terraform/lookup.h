// Finding members of JSON objects that a stranger wrote: never slower than sorting them, however
// many there are.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace sagewarden::terraform {

class Lookup {
 public:
  // Anything but an object has no members.
  explicit Lookup(json::Value object);

  // The member of that name, or Missing.
  json::Value operator[](std::string_view key) const;

 private:
  json::Value object_;
  std::vector<std::pair<std::string_view, json::Value>> sorted_;  // only for a large object
};

// A name that the object gives twice; empty when there is none. Two readers may disagree on which
// of the two counts.
std::string_view repeated_name(json::Value object);

// Whether `true` stands anywhere in the value: how Terraform marks what is unknown or sensitive.
bool holds_true(json::Value value);
inline bool is_true(json::Value value) {
  return value.is_bool() && value.boolean();
}

// The elements of a list one after another, Missing once it has ended: for lists that are read side
// by side.
class Cursor {
 public:
  explicit Cursor(json::Value list) : next_(list.elements().begin()), end_(list.elements().end()) {}
  json::Value next() {
    if (!(next_ != end_)) return {};
    const json::Value value = *next_;
    ++next_;
    return value;
  }

 private:
  json::Elements::Iterator next_;
  json::Elements::Iterator end_;
};

}  // namespace sagewarden::terraform
