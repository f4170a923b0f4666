#include "cel/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cel/collection.h"
#include "cel/conversion.h"
#include "cel/function.h"
#include "cel/time.h"

namespace sagewarden::cel {
namespace {

constexpr int kMostDigits = 1000;  // behind the decimal point

class Formatter {
 public:
  Formatter(Context& context, const Value& list) : context_(context), list_(list) {}

  Value run(std::string_view pattern) {
    while (!pattern.empty()) {
      const size_t plain = std::min(pattern.find('%'), pattern.size());
      append(pattern.substr(0, plain));
      pattern.remove_prefix(plain);
      if (pattern.empty()) break;
      pattern.remove_prefix(1);
      if (pattern.starts_with('%')) {
        append("%");
        pattern.remove_prefix(1);
      } else {
        clause(pattern);
      }
      if (!wrong_.is(Kind::Null)) return wrong_;
    }
    return context_.string(out_);
  }

 private:
  // The first thing that is wrong is what the whole becomes.
  void fail(const Value& wrong) {
    if (wrong_.is(Kind::Null)) wrong_ = wrong;
  }

  void append(std::string_view text) {
    if (!context_.grow(out_.size() + text.size(), text.size())) return fail(context_.exhausted());
    out_ += text;
  }

  void clause(std::string_view& pattern) {
    int digits = 6;
    if (pattern.starts_with('.')) {
      const auto [end, error] =
          std::from_chars(pattern.data() + 1, pattern.data() + pattern.size(), digits);
      if (error != std::errc() || digits < 0 || digits > kMostDigits || pattern[1] == '-')
        return fail(Value::error("could not parse formatting clause: no such precision"));
      pattern.remove_prefix(static_cast<size_t>(end - pattern.data()));
    }
    if (pattern.empty())
      return fail(Value::error("could not parse formatting clause: the text ends"));
    const char letter = pattern[0];
    pattern.remove_prefix(1);
    Value value;
    if (!find_element(context_, list_, position_, value))
      return fail(context_.error("index ", std::to_string(position_), " out of range"));
    ++position_;
    if (!value.is_settled()) return fail(value);
    convert(letter, digits, value);
  }

  void convert(char letter, int digits, const Value& value) {
    switch (letter) {
      case 's':
        return text(value);
      case 'd':
        return number(value, 10);
      case 'o':
        return number(value, 8);
      case 'b':
        return number(value.is(Kind::Bool) ? Value::integer(value.boolean() ? 1 : 0) : value, 2);
      case 'x':
      case 'X':
        return hex(value, letter == 'X');
      case 'e':
      case 'f':
        return real(value, letter, digits);
      default:
        fail(context_.error("could not parse formatting clause: unrecognized formatting clause \"",
                            std::string_view(&letter, 1), "\""));
    }
  }

  void not_for(std::string_view clause, const Value& value) {
    fail(context_.error("error during formatting: ", clause,
                        std::string(" was given ") + std::string(type_name(value))));
  }

  void number(const Value& value, int base) {
    std::string digits(66, '\0');
    char* end = digits.data();
    if (value.is(Kind::Int)) {
      end = std::to_chars(end, end + digits.size(), value.integer(), base).ptr;
    } else if (value.is(Kind::Uint)) {
      end = std::to_chars(end, end + digits.size(), value.unsigned_integer(), base).ptr;
    } else if (base == 10 && value.is(Kind::Double) && !std::isfinite(value.real())) {
      return append(write_double(value.real()));
    } else {
      return not_for("only whole numbers have such digits,", value);
    }
    append({digits.data(), static_cast<size_t>(end - digits.data())});
  }

  void hex(const Value& value, bool upper) {
    const size_t before = out_.size();
    if (value.is(Kind::String) || value.is(Kind::Bytes)) {
      if (!context_.charge(value.text().size())) return fail(context_.exhausted());
      for (const char byte : value.text())
        append(fmt::format("{:02x}", static_cast<unsigned char>(byte)));
    } else {
      number(value, 16);
    }
    if (!upper) return;
    std::transform(out_.begin() + static_cast<std::ptrdiff_t>(before), out_.end(),
                   out_.begin() + static_cast<std::ptrdiff_t>(before),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  }

  void real(const Value& value, char letter, int digits) {
    double number = 0;
    if (value.is(Kind::Double)) {
      number = value.real();
    } else if (value.is(Kind::Int)) {
      number = static_cast<double>(value.integer());
    } else if (value.is(Kind::Uint)) {
      number = static_cast<double>(value.unsigned_integer());
    } else {
      return not_for("only numbers have a fraction,", value);
    }
    if (!std::isfinite(number)) return append(write_double(number));
    append(letter == 'f' ? fmt::format("{:.{}f}", number, digits)
                         : fmt::format("{:.{}e}", number, digits));
  }

  void text(const Value& value) {
    switch (value.kind()) {
      case Kind::Null:
        return append("null");
      case Kind::Bool:
        return append(value.boolean() ? "true" : "false");
      case Kind::Int:
      case Kind::Uint:
        return number(value, 10);
      case Kind::Double:
        return append(write_double(value.real()));
      case Kind::String:
      case Kind::Bytes:
      case Kind::Type:
        return append(value.text());
      case Kind::Timestamp:
        return append(write_timestamp(value.moment()));
      case Kind::Duration:
        return append(write_duration(value.moment()));
      case Kind::List:
        return list(value);
      case Kind::Map:
        return map(value);
      case Kind::Error:
      case Kind::Unknown:
        return fail(value);
      case Kind::Optional:
        return not_for("an optional has no text,", value);
    }
  }

  void list(const Value& value) {
    append("[");
    bool first = true;
    for (Walk walk(value); wrong_.is(Kind::Null) && walk.next(); first = false) {
      if (!first) append(", ");
      text(walk.value());
    }
    append("]");
  }

  // In the order of the keys' texts.
  void map(const Value& value) {
    std::vector<std::pair<std::string, Value>> entries;
    std::string outer = std::exchange(out_, {});
    for (Walk walk(value); wrong_.is(Kind::Null) && walk.next();) {
      text(walk.key());
      entries.emplace_back(std::exchange(out_, {}), walk.value());
    }
    out_ = std::move(outer);
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    append("{");
    for (size_t i = 0; i < entries.size() && wrong_.is(Kind::Null); ++i) {
      if (i > 0) append(", ");
      append(entries[i].first);
      append(": ");
      text(entries[i].second);
    }
    append("}");
  }

  Context& context_;
  const Value& list_;
  size_t position_ = 0;
  std::string out_;
  Value wrong_;
};

}  // namespace

Value format_text(Context& context, std::string_view pattern, const Value& list) {
  return Formatter(context, list).run(pattern);
}

}  // namespace sagewarden::cel
