#include "cel/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/text.h"
#include "cel/literal.h"

namespace sagewarden::cel {
namespace {

// Operators that stand between two operands, by how strongly they bind. All group from the left.
struct Binary {
  std::string_view symbol;
  int strength;
};
constexpr int kWeakest = 1;
constexpr int kStrongest = 5;
constexpr Binary kBinary[] = {
    {"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3}, {"<", 3}, {"<=", 3}, {">", 3},
    {">=", 3}, {"in", 3}, {"+", 4},  {"-", 4},  {"*", 5}, {"/", 5},  {"%", 5},
};

constexpr std::array<std::string_view, 17> kReserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

const Binary* binary_of(const Token& token) {
  const auto* const found = std::find_if(std::begin(kBinary), std::end(kBinary),
                                         [&](const Binary& row) { return token.is(row.symbol); });
  return found == std::end(kBinary) ? nullptr : found;
}

// Every function gives null when something is wrong, and the fault is the first thing that was.
class Parser {
 public:
  Parser(const std::vector<Token>& tokens, const Limits& limits, Fault& fault)
      : tokens_(tokens), limits_(limits), fault_(fault) {}

  ExprPtr run() {
    ExprPtr whole = expression();
    if (whole && peek().kind != Token::Kind::End) return unexpected("the end of the expression");
    return whole;
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  const Token& take() {
    const Token& token = tokens_[at_];
    if (at_ + 1 < tokens_.size()) ++at_;
    taken_end_ = token.offset + token.size;
    return token;
  }
  bool take_if(std::string_view symbol) {
    if (!peek().is(symbol)) return false;
    take();
    return true;
  }

  std::nullptr_t fail(uint32_t offset, std::string message) {
    if (fault_.message.empty()) fault_ = {offset, std::move(message)};
    return nullptr;
  }

  std::nullptr_t unexpected(std::string_view wanted) {
    const Token& token = peek();
    if (token.kind == Token::Kind::End)
      return fail(token.offset, fmt::format("the expression ends where {} should be", wanted));
    return fail(token.offset, fmt::format("expected {}, found '{}'", wanted,
                                          printable(token.text.substr(0, 40))));
  }

  std::nullptr_t too_deep(uint32_t offset) {
    return fail(offset, fmt::format("nested more than {} levels deep", limits_.nesting));
  }

  // Sets the depth from the operands, and refuses what is too deep: everything later walks the tree
  // by recursion.
  ExprPtr finish(ExprPtr expr) {
    for (const ExprPtr& arg : expr->args) {
      if (!arg) return nullptr;
      expr->depth = std::max(expr->depth, arg->depth + 1);
    }
    if (expr->depth > limits_.nesting) return too_deep(expr->offset);
    if (!expr->args.empty()) expr->begin = std::min(expr->begin, expr->args[0]->begin);
    expr->end = taken_end_;
    return expr;
  }

  static ExprPtr make(Expr::Kind kind, uint32_t offset, std::string_view name = {}) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->offset = offset;
    expr->begin = offset;
    expr->name = name;
    return expr;
  }

  ExprPtr expression() {
    if (++depth_ > limits_.nesting) return too_deep(peek().offset);
    ExprPtr parsed = conditional();
    --depth_;
    return parsed;
  }

  ExprPtr conditional() {
    ExprPtr condition = binary(kWeakest);
    if (!condition || !peek().is("?")) return condition;
    ExprPtr chosen = make(Expr::Kind::Operator, take().offset, "?:");
    chosen->args.push_back(std::move(condition));
    chosen->args.push_back(binary(kWeakest));
    if (!chosen->args.back()) return nullptr;
    if (!take_if(":")) return unexpected("':'");
    chosen->args.push_back(expression());
    return finish(std::move(chosen));
  }

  ExprPtr binary(int strength) {
    if (strength > kStrongest) return unary();
    ExprPtr left = binary(strength + 1);
    while (left) {
      const Token& token = peek();
      const Binary* const row = binary_of(token);
      if (row == nullptr || row->strength != strength) return left;
      take();
      ExprPtr right = binary(strength + 1);
      if (!right) return nullptr;
      left = join(std::move(left), token, std::move(right));
    }
    return nullptr;
  }

  // A chain of && or of || is one node with many operands, so that a long one is not a deep one.
  ExprPtr join(ExprPtr left, const Token& token, ExprPtr right) {
    const bool chains = token.is("&&") || token.is("||");
    if (chains && left->kind == Expr::Kind::Operator && left->name == token.text) {
      left->depth = std::max(left->depth, right->depth + 1);
      if (left->depth > limits_.nesting) return too_deep(left->offset);
      left->args.push_back(std::move(right));
      left->end = taken_end_;
      return left;
    }
    ExprPtr made = make(Expr::Kind::Operator, token.offset, token.text);
    made->args.push_back(std::move(left));
    made->args.push_back(std::move(right));
    return finish(std::move(made));
  }

  ExprPtr unary() {
    const Token& token = peek();
    if (!token.is("-") && !token.is("!")) return postfix();
    take();
    const Token::Kind next = peek().kind;
    const bool number =
        next == Token::Kind::Int || next == Token::Kind::Uint || next == Token::Kind::Double;
    if (token.is("-") && number && next != Token::Kind::Uint) return suffixes(negative(token));
    if (++depth_ > limits_.nesting) return too_deep(token.offset);
    ExprPtr made = make(Expr::Kind::Operator, token.offset, token.text);
    made->args.push_back(unary());
    --depth_;
    return finish(std::move(made));
  }

  // The sign belongs to the literal: the smallest int has no positive counterpart.
  ExprPtr negative(const Token& sign) {
    const Token& token = take();
    ExprPtr made = make(Expr::Kind::Literal, sign.offset);
    if (token.kind == Token::Kind::Double) {
      const auto number = read_double(token.text);
      if (!number) return fail(token.offset, "this number does not fit a double");
      made->literal = -*number;
      return finish(std::move(made));
    }
    const auto magnitude = read_magnitude(token.text);
    constexpr uint64_t kSmallest = uint64_t{1} << 63U;
    if (!magnitude || *magnitude > kSmallest)
      return fail(token.offset, "this number does not fit a 64-bit int");
    made->literal = static_cast<int64_t>(uint64_t{0} - *magnitude);
    return finish(std::move(made));
  }

  ExprPtr postfix() { return suffixes(primary()); }

  ExprPtr suffixes(ExprPtr base) {
    while (base) {
      const Token& token = peek();
      if (token.is(".")) {
        base = member(std::move(base));
      } else if (token.is("[")) {
        base = index(std::move(base));
      } else if (token.is("{")) {
        return fail(token.offset, "messages (Name{field: value}) are not part of this dialect");
      } else {
        return base;
      }
    }
    return nullptr;
  }

  ExprPtr member(ExprPtr base) {
    take();
    const bool optional = take_if("?");
    const Token& name = peek();
    if (name.kind != Token::Kind::Identifier && name.kind != Token::Kind::Quoted)
      return unexpected("a member's name");
    take();
    const bool call = name.kind == Token::Kind::Identifier && !optional && peek().is("(");
    ExprPtr made = make(call ? Expr::Kind::Method : Expr::Kind::Select, name.offset, name.text);
    made->optional = optional;
    made->args.push_back(std::move(base));
    if (call && !arguments(*made)) return nullptr;
    return finish(std::move(made));
  }

  ExprPtr index(ExprPtr base) {
    ExprPtr made = make(Expr::Kind::Operator, take().offset, "[]");
    made->optional = take_if("?");
    made->args.push_back(std::move(base));
    made->args.push_back(expression());
    if (!made->args.back()) return nullptr;
    if (!take_if("]")) return unexpected("']'");
    return finish(std::move(made));
  }

  bool arguments(Expr& call) {
    take();
    if (take_if(")")) return true;
    do {
      call.args.push_back(expression());
      if (!call.args.back()) return false;
    } while (take_if(","));
    if (take_if(")")) return true;
    unexpected("',' or ')'");
    return false;
  }

  ExprPtr primary() {
    const Token& token = peek();
    switch (token.kind) {
      case Token::Kind::Int:
      case Token::Kind::Uint:
      case Token::Kind::Double:
        return number(take());
      case Token::Kind::String:
      case Token::Kind::Bytes:
        return string(take());
      case Token::Kind::Identifier:
        return name();
      case Token::Kind::Symbol:
        return bracketed();
      case Token::Kind::Quoted:
        return fail(token.offset, "a name in backticks only stands behind a '.'");
      case Token::Kind::End:
        break;
    }
    return unexpected("a value");
  }

  ExprPtr number(const Token& token) {
    ExprPtr made = make(Expr::Kind::Literal, token.offset);
    if (token.kind == Token::Kind::Double) {
      const auto real = read_double(token.text);
      if (!real) return fail(token.offset, "this number does not fit a double");
      made->literal = *real;
      return finish(std::move(made));
    }
    const auto magnitude = read_magnitude(token.text);
    const bool is_uint = token.kind == Token::Kind::Uint;
    if (!magnitude || (!is_uint && *magnitude > uint64_t{std::numeric_limits<int64_t>::max()}))
      return fail(token.offset,
                  fmt::format("this number does not fit a 64-bit {}", is_uint ? "uint" : "int"));
    if (is_uint) {
      made->literal = *magnitude;
    } else {
      made->literal = static_cast<int64_t>(*magnitude);
    }
    return finish(std::move(made));
  }

  ExprPtr string(const Token& token) {
    ExprPtr made = make(Expr::Kind::Literal, token.offset);
    std::string content;
    Fault wrong;
    if (!read_string(token, content, wrong)) return fail(wrong.offset, std::move(wrong.message));
    if (token.kind == Token::Kind::Bytes) {
      made->literal = Bytes{std::move(content)};
    } else if (!is_utf8(content)) {
      return fail(token.offset, "this string is not valid UTF-8");
    } else {
      made->literal = std::move(content);
    }
    return finish(std::move(made));
  }

  ExprPtr name() {
    const bool absolute = take_if(".");
    const Token& token = peek();
    if (token.kind != Token::Kind::Identifier) return unexpected("a name");
    if (std::find(kReserved.begin(), kReserved.end(), token.text) != kReserved.end())
      return fail(token.offset, fmt::format("'{}' is a reserved word", token.text));
    take();
    if (peek().is("(")) {
      ExprPtr call = make(Expr::Kind::Call, token.offset, token.text);
      if (!arguments(*call)) return nullptr;
      return finish(std::move(call));
    }
    ExprPtr made = make(Expr::Kind::Name, token.offset, token.text);
    made->absolute = absolute;
    return finish(std::move(made));
  }

  ExprPtr bracketed() {
    const Token& token = peek();
    if (token.is(".")) return name();
    if (token.is("[")) return list();
    if (token.is("{")) return map();
    if (token.is("(")) {
      take();
      ExprPtr inner = expression();
      if (!inner) return nullptr;
      if (!take_if(")")) return unexpected("')'");
      inner->begin = token.offset;
      inner->end = taken_end_;
      return inner;
    }
    if (!token.is("true") && !token.is("false") && !token.is("null")) return unexpected("a value");
    take();
    ExprPtr made = make(Expr::Kind::Literal, token.offset);
    if (!token.is("null")) made->literal = token.is("true");
    return finish(std::move(made));
  }

  ExprPtr list() {
    ExprPtr made = make(Expr::Kind::List, take().offset);
    while (!peek().is("]")) {
      made->optional_items.push_back(take_if("?"));
      made->args.push_back(expression());
      if (!made->args.back()) return nullptr;
      if (!take_if(",") && !peek().is("]")) return unexpected("',' or ']'");
    }
    take();
    return finish(std::move(made));
  }

  ExprPtr map() {
    ExprPtr made = make(Expr::Kind::Map, take().offset);
    while (!peek().is("}")) {
      made->optional_items.push_back(take_if("?"));
      made->args.push_back(expression());
      if (!made->args.back()) return nullptr;
      if (!take_if(":")) return unexpected("':'");
      made->args.push_back(expression());
      if (!made->args.back()) return nullptr;
      if (!take_if(",") && !peek().is("}")) return unexpected("',' or '}'");
    }
    take();
    return finish(std::move(made));
  }

  const std::vector<Token>& tokens_;
  const Limits& limits_;
  Fault& fault_;
  size_t at_ = 0;
  uint32_t taken_end_ = 0;  // behind the last token that was taken
  size_t depth_ = 0;
};

}  // namespace

ExprPtr parse(std::string_view expression, const Limits& limits, Fault& fault) {
  if (expression.size() > limits.expression_bytes) {
    fault = {Value::kNoOffset,
             fmt::format("the expression is longer than {} bytes", limits.expression_bytes)};
    return nullptr;
  }
  std::vector<Token> tokens;
  if (!tokenize(expression, tokens, fault)) return nullptr;
  return Parser(tokens, limits, fault).run();
}

}  // namespace sagewarden::cel
