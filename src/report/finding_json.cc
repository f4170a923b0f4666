#include "report/finding_json.h"

#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

void write_reasons(json::Writer& writer, const std::vector<Reason>& reasons) {
  writer.begin_array();
  for (const Reason& reason : reasons) {
    writer.begin_object()
        .member("code", reason.code)
        .member("message", reason.message)
        .end_object();
  }
  writer.end_array();
}

void write_evidence(json::Writer& writer, const std::vector<Evidence>& evidence) {
  writer.begin_array();
  for (const Evidence& item : evidence) {
    writer.begin_object()
        .member("path", item.path)
        .member("found", item.found)
        .member("wanted", item.wanted)
        .key("line")
        .unsigned_integer(item.line)
        .key("column")
        .unsigned_integer(item.column)
        .end_object();
  }
  writer.end_array();
}

void write_suppression(json::Writer& writer, const std::optional<Suppression>& suppression) {
  if (!suppression) {
    writer.null();
    return;
  }
  writer.begin_object()
      .member("kind", suppression->kind == Suppression::Kind::InSource ? "in-source" : "external")
      .member("reason", suppression->reason)
      .member("owner", suppression->owner)
      .member("expires", suppression->expires)
      .end_object();
}

void write_counts(json::Writer& writer, const ControlCounts& counts) {
  const struct {
    std::string_view name;
    size_t count;
  } rows[] = {{"passed", counts.passed},
              {"failed", counts.failed},
              {"warning", counts.warning},
              {"not_available", counts.not_available},
              {"suppressed", counts.suppressed}};
  for (const auto& row : rows) writer.key(row.name).unsigned_integer(row.count);
  writer.key("known");
  write_known(writer, counts.known);
}

void write_counters(json::Writer& writer, const std::map<std::string, size_t>& counters) {
  writer.begin_object();
  for (const auto& [name, count] : counters) writer.key(name).unsigned_integer(count);
  writer.end_object();
}

std::string_view name_of(Gap::Kind kind) {
  switch (kind) {
    case Gap::Kind::File:
      return "file";
    case Gap::Kind::Item:
      return "item";
    case Gap::Kind::Call:
      return "call";
  }
  return "";
}

std::string_view name_of(ControlStatus status) {
  switch (status) {
    case ControlStatus::Failed:
      return "FAILED";
    case ControlStatus::Unknown:
      return "UNKNOWN";
    case ControlStatus::Passed:
      return "PASSED";
    case ControlStatus::Suppressed:
      return "SUPPRESSED";
    case ControlStatus::NoData:
      return "NO_DATA";
  }
  return "";
}

}  // namespace

void write_location(json::Writer& writer, const Location& location) {
  writer.begin_object()
      .member("file", location.file)
      .key("line")
      .unsigned_integer(location.line)
      .key("column")
      .unsigned_integer(location.column)
      .member("address", location.address)
      .end_object();
}

void write_strings(json::Writer& writer, const std::vector<std::string>& strings) {
  writer.begin_array();
  for (const std::string& text : strings) writer.string(text);
  writer.end_array();
}

void write_finding_members(json::Writer& writer, const Finding& finding) {
  writer.member("id", finding.id)
      .member("control", finding.control)
      .member("compliance", name_of(finding.compliance))
      .member("severity", name_of(finding.severity))
      .member("type", finding.type)
      .member("arn", finding.arn)
      .member("name", finding.name)
      .member("account", finding.account)
      .member("region", finding.region)
      .member("partition", finding.partition);
  writer.key("tags").begin_object();
  for (const auto& [key, value] : finding.tags) writer.member(key, value);
  writer.end_object();
  writer.key("reasons");
  write_reasons(writer, finding.reasons);
  writer.key("evidence");
  write_evidence(writer, finding.evidence);
  writer.key("location");
  write_location(writer, finding.location);
  writer.key("suppressed");
  write_suppression(writer, finding.suppressed);
  writer.member("captured_at", finding.captured_at);
}

void write_known(json::Writer& writer, const KnownCounts& known) {
  writer.begin_object();
  writer.key("failed").unsigned_integer(known.failed);
  writer.key("not_judged").unsigned_integer(known.not_judged);
  writer.key("suppressed").unsigned_integer(known.suppressed);
  writer.key("passed").unsigned_integer(known.passed);
  writer.end_object();
}

void write_parameters(json::Writer& writer, const ControlInfo& control) {
  writer.begin_object();
  // A parameter's value is kept as JSON already.
  for (const Parameter& parameter : control.parameters)
    writer.key(parameter.name).raw(parameter.value.empty() ? "null" : parameter.value);
  writer.end_object();
}

