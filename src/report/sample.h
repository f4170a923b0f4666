// What the report tests are made of: runs with fixed findings, so that every byte of a report is
// known.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace sagewarden {

struct Sample {
  std::string name;
  ReportInput input;
  std::vector<Finding> findings;
};

// A run as it usually is: some failed, passed, not judged and suppressed, and two gaps.
Sample usual_sample();
// The same findings that are all right, everything read.
Sample clean_sample();
// Nothing was found to evaluate, and the run was interrupted.
Sample empty_sample();
// What passed is new; the baseline knows that more failed, and that a control could not be judged.
Sample baseline_sample();
// Names, values and messages that try to break out of each format, broken UTF-8, and long texts.
Sample hostile_sample();
// Many findings, for limits and for how usable a large page is.
Sample large_sample(size_t findings);
// The usual run, but of resources with account and Region only: for ASFF.
Sample account_sample();

// The same resources as a scan of AWS sees them, which did not see all.
Sample aws_sample();

EachFinding each_of(const std::vector<Finding>& findings);

// The format's output as a string; the error as a test failure.
Result<std::string> render(std::string_view format, const Sample& sample,
                           const TextStyle& style = {});

// How often the part is in a report.
size_t count_of_text(std::string_view text, std::string_view part);

}  // namespace sagewarden
