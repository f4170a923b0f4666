// Equality and order of values.
#pragma once

#include <compare>
#include <optional>

#include "cel/context.h"
#include "cel/value.h"

namespace sagewarden::cel {

// Whether two settled values are equal: a Bool, or Unknown where that depends on something not
// known. Values of different kinds are not equal, except for numbers.
Value equal(Context& context, const Value& a, const Value& b);

bool is_number(const Value& value);
// By value, across int, uint and double; nothing equals NaN.
bool equal_numbers(const Value& a, const Value& b);

// The order of two settled values; nothing when they have none (then `<` is no function of them).
// NaN gives `unordered`.
std::optional<std::partial_ordering> order(Context& context, const Value& a, const Value& b);

// Whether the list has that element or the map that key.
Value contains(Context& context, const Value& collection, const Value& wanted);

}  // namespace sagewarden::cel
