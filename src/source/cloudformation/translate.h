// A resource's resolved properties in the form in which they are judged: typed, with the API's
// defaults, the tags apart, and what is not known beside.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"
#include "model/unknown.h"
#include "source/cloudformation/value.h"

namespace sagewarden::cloudformation {

inline constexpr size_t kMaxPropertyPath = 512;  // bytes; what lies deeper has no line of its own

struct Translated {
  std::string properties;  // JSON objects
  std::string tags;
  UnknownNode unknown_properties;
  UnknownNode unknown_tags;
  std::vector<PropertyLine> lines;     // sorted by path
  std::vector<std::string> defaulted;  // sorted
  std::string name;                    // what the type's name property says; empty when nothing
};

// `properties` is an Object, or Opaque when nothing of them is known.
Translated translate(std::string_view type, Value properties);

}  // namespace sagewarden::cloudformation
