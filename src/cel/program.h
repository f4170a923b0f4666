// The compiled form: a tree of nodes in which every name is a slot, every constant is folded, and a
// chain of members is one node.
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/arena.h"
#include "cel/cel.h"
#include "cel/function.h"
#include "cel/value.h"

namespace sagewarden::cel {

enum class Op : uint8_t {
  Constant,
  Path,     // a variable and the members below it
  HasPath,  // whether the last member of the path is there
  Select,   // args[0].name, where args[0] is no path
  Has,
  Index,  // args[0][args[1]]
  And,
  Or,
  Not,
  Negate,
  Conditional,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  In,
  List,
  Map,
  Call,
  Matches,  // args[0] matches the constant `regex`
  // Comprehensions: args are the range and one or two bodies; slots hold what is iterated.
  All,
  Exists,
  ExistsOne,
  MapList,  // range, transformation, and perhaps a filter
  Filter,
  TransformMap,       // two variables; transformation, and perhaps a filter
  TransformMapEntry,  // the same, where the transformation is a map
  Bind,               // cel.bind: value, body
  OptionalMap,        // x.optMap(v, body)
  OptionalFlatMap,
  OptionalOr,  // x.or(y), x.orValue(y): y is only evaluated where it counts
  OptionalOrValue,
  Fail,  // an error that was found when compiling and counts only when it is reached
};

// One member of a path.
struct Step {
  std::string_view name;
  uint32_t offset = 0;
  bool optional = false;  // .?name
};

struct Node {
  Op op = Op::Constant;
  bool optional = false;   // Select and Index: with `?`
  bool local = false;      // Path: the slot is one of a comprehension
  bool two_slots = false;  // comprehensions over (key, value)
  uint32_t offset = 0;     // what an error points at
  uint32_t begin = 0;      // where the part of the expression stands
  uint32_t end = 0;
  uint32_t slot = 0;         // Path; comprehensions: the first variable's
  uint32_t second_slot = 0;  // comprehensions with two variables
  std::string_view name;     // Select, Has, Call: the member, the function
  std::span<const Node* const> args;
  std::span<const Step> steps;           // Path, HasPath
  std::span<const bool> optional_items;  // List, Map: which were written with `?`; or empty
  const Function* function = nullptr;    // Call
  const RE2* regex = nullptr;            // Matches
  Value constant;                        // Constant, Fail
};

struct Program::Impl {
  explicit Impl(std::string_view expression, const Limits& with);

  std::string text;
  Limits limits;
  std::vector<std::string> variables;
  size_t locals = 0;  // how many slots the comprehensions need
  Arena arena;        // constants, spans
  std::deque<Node> nodes;
  std::deque<RE2> regexes;
  const Node* root = nullptr;
};

// Everything that an evaluation writes.
struct Scratch::Impl {
  Impl();
  // Ready for an evaluation; what an earlier one made is gone.
  void prepare(const Program::Impl& program, const Limits& limits);

  Arena arena;
  std::vector<Value> locals;
};

}  // namespace sagewarden::cel
