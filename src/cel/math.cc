// The math extension.
#include <cmath>
#include <limits>

#include "cel/collection.h"
#include "cel/compare.h"
#include "cel/function.h"

namespace sagewarden::cel {
namespace {

// Of several numbers, or of one list of numbers, the one that is on the wanted side of all others.
Value extreme(Context& context, std::span<const Value> args, std::string_view name,
              std::partial_ordering wanted) {
  Value found;
  const auto consider = [&](const Value& value) {
    if (!is_number(value)) return false;
    if (found.is(Kind::Null) || order(context, value, found) == wanted) found = value;
    return true;
  };
  if (args.size() == 1 && args[0].is(Kind::List)) {
    for (Walk walk(args[0]); walk.next();) {
      if (!context.charge(1)) return context.exhausted();
      if (walk.value().is_unknown()) return walk.value();
      if (!consider(walk.value())) return no_such_overload(context, name, args);
    }
    return found.is(Kind::Null) ? context.error(name, " of an empty list") : found;
  }
  for (const Value& value : args) {
    if (!consider(value)) return no_such_overload(context, name, args);
  }
  return found;
}

Value greatest(Context& context, std::span<const Value> args) {
  return extreme(context, args, "math.greatest", std::partial_ordering::greater);
}

Value least(Context& context, std::span<const Value> args) {
  return extreme(context, args, "math.least", std::partial_ordering::less);
}

template <double (*kFunction)(double)>
Value round_with(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Double)) return no_such_overload(context, "math rounding", args);
  return Value::real(kFunction(args[0].real()));
}

template <bool (*kFunction)(double)>
Value test_with(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Double)) return no_such_overload(context, "math test", args);
  return Value::boolean(kFunction(args[0].real()));
}

double ceil_of(double x) {
  return std::ceil(x);
}
double floor_of(double x) {
  return std::floor(x);
}
double round_of(double x) {
  return std::round(x);
}
double trunc_of(double x) {
  return std::trunc(x);
}
bool is_nan(double x) {
  return std::isnan(x);
}
bool is_infinite(double x) {
  return std::isinf(x);
}
bool is_finite(double x) {
  return std::isfinite(x);
}

Value absolute(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  if (value.is(Kind::Uint)) return value;
  if (value.is(Kind::Double)) return Value::real(std::fabs(value.real()));
  if (!value.is(Kind::Int)) return no_such_overload(context, "math.abs", args);
  if (value.integer() == std::numeric_limits<int64_t>::min())
    return Value::error("integer overflow");
  return Value::integer(value.integer() < 0 ? -value.integer() : value.integer());
}

Value sign(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  if (value.is(Kind::Uint)) return Value::unsigned_integer(value.unsigned_integer() == 0 ? 0 : 1);
  if (value.is(Kind::Int))
    return Value::integer((value.integer() > 0 ? 1 : 0) - (value.integer() < 0 ? 1 : 0));
  if (!value.is(Kind::Double)) return no_such_overload(context, "math.sign", args);
  if (std::isnan(value.real())) return value;
  return Value::real((value.real() > 0 ? 1 : 0) - (value.real() < 0 ? 1 : 0));
}

Value square_root(Context& context, std::span<const Value> args) {
  const Value& value = args[0];
  if (value.is(Kind::Double)) return Value::real(std::sqrt(value.real()));
  if (value.is(Kind::Int)) return Value::real(std::sqrt(static_cast<double>(value.integer())));
  if (value.is(Kind::Uint))
    return Value::real(std::sqrt(static_cast<double>(value.unsigned_integer())));
  return no_such_overload(context, "math.sqrt", args);
}

uint64_t bits_of(const Value& value) {
  return value.is(Kind::Uint) ? value.unsigned_integer() : static_cast<uint64_t>(value.integer());
}

Value like(const Value& model, uint64_t bits) {
  return model.is(Kind::Uint) ? Value::unsigned_integer(bits)
                              : Value::integer(static_cast<int64_t>(bits));
}

bool is_whole(const Value& value) {
  return value.is(Kind::Int) || value.is(Kind::Uint);
}

template <class Operation>
Value combine(Context& context, std::span<const Value> args, std::string_view name,
              Operation operation) {
  if (!is_whole(args[0]) || args[0].kind() != args[1].kind())
    return no_such_overload(context, name, args);
  return like(args[0], operation(bits_of(args[0]), bits_of(args[1])));
}

Value bit_and(Context& context, std::span<const Value> args) {
  return combine(context, args, "math.bitAnd", [](uint64_t a, uint64_t b) { return a & b; });
}
Value bit_or(Context& context, std::span<const Value> args) {
  return combine(context, args, "math.bitOr", [](uint64_t a, uint64_t b) { return a | b; });
}
Value bit_xor(Context& context, std::span<const Value> args) {
  return combine(context, args, "math.bitXor", [](uint64_t a, uint64_t b) { return a ^ b; });
}

Value bit_not(Context& context, std::span<const Value> args) {
  if (!is_whole(args[0])) return no_such_overload(context, "math.bitNot", args);
  return like(args[0], ~bits_of(args[0]));
}

// Both shifts move bits, without regard to a sign; whatever leaves the 64 bits is gone.
template <class Operation>
Value shift(Context& context, std::span<const Value> args, std::string_view name,
            Operation operation) {
  if (!is_whole(args[0]) || !args[1].is(Kind::Int)) return no_such_overload(context, name, args);
  if (args[1].integer() < 0) return context.error(name, ": negative offset");
  if (args[1].integer() > 63) return like(args[0], 0);
  return like(args[0], operation(bits_of(args[0]), static_cast<unsigned>(args[1].integer())));
}

Value bit_shift_left(Context& context, std::span<const Value> args) {
  return shift(context, args, "math.bitShiftLeft",
               [](uint64_t bits, unsigned by) { return bits << by; });
}
Value bit_shift_right(Context& context, std::span<const Value> args) {
  return shift(context, args, "math.bitShiftRight",
               [](uint64_t bits, unsigned by) { return bits >> by; });
}

constexpr Function kMathFunctions[] = {
    {"math.abs", Style::Global, 1, absolute},
    {"math.bitAnd", Style::Global, 2, bit_and},
    {"math.bitNot", Style::Global, 1, bit_not},
    {"math.bitOr", Style::Global, 2, bit_or},
    {"math.bitShiftLeft", Style::Global, 2, bit_shift_left},
    {"math.bitShiftRight", Style::Global, 2, bit_shift_right},
    {"math.bitXor", Style::Global, 2, bit_xor},
    {"math.ceil", Style::Global, 1, round_with<ceil_of>},
    {"math.floor", Style::Global, 1, round_with<floor_of>},
    {"math.greatest", Style::Global, kAnyArity, greatest},
    {"math.isFinite", Style::Global, 1, test_with<is_finite>},
    {"math.isInf", Style::Global, 1, test_with<is_infinite>},
    {"math.isNaN", Style::Global, 1, test_with<is_nan>},
    {"math.least", Style::Global, kAnyArity, least},
    {"math.round", Style::Global, 1, round_with<round_of>},
    {"math.sign", Style::Global, 1, sign},
    {"math.sqrt", Style::Global, 1, square_root},
    {"math.trunc", Style::Global, 1, round_with<trunc_of>},
};

}  // namespace

std::span<const Function> math_functions() {
  return kMathFunctions;
}

}  // namespace sagewarden::cel
