#include "cli/control_json.h"

#include <span>
#include <string>

namespace sagewarden {
namespace {

std::string_view name_of(Parameter::Type type) {
  switch (type) {
    case Parameter::Type::Bool:
      return "bool";
    case Parameter::Type::Int:
      return "int";
    case Parameter::Type::String:
      return "string";
    case Parameter::Type::StringList:
      return "string list";
  }
  return "";
}

void write_list(json::Writer& writer, std::string_view name, std::span<const std::string> items) {
  writer.key(name).begin_array();
  for (const std::string& item : items) writer.string(item);
  writer.end_array();
}

}  // namespace

void write_control(json::Writer& writer, const ControlInfo& info) {
  writer.begin_object();
  writer.member("id", info.id).member("set", info.set).member("title", info.title);
  writer.member("severity", name_of(info.severity)).member("resource", info.resource_type);
  writer.member("why", info.why).member("fix", info.fix);
  if (!info.note.empty()) writer.member("note", info.note);
  writer.member("applies", info.applies).member("passes", info.passes);
  writer.key("parameters").begin_array();
  for (const Parameter& parameter : info.parameters) {
    writer.begin_object().member("name", parameter.name);
    writer.member("type", name_of(parameter.type));
    writer.key("default").raw(parameter.default_value);
    writer.member("why", parameter.why).end_object();
  }
  writer.end_array();
  if (!info.config_rule.empty()) writer.member("config_rule", info.config_rule);
  if (!info.category.empty()) writer.member("category", info.category);
  if (!info.schedule.empty()) writer.member("schedule", info.schedule);
  write_list(writer, "standards", info.standards);
  write_list(writer, "requirements", info.requirements);
  if (!info.documentation.empty()) writer.member("documentation", info.documentation);
  writer.end_object();
}

}  // namespace sagewarden
