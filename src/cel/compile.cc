#include "cel/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cel/compiler.h"
#include "cel/machine.h"
#include "cel/parser.h"
#include "cel/regex.h"

namespace sagewarden::cel {
namespace {

struct Operation {
  std::string_view symbol;
  size_t operands;  // 0: two or more
  Op op;
};
constexpr Operation kOperations[] = {
    {"&&", 0, Op::And},       {"||", 0, Op::Or},         {"!", 1, Op::Not},
    {"-", 1, Op::Negate},     {"-", 2, Op::Subtract},    {"+", 2, Op::Add},
    {"*", 2, Op::Multiply},   {"/", 2, Op::Divide},      {"%", 2, Op::Modulo},
    {"==", 2, Op::Equal},     {"!=", 2, Op::NotEqual},   {"<", 2, Op::Less},
    {"<=", 2, Op::LessEqual}, {">", 2, Op::Greater},     {">=", 2, Op::GreaterEqual},
    {"in", 2, Op::In},        {"?:", 3, Op::Conditional}};

// Each may keep as much memory as regex_options() allows, for as long as the program lives.
constexpr size_t kMostRegexes = 32;

bool holds_unknown(const Value& value) {
  return value.is_unknown() || value.is_error();
}

}  // namespace

std::nullptr_t Compiler::fail(uint32_t offset, std::string message) {
  if (fault_.message.empty()) fault_ = {offset, std::move(message)};
  return nullptr;
}

const Node* Compiler::unresolved(uint32_t offset, const std::string& message) {
  if (dialect_.names == Dialect::Names::Checked) return fail(offset, message);
  Node& node = make(Op::Fail, offset);
  node.constant = Value::error(keep(message), offset);
  return &node;
}

Node& Compiler::make(Op op, uint32_t offset) {
  Node& node = program_.nodes.emplace_back();
  node.op = op;
  node.offset = offset;
  return node;
}

std::string_view Compiler::keep(std::string_view text) {
  const std::string_view kept = program_.arena.copy(text);
  if (kept.data() == nullptr) fail(0, "the expression is too large");
  return kept;
}

bool Compiler::set_args(Node& node, const std::vector<NodePtr>& args) {
  node.args = keep_all(args);
  return node.args.size() == args.size();
}

const Node* Compiler::constant(uint32_t offset, const Value& value) {
  Node& node = make(Op::Constant, offset);
  node.constant = value;
  return &node;
}

const Node* Compiler::fold(const Node& node) {
  const bool constants = std::all_of(node.args.begin(), node.args.end(),
                                     [](const Node* arg) { return arg->op == Op::Constant; });
  if (!constants) return &node;
  Machine machine(program_.limits, {}, {}, program_.arena);
  const Value value = machine.evaluate(node);
  // An error stays where it is: whether it counts depends on what stands around it.
  return holds_unknown(value) ? &node : constant(node.offset, value);
}

bool Compiler::compile_all(std::span<const ExprPtr> exprs, std::vector<NodePtr>& nodes) {
  for (const ExprPtr& expr : exprs) {
    nodes.push_back(compile(*expr));
    if (nodes.back() == nullptr) return false;
  }
  return true;
}

const Node* Compiler::compile(const Expr& expr) {
  const size_t before = program_.nodes.size();
  const Node* const node = compile_kind(expr);
  // Where a part stands is the same for every node that was made of it and of nothing smaller.
  for (size_t i = before; i < program_.nodes.size(); ++i) {
    Node& made = program_.nodes[i];
    if (made.end != 0) continue;
    made.begin = expr.begin;
    made.end = expr.end;
  }
  return node;
}

const Node* Compiler::compile_kind(const Expr& expr) {
  switch (expr.kind) {
    case Expr::Kind::Literal:
      return literal(expr);
    case Expr::Kind::Name:
    case Expr::Kind::Select:
      return select(expr);
    case Expr::Kind::Call:
      return call(expr);
    case Expr::Kind::Method:
      return method(expr);
    case Expr::Kind::Operator:
      return expr.name == "[]" ? index(expr) : operation(expr);
    case Expr::Kind::List:
    case Expr::Kind::Map:
      return list_or_map(expr);
  }
  return nullptr;
}

const Node* Compiler::literal(const Expr& expr) {
  struct Reader {
    Compiler& compiler;
    Value operator()(std::nullptr_t) const { return Value::null(); }
    Value operator()(bool value) const { return Value::boolean(value); }
    Value operator()(int64_t value) const { return Value::integer(value); }
    Value operator()(uint64_t value) const { return Value::unsigned_integer(value); }
    Value operator()(double value) const { return Value::real(value); }
    Value operator()(const std::string& text) const { return Value::string(compiler.keep(text)); }
    Value operator()(const Bytes& bytes) const { return Value::bytes(compiler.keep(bytes.octets)); }
  };
  return constant(expr.offset, std::visit(Reader{*this}, expr.literal));
}

const Node* Compiler::select(const Expr& expr) {
  if (const Node* const named = name(expr)) return named;
  if (!fault_.message.empty()) return nullptr;
  if (expr.kind == Expr::Kind::Name)
    return unresolved(expr.offset, fmt::format("undeclared reference to '{}'", expr.name));
  const Node* const base = compile(*expr.args[0]);
  if (base == nullptr) return nullptr;
  if (base->op == Op::Path) return extend_path(*base, expr);
  Node& node = make(Op::Select, expr.offset);
  node.name = keep(expr.name);
  node.optional = expr.optional;
  if (!set_args(node, {base})) return nullptr;
  return fold(node);
}

const Node* Compiler::extend_path(const Node& base, const Expr& expr) {
  std::vector<Step> steps(base.steps.begin(), base.steps.end());
  steps.push_back({keep(expr.name), expr.offset, expr.optional});
  Node& node = make(Op::Path, base.offset);
  node.local = base.local;
  node.slot = base.slot;
  node.steps = keep_all(steps);
  return node.steps.empty() ? nullptr : &node;
}

const Node* Compiler::operation(const Expr& expr) {
  const auto* const row =
      std::find_if(std::begin(kOperations), std::end(kOperations), [&](const Operation& operation) {
        return operation.symbol == expr.name &&
               (operation.operands == 0 || operation.operands == expr.args.size());
      });
  Node& node = make(row->op, expr.offset);
  std::vector<NodePtr> args;
  if (!compile_all(expr.args, args) || !set_args(node, args)) return nullptr;
  return fold(node);
}

const Node* Compiler::index(const Expr& expr) {
  std::vector<NodePtr> args;
  if (!compile_all(expr.args, args)) return nullptr;
  const Node& key = *args[1];
  // a["name"] is a.name
  if (args[0]->op == Op::Path && key.op == Op::Constant && key.constant.is(Kind::String)) {
    Expr member;
    member.offset = expr.offset;
    member.name = key.constant.text();
    member.optional = expr.optional;
    return extend_path(*args[0], member);
  }
  Node& node = make(Op::Index, expr.offset);
  node.optional = expr.optional;
  if (!set_args(node, args)) return nullptr;
  return fold(node);
}

const Node* Compiler::list_or_map(const Expr& expr) {
  Node& node = make(expr.kind == Expr::Kind::List ? Op::List : Op::Map, expr.offset);
  std::vector<NodePtr> args;
  if (!compile_all(expr.args, args) || !set_args(node, args)) return nullptr;
  const auto& flags = expr.optional_items;
  if (std::find(flags.begin(), flags.end(), true) != flags.end()) {
    bool* const room = program_.arena.array<bool>(flags.size());
    if (room == nullptr) return fail(expr.offset, "the expression is too large");
    std::copy(flags.begin(), flags.end(), room);
    node.optional_items = {room, flags.size()};
  }
  return fold(node);
}

const Node* Compiler::call(const Expr& expr) {
  if (expr.name == "has") return has(expr);
  return call_function(expr, expr.name, Style::Global, expr.args);
}

const Node* Compiler::method(const Expr& expr) {
  const Node* made = nullptr;
  if (macro(expr, made)) return made;
  // optional.of(x): what looks like a member of a variable is a function's name.
  const std::string space = qualified(*expr.args[0]);
  if (!space.empty() && !shadowed(*expr.args[0])) {
    const std::string full = space + "." + expr.name;
    if (is_function(full, Style::Global))
      return call_function(expr, full, Style::Global,
                           std::span<const ExprPtr>(expr.args).subspan(1));
  }
  return call_function(expr, expr.name, Style::Method, expr.args);
}

const Node* Compiler::call_function(const Expr& expr, std::string_view name, Style style,
                                    std::span<const ExprPtr> args) {
  std::vector<NodePtr> nodes;
  if (!compile_all(args, nodes)) return nullptr;
  const Function* const function = find_function(name, style, args.size());
  if (function == nullptr) {
    const bool known = is_function(name, style);
    return unresolved(expr.offset,
                      fmt::format("{} '{}'{}", known ? "no such overload of" : "unknown function",
                                  name, known ? " with that many arguments" : ""));
  }
  if (name == "matches" && nodes[1]->op == Op::Constant && nodes[1]->constant.is(Kind::String))
    return matches(expr, nodes);
  Node& node = make(Op::Call, expr.offset);
  node.name = function->name;
  node.function = function;
  if (!set_args(node, nodes)) return nullptr;
  return fold(node);
}

const Node* Compiler::matches(const Expr& expr, const std::vector<NodePtr>& args) {
  const std::string_view pattern = args[1]->constant.text();
  if (program_.regexes.size() == kMostRegexes)
    return fail(expr.offset,
                fmt::format("more than {} regular expressions in one expression", kMostRegexes));
  const RE2& regex = program_.regexes.emplace_back(re2::StringPiece(pattern.data(), pattern.size()),
                                                   regex_options());
  if (!regex.ok())
    return unresolved(args[1]->offset, "invalid regular expression: " + regex.error());
  Node& node = make(Op::Matches, expr.offset);
  node.regex = &regex;
  node.name = pattern;
  if (!set_args(node, {args[0]})) return nullptr;
  return fold(node);
}

std::unique_ptr<const Program::Impl> compile_program(std::string_view expression,
                                                     std::span<const std::string_view> variables,
                                                     const Limits& limits, const Dialect& dialect,
                                                     Fault& fault) {
  const ExprPtr parsed = parse(expression, limits, fault);
  if (!parsed) return nullptr;
  auto program = std::make_unique<Program::Impl>(expression, limits);
  program->variables.assign(variables.begin(), variables.end());
  program->root = Compiler(*program, variables, dialect, fault).compile(*parsed);
  if (program->root == nullptr || !fault.message.empty()) return nullptr;
  return program;
}

}  // namespace sagewarden::cel
