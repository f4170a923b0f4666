// Functions about optionals: values that may be absent.
#include "cel/collection.h"
#include "cel/function.h"

namespace sagewarden::cel {
namespace {

Value none(Context& /*context*/, std::span<const Value> /*args*/) {
  return Value::optional(nullptr);
}

Value of(Context& context, std::span<const Value> args) {
  return context.optional_of(args[0]);
}

bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      return true;
    case Kind::Bool:
      return !value.boolean();
    case Kind::Int:
      return value.integer() == 0;
    case Kind::Uint:
      return value.unsigned_integer() == 0;
    case Kind::Double:
      return value.real() == 0;
    case Kind::String:
    case Kind::Bytes:
      return value.text().empty();
    case Kind::List:
    case Kind::Map:
      return count(value) == 0U;
    case Kind::Duration:
      return value.moment() == Moment{};
    case Kind::Optional:
      return value.content() == nullptr;
    case Kind::Timestamp:
    case Kind::Type:
    case Kind::Error:
    case Kind::Unknown:
      break;
  }
  return false;
}

Value of_non_zero(Context& context, std::span<const Value> args) {
  const UnknownNode* unknown = nullptr;
  const bool collection = args[0].is(Kind::List) || args[0].is(Kind::Map);
  if (collection && !count(args[0], &unknown)) return Value::unknown(unknown);
  return is_zero(args[0]) ? Value::optional(nullptr) : context.optional_of(args[0]);
}

Value has_value(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Optional)) return no_such_overload(context, "hasValue", args);
  return Value::boolean(args[0].content() != nullptr);
}

Value value(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Optional)) return no_such_overload(context, "value", args);
  if (args[0].content() == nullptr) return Value::error("optional.none() dereference");
  return *args[0].content();
}

constexpr Function kOptionalFunctions[] = {
    {"hasValue", Style::Method, 1, has_value},
    {"optional.none", Style::Global, 0, none},
    {"optional.of", Style::Global, 1, of},
    {"optional.ofNonZeroValue", Style::Global, 1, of_non_zero},
    {"value", Style::Method, 1, value},
};

}  // namespace

std::span<const Function> optional_functions() {
  return kOptionalFunctions;
}

}  // namespace sagewarden::cel
