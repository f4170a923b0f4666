// A finding, a gap and the facts of a run as JSON: the shapes that docs/formats/ndjson.md and
// docs/formats/json.md describe. Changing what stands here changes a documented format.
#pragma once

#include "base/json_writer.h"
#include "model/finding.h"
#include "report/report.h"

namespace sagewarden {

// The version marker of each record of an NDJSON report.
inline constexpr std::string_view kFindingFormat = "sagewarden-finding/1";
inline constexpr std::string_view kGapFormat = "sagewarden-gap/1";
inline constexpr std::string_view kCoverageFormat = "sagewarden-coverage/1";
inline constexpr std::string_view kReportFormat = "sagewarden-report/1";

// The members of one finding, into an object that is already open.
void write_finding_members(json::Writer& writer, const Finding& finding);
void write_location(json::Writer& writer, const Location& location);

// Whole objects.
void write_run(json::Writer& writer, const ReportInput& input);
void write_summary(json::Writer& writer, const ReportInput& input);
void write_coverage(json::Writer& writer, const Coverage& coverage);

// The members of a row of coverage, into an object that is already open.
void write_row_members(json::Writer& writer, const CoverageRow& row);

void write_strings(json::Writer& writer, const std::vector<std::string>& strings);

}  // namespace sagewarden
