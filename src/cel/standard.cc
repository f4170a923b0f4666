// Functions of the language definition itself, other than conversions and time.
#include "cel/collection.h"
#include "cel/compare.h"
#include "cel/function.h"
#include "cel/regex.h"
#include "cel/text.h"

namespace sagewarden::cel {
namespace {

Value size(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  if (value.is(Kind::String)) {
    if (!context.charge_if_large(value.text().size())) return context.exhausted();
    return Value::integer(static_cast<int64_t>(character_count(value.text())));
  }
  if (value.is(Kind::Bytes)) return Value::integer(static_cast<int64_t>(value.text().size()));
  if (value.is(Kind::List) || value.is(Kind::Map)) {
    const UnknownNode* unknown = nullptr;
    const std::optional<size_t> counted = count(value, &unknown);
    if (!counted) return Value::unknown(unknown);
    return Value::integer(static_cast<int64_t>(*counted));
  }
  return no_such_overload(context, "size", args);
}

// The three questions about a text and a part of it.
template <class Question>
Value ask(Context& context, std::span<const Value> args, std::string_view name, Question question) {
  if (!args[0].is(Kind::String) || !args[1].is(Kind::String))
    return no_such_overload(context, name, args);
  if (!context.charge_if_large(args[0].text().size())) return context.exhausted();
  return Value::boolean(question(args[0].text(), args[1].text()));
}

Value contains_text(Context& context, std::span<const Value> args) {
  return ask(context, args, "contains", [](std::string_view text, std::string_view part) {
    return find_text(text, part, 0) != std::string_view::npos;
  });
}

Value starts_with(Context& context, std::span<const Value> args) {
  return ask(context, args, "startsWith",
             [](std::string_view text, std::string_view part) { return text.starts_with(part); });
}

Value ends_with(Context& context, std::span<const Value> args) {
  return ask(context, args, "endsWith",
             [](std::string_view text, std::string_view part) { return text.ends_with(part); });
}

// With a pattern that is only known now; constant ones are compiled with the program.
Value matches(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::String) || !args[1].is(Kind::String))
    return no_such_overload(context, "matches", args);
  constexpr size_t kCompiling = 2000;  // what a byte of a pattern costs, in bytes of text
  if (!context.charge((args[1].text().size() + 1) * kCompiling)) return context.exhausted();
  const RE2 regex({args[1].text().data(), args[1].text().size()}, regex_options());
  if (!regex.ok()) return context.error("invalid regular expression: ", regex.error());
  return search(context, args[0].text(), regex);
}

Value type_of(Context& /*context*/, std::span<const Value> args) {
  return Value::type(type_name(args[0]));
}

constexpr Function kStandardFunctions[] = {
    {"contains", Style::Method, 2, contains_text},
    {"endsWith", Style::Method, 2, ends_with},
    {"matches", Style::Global, 2, matches},
    {"matches", Style::Method, 2, matches},
    {"size", Style::Global, 1, size},
    {"size", Style::Method, 1, size},
    {"startsWith", Style::Method, 2, starts_with},
    {"type", Style::Global, 1, type_of},
};

}  // namespace

std::span<const Function> standard_functions() {
  return kStandardFunctions;
}

}  // namespace sagewarden::cel
