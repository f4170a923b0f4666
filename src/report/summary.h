// Numbers that the formats show, and the order in which findings matter when a format must leave
// some out.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "report/report.h"

namespace sagewarden {

ControlCounts total_of(const std::map<std::string, ControlCounts>& counts);
ControlCounts counts_of(const ReportInput& input, std::string_view control);
// One more.
void count_in(ControlCounts& counts, const Finding& finding);
// Of the findings that are listed.
inline size_t sum_of(const ControlCounts& c) {
  return c.passed + c.failed + c.warning + c.not_available + c.suppressed;
}
inline size_t not_judged_of(const ControlCounts& c) {
  return c.warning + c.not_available;
}
inline size_t sum_of(const KnownCounts& c) {
  return c.failed + c.not_judged + c.suppressed + c.passed;
}
// Those known ones that keep a run from being good news.
inline size_t open_of(const KnownCounts& c) {
  return c.failed + c.not_judged;
}
// "42 failed, 1 not judged, 68 passed"; nothing for none.
std::string known_text(const KnownCounts& known);
size_t resources_of(const Coverage& coverage);

// Security Hub's control status, derived from a control's findings, those that a baseline knows
// included. One finding that could not be judged keeps a control from having passed. Where all that
// there is is suppressed, Security Hub says "no data"; we say what there is.
enum class ControlStatus : uint8_t { Failed, Unknown, Passed, Suppressed, NoData };
ControlStatus status_of(const ControlCounts& counts);

struct ControlTally {
  size_t failed = 0;
  size_t unknown = 0;
  size_t passed = 0;
  size_t suppressed = 0;
  size_t no_data = 0;
};
ControlTally tally_of(const ReportInput& input);

// How many findings of each severity failed and are not suppressed. Counted from the findings,
// because a finding may carry a severity of its own.
using BySeverity = std::array<size_t, 5>;  // by Severity

// How urgent a finding is, 0 first: failed by severity, then not judged, suppressed, passed.
inline constexpr size_t kRanks = 8;
size_t rank_of(const Finding& finding);

// Gives out a limited number of places, the urgent findings first, though they come in another
// order: the findings are counted in one pass and let through in a second.
class Ration {
 public:
  // `counts` by rank; ranks in `none` get no place at all and do not count as left out.
  Ration(const std::array<size_t, kRanks>& counts, size_t places,
         std::span<const size_t> none = {});
  // Whether this one has a place; takes it.
  bool take(size_t rank);
  // How many of those that were counted have no place.
  size_t left_out() const { return left_out_; }

 private:
  std::array<size_t, kRanks> places_ = {};
  size_t left_out_ = 0;
};
Result<std::array<size_t, kRanks>> count_ranks(const EachFinding& each);

// One sentence on what came out. It never says that all is well when something was not seen.
std::string verdict_text(const ReportInput& input);

// Whether anything stands between this report and the whole truth: gaps, an interruption, or that
// something was taken out of it.
inline bool is_complete(const ReportInput& input) {
  return input.coverage.gaps.empty() && !input.interrupted && !input.shortened;
}

}  // namespace sagewarden
