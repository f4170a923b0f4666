// What a name means: a variable of a macro, a variable of the program (whose own name may have
// dots), or a type.
#include <algorithm>

#include "cel/compiler.h"

namespace sagewarden::cel {
namespace {

constexpr std::string_view kTypes[] = {
    "bool",
    "bytes",
    "double",
    "google.protobuf.Duration",
    "google.protobuf.Timestamp",
    "int",
    "list",
    "map",
    "null_type",
    "optional_type",
    "string",
    "type",
    "uint",
};

const Expr& root_of(const Expr& expr) {
  return expr.kind == Expr::Kind::Select ? root_of(*expr.args[0]) : expr;
}

}  // namespace

// "a.b.c" for such a chain of plain members; empty for anything else.
std::string Compiler::qualified(const Expr& expr) const {
  if (expr.kind == Expr::Kind::Name) return expr.name;
  if (expr.kind != Expr::Kind::Select || expr.optional) return {};
  std::string base = qualified(*expr.args[0]);
  return base.empty() ? base : base + "." + expr.name;
}

bool Compiler::shadowed(const Expr& expr) const {
  const Expr& root = root_of(expr);
  if (root.kind != Expr::Kind::Name || root.absolute) return false;
  const auto bound = [&](std::string_view name) { return name == root.name; };
  return std::any_of(scopes_.begin(), scopes_.end(), bound) ||
         std::any_of(variables_.begin(), variables_.end(), bound);
}

const Node* Compiler::name(const Expr& expr) {
  if (expr.kind == Expr::Kind::Name && !expr.absolute) {
    const auto scope = std::find(scopes_.rbegin(), scopes_.rend(), expr.name);
    if (scope != scopes_.rend()) {
      Node& node = make(Op::Path, expr.offset);
      node.local = true;
      node.slot = static_cast<uint32_t>(scopes_.rend() - scope - 1);
      return &node;
    }
  }
  const Expr& root = root_of(expr);
  const bool local = root.kind == Expr::Kind::Name && !root.absolute &&
                     std::find(scopes_.begin(), scopes_.end(), root.name) != scopes_.end();
  if (local) return nullptr;
  const std::string full = qualified(expr);
  return full.empty() ? nullptr : resolve(expr, full);
}

// In a container a.b the name x may mean a.b.x, a.x or x, in this order.
const Node* Compiler::resolve(const Expr& expr, std::string_view full) {
  std::string container(root_of(expr).absolute ? "" : dialect_.container);
  while (!container.empty()) {
    std::string inside = container + ".";
    inside += full;
    if (const Node* const found = resolve_exactly(expr.offset, inside)) return found;
    const size_t dot = container.rfind('.');
    container.resize(dot == std::string::npos ? 0 : dot);
  }
  return resolve_exactly(expr.offset, full);
}

const Node* Compiler::resolve_exactly(uint32_t offset, std::string_view full) {
  const auto variable = std::find(variables_.begin(), variables_.end(), full);
  if (variable != variables_.end()) {
    Node& node = make(Op::Path, offset);
    node.slot = static_cast<uint32_t>(variable - variables_.begin());
    return &node;
  }
  const auto* const type = std::find(std::begin(kTypes), std::end(kTypes), full);
  return type == std::end(kTypes) ? nullptr : constant(offset, Value::type(*type));
}

}  // namespace sagewarden::cel
