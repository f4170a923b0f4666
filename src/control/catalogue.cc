// What is done with controls as a set, and their parameters.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "control/control.h"
#include "control/parameters.h"

namespace sagewarden {

Result<void> set_parameter(Control& control, std::string_view name, std::string_view value) {
  std::vector<Parameter>& parameters = control.info.parameters;
  const auto parameter = std::ranges::find(parameters, name, &Parameter::name);
  if (parameter == parameters.end()) {
    std::vector<std::string_view> names;
    names.reserve(parameters.size());
    for (const Parameter& each : parameters) names.push_back(each.name);
    return fail(
        Error::Code::NotFound,
        fmt::format("{} has no parameter \"{}\"; it has {}", control.info.id, printable(name),
                    names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  Result<std::string> checked = parameter_value(*parameter, value);
  if (!checked)
    return fail(Error::Code::Invalid,
                fmt::format("{}: {}", control.info.id, checked.error().message));
  std::swap(parameter->value, *checked);
  Result<json::Document> document = parameters_document(parameters);
  if (!document) {
    std::swap(parameter->value, *checked);  // the text was no valid UTF-8
    return fail(Error::Code::Invalid, fmt::format("{}: the parameter {} takes valid UTF-8",
                                                  control.info.id, parameter->name));
  }
  control.parameters = std::move(*document);
  return {};
}

Result<std::vector<Control>> load_builtin_controls(std::string_view set, ReadTests tests) {
  std::vector<Control> controls;
  for (const BuiltinControl& builtin : builtin_controls()) {
    if (!set.empty() && builtin.set != set) continue;
    TRY_LET(Control control, parse_control(builtin.file, builtin.text, builtin.set, tests));
    controls.push_back(std::move(control));
  }
  return controls;
}

Result<void> check_unique_ids(std::span<const Control> controls) {
  std::map<std::string, const Control*> seen;
  for (const Control& control : controls) {
    const auto [place, is_new] = seen.emplace(lower(control.info.id), &control);
    if (!is_new)
      return fail(Error::Code::Invalid,
                  fmt::format("{}: the id {} is taken by {}; give it another", control.file,
                              control.info.id, place->second->file));
  }
  return {};
}

}  // namespace sagewarden
