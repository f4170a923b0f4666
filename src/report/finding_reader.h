// The parts of our reports, read back: what finding_json.h writes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/coverage.h"
#include "report/finding_json.h"
#include "report/report.h"

namespace sagewarden {

// Errors: it is no finding. Members that it does not know are passed over.
Result<Finding> read_finding(json::Value record);
Gap read_gap(json::Value gap);            // as `json` has it
Gap read_gap_record(json::Value record);  // as `ndjson` has it: in a finding's shape
CoverageRow read_coverage_row(json::Value row);
std::map<std::string, size_t> read_evaluated(json::Value counters);
// How many records a report of the format `ndjson` says it has, in its run's; nothing where it does
// not say so, because something is missing.
std::optional<RecordCounts> read_record_counts(json::Value run);
// The same of a report of the format `json`, in its summary.
std::optional<RecordCounts> read_listed(json::Value summary);
KnownCounts read_known(json::Value known);
std::vector<ControlInfo> read_controls(json::Value controls);

}  // namespace sagewarden
