// Strict reading of mappings: what may stand in them, of which kind, and what must.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/node.h"
#include "base/result.h"

namespace sagewarden {

struct FieldRule {
  enum class Need : uint8_t { Optional, Required };
  std::string_view name;
  Need need = Need::Optional;
  Node::Kind kind = Node::Kind::Null;  // Null: any kind
};

// Errors name the place: not a mapping, a field that is not in the list (with the one that was
// probably meant), a required one that is missing or an empty text, one of another kind. `what`
// names the mapping for people: "the control", "the parameter x".
Result<void> check_fields(std::string_view file, const Node& node, std::string_view what,
                          std::span<const FieldRule> fields);

}  // namespace sagewarden
