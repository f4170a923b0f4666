#include "source/cloudformation/pattern.h"

#include <optional>

namespace sagewarden::cloudformation {
namespace {

constexpr size_t kMaxGroups = 100;  // inside each other

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A character that stands for itself. Of a longer one, what follows would be about a part only.
std::optional<bool> one_byte(char c) {
  return static_cast<unsigned char>(c) < 0x80 ? std::optional(true) : std::nullopt;
}

// Reads a regular expression only as far as it takes to tell what takes at least one character.
// Each function says whether what it has read surely does; nothing when it does not understand.
class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : rest_(pattern) {}

  std::optional<bool> whole() {
    const std::optional<bool> takes = alternatives();
    return rest_.empty() ? takes : std::nullopt;
  }

 private:
  bool take(std::string_view start) {
    if (!rest_.starts_with(start)) return false;
    rest_.remove_prefix(start.size());
    return true;
  }
  char next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  // All of them must take a character.
  std::optional<bool> alternatives() {  // NOLINT(misc-no-recursion): depth is bounded
    bool all = true;
    do {
      bool some = false;
      while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
        std::optional<bool> takes = atom();
        if (takes) takes = quantified(*takes);
        if (!takes) return std::nullopt;
        some = some || *takes;
      }
      all = all && some;
    } while (take("|"));
    return all;
  }

  std::optional<bool> atom() {  // NOLINT(misc-no-recursion)
    switch (const char c = next()) {
      case '^':
      case '$':
        return false;
      case '\\':
        return escape();
      case '[':
        return set();
      case '(':
        return group();
      case '*':
      case '+':
      case '?':
      case '{':
        return std::nullopt;
      default:
        return one_byte(c);
    }
  }

  std::optional<bool> escape() {
    if (rest_.empty()) return std::nullopt;
    const char c = next();
    constexpr std::string_view kPlaces = "bBAGzZ";
    constexpr std::string_view kOneCharacter = "dDsSwWhHvVRtnrfae";
    if (kPlaces.find(c) != std::string_view::npos) return false;
    if (kOneCharacter.find(c) != std::string_view::npos) return true;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && c != 'p' && c != 'P') return std::nullopt;
    if (letter) {
      const size_t end = rest_.find('}');
      if (!rest_.starts_with('{') || end == std::string_view::npos) return std::nullopt;
      rest_.remove_prefix(end + 1);
      return true;
    }
    // A group that is matched again may be empty.
    return is_digit(c) ? std::nullopt : one_byte(c);
  }

  // [abc], [^]a], [a-z&&[^b]]: one character, whichever it is.
  std::optional<bool> set() {
    size_t open = 1;
    bool first = true;
    while (!rest_.empty()) {
      if (first) take("^");
      const char c = next();
      if (c == '\\') {
        // Within \Q and \E a bracket is none.
        if (rest_.empty() || rest_.front() == 'Q') return std::nullopt;
        next();
      } else if (c == '[') {
        ++open;
      } else if (c == ']' && first) {
        return std::nullopt;
      } else if (c == ']' && --open == 0) {
        return true;
      }
      first = c == '[';
    }
    return std::nullopt;
  }

  std::optional<bool> group() {  // NOLINT(misc-no-recursion)
    bool looks_only = false;
    if (take("?")) {
      const bool around = take("=") || take("!") || take("<=") || take("<!");
      looks_only = around;
      if (!around && take("<")) {
        const size_t end = rest_.find('>');
        if (end == std::string_view::npos) return std::nullopt;
        rest_.remove_prefix(end + 1);
      } else if (!around && !take(":") && !take(">")) {
        return std::nullopt;
      }
    }
    if (++depth_ > kMaxGroups) return std::nullopt;
    const std::optional<bool> inside = alternatives();
    --depth_;
    if (!inside || !take(")")) return std::nullopt;
    return *inside && !looks_only;
  }

  std::optional<bool> quantified(bool takes) {
    if (take("*") || take("?")) {
      takes = false;
    } else if (take("{")) {
      if (rest_.empty() || !is_digit(rest_.front())) return std::nullopt;
      size_t digits = 0;
      bool none = true;
      for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits)
        none = none && rest_[digits] == '0';
      const size_t end = rest_.find('}');
      if (end == std::string_view::npos) return std::nullopt;
      if (rest_.substr(digits, end - digits).find_first_not_of(",0123456789") !=
          std::string_view::npos)
        return std::nullopt;
      rest_.remove_prefix(end + 1);
      takes = takes && !none;
    } else if (!take("+")) {
      return takes;
    }
    if (!take("?")) take("+");  // how greedy it is makes no difference
    return takes;
  }

  std::string_view rest_;
  size_t depth_ = 0;
};

}  // namespace

bool refuses_empty_text(std::string_view pattern) {
  return PatternReader(pattern).whole().value_or(false);
}

}  // namespace sagewarden::cloudformation
