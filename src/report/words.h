// What several formats say in the same words: where a finding stands, why it is so, what was not
// read.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "report/report.h"

namespace sagewarden {

// The line and column to show: of the setting that decided, or of the resource. Line 0 when the
// source has no lines.
struct Place {
  uint32_t line = 0;
  uint32_t column = 0;
};
Place place_of(const Finding& finding);

// "file:line:column", without what is not known.
std::string place_text(const Location& location);

// For people: "111122223333 eu-west-1" for what exists in an account, "file:line" for what a file
// declares, "file#address" where the file has no lines.
std::string where_text(const Finding& finding);

// The file and line (or address) where the resource stands, if where_text() says something else.
std::string file_text(const Finding& finding);

// The name, or what else stands for the resource: address, ARN, file.
std::string_view name_text(const Finding& finding);

// Why it is so, in words for people: each reason once, in their order. What a control notes about
// itself (which reading of AWS's pages it applies) is no reason for one finding and not among them.
// Never empty unless the finding passed.
std::vector<std::string> reasons_of(const Finding& finding);
// The first of them, and how many more there are.
std::string reason_text(const Finding& finding);

// Files that were read and what else was rightly passed over, for people: "3 data sources".
std::string passed_over_text(size_t count, std::string_view reason);

// What a path of evidence showed, in one line: `RootAccess: "Enabled", wanted "Disabled"`.
std::string evidence_text(const Evidence& evidence);

// Everything that was not read: the coverage's gaps, and one for the interruption if there was one.
std::vector<Gap> gaps_of(const ReportInput& input);
// The file and place, or the call with account and Region.
std::string gap_place_text(const Gap& gap);
// A gap in a finding's shape, for formats that are lists of findings: compliance NOT_AVAILABLE, no
// control, an id that begins with "gap/".
Finding gap_as_finding(const Gap& gap);

// The code of the gap that an interruption makes.
inline constexpr std::string_view kInterruptedCode = "INTERRUPTED";

// What is said about an interrupted run, at the top of the reports that people read.
inline constexpr std::string_view kInterrupted =
    "The run was stopped before everything was read. This report covers only what had been read by "
    "then.";

// How much was read: "3 files (1.2 MB)", "1,234 calls of AWS's API", or both.
std::string read_text(const Coverage& coverage);

// The value with its unit: "1.2 MB".
std::string size_text(size_t bytes);
// "12,345"
std::string number_text(size_t number);
// "model", "12 notebook instances", "3 AWS::Other::Type resources"
std::string type_label(std::string_view type);
std::string count_of_type(size_t count, std::string_view type);
// "passed", "failed", "warning", "not available"
std::string_view plain_word(Compliance compliance);
// "Critical"
std::string_view plain_word(Severity severity);

// The control of that id; null when it is not among the selected ones (it always is, but a format
// must not fall over it).
const ControlInfo* find_control(std::span<const ControlInfo> controls, std::string_view id);

}  // namespace sagewarden
