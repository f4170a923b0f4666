// What a run came to, in short, for people and programs that want to hear of it and not to read a
// report: numbers and names, no values of settings.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "report/report.h"

namespace sagewarden::publish {

struct TopResource {
  std::string type;
  std::string name;
  std::string arn;
  std::string account;
  std::string region;
  size_t failed = 0;
  Severity worst = Severity::Informational;
};

struct Summary {
  RunInfo run;
  std::string verdict;
  bool is_complete = true;
  bool is_part = false;  // the run was stopped, or something was taken out of its report
  ControlCounts findings;
  std::array<size_t, 5> failed = {};  // by Severity
  std::optional<size_t> new_failed;   // since the baseline; nothing when there was none
  std::vector<Finding> news;          // some of them: what they are called
  std::vector<Gap> gaps;              // some
  size_t all_gaps = 0;
  std::vector<TopResource> resources;  // with the most urgent failures, some
};

// `is_known` says whether an earlier report has the finding as it is; null when there is none.
using IsKnown = std::function<bool(const Finding&)>;
Result<Summary> summary_of(const ReportInput& report, const EachFinding& each,
                           const IsKnown& is_known);

// {"format": "sagewarden-summary/1", …}, see docs/formats/summary.md.
std::string summary_json(const Summary& summary);
// Some lines for people.
std::string summary_text(const Summary& summary);
// At most 100 printable ASCII characters, as a mail's subject.
std::string summary_line(const Summary& summary);

}  // namespace sagewarden::publish
