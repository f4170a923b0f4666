#include <fmt/core.h>

#include <algorithm>

#include "app/controls.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "cli/control_json.h"
#include "cli/verbs.h"
#include "model/resource_type.h"

namespace sagewarden {
namespace {

// "notebook instance" for AWS::SageMaker::NotebookInstance; a user's control may be about any type.
std::string_view label_of(std::string_view type) {
  const ResourceType* known = find_resource_type(type);
  return known == nullptr ? type : known->label;
}

std::string padded(std::string_view text, size_t width) {
  const size_t length = display_width(text);
  return std::string(text) + std::string(length < width ? width - length : 0, ' ');
}

// Id, severity and type take what they need; the title gets the rest of the line, and more lines.
std::string table(std::span<const Control> controls, size_t width) {
  size_t id = 0;
  size_t type = 0;
  for (const Control& control : controls) {
    id = std::max(id, display_width(control.info.id));
    type = std::max(type, display_width(label_of(control.info.resource_type)));
  }
  constexpr size_t kSeverity = 13;  // "INFORMATIONAL"
  const size_t left = id + kSeverity + type + 6;
  const size_t right = std::max(left + 30, width);  // a narrow terminal wraps lines itself
  std::string out;
  for (const Control& control : controls) {
    const std::string head = padded(control.info.id, id + 2) +
                             padded(name_of(control.info.severity), kSeverity + 2) +
                             padded(label_of(control.info.resource_type), type + 2);
    const std::string title = wrap(control.info.title, right, std::string(left, ' '));
    out += head + (title.empty() ? "\n" : title.substr(left));
  }
  return out;
}

}  // namespace

Result<int> run_controls_list(const Arguments& arguments, Console& console) {
  ControlSelection selection;
  selection.sets = arguments.all("set");
  if (selection.sets.empty()) selection.sets = {"all"};
  selection.severity = parse_severity(arguments.value("severity"));
  selection.standards = arguments.all("standard");
  selection.folders = arguments.all("controls-dir");
  TRY_LET(const std::vector<Control> controls, select_controls(selection));
  if (arguments.value("output", "text") == "text") {
    TRY_DO(console.out.write(printable_lines(table(controls, console.width))));
    return kExitPassed;
  }
  std::string text;
  json::Writer writer(text, json::Writer::Style::Indented);
  writer.begin_array();
  for (const Control& control : controls) write_control(writer, control.info);
  writer.end_array();
  TRY_DO(console.out.write(text + "\n"));
  return kExitPassed;
}

}  // namespace sagewarden
