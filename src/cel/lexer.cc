#include "cel/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sagewarden::cel {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
  return is_name_start(c) || is_digit(c);
}

// Longest first, so that "<=" is not read as "<".
constexpr std::array<std::string_view, 25> kSymbols = {
    "==", "!=", "<=", ">=", "&&", "||", "(", ")", "[", "]", "{", "}", ".",
    ",",  ":",  "?",  "+",  "-",  "*",  "/", "%", "!", "<", ">", "="};

constexpr std::array<std::string_view, 4> kWords = {"in", "true", "false", "null"};

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Token>& tokens, Fault& fault)
      : text_(text), tokens_(tokens), fault_(fault) {}

  bool run() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      if (!token()) return false;
    }
    tokens_.push_back({Token::Kind::End, {}, static_cast<uint32_t>(text_.size()), 0});
    return true;
  }

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  bool fail(size_t offset, std::string message) {
    fault_ = {static_cast<uint32_t>(offset), std::move(message)};
    return false;
  }

  bool add(Token::Kind kind, size_t start) {
    tokens_.push_back({kind, text_.substr(start, at_ - start), static_cast<uint32_t>(start),
                       static_cast<uint32_t>(at_ - start)});
    return true;
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (c == '/' && peek(1) == '/') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        return;
      }
    }
  }

  bool token() {
    const char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    const size_t prefix = string_prefix();
    const char quote = peek(prefix);
    if (quote == '"' || quote == '\'') return string(prefix);
    if (is_name_start(c)) return name();
    if (c == '`') return quoted_name();
    for (const std::string_view symbol : kSymbols) {
      if (symbol == "=" || !text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return add(Token::Kind::Symbol, at_ - symbol.size());
    }
    if (c == '=') return fail(at_, "'=' is no operator; did you mean '=='?");
    const size_t length = std::max<size_t>(utf8_length(text_.substr(at_)), 1);
    return fail(at_,
                fmt::format("unexpected character '{}'", printable(text_.substr(at_, length))));
  }

  bool name() {
    const size_t start = at_;
    while (is_name_part(peek())) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    const bool is_word = std::find(kWords.begin(), kWords.end(), word) != kWords.end();
    return add(is_word ? Token::Kind::Symbol : Token::Kind::Identifier, start);
  }

  // `a-name/with.other characters`: only as a member's name.
  bool quoted_name() {
    const size_t start = at_++;
    while (is_name_part(peek()) || peek() == '.' || peek() == '-' || peek() == '/' || peek() == ' ')
      ++at_;
    if (peek() != '`' || at_ == start + 1)
      return fail(start, "a name in backticks may hold letters, digits and _ . - / and blanks");
    ++at_;
    tokens_.push_back({Token::Kind::Quoted, text_.substr(start + 1, at_ - start - 2),
                       static_cast<uint32_t>(start), static_cast<uint32_t>(at_ - start)});
    return true;
  }

  bool number() {
    const size_t start = at_;
    Token::Kind kind = Token::Kind::Int;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && is_hex_digit(peek(2))) {
      at_ += 2;
      while (is_hex_digit(peek())) ++at_;
    } else {
      while (is_digit(peek())) ++at_;
      if (peek() == '.' && is_digit(peek(1))) {
        kind = Token::Kind::Double;
        ++at_;
        while (is_digit(peek())) ++at_;
      }
      if (exponent()) kind = Token::Kind::Double;
    }
    if (kind == Token::Kind::Int && (peek() == 'u' || peek() == 'U')) {
      kind = Token::Kind::Uint;
      ++at_;
    }
    if (is_name_part(peek())) return fail(at_, "a number ends here, and a letter follows");
    return add(kind, start);
  }

  bool exponent() {
    if (peek() != 'e' && peek() != 'E') return false;
    const size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (!is_digit(peek(1 + sign))) return false;
    at_ += 1 + sign;
    while (is_digit(peek())) ++at_;
    return true;
  }

  // How many letters of a string's prefix (r, b, br, rb) stand here.
  size_t string_prefix() const {
    size_t length = 0;
    bool raw = false;
    bool bytes = false;
    while (length < 2) {
      const char c = peek(length);
      bool& seen = c == 'r' || c == 'R' ? raw : bytes;
      if ((c != 'r' && c != 'R' && c != 'b' && c != 'B') || seen) break;
      seen = true;
      ++length;
    }
    return length;
  }

  bool string(size_t prefix) {
    const size_t start = at_;
    bool raw = false;
    bool bytes = false;
    for (size_t i = 0; i < prefix; ++i) {
      (peek() == 'r' || peek() == 'R' ? raw : bytes) = true;
      ++at_;
    }
    const std::string_view quote = text_.substr(at_, 1);
    const bool triple = peek(1) == quote[0] && peek(2) == quote[0];
    const size_t marks = triple ? 3 : 1;
    at_ += marks;
    while (true) {
      if (at_ >= text_.size()) return fail(start, "this string does not end");
      if (!triple && (peek() == '\n' || peek() == '\r'))
        return fail(start,
                    "this string does not end on its line; use three quotes for several lines");
      if (peek() == quote[0] && (!triple || (peek(1) == quote[0] && peek(2) == quote[0]))) break;
      at_ += !raw && peek() == '\\' ? 2U : 1U;
    }
    at_ += marks;
    return add(bytes ? Token::Kind::Bytes : Token::Kind::String, start);
  }

  std::string_view text_;
  std::vector<Token>& tokens_;
  Fault& fault_;
  size_t at_ = 0;
};

}  // namespace

bool tokenize(std::string_view expression, std::vector<Token>& tokens, Fault& fault) {
  return Lexer(expression, tokens, fault).run();
}

}  // namespace sagewarden::cel
