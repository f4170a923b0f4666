// The parameters of a control: how they are declared, set and handed to its expressions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/node.h"
#include "base/result.h"
#include "model/control_info.h"

namespace sagewarden {

// Reads the mapping under `params`: name → {type, default, allowed, why}.
Result<std::vector<Parameter>> parse_parameters(std::string_view file, const Node& node);

// The JSON of a value for that parameter, from the control file (a test's override) or from the
// command line. Errors: not of its type, not one of the allowed values. They name the parameter,
// not the place.
Result<std::string> parameter_value(const Parameter& parameter, const Node& node);
Result<std::string> parameter_value(const Parameter& parameter, std::string_view text);

// The `params` variable: an object, name → value in force.
Result<json::Document> parameters_document(std::span<const Parameter> parameters);

// What of the names under `params.` the two expressions use. When an expression takes `params` as a
// whole (`params[name]`), nothing can be said about what it uses, and `whole` is true.
struct ParameterUse {
  std::vector<std::string> names;
  bool whole = false;
};
void find_parameter_use(std::string_view expression, ParameterUse& use);

// The word for a parameter's type in a control file: "bool", "int", "string", "list".
std::string_view name_of(Parameter::Type type);

}  // namespace sagewarden
