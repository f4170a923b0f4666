// What can stand for each kind of argument.
#include <algorithm>

#include "app/controls.h"
#include "cli/command.h"
#include "report/difference.h"
#include "report/report.h"

namespace sagewarden {
namespace {

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  return names;
}

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names;
  for (const Format& format : formats()) names.push_back(format.name);
  return names;
}

std::vector<std::string_view> diff_format_names() {
  std::vector<std::string_view> names;
  for (const DiffFormat& format : diff_formats()) names.push_back(format.name);
  return names;
}

}  // namespace

std::vector<std::string_view> values_of(Values values) {
  switch (values) {
    case Values::Free:
    case Values::File:
    case Values::Folder:
    case Values::Path:
      return {};
    case Values::Control:
      return builtin_control_ids();
    case Values::Command:
      return command_names();
    case Values::ControlFormat:
      return {"text", "json"};
    case Values::DiffFormat:
      return diff_format_names();
    case Values::FailOn:
      return {"any", "informational", "low", "medium", "high", "critical", "none"};
    case Values::Partition:
      return {"aws",       "aws-cn",    "aws-eusc",  "aws-iso",
              "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-us-gov"};
    case Values::Platform:
      return {"github", "gitlab"};
    case Values::Publish:
      return {"securityhub"};
    case Values::RecordFormat:
      return {"ndjson", "ocsf"};
    case Values::Report:
      return format_names();
    case Values::Set:
      return {"security-hub", "sagewarden", "all"};
    case Values::Severity:
      return {"informational", "low", "medium", "high", "critical"};
    case Values::Shell:
      return {"bash", "zsh", "fish"};
    case Values::When:
      return {"auto", "always", "never"};
  }
  return {};
}

bool is_closed(Values values) {
  return values >= Values::ControlFormat;
}

}  // namespace sagewarden
