// One JSON document (docs/formats/json.md). Streams: a finding is a line, so that the file can be
// read by people and compared line by line.
#include "base/json_writer.h"
#include "report/finding_json.h"
#include "report/formats.h"

namespace sagewarden {
namespace {

// One member of the outermost object.
template <class Write>
void append_member(std::string& text, std::string_view name, Write&& write) {
  ((text += "\"") += name) += "\": ";
  json::Writer writer(text);
  write(writer);
  text += ",\n";
}

void write_control(json::Writer& writer, const ControlInfo& control) {
  writer.begin_object()
      .member("id", control.id)
      .member("set", control.set)
      .member("title", control.title)
      .member("severity", name_of(control.severity))
      .member("resource_type", control.resource_type)
      .member("why", control.why)
      .member("fix", control.fix)
      .member("note", control.note)
      .member("config_rule", control.config_rule)
      .member("category", control.category)
      .member("documentation", control.documentation);
  writer.key("standards");
  write_strings(writer, control.standards);
  writer.key("requirements");
  write_strings(writer, control.requirements);
  writer.key("parameters");
  write_parameters(writer, control);
  writer.end_object();
}

}  // namespace

Result<void> write_json(const ReportInput& input, const EachFinding& each, const TextStyle&,
                        Output& out) {
  std::string text = "{\n";
  append_member(text, "format", [](json::Writer& w) { w.string(kReportFormat); });
  append_member(text, "run", [&](json::Writer& w) { write_run(w, input); });
  append_member(text, "summary", [&](json::Writer& w) { write_summary(w, input); });
  append_member(text, "coverage", [&](json::Writer& w) { write_coverage(w, input.coverage); });
  append_member(text, "controls", [&](json::Writer& w) {
    w.begin_array();
    for (const ControlInfo& control : input.controls) write_control(w, control);
    w.end_array();
  });
  text += "\"findings\": [";
  bool first = true;
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    text += first ? "\n" : ",\n";
    first = false;
    json::Writer writer(text);
    writer.begin_object();
    write_finding_members(writer, finding);
    writer.end_object();
    TRY_DO(out.write(text));
    text.clear();
    return {};
  }));
  text += "\n]\n}\n";
  return out.write(text);
}

}  // namespace sagewarden
