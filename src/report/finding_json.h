// A finding, a gap and the facts of a run as JSON: the shapes that docs/formats/ndjson.md and
// docs/formats/json.md describe. Changing what stands here changes a documented format.
#pragma once

#include <map>
#include <string>

#include "base/json_writer.h"
#include "model/finding.h"
#include "report/report.h"

namespace sagewarden {

// The version marker of each record of an NDJSON report.
inline constexpr std::string_view kFindingFormat = "sagewarden-finding/1";
inline constexpr std::string_view kGapFormat = "sagewarden-gap/1";
inline constexpr std::string_view kCoverageFormat = "sagewarden-coverage/1";
inline constexpr std::string_view kRunFormat = "sagewarden-run/1";
inline constexpr std::string_view kReportFormat = "sagewarden-report/1";

// The members of one finding, into an object that is already open.
void write_finding_members(json::Writer& writer, const Finding& finding);
void write_location(json::Writer& writer, const Location& location);

// The members of what is said of the run, into an object that is already open.
void write_run_members(json::Writer& writer, const ReportInput& input);
void write_known(json::Writer& writer, const KnownCounts& known);
// A control's parameters as an object, with the values in force.
void write_parameters(json::Writer& writer, const ControlInfo& control);

// Records of an NDJSON report, each a line with its end.
std::string finding_record(const Finding& finding);
std::string gap_record(const Gap& gap);
std::string coverage_record(const CoverageRow& row);
// The last one: what the run was and what it looked for, and how many records there are before it.
// Who reads a report can tell by that whether it is all of it.
struct RecordCounts {
  size_t findings = 0;
  size_t gaps = 0;
  size_t coverage = 0;
  std::map<std::string, size_t> evaluated = {};  // resources by type

  bool same_records(const RecordCounts& other) const {
    return findings == other.findings && gaps == other.gaps && coverage == other.coverage;
  }
};
std::string run_record(const ReportInput& input, const RecordCounts& counts);

// Whole objects.
void write_run(json::Writer& writer, const ReportInput& input);
void write_summary(json::Writer& writer, const ReportInput& input);
void write_coverage(json::Writer& writer, const Coverage& coverage);

// The members of a row of coverage, into an object that is already open.
void write_row_members(json::Writer& writer, const CoverageRow& row);

void write_strings(json::Writer& writer, const std::vector<std::string>& strings);

}  // namespace sagewarden
