// What a template's expression comes to before anything is deployed: a value, or as much as is
// known of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"

namespace sagewarden::cloudformation {

struct Value {
  // Absent is AWS::NoValue: whoever holds it leaves it out. Opaque is a value that only the
  // deployment knows.
  enum class Kind : uint8_t { Absent, Bool, Int, Double, String, List, Object, Opaque };
  struct Member;

  Kind kind = Kind::Absent;
  bool boolean = false;      // Kind::Bool
  bool optional = false;     // it may turn out to be left out (a condition that is not known)
  bool maybe_empty = false;  // Opaque: it may turn out to be an empty text, list or mapping
  bool incomplete = false;   // it is or holds something that is not known; set by settle()
  Mark mark;                 // where the template writes it
  std::string text;          // a scalar as written; booleans as "true" and "false"
  std::string reason;        // why it is Opaque or optional, for people
  std::vector<Value> items;
  std::vector<Member> members;  // names unique
  // Opaque: all values that it can have, where a parameter declares them. Kept by the parameter.
  const std::vector<std::string>* choices = nullptr;

  bool is_scalar() const { return kind >= Kind::Bool && kind <= Kind::String; }
  bool is(Kind wanted) const { return kind == wanted; }

  Value* find(std::string_view name);
  const Value* find(std::string_view name) const;
};

struct Value::Member {
  std::string key;
  Mark key_mark;
  Value value;
};

Value absent(Mark mark);
// A string as CloudFormation takes it: with a dynamic reference in it (`{{resolve:ssm:…}}`), only
// the deployment knows it.
Value text_value(std::string text, Mark mark);
// Set to a value that only the deployment knows, and that is not empty.
Value opaque(std::string reason, Mark mark);
// Nothing is known, not even whether it is set.
Value unknown(std::string reason, Mark mark);

// A scalar as the template writes it, whatever a String may stand for; Null gives an empty String.
Value scalar_of(const Node& node);

// Whether it may turn out to be an empty text, list or mapping.
bool may_be_empty(const Value& value);

// What a choice between two values comes to when nobody knows which is taken: as much as they have
// in common.
Value either(Value a, Value b, const std::string& reason);

// Gives the value and all of its parts one place: what came from a parameter or a mapping is shown
// where it is used.
void move_to(Value& value, Mark mark);

// A name out of the template, fit to stand in a message: bounded, without control characters.
std::string shown(std::string_view name);

// For maps that are asked with a string_view.
struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace sagewarden::cloudformation
