// What the operators do with settled values.
#pragma once

#include <cstdint>

#include "cel/context.h"
#include "cel/value.h"

namespace sagewarden::cel {

Value add(Context& context, const Value& a, const Value& b);
Value subtract(Context& context, const Value& a, const Value& b);
Value multiply(Context& context, const Value& a, const Value& b);
Value divide(Context& context, const Value& a, const Value& b);
Value modulo(Context& context, const Value& a, const Value& b);
Value negate(Context& context, const Value& a);
Value index(Context& context, const Value& base, const Value& key);
// The member of a map, of an optional's map; an error where there is none.
Value select(Context& context, const Value& base, std::string_view name);
// `base.?name` and `base[?key]`: an optional.
Value select_optional(Context& context, const Value& base, std::string_view name);
Value index_optional(Context& context, const Value& base, const Value& key);
// What was found by `.?name` or `[?key]`, as an optional. It stays unknown where it is not known
// whether it is there; where it is set to a value not known, the optional holds that.
Value present(Context& context, const Value& found);
// The error for a member that is not there, or cannot be.
Value no_member(Context& context, const Value& base, std::string_view name);
// has(base.name)
Value has(Context& context, const Value& base, std::string_view name);

}  // namespace sagewarden::cel
