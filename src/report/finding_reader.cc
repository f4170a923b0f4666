#include "report/finding_reader.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/text.h"

namespace sagewarden {
namespace {

std::string text_of(json::Value object, std::string_view name) {
  return std::string(object[name].string_or(""));
}

uint32_t number_of(json::Value object, std::string_view name) {
  const json::Value value = object[name];
  if (value.kind() != json::Kind::Int || value.integer() < 0) return 0;
  return static_cast<uint32_t>(value.integer());
}

bool flag_of(json::Value object, std::string_view name) {
  const json::Value value = object[name];
  return value.is_bool() && value.boolean();
}

std::optional<Compliance> parse_compliance(std::string_view text) {
  for (const Compliance compliance :
       {Compliance::Passed, Compliance::Failed, Compliance::Warning, Compliance::NotAvailable}) {
    if (name_of(compliance) == text) return compliance;
  }
  return std::nullopt;
}

Location read_location(json::Value location) {
  return {.file = text_of(location, "file"),
          .line = number_of(location, "line"),
          .column = number_of(location, "column"),
          .address = text_of(location, "address")};
}

std::vector<Reason> read_reasons(json::Value reasons) {
  std::vector<Reason> out;
  for (const json::Value reason : reasons.elements())
    out.push_back({text_of(reason, "code"), text_of(reason, "message")});
  return out;
}

std::vector<Evidence> read_evidence(json::Value evidence) {
  std::vector<Evidence> out;
  for (const json::Value item : evidence.elements())
    out.push_back({text_of(item, "path"), text_of(item, "found"), text_of(item, "wanted"),
                   number_of(item, "line"), number_of(item, "column")});
  return out;
}

std::optional<Suppression> read_suppression(json::Value suppressed) {
  if (!suppressed.is_object()) return std::nullopt;
  Suppression out;
  if (suppressed["kind"].string_or("") == "in-source") out.kind = Suppression::Kind::InSource;
  out.reason = text_of(suppressed, "reason");
  out.owner = text_of(suppressed, "owner");
  out.expires = text_of(suppressed, "expires");
  return out;
}

std::vector<std::string> read_strings(json::Value strings) {
  std::vector<std::string> out;
  for (const json::Value text : strings.elements()) out.emplace_back(text.string_or(""));
  return out;
}

}  // namespace

Result<Finding> read_finding(json::Value record) {
  Finding finding;
  finding.id = text_of(record, "id");
  finding.control = text_of(record, "control");
  const std::optional<Compliance> compliance = parse_compliance(record["compliance"].string_or(""));
  const std::optional<Severity> severity = parse_severity(record["severity"].string_or(""));
  if (finding.id.empty() || finding.control.empty() || !compliance || !severity)
    return fail(Error::Code::Invalid,
                "a finding needs the members \"id\", \"control\", \"compliance\" and \"severity\"");
  finding.compliance = *compliance;
  finding.severity = *severity;
  finding.type = text_of(record, "type");
  finding.arn = text_of(record, "arn");
  finding.name = text_of(record, "name");
  finding.account = text_of(record, "account");
  finding.region = text_of(record, "region");
  finding.partition = text_of(record, "partition");
  for (const auto& [key, value] : record["tags"].members())
    finding.tags.emplace_back(key, value.string_or(""));
  finding.reasons = read_reasons(record["reasons"]);
  finding.evidence = read_evidence(record["evidence"]);
  finding.location = read_location(record["location"]);
  finding.suppressed = read_suppression(record["suppressed"]);
  finding.captured_at = text_of(record, "captured_at");
  return finding;
}

Gap read_gap(json::Value gap) {
  Gap out;
  const std::string_view kind = gap["kind"].string_or("");
  out.kind = kind == "call" ? Gap::Kind::Call : kind == "item" ? Gap::Kind::Item : Gap::Kind::File;
  out.code = text_of(gap, "code");
  out.message = text_of(gap, "message");
  out.type = text_of(gap, "type");
  out.account = text_of(gap, "account");
  out.region = text_of(gap, "region");
  out.operation = text_of(gap, "operation");
  out.location = read_location(gap["location"]);
  return out;
}

Gap read_gap_record(json::Value record) {
  Gap out;
  out.location = read_location(record["location"]);
  out.type = text_of(record, "type");
  out.account = text_of(record, "account");
  out.region = text_of(record, "region");
  const json::Value reason = record["reasons"].at(0);
  out.code = text_of(reason, "code");
  out.message = text_of(reason, "message");
  if (out.location.file.empty()) {
    out.kind = Gap::Kind::Call;
    out.operation = text_of(record, "name");
  }
  return out;
}

CoverageRow read_coverage_row(json::Value row) {
  CoverageRow out;
  out.account = text_of(row, "account");
  out.region = text_of(row, "region");
  out.type = text_of(row, "type");
  out.listed = number_of(row, "listed");
  out.read = number_of(row, "read");
  out.not_read = number_of(row, "not_read");
  out.gone = number_of(row, "gone");
  out.complete = flag_of(row, "complete");
  return out;
}

std::map<std::string, size_t> read_evaluated(json::Value counters) {
  std::map<std::string, size_t> out;
  for (const auto& [type, count] : counters.members()) out.emplace(type, number_of(counters, type));
  return out;
}

std::optional<RecordCounts> read_record_counts(json::Value run) {
  const json::Value counts = run["counts"];
  if (!counts.is_object()) return std::nullopt;
  return RecordCounts{.findings = number_of(counts, "findings"),
                      .gaps = number_of(counts, "gaps"),
                      .coverage = number_of(counts, "coverage"),
                      .evaluated = read_evaluated(run["evaluated"])};
}

std::optional<RecordCounts> read_listed(json::Value summary) {
  const json::Value counts = summary["findings"];
  if (!counts.is_object() || !summary["gaps"].exists() || !summary["aws"].exists())
    return std::nullopt;
  size_t sum = 0;
  for (const std::string_view name : {"passed", "failed", "warning", "not_available", "suppressed"})
    sum += number_of(counts, name);
  return RecordCounts{
      .findings = sum, .gaps = number_of(summary, "gaps"), .coverage = number_of(summary, "aws")};
}

KnownCounts read_known(json::Value known) {
  return {.failed = number_of(known, "failed"),
          .not_judged = number_of(known, "not_judged"),
          .suppressed = number_of(known, "suppressed"),
          .passed = number_of(known, "passed")};
}

std::vector<ControlInfo> read_controls(json::Value controls) {
  std::vector<ControlInfo> out;
  for (const json::Value control : controls.elements()) {
    ControlInfo info;
    info.id = text_of(control, "id");
    info.set = text_of(control, "set");
    info.title = text_of(control, "title");
    info.severity = parse_severity(control["severity"].string_or("")).value_or(Severity::Medium);
    info.resource_type = text_of(control, "resource_type");
    info.why = text_of(control, "why");
    info.fix = text_of(control, "fix");
    info.note = text_of(control, "note");
    info.config_rule = text_of(control, "config_rule");
    info.category = text_of(control, "category");
    info.documentation = text_of(control, "documentation");
    info.standards = read_strings(control["standards"]);
    info.requirements = read_strings(control["requirements"]);
    for (const auto& [name, value] : control["parameters"].members()) {
      Parameter parameter;
      parameter.name = name;
      json::Writer(parameter.value).value(value);
      info.parameters.push_back(std::move(parameter));
    }
    out.push_back(std::move(info));
  }
  return out;
}

}  // namespace sagewarden
