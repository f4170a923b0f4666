#include "cel/compare.h"

#include <algorithm>

#include "cel/collection.h"

namespace sagewarden::cel {
namespace {

// As the nearest double, by the specification: 2^63 - 1 and 2^63 are then the same.
template <class Integer>
std::partial_ordering order_with_real(Integer number, double real) {
  return static_cast<double>(number) <=> real;
}

std::partial_ordering reversed(std::partial_ordering ordering) {
  return 0 <=> ordering;
}

std::partial_ordering order_integers(int64_t a, uint64_t b) {
  return a < 0 ? std::partial_ordering::less : static_cast<uint64_t>(a) <=> b;
}

std::partial_ordering order_numbers(const Value& a, const Value& b) {
  if (a.is(Kind::Int)) {
    if (b.is(Kind::Int)) return a.integer() <=> b.integer();
    if (b.is(Kind::Uint)) return order_integers(a.integer(), b.unsigned_integer());
    return order_with_real(a.integer(), b.real());
  }
  if (a.is(Kind::Uint)) {
    if (b.is(Kind::Int)) return reversed(order_integers(b.integer(), a.unsigned_integer()));
    if (b.is(Kind::Uint)) return a.unsigned_integer() <=> b.unsigned_integer();
    return order_with_real(a.unsigned_integer(), b.real());
  }
  if (b.is(Kind::Double)) return a.real() <=> b.real();
  return reversed(order_numbers(b, a));
}

Value equal_lists(Context& context, const Value& a, const Value& b) {
  if (!has_unknown(a) && !has_unknown(b) && count(a) != count(b)) return Value::boolean(false);
  const UnknownNode* unknown = nullptr;
  // Where it is not known whether an element is there, those behind it have no certain place.
  if (!count(a, &unknown) || !count(b, &unknown)) return Value::unknown(unknown);
  if (count(a) != count(b)) return Value::boolean(false);
  Value result = Value::boolean(true);
  Walk left(a);
  Walk right(b);
  while (left.next() && right.next()) {
    if (!context.charge(1)) return context.exhausted();
    if (left.value().is_unknown() || right.value().is_unknown()) {
      result = left.value().is_unknown() ? left.value() : right.value();
      continue;
    }
    const Value same = equal(context, left.value(), right.value());
    if (same.is_error() || same.is_false()) return same;
    if (same.is_unknown()) result = same;
  }
  return result;
}

// Whether all that `a` surely has is in `b` with the same value.
Value equal_one_way(Context& context, const Value& a, const Value& b) {
  Value result = Value::boolean(true);
  for (Walk entries(a); entries.next();) {
    if (!context.charge(1)) return context.exhausted();
    Value other;
    if (entries.key().is_unknown()) {
      result = entries.key();
      continue;
    }
    if (!find_entry(context, b, entries.key(), other)) return Value::boolean(false);
    if (entries.value().is_unknown() || !other.is_settled()) {
      result = entries.value().is_unknown() ? entries.value() : other;
      if (result.is_error()) return result;
      continue;
    }
    const Value same = equal(context, entries.value(), other);
    if (same.is_error() || same.is_false()) return same;
    if (same.is_unknown()) result = same;
  }
  return result;
}

Value equal_maps(Context& context, const Value& a, const Value& b) {
  const bool certain = !has_unknown(a) && !has_unknown(b);
  if (certain && count(a) != count(b)) return Value::boolean(false);
  const Value one_way = equal_one_way(context, a, b);
  if (certain || one_way.is_false() || one_way.is_error()) return one_way;
  const Value other_way = equal_one_way(context, b, a);
  return other_way.is_true() ? one_way : other_way;
}

Value equal_optionals(Context& context, const Value& a, const Value& b) {
  const Value* const left = a.content();
  const Value* const right = b.content();
  if (left == nullptr || right == nullptr) return Value::boolean(left == right);
  if (left->is_unknown()) return *left;
  if (right->is_unknown()) return *right;
  return equal(context, *left, *right);
}

Value equal_texts(Context& context, const Value& a, const Value& b) {
  if (a.text().size() != b.text().size()) return Value::boolean(false);
  if (!context.charge_if_large(a.text().size())) return context.exhausted();
  return Value::boolean(a.text() == b.text());
}

}  // namespace

bool is_number(const Value& value) {
  return value.is(Kind::Int) || value.is(Kind::Uint) || value.is(Kind::Double);
}

bool equal_numbers(const Value& a, const Value& b) {
  return is_number(a) && is_number(b) && order_numbers(a, b) == 0;
}

Value equal(Context& context, const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return Value::boolean(equal_numbers(a, b));
  switch (a.kind()) {
    case Kind::Error:
    case Kind::Unknown:
      return a;
    case Kind::Null:
      return Value::boolean(true);
    case Kind::Bool:
      return Value::boolean(a.boolean() == b.boolean());
    case Kind::Int:
      return Value::boolean(a.integer() == b.integer());
    case Kind::Uint:
      return Value::boolean(a.unsigned_integer() == b.unsigned_integer());
    case Kind::Double:
      return Value::boolean(a.real() == b.real());
    case Kind::String:
    case Kind::Bytes:
    case Kind::Type:
      return equal_texts(context, a, b);
    case Kind::List:
      return equal_lists(context, a, b);
    case Kind::Map:
      return equal_maps(context, a, b);
    case Kind::Timestamp:
    case Kind::Duration:
      return Value::boolean(a.moment() == b.moment());
    case Kind::Optional:
      return equal_optionals(context, a, b);
  }
  return Value::boolean(false);
}

std::optional<std::partial_ordering> order(Context& context, const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) return order_numbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  if (a.is(Kind::String) || a.is(Kind::Bytes)) {
    context.charge_if_large(std::min(a.text().size(), b.text().size()));
    return a.text() <=> b.text();
  }
  if (a.is(Kind::Bool)) return a.boolean() <=> b.boolean();
  if (a.is(Kind::Timestamp) || a.is(Kind::Duration)) return a.moment() <=> b.moment();
  return std::nullopt;
}

Value contains(Context& context, const Value& collection, const Value& wanted) {
  Value result = Value::boolean(false);
  if (collection.is(Kind::Map)) {
    Value found;
    if (!find_entry(context, collection, wanted, found)) {
      // Of a key that cannot be in the document, but may be in what is not known of it, nothing is
      // said: those places have names, and this is none of them.
      return result;
    }
    if (found.is_error()) return found;
    const UnknownNode* const node = found.is_unknown() ? found.unknown_node() : nullptr;
    if (found.is_unknown() && (node == nullptr || node->known == Known::Nothing)) return found;
    return Value::boolean(true);
  }
  for (Walk elements(collection); elements.next();) {
    if (!context.charge(1)) return context.exhausted();
    const Value& element = elements.value();
    const Value same = element.is_unknown() ? element : equal(context, element, wanted);
    if (same.is_error() || same.is_true()) return same;
    if (same.is_unknown()) result = same;
  }
  return result;
}

}  // namespace sagewarden::cel
