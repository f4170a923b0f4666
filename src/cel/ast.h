// The tree that the parser makes of an expression: what was written, not yet what it means. Macros
// and names are resolved when it is compiled.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace sagewarden::cel {

struct Bytes {
  std::string octets;
};

struct Expr {
  enum class Kind : uint8_t {
    Literal,
    Name,      // name; with a leading dot `absolute`
    Select,    // args[0].name
    Call,      // name(args…)
    Method,    // args[0].name(args[1]…)
    Operator,  // name is the operator: "&&" and "||" with two or more args, "?:", "[]", "-" with
               // one…
    List,
    Map,  // args: key, value, key, value, …
  };
  using Literal = std::variant<std::nullptr_t, bool, int64_t, uint64_t, double, std::string, Bytes>;

  Kind kind = Kind::Literal;
  uint32_t offset = 0;  // what a fault points at: the operator of an operation
  uint32_t begin = 0;   // from the first to behind the last byte
  uint32_t end = 0;
  uint32_t depth = 1;
  bool optional = false;  // `.?name`, `[?index]`
  bool absolute = false;
  std::string name;
  Literal literal;
  std::vector<std::unique_ptr<Expr>> args;
  // List and Map: whether the element or entry at that place was written with `?`.
  std::vector<bool> optional_items;
};

using ExprPtr = std::unique_ptr<Expr>;

}  // namespace sagewarden::cel
