// Comma-separated values (RFC 4180, UTF-8, docs/formats/csv.md): a header, a record for each
// finding, and one for each thing that was not read.
#include <fmt/format.h>

#include <array>

#include "report/escape.h"
#include "report/formats.h"
#include "report/words.h"

namespace sagewarden {
namespace {

struct Record {
  std::string_view record;  // "finding" or "gap"
  const Finding& finding;
  const ControlInfo* control;
};

struct Column {
  std::string_view name;
  std::string (*cell)(const Record& row);
};

template <class Items, class Text>
std::string joined(const Items& items, Text&& text_of) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += "; ";
    out += text_of(item);
  }
  return out;
}

std::string number_or_empty(uint32_t number) {
  return number == 0 ? "" : std::to_string(number);
}

std::string suppressed_cell(const Record& row) {
  if (!row.finding.suppressed) return "";
  return row.finding.suppressed->kind == Suppression::Kind::InSource ? "in-source" : "external";
}

template <std::string Suppression::*Member>
std::string suppression_cell(const Record& row) {
  return row.finding.suppressed ? (*row.finding.suppressed).*Member : "";
}

// clang-format off
constexpr std::array<Column, 25> kColumns = {{
    {"record", [](const Record& r) { return std::string(r.record); }},
    {"id", [](const Record& r) { return r.finding.id; }},
    {"control", [](const Record& r) { return r.finding.control; }},
    {"title", [](const Record& r) { return r.control == nullptr ? std::string() : r.control->title; }},
    {"compliance", [](const Record& r) { return std::string(name_of(r.finding.compliance)); }},
    {"severity", [](const Record& r) { return std::string(name_of(r.finding.severity)); }},
    {"type", [](const Record& r) { return r.finding.type; }},
    {"name", [](const Record& r) { return r.finding.name; }},
    {"arn", [](const Record& r) { return r.finding.arn; }},
    {"account", [](const Record& r) { return r.finding.account; }},
    {"region", [](const Record& r) { return r.finding.region; }},
    {"partition", [](const Record& r) { return r.finding.partition; }},
    {"file", [](const Record& r) { return r.finding.location.file; }},
    {"line", [](const Record& r) { return number_or_empty(place_of(r.finding).line); }},
    {"column", [](const Record& r) { return number_or_empty(place_of(r.finding).column); }},
    {"address", [](const Record& r) { return r.finding.location.address; }},
    {"reason_codes", [](const Record& r) { return joined(r.finding.reasons, [](const Reason& x) { return x.code; }); }},
    {"reasons", [](const Record& r) { return joined(r.finding.reasons, [](const Reason& x) { return x.message; }); }},
    {"evidence", [](const Record& r) { return joined(r.finding.evidence, evidence_text); }},
    {"suppressed", suppressed_cell},
    {"suppression_reason", suppression_cell<&Suppression::reason>},
    {"suppression_owner", suppression_cell<&Suppression::owner>},
    {"suppression_expires", suppression_cell<&Suppression::expires>},
    {"tags", [](const Record& r) { return joined(r.finding.tags, [](const auto& tag) { return tag.first + "=" + tag.second; }); }},
    {"captured_at", [](const Record& r) { return r.finding.captured_at; }},
}};
// clang-format on

Result<void> write_row(const Record& row, Output& out) {
  std::string line;
  for (const Column& column : kColumns) {
    if (!line.empty()) line += ',';
    line += csv_cell(column.cell(row));
  }
  return out.write(line += "\r\n");
}

}  // namespace

Result<void> write_csv(const ReportInput& input, const EachFinding& each, const TextStyle&,
                       Output& out) {
  std::string header;
  for (const Column& column : kColumns) {
    if (!header.empty()) header += ',';
    header += column.name;
  }
  TRY_DO(out.write(header += "\r\n"));
  TRY_DO(each([&](const Finding& finding) {
    return write_row({"finding", finding, find_control(input.controls, finding.control)}, out);
  }));
  for (const Gap& gap : gaps_of(input))
    TRY_DO(write_row({"gap", gap_as_finding(gap), nullptr}, out));
  return {};
}

}  // namespace sagewarden
