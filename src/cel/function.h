// The functions of the language, as tables: one row for each name, style and number of arguments.
// Which types a function takes is its own business, since values carry their type.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cel/context.h"
#include "cel/value.h"

namespace sagewarden::cel {

enum class Style : uint8_t {
  Global,  // size(x), math.abs(x)
  Method,  // x.size()
};

struct Function {
  std::string_view name;
  Style style;
  uint8_t arity;  // counts the value that a method is called on
  // Arguments are neither errors nor unknown; an optional's content may be.
  Value (*run)(Context& context, std::span<const Value> args);
};

inline constexpr uint8_t kAnyArity = 255;  // one argument or more

const Function* find_function(std::string_view name, Style style, size_t arity);
// Whether there is a function of that name with any number of arguments.
bool is_function(std::string_view name, Style style);

// What a function gives for arguments of types that it does not take.
Value no_such_overload(Context& context, std::string_view function, std::span<const Value> args);
std::string_view type_name(const Value& value);

// The tables, one for each file.
std::span<const Function> standard_functions();
std::span<const Function> conversion_functions();
std::span<const Function> time_functions();
std::span<const Function> string_functions();
std::span<const Function> optional_functions();
std::span<const Function> math_functions();
std::span<const Function> encoder_functions();

}  // namespace sagewarden::cel
