// Macros: what looks like a function and is not, because it binds names or looks at its argument
// instead of evaluating it.
#include <algorithm>

#include "cel/compiler.h"

namespace sagewarden::cel {

// value.name(variables…, bodies…)
struct Compiler::Macro {
  std::string_view name;
  size_t variables;
  size_t bodies;
  Op op;
};

std::span<const Compiler::Macro> Compiler::macros() {
  static constexpr Macro kMacros[] = {
      {"all", 1, 1, Op::All},
      {"all", 2, 1, Op::All},
      {"exists", 1, 1, Op::Exists},
      {"exists", 2, 1, Op::Exists},
      {"exists_one", 1, 1, Op::ExistsOne},
      {"exists_one", 2, 1, Op::ExistsOne},
      {"existsOne", 1, 1, Op::ExistsOne},
      {"existsOne", 2, 1, Op::ExistsOne},
      {"map", 1, 1, Op::MapList},
      {"map", 1, 2, Op::MapList},
      {"filter", 1, 1, Op::Filter},
      {"transformList", 2, 1, Op::MapList},
      {"transformList", 2, 2, Op::MapList},
      {"transformMap", 2, 1, Op::TransformMap},
      {"transformMap", 2, 2, Op::TransformMap},
      {"transformMapEntry", 2, 1, Op::TransformMapEntry},
      {"transformMapEntry", 2, 2, Op::TransformMapEntry},
      {"optMap", 1, 1, Op::OptionalMap},
      {"optFlatMap", 1, 1, Op::OptionalFlatMap},
  };
  return kMacros;
}

// Whether the method is a macro; then `made` is what it means, or null and there is a fault.
bool Compiler::macro(const Expr& expr, NodePtr& made) {
  const size_t args = expr.args.size() - 1;
  if (expr.name == "bind" && args == 3 && qualified(*expr.args[0]) == "cel") {
    made = bind(expr);
    return true;
  }
  if (args == 1 && (expr.name == "or" || expr.name == "orValue")) {
    made = optional_or(expr, expr.name == "or" ? Op::OptionalOr : Op::OptionalOrValue);
    return true;
  }
  for (const Macro& macro : macros()) {
    if (macro.name != expr.name || macro.variables + macro.bodies != args) continue;
    // map(v, filter, transformation) and all(k, v, condition) have as many arguments as others of
    // the same name would: the table has only one row for each.
    made = comprehension(expr, macro);
    return true;
  }
  return false;
}

const Node* Compiler::has(const Expr& expr) {
  if (expr.args.size() != 1 || expr.args[0]->kind != Expr::Kind::Select || expr.args[0]->optional)
    return fail(expr.offset, "has() wants one member, as in has(a.b): invalid argument");
  const Expr& member = *expr.args[0];
  const Node* const base = compile(*member.args[0]);
  if (base == nullptr) return nullptr;
  if (base->op == Op::Path) {
    const Node* const whole = extend_path(*base, member);
    if (whole == nullptr) return nullptr;
    Node& node = make(Op::HasPath, expr.offset);
    node.local = whole->local;
    node.slot = whole->slot;
    node.steps = whole->steps;
    return &node;
  }
  Node& node = make(Op::Has, expr.offset);
  node.name = keep(member.name);
  if (!set_args(node, {base})) return nullptr;
  return fold(node);
}

bool Compiler::variable_of(const Expr& arg, std::string_view& name) {
  if (arg.kind != Expr::Kind::Name || arg.absolute) {
    fail(arg.begin, "here a macro wants a simple name: invalid variable name");
    return false;
  }
  name = arg.name;
  return true;
}

uint32_t Compiler::open_scope(std::string_view name) {
  scopes_.push_back(name);
  program_.locals = std::max(program_.locals, scopes_.size());
  return static_cast<uint32_t>(scopes_.size() - 1);
}

const Node* Compiler::comprehension(const Expr& expr, const Macro& macro) {
  std::string_view first;
  std::string_view second;
  if (!variable_of(*expr.args[1], first)) return nullptr;
  if (macro.variables == 2 && !variable_of(*expr.args[2], second)) return nullptr;
  if (first == second)
    return fail(expr.args[2]->offset, "the two variables of a macro need different names");
  std::vector<NodePtr> args = {compile(*expr.args[0])};
  if (args[0] == nullptr) return nullptr;
  Node& node = make(macro.op, expr.offset);
  node.slot = open_scope(first);
  node.two_slots = macro.variables == 2;
  if (node.two_slots) node.second_slot = open_scope(second);
  const bool compiled =
      compile_all(std::span<const ExprPtr>(expr.args).subspan(1 + macro.variables), args);
  close_scopes(macro.variables);
  return compiled && set_args(node, args) ? &node : nullptr;
}

const Node* Compiler::bind(const Expr& expr) {
  std::string_view variable;
  if (!variable_of(*expr.args[1], variable)) return nullptr;
  const Node* const value = compile(*expr.args[2]);
  if (value == nullptr) return nullptr;
  Node& node = make(Op::Bind, expr.offset);
  node.slot = open_scope(variable);
  const Node* const body = compile(*expr.args[3]);
  close_scopes(1);
  return body != nullptr && set_args(node, {value, body}) ? &node : nullptr;
}

const Node* Compiler::optional_or(const Expr& expr, Op op) {
  Node& node = make(op, expr.offset);
  std::vector<NodePtr> args;
  return compile_all(expr.args, args) && set_args(node, args) ? &node : nullptr;
}

}  // namespace sagewarden::cel
