#include <fmt/core.h>

#include <algorithm>
#include <limits>

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

struct Row {
  std::string_view id, severity, resource, title;
};

// All columns but the last take what they need; the title gets the rest of the line, and more
// lines.
std::string table(std::span<const Control> controls, size_t width) {
  std::vector<Row> rows = {{"CONTROL", "SEVERITY", "RESOURCE", "TITLE"}};
  for (const Control& control : controls) {
    const ControlInfo& info = control.info;
    rows.push_back({info.id, name_of(info.severity), label_of(info.resource_type), info.title});
  }
  size_t id = 0;
  size_t severity = 0;
  size_t resource = 0;
  for (const Row& row : rows) {
    id = std::max(id, display_width(row.id) + 2);
    severity = std::max(severity, display_width(row.severity) + 2);
    resource = std::max(resource, display_width(row.resource) + 2);
  }
  const size_t left = id + severity + resource;
  // In a narrow terminal the terminal wraps.
  const size_t right = std::max(left + 30, width);
  std::string out;
  for (const Row& row : rows) {
    out += padded(row.id, id) + padded(row.severity, severity) + padded(row.resource, resource);
    const std::string title = wrap(row.title, right, std::string(left, ' '));
    out += title.empty() ? "\n" : title.substr(left);
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
    // What another program reads has one line for each control.
    const size_t width = console.is_terminal ? console.width : std::numeric_limits<size_t>::max();
    TRY_DO(console.out.write(printable_lines(table(controls, width))));
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
