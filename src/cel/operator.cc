#include "cel/operator.h"

#include <cmath>
#include <limits>

#include "cel/collection.h"
#include "cel/compare.h"
#include "cel/function.h"
#include "cel/time.h"

namespace sagewarden::cel {
namespace {

Value overflow() {
  return Value::error("integer overflow: return error for overflow");
}

Value wrong_operands(Context& context, std::string_view symbol, const Value& a, const Value& b) {
  const Value args[] = {a, b};
  return no_such_overload(context, symbol, args);
}

Value join_lists(Context& context, const Value& a, const Value& b) {
  const std::optional<size_t> left = count(a);
  const std::optional<size_t> right = count(b);
  if (!left || !right) {
    const UnknownNode* unknown = nullptr;
    count(left ? b : a, &unknown);
    return Value::unknown(unknown);
  }
  if (!context.charge_if_large(*left + *right)) return context.exhausted();
  auto* const items = context.array<Value>(*left + *right);
  if (items == nullptr) return context.exhausted();
  size_t size = 0;
  for (const Value* list : {&a, &b}) {
    for (Walk walk(*list); walk.next();) items[size++] = walk.value();
  }
  return Value::list(items, size);
}

bool both(Kind kind, const Value& a, const Value& b) {
  return a.is(kind) && b.is(kind);
}

// What an optional holds, or the value itself; null when it holds nothing.
const Value* unwrapped(const Value& value) {
  return value.is(Kind::Optional) ? value.content() : &value;
}

Value bad_index(const Value& position) {
  if (position.is(Kind::Int) && position.integer() >= 0) return Value::error("index out of range");
  return Value::error("invalid_argument: no such position in a list");
}

// The element's position that a number names.
std::optional<size_t> position_of(const Value& key) {
  if (key.is(Kind::Int) && key.integer() >= 0) return static_cast<size_t>(key.integer());
  if (key.is(Kind::Uint)) return key.unsigned_integer();
  if (key.is(Kind::Double) && key.real() >= 0 && key.real() < 0x1p53 &&
      std::trunc(key.real()) == key.real())
    return static_cast<size_t>(key.real());
  return std::nullopt;
}

std::string_view key_text(const Value& key) {
  return key.is(Kind::String) ? key.text() : type_name(key);
}

}  // namespace

Value add(Context& context, const Value& a, const Value& b) {
  if (both(Kind::Int, a, b)) {
    int64_t sum = 0;
    if (__builtin_add_overflow(a.integer(), b.integer(), &sum)) return overflow();
    return Value::integer(sum);
  }
  if (both(Kind::Uint, a, b)) {
    uint64_t sum = 0;
    if (__builtin_add_overflow(a.unsigned_integer(), b.unsigned_integer(), &sum)) return overflow();
    return Value::unsigned_integer(sum);
  }
  if (both(Kind::Double, a, b)) return Value::real(a.real() + b.real());
  if (both(Kind::String, a, b)) return context.string(a.text(), b.text());
  if (both(Kind::Bytes, a, b)) return context.bytes(a.text(), b.text());
  if (both(Kind::List, a, b)) return join_lists(context, a, b);
  if (a.is(Kind::Timestamp) && b.is(Kind::Duration))
    return checked_timestamp(plus(a.moment(), b.moment()));
  if (a.is(Kind::Duration) && b.is(Kind::Timestamp))
    return checked_timestamp(plus(b.moment(), a.moment()));
  if (both(Kind::Duration, a, b)) return checked_duration(plus(a.moment(), b.moment()));
  return wrong_operands(context, "+", a, b);
}

Value subtract(Context& context, const Value& a, const Value& b) {
  if (both(Kind::Int, a, b)) {
    int64_t difference = 0;
    if (__builtin_sub_overflow(a.integer(), b.integer(), &difference)) return overflow();
    return Value::integer(difference);
  }
  if (both(Kind::Uint, a, b)) {
    uint64_t difference = 0;
    if (__builtin_sub_overflow(a.unsigned_integer(), b.unsigned_integer(), &difference))
      return overflow();
    return Value::unsigned_integer(difference);
  }
  if (both(Kind::Double, a, b)) return Value::real(a.real() - b.real());
  if (a.is(Kind::Timestamp) && b.is(Kind::Duration))
    return checked_timestamp(minus(a.moment(), b.moment()));
  if (both(Kind::Timestamp, a, b) || both(Kind::Duration, a, b))
    return checked_duration(minus(a.moment(), b.moment()));
  return wrong_operands(context, "-", a, b);
}

Value multiply(Context& context, const Value& a, const Value& b) {
  if (both(Kind::Int, a, b)) {
    int64_t product = 0;
    if (__builtin_mul_overflow(a.integer(), b.integer(), &product)) return overflow();
    return Value::integer(product);
  }
  if (both(Kind::Uint, a, b)) {
    uint64_t product = 0;
    if (__builtin_mul_overflow(a.unsigned_integer(), b.unsigned_integer(), &product))
      return overflow();
    return Value::unsigned_integer(product);
  }
  if (both(Kind::Double, a, b)) return Value::real(a.real() * b.real());
  return wrong_operands(context, "*", a, b);
}

Value divide(Context& context, const Value& a, const Value& b) {
  if (both(Kind::Int, a, b)) {
    if (b.integer() == 0) return Value::error("division by zero");
    if (b.integer() == -1) return negate(context, a);
    return Value::integer(a.integer() / b.integer());
  }
  if (both(Kind::Uint, a, b)) {
    if (b.unsigned_integer() == 0) return Value::error("division by zero");
    return Value::unsigned_integer(a.unsigned_integer() / b.unsigned_integer());
  }
  if (both(Kind::Double, a, b)) return Value::real(a.real() / b.real());
  return wrong_operands(context, "/", a, b);
}

Value modulo(Context& context, const Value& a, const Value& b) {
  if (both(Kind::Int, a, b)) {
    if (b.integer() == 0) return Value::error("modulus by zero");
    // The smallest int has no remainder by -1 in the processor, and overflows by the language.
    if (b.integer() == -1)
      return a.integer() == std::numeric_limits<int64_t>::min() ? overflow() : Value::integer(0);
    return Value::integer(a.integer() % b.integer());
  }
  if (both(Kind::Uint, a, b)) {
    if (b.unsigned_integer() == 0) return Value::error("modulus by zero");
    return Value::unsigned_integer(a.unsigned_integer() % b.unsigned_integer());
  }
  return wrong_operands(context, "%", a, b);
}

Value negate(Context& context, const Value& a) {
  if (a.is(Kind::Int)) {
    if (a.integer() == std::numeric_limits<int64_t>::min()) return overflow();
    return Value::integer(-a.integer());
  }
  if (a.is(Kind::Double)) return Value::real(-a.real());
  return no_such_overload(context, "-", {&a, 1});
}

Value no_member(Context& context, const Value& base, std::string_view name) {
  if (base.is(Kind::Map) || base.is(Kind::Null)) return context.error("no such key: ", name);
  return context.error(type_name(base), " has no members: no such key: ", name);
}

Value select(Context& context, const Value& base, std::string_view name) {
  if (base.is(Kind::Optional)) {
    const Value* const content = base.content();
    if (content != nullptr && content->is(Kind::Null)) return no_member(context, *content, name);
    return select_optional(context, base, name);
  }
  Value found;
  if (!base.is(Kind::Map) || !find_member(base, name, found)) return no_member(context, base, name);
  return found;
}

Value present(Context& context, const Value& found) {
  const UnknownNode* const node = found.is_unknown() ? found.unknown_node() : nullptr;
  if (found.is_unknown() && (node == nullptr || node->known == Known::Nothing)) return found;
  return found.is_error() ? found : context.optional_of(found);
}

Value select_optional(Context& context, const Value& base, std::string_view name) {
  const Value* const inner = unwrapped(base);
  if (inner == nullptr || !inner->is_settled()) return inner == nullptr ? base : *inner;
  // A member that need not be there is none of null's, and that is no error.
  if (inner->is(Kind::Null)) return Value::optional(nullptr);
  if (!inner->is(Kind::Map)) return no_member(context, *inner, name);
  Value found;
  if (!find_member(*inner, name, found)) return Value::optional(nullptr);
  return present(context, found);
}

Value has(Context& context, const Value& base, std::string_view name) {
  const Value* const inner = unwrapped(base);
  if (inner == nullptr) return Value::boolean(false);
  if (!inner->is_settled()) return *inner;
  if (!inner->is(Kind::Map)) return no_member(context, *inner, name);
  Value found;
  if (!find_member(*inner, name, found)) return Value::boolean(false);
  const UnknownNode* const node = found.is_unknown() ? found.unknown_node() : nullptr;
  if (node != nullptr && node->known == Known::Nothing) return found;
  return Value::boolean(true);
}

Value index(Context& context, const Value& base, const Value& key) {
  if (base.is(Kind::Optional)) return index_optional(context, base, key);
  Value found;
  if (base.is(Kind::List)) {
    if (!is_number(key)) return wrong_operands(context, "[]", base, key);
    const std::optional<size_t> position = position_of(key);
    if (!position || !find_element(context, base, *position, found)) return bad_index(key);
    return found;
  }
  if (!base.is(Kind::Map)) return wrong_operands(context, "[]", base, key);
  if (!find_entry(context, base, key, found)) return no_member(context, base, key_text(key));
  return found;
}

Value index_optional(Context& context, const Value& base, const Value& key) {
  const Value* const inner = unwrapped(base);
  if (inner == nullptr || !inner->is_settled()) return inner == nullptr ? base : *inner;
  Value found;
  if (inner->is(Kind::List)) {
    if (!is_number(key)) return wrong_operands(context, "[]", *inner, key);
    const std::optional<size_t> position = position_of(key);
    if (!position || !find_element(context, *inner, *position, found))
      return Value::optional(nullptr);
    return present(context, found);
  }
  if (!inner->is(Kind::Map)) return wrong_operands(context, "[]", *inner, key);
  if (!find_entry(context, *inner, key, found)) return Value::optional(nullptr);
  return present(context, found);
}

}  // namespace sagewarden::cel
