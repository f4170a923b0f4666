// For the tests: the outcome of an expression as a text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/cel.h"
#include "cel/spell.h"

namespace sagewarden::cel {

// Most tests are tables of these.
struct Row {
  std::string_view expression;
  std::string_view want;  // the outcome
};

struct Variable {
  std::string_view name;
  Value value;
};

// The value as JSON, "unknown", or "error: " and the first line of why, also where the expression
// does not compile.
inline std::string outcome(std::string_view expression, std::span<const Variable> variables = {},
                           const Limits& limits = {}) {
  std::vector<std::string_view> names;
  std::vector<Value> values;
  for (const Variable& variable : variables) {
    names.push_back(variable.name);
    values.push_back(variable.value);
  }
  const Result<Program> program = Program::compile(expression, names, limits);
  if (!program) {
    const std::string& message = program.error().message;
    return "error: " + message.substr(0, message.find('\n'));
  }
  Scratch scratch;
  const Value value = evaluate(*program, values, scratch);
  if (value.is_unknown()) return "unknown";
  return value.is_error() ? "error: " + std::string(value.text()) : spell(value);
}

}  // namespace sagewarden::cel
