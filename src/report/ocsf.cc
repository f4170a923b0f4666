// Open Cybersecurity Schema Framework 1.5: a JSON array of Compliance Finding events (class 2003),
// with the cloud profile where an account is known.
// https://schema.ocsf.io/1.5.0/classes/compliance_finding

#include "report/ocsf.h"

#include "base/iso_time.h"
#include "base/json_writer.h"
#include "report/escape.h"
#include "report/finding_json.h"
#include "report/formats.h"
#include "report/words.h"

namespace sagewarden {
namespace {

constexpr std::string_view kSchemaVersion = "1.5.0";
constexpr int64_t kCategory = 2;  // Findings
constexpr int64_t kClass = 2003;  // Compliance Finding
constexpr int64_t kCreate = 1;    // activity: each report stands for itself

// An enumeration's number and its caption.
struct Caption {
  int64_t id;
  std::string_view name;
};

Caption severity_of(Severity severity) {
  switch (severity) {
    case Severity::Informational:
      return {1, "Informational"};
    case Severity::Low:
      return {2, "Low"};
    case Severity::Medium:
      return {3, "Medium"};
    case Severity::High:
      return {4, "High"};
    case Severity::Critical:
      return {5, "Critical"};
  }
  return {0, "Unknown"};
}

// compliance.status: the verdict. OCSF has no word for "could not be asked": Other, with the word.
Caption compliance_of(Compliance compliance) {
  switch (compliance) {
    case Compliance::Passed:
      return {1, "Pass"};
    case Compliance::Warning:
      return {2, "Warning"};
    case Compliance::Failed:
      return {3, "Fail"};
    case Compliance::NotAvailable:
      return {99, "NOT_AVAILABLE"};
  }
  return {0, "Unknown"};
}

// status: what people did about the finding. Never mixed with the verdict.
Caption status_of(const Finding& finding) {
  if (finding.suppressed) return {3, "Suppressed"};
  if (finding.compliance == Compliance::Passed) return {4, "Resolved"};
  return {1, "New"};
}

void write_caption(json::Writer& writer, std::string_view name, Caption caption) {
  const std::string id = std::string(name) + "_id";
  writer.key(id).integer(caption.id).member(name, caption.name);
}

void write_metadata(json::Writer& writer, const ReportInput& input, const Finding& finding,
                    bool cloud) {
  writer.key("metadata").begin_object();
  writer.member("version", kSchemaVersion).member("uid", finding.id);
  writer.key("product")
      .begin_object()
      .member("name", "Sagewarden")
      .member("vendor_name", "Sagewarden")
      .member("version", input.run.version)
      .end_object();
  if (cloud) writer.key("profiles").begin_array().string("cloud").end_array();
  writer.end_object();
}

void write_finding_info(json::Writer& writer, const Finding& finding, const ControlInfo* control) {
  writer.key("finding_info").begin_object();
  writer.member("uid", finding.id);
  writer.member("title", control != nullptr && !control->title.empty()
                             ? std::string_view(control->title)
                         : finding.control.empty() ? std::string_view("Not read")
                                                   : std::string_view(finding.control));
  const std::string desc = directed(reason_text(finding));
  if (!desc.empty()) writer.member("desc", desc);
  if (const int64_t captured = parse_iso_time(finding.captured_at); captured != 0)
    writer.key("last_seen_time").integer(captured);
  if (control != nullptr && !control->documentation.empty())
    writer.member("src_url", control->documentation);
  writer.end_object();
}

void write_compliance(json::Writer& writer, const Finding& finding, const ControlInfo* control) {
  writer.key("compliance").begin_object();
  if (!finding.control.empty()) writer.member("control", finding.control);
  write_caption(writer, "status", compliance_of(finding.compliance));
  if (!finding.reasons.empty()) {
    writer.member("status_code", finding.reasons.front().code);
    writer.key("status_details").begin_array();
    for (const Reason& reason : finding.reasons) writer.string(directed(reason.message));
    writer.end_array();
  }
  if (control != nullptr) {
    if (!control->why.empty()) writer.member("desc", control->why);
    if (!control->category.empty()) writer.member("category", control->category);
    writer.key("standards");
    write_strings(writer, control->standards);
    writer.key("requirements");
    write_strings(writer, control->requirements);
    writer.key("control_parameters").begin_array();
    for (const Parameter& parameter : control->parameters) {
      writer.begin_object()
          .member("name", parameter.name)
          .member("value", parameter.value)
          .end_object();
    }
    writer.end_array();
  }
  writer.end_object();
}

void write_evidence(json::Writer& writer, const Finding& finding) {
  writer.key("evidences").begin_array();
  for (const Evidence& evidence : finding.evidence) {
    writer.begin_object().member("name", evidence.path).key("data").begin_object();
    writer.member("path", evidence.path)
        .member("found", evidence.found)
        .member("wanted", evidence.wanted);
    writer.end_object().end_object();
  }
  writer.end_array();
}

void write_ocsf_resource(json::Writer& writer, const Finding& finding, bool cloud) {
  writer.key("resources").begin_array().begin_object();
  writer.member("uid", finding.arn.empty() ? name_text(finding) : std::string_view(finding.arn));
  writer.member("name", name_text(finding));
  writer.member("type", finding.type);
  if (cloud) {
    if (!finding.region.empty()) writer.member("region", finding.region);
    if (!finding.partition.empty()) writer.member("cloud_partition", finding.partition);
    writer.key("owner").begin_object().key("account").begin_object();
    writer.member("uid", finding.account).end_object().end_object();
  }
  if (!finding.tags.empty()) {
    writer.key("tags").begin_array();
    for (const auto& [key, value] : finding.tags)
      writer.begin_object().member("name", key).member("value", value).end_object();
    writer.end_array();
  }
  if (!finding.location.file.empty()) {
    writer.key("data").begin_object().key("location");
    write_location(writer, finding.location);
    writer.end_object();
  }
  writer.end_object().end_array();
}

void write_cloud(json::Writer& writer, const Finding& finding) {
  writer.key("cloud").begin_object().member("provider", "AWS");
  writer.key("account").begin_object();
  writer.member("uid", finding.account).key("type_id").integer(10).member("type", "AWS Account");
  writer.end_object();
  if (!finding.region.empty()) writer.member("region", finding.region);
  writer.end_object();
}

}  // namespace

void append_ocsf(std::string& out, const Finding& finding, const ReportInput& input) {
  json::Writer writer(out);
  const ControlInfo* control = find_control(input.controls, finding.control);
  const bool cloud = !finding.account.empty();
  const std::string& time = input.run.finished.empty() ? input.run.started : input.run.finished;
  writer.begin_object();
  writer.key("activity_id").integer(kCreate).member("activity_name", "Create");
  writer.key("category_uid").integer(kCategory).member("category_name", "Findings");
  writer.key("class_uid").integer(kClass).member("class_name", "Compliance Finding");
  writer.key("type_uid").integer(kClass * 100 + kCreate);
  writer.member("type_name", "Compliance Finding: Create");
  writer.key("time").integer(parse_iso_time(time));
  write_caption(writer, "severity", severity_of(finding.severity));
  write_caption(writer, "status", status_of(finding));
  if (finding.suppressed && !finding.suppressed->reason.empty())
    writer.member("comment", directed(finding.suppressed->reason));
  write_metadata(writer, input, finding, cloud);
  write_finding_info(writer, finding, control);
  write_compliance(writer, finding, control);
  write_ocsf_resource(writer, finding, cloud);
  if (!finding.evidence.empty()) write_evidence(writer, finding);
  if (control != nullptr && !control->fix.empty()) {
    writer.key("remediation").begin_object().member("desc", control->fix);
    if (!control->documentation.empty())
      writer.key("references").begin_array().string(control->documentation).end_array();
    writer.end_object();
  }
  if (cloud) write_cloud(writer, finding);
  writer.end_object();
}

Result<void> write_ocsf(const ReportInput& input, const EachFinding& each, const TextStyle&,
                        Output& out) {
  std::string text = "[";
  bool first = true;
  const auto add = [&](const Finding& finding) -> Result<void> {
    text += first ? "\n" : ",\n";
    first = false;
    append_ocsf(text, finding, input);
    TRY_DO(out.write(text));
    text.clear();
    return {};
  };
  TRY_DO(each(add));
  // What was not read is an event too, of a resource that is the file or the call.
  for (const Gap& gap : gaps_of(input)) TRY_DO(add(gap_as_finding(gap)));
  return out.write(text += "\n]\n");
}

}  // namespace sagewarden
