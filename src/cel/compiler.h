// Inside of the compiler: what names.cc, macros.cc and compile.cc share.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cel/ast.h"
#include "cel/compile.h"
#include "cel/program.h"

namespace sagewarden::cel {

// Every function gives null when something is wrong, and the fault is the first thing that was.
class Compiler {
 public:
  Compiler(Program::Impl& program, std::span<const std::string_view> variables,
           const Dialect& dialect, Fault& fault)
      : program_(program), variables_(variables), dialect_(dialect), fault_(fault) {}

  const Node* compile(const Expr& expr);

 private:
  using NodePtr = const Node*;

  // ---- making nodes ----
  std::nullptr_t fail(uint32_t offset, std::string message);
  // What may be an error at once, or only when it is reached: as the dialect says.
  NodePtr unresolved(uint32_t offset, const std::string& message);
  Node& make(Op op, uint32_t offset);
  std::string_view keep(std::string_view text);
  template <class T>
  std::span<const T> keep_all(const std::vector<T>& items);
  bool set_args(Node& node, const std::vector<NodePtr>& args);
  NodePtr constant(uint32_t offset, const Value& value);
  // The node, or the constant that it always gives.
  NodePtr fold(const Node& node);
  bool compile_all(std::span<const ExprPtr> exprs, std::vector<NodePtr>& nodes);

  // ---- expressions ----
  NodePtr compile_kind(const Expr& expr);
  NodePtr literal(const Expr& expr);
  NodePtr select(const Expr& expr);
  NodePtr extend_path(const Node& base, const Expr& expr);
  NodePtr operation(const Expr& expr);
  NodePtr index(const Expr& expr);
  NodePtr list_or_map(const Expr& expr);
  NodePtr call(const Expr& expr);
  NodePtr method(const Expr& expr);
  NodePtr call_function(const Expr& expr, std::string_view name, Style style,
                        std::span<const ExprPtr> args);
  NodePtr matches(const Expr& expr, const std::vector<NodePtr>& args);

  // ---- names ----
  // A name or a chain of members as far as it names a variable or a type; null without a fault when
  // it does not begin with one.
  NodePtr name(const Expr& expr);
  NodePtr resolve(const Expr& expr, std::string_view full);
  NodePtr resolve_exactly(uint32_t offset, std::string_view full);
  bool shadowed(const Expr& expr) const;
  std::string qualified(const Expr& expr) const;

  // ---- macros ----
  struct Macro;
  static std::span<const Macro> macros();
  bool macro(const Expr& expr, NodePtr& made);
  NodePtr has(const Expr& expr);
  NodePtr comprehension(const Expr& expr, const Macro& macro);
  NodePtr bind(const Expr& expr);
  NodePtr optional_or(const Expr& expr, Op op);
  // The variable that an argument of a macro names.
  bool variable_of(const Expr& arg, std::string_view& name);
  uint32_t open_scope(std::string_view name);
  void close_scopes(size_t count) { scopes_.resize(scopes_.size() - count); }

  Program::Impl& program_;
  std::span<const std::string_view> variables_;
  const Dialect& dialect_;
  Fault& fault_;
  std::vector<std::string_view> scopes_;  // names bound by macros, outermost first; place = slot
};

template <class T>
std::span<const T> Compiler::keep_all(const std::vector<T>& items) {
  if (items.empty()) return {};
  T* const room = program_.arena.array<T>(items.size());
  if (room == nullptr) {
    fail(0, "the expression is too large");
    return {};
  }
  std::copy(items.begin(), items.end(), room);
  return {room, items.size()};
}

}  // namespace sagewarden::cel