void write_run_members(json::Writer& writer, const ReportInput& input) {
  writer.member("version", input.run.version)
      .member("started", input.run.started)
      .member("finished", input.run.finished)
      .key("interrupted")
      .boolean(input.interrupted)
      .key("live")
      .boolean(input.run.live)
      .key("inputs");
  write_strings(writer, input.run.inputs);
  writer.key("notices");
  write_strings(writer, input.notices);
}

void write_run(json::Writer& writer, const ReportInput& input) {
  writer.begin_object();
  write_run_members(writer, input);
  writer.end_object();
}

void write_summary(json::Writer& writer, const ReportInput& input) {
  writer.begin_object();
  writer.member("verdict", verdict_text(input));
  writer.key("findings").begin_object();
  write_counts(writer, total_of(input.counts));
  writer.end_object();
  // So that a reader can tell whether some were taken out.
  writer.key("gaps").unsigned_integer(input.coverage.gaps.size());
  writer.key("aws").unsigned_integer(input.coverage.rows.size());
  writer.key("controls").begin_array();
  for (const ControlInfo& control : input.controls) {
    const ControlCounts counts = counts_of(input, control.id);
    writer.begin_object()
        .member("id", control.id)
        .member("title", control.title)
        .member("severity", name_of(control.severity))
        .member("status", name_of(status_of(counts)));
    write_counts(writer, counts);
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_coverage(json::Writer& writer, const Coverage& coverage) {
  writer.begin_object()
      .key("files")
      .unsigned_integer(coverage.files)
      .key("bytes")
      .unsigned_integer(coverage.bytes)
      .key("superseded")
      .unsigned_integer(coverage.superseded);
  writer.key("evaluated");
  write_counters(writer, coverage.evaluated);
  writer.key("passed_over");
  write_counters(writer, coverage.passed_over);
  writer.key("without_control");
  write_counters(writer, coverage.without_control);
  writer.key("gaps").begin_array();
  for (const Gap& gap : coverage.gaps) {
    writer.begin_object()
        .member("kind", name_of(gap.kind))
        .member("code", gap.code)
        .member("message", gap.message)
        .member("type", gap.type)
        .member("account", gap.account)
        .member("region", gap.region)
        .member("operation", gap.operation)
        .key("location");
    write_location(writer, gap.location);
    writer.end_object();
  }
  writer.end_array();
  // Only a scan of AWS itself has any.
  if (!coverage.rows.empty()) {
    writer.key("aws").begin_array();
    for (const CoverageRow& row : coverage.rows) {
      writer.begin_object();
      write_row_members(writer, row);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.end_object();
}

void write_row_members(json::Writer& writer, const CoverageRow& row) {
  writer.member("account", row.account).member("region", row.region).member("type", row.type);
  writer.key("listed").unsigned_integer(row.listed).key("read").unsigned_integer(row.read);
  writer.key("not_read").unsigned_integer(row.not_read).key("gone").unsigned_integer(row.gone);
  writer.key("complete").boolean(row.complete);
}

namespace {

template <class Write>
std::string record(std::string_view format, Write&& write) {
  std::string line;
  json::Writer writer(line);
  writer.begin_object().member("format", format);
  write(writer);
  writer.end_object();
  return line += '\n';
}

}  // namespace

std::string finding_record(const Finding& finding) {
  return record(kFindingFormat, [&](json::Writer& w) { write_finding_members(w, finding); });
}

std::string gap_record(const Gap& gap) {
  return record(kGapFormat,
                [&](json::Writer& w) { write_finding_members(w, gap_as_finding(gap)); });
}

std::string coverage_record(const CoverageRow& row) {
  return record(kCoverageFormat, [&](json::Writer& w) { write_row_members(w, row); });
}

std::string run_record(const ReportInput& input, const RecordCounts& counts) {
  return record(kRunFormat, [&](json::Writer& w) {
    write_run_members(w, input);
    w.key("counts");
    if (input.shortened) {
      w.null();
    } else {
      w.begin_object().key("findings").unsigned_integer(counts.findings);
      w.key("gaps").unsigned_integer(counts.gaps);
      w.key("coverage").unsigned_integer(counts.coverage).end_object();
    }
    w.key("evaluated");
    write_counters(w, counts.evaluated);
    w.key("known");
    write_known(w, total_of(input.counts).known);
    w.key("controls").begin_array();
    for (const ControlInfo& control : input.controls) {
      w.begin_object()
          .member("id", control.id)
          .member("set", control.set)
          .member("title", control.title)
          .member("severity", name_of(control.severity))
          .member("resource_type", control.resource_type);
      w.key("parameters");
      write_parameters(w, control);
      w.end_object();
    }
    w.end_array();
  });
}

}  // namespace sagewarden
