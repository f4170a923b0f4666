// The HTML report's list of findings: a card for each control with the reasons for it, how to fix
// it, and a row for each finding that opens to the evidence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "report/summary.h"

namespace sagewarden {

// A value from the input as HTML, cut to a length that a page can show.
std::string html_value(std::string_view text);
// The same of a path, which breaks behind its slashes before it breaks within a name.
std::string html_path(std::string_view path);
// Where a control's card and its "how to fix" stand in the page.
std::string html_anchor(std::string_view prefix, std::string_view control);
// A severity as a small label.
std::string html_badge(Severity severity);

class HtmlFindings {
 public:
  // What a page holds. The bytes bound what hostile values can make of it.
  struct Limits {
    size_t rows = 20'000;
    size_t bytes = size_t{48} * 1024 * 1024;
  };

  // `ranks` are the counts of all findings: which of them get a row is decided from these.
  HtmlFindings(const ReportInput& input, const std::array<size_t, kRanks>& ranks, Limits limits)
      : input_(input), ration_(ranks, limits.rows), max_bytes_(limits.bytes) {}

  // Called for each finding in report order.
  void add(const Finding& finding);
  // Controls whose findings are in the list, in the order of their cards; after the last add().
  std::vector<std::string_view> controls();
  // The cards.
  Result<void> write(Output& out);
  size_t left_out() const { return left_out_; }

 private:
  struct Group {
    size_t place = 0;  // of the control in the list
    std::string control;
    ControlCounts counts;  // of all, also those without a row
    size_t left_out = 0;
    // The rows, by what became of the findings; what passed is folded away.
    std::string failed;
    std::string open;
    std::string suppressed;
    std::string passed;
  };

  Group& group_of(const Finding& finding);
  static std::string& rows_for(Group& group, const Finding& finding);
  void sort();
  std::string card(const Group& group) const;
  std::string about(const ControlInfo& control) const;

  const ReportInput& input_;
  Ration ration_;
  size_t max_bytes_;
  std::vector<Group> groups_;
  size_t bytes_ = 0;
  size_t left_out_ = 0;
  size_t last_ = 0;  // the group of the finding before
};

// The page, with other limits than the format's own: for tests.
Result<void> write_html_page(const ReportInput& input, const EachFinding& each,
                             HtmlFindings::Limits limits, Output& out);

}  // namespace sagewarden
