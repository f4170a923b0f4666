// Functions that make one type of another.
#include "cel/conversion.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "cel/function.h"
#include "cel/literal.h"
#include "cel/time.h"

namespace sagewarden::cel {
namespace {

constexpr std::string_view kRange = "range error: the number does not fit the type";

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Value not_a(Context& context, std::string_view type, std::string_view text) {
  return context.error("Type conversion error: no ", type,
                       std::string(" in '") + printable(text.substr(0, 80)) + "'");
}

Value to_int(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  switch (value.kind()) {
    case Kind::Int:
      return value;
    case Kind::Uint:
      if (value.unsigned_integer() > uint64_t{INT64_MAX}) return Value::error(kRange);
      return Value::integer(static_cast<int64_t>(value.unsigned_integer()));
    case Kind::Double:
      // Both ends are out, by the specification: a double cannot tell them from their neighbours.
      if (!(value.real() > -0x1p63 && value.real() < 0x1p63)) return Value::error(kRange);
      return Value::integer(static_cast<int64_t>(value.real()));
    case Kind::String: {
      const auto number = parse_number<int64_t>(value.text());
      return number ? Value::integer(*number) : not_a(context, "int", value.text());
    }
    case Kind::Timestamp:
      return Value::integer(value.moment().seconds);
    default:
      return no_such_overload(context, "int", args);
  }
}

Value to_uint(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  switch (value.kind()) {
    case Kind::Uint:
      return value;
    case Kind::Int:
      if (value.integer() < 0) return Value::error(kRange);
      return Value::unsigned_integer(static_cast<uint64_t>(value.integer()));
    case Kind::Double:
      if (!(value.real() >= 0 && value.real() < 0x1p64)) return Value::error(kRange);
      return Value::unsigned_integer(static_cast<uint64_t>(value.real()));
    case Kind::String: {
      const auto number = parse_number<uint64_t>(value.text());
      return number ? Value::unsigned_integer(*number) : not_a(context, "uint", value.text());
    }
    default:
      return no_such_overload(context, "uint", args);
  }
}

Value to_double(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  switch (value.kind()) {
    case Kind::Double:
      return value;
    case Kind::Int:
      return Value::real(static_cast<double>(value.integer()));
    case Kind::Uint:
      return Value::real(static_cast<double>(value.unsigned_integer()));
    case Kind::String: {
      const auto number = read_double(value.text());
      return number ? Value::real(*number) : not_a(context, "double", value.text());
    }
    default:
      return no_such_overload(context, "double", args);
  }
}

Value to_string(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  switch (value.kind()) {
    case Kind::String:
      return value;
    case Kind::Bool:
      return Value::string(value.boolean() ? "true" : "false");
    case Kind::Int:
      return context.string(fmt::format_int(value.integer()).c_str());
    case Kind::Uint:
      return context.string(fmt::format_int(value.unsigned_integer()).c_str());
    case Kind::Double:
      return context.string(write_double(value.real()));
    case Kind::Bytes:
      if (!context.charge_if_large(value.text().size())) return context.exhausted();
      if (!is_utf8(value.text())) return Value::error("invalid UTF-8 in bytes");
      return Value::string(value.text());
    case Kind::Timestamp:
      return context.string(write_timestamp(value.moment()));
    case Kind::Duration:
      return context.string(write_duration(value.moment()));
    case Kind::Type:
      return Value::string(value.text());
    default:
      return no_such_overload(context, "string", args);
  }
}

Value to_bytes(Context& context, std::span<const Value> args) {
  if (args[0].is(Kind::Bytes) || args[0].is(Kind::String)) return Value::bytes(args[0].text());
  return no_such_overload(context, "bytes", args);
}

Value to_bool(Context& context, std::span<const Value> args) {
  constexpr std::string_view kTrue[] = {"1", "t", "true", "TRUE", "True"};
  constexpr std::string_view kFalse[] = {"0", "f", "false", "FALSE", "False"};
  const Value& value = args[0];
  if (value.is(Kind::Bool)) return value;
  if (!value.is(Kind::String)) return no_such_overload(context, "bool", args);
  for (const std::string_view word : kTrue) {
    if (value.text() == word) return Value::boolean(true);
  }
  for (const std::string_view word : kFalse) {
    if (value.text() == word) return Value::boolean(false);
  }
  return not_a(context, "bool", value.text());
}

Value to_timestamp(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  if (value.is(Kind::Timestamp)) return value;
  if (value.is(Kind::Int)) return checked_timestamp({value.integer(), 0});
  if (!value.is(Kind::String)) return no_such_overload(context, "timestamp", args);
  const std::optional<Moment> moment = parse_timestamp(value.text());
  return moment ? checked_timestamp(*moment)
                : not_a(context, "timestamp (or one out of range)", value.text());
}

Value to_duration(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  if (value.is(Kind::Duration)) return value;
  if (!value.is(Kind::String)) return no_such_overload(context, "duration", args);
  const std::optional<Moment> moment = parse_duration(value.text());
  return moment ? checked_duration(*moment)
                : not_a(context, "duration (or one out of range)", value.text());
}

// Only tells a type checker something.
Value to_dyn(Context& /*context*/, std::span<const Value> args) {
  return args[0];
}

constexpr Function kConversionFunctions[] = {
    {"bool", Style::Global, 1, to_bool},     {"bytes", Style::Global, 1, to_bytes},
    {"double", Style::Global, 1, to_double}, {"duration", Style::Global, 1, to_duration},
    {"dyn", Style::Global, 1, to_dyn},       {"int", Style::Global, 1, to_int},
    {"string", Style::Global, 1, to_string}, {"timestamp", Style::Global, 1, to_timestamp},
    {"uint", Style::Global, 1, to_uint},
};

}  // namespace

std::string write_double(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

std::span<const Function> conversion_functions() {
  return kConversionFunctions;
}

}  // namespace sagewarden::cel
