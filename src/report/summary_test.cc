#include "report/summary.h"

#include <gtest/gtest.h>

#include "report/sample.h"

namespace sagewarden {
namespace {

TEST(Summary, ControlStatusNeverPassesWhatIsNotKnown) {
  const struct {
    ControlCounts counts;
    ControlStatus want;
  } cases[] = {
      {{.passed = 3}, ControlStatus::Passed},
      {{.passed = 3, .failed = 1, .warning = 1}, ControlStatus::Failed},
      {{.passed = 3, .warning = 1}, ControlStatus::Unknown},
      {{.passed = 3, .not_available = 1}, ControlStatus::Unknown},
      {{.suppressed = 2}, ControlStatus::Suppressed},
      {{.passed = 1, .suppressed = 2}, ControlStatus::Passed},
      {{}, ControlStatus::NoData},
      // What a baseline knows is as true as what is new.
      {{.passed = 1, .known = {.failed = 1}}, ControlStatus::Failed},
      {{.passed = 1, .known = {.not_judged = 1}}, ControlStatus::Unknown},
      {{.warning = 1, .known = {.failed = 1}}, ControlStatus::Failed},
      {{.known = {.passed = 1}}, ControlStatus::Passed},
      {{.known = {.suppressed = 1}}, ControlStatus::Suppressed},
  };
  for (const auto& c : cases) EXPECT_EQ(status_of(c.counts), c.want);
}

TEST(Summary, Ranks) {
  using enum Compliance;
  const struct {
    Compliance compliance;
    Severity severity;
    bool suppressed;
    size_t want;
  } cases[] = {
      {Failed, Severity::Critical, false, 0},  {Failed, Severity::Informational, false, 4},
      {Warning, Severity::Critical, false, 5}, {NotAvailable, Severity::Low, false, 5},
      {Failed, Severity::Critical, true, 6},   {Passed, Severity::High, false, 7},
  };
  for (const auto& c : cases) {
    Finding finding;
    finding.compliance = c.compliance;
    finding.severity = c.severity;
    if (c.suppressed) finding.suppressed = Suppression{};
    EXPECT_EQ(rank_of(finding), c.want);
  }
}

TEST(Summary, RationGivesTheUrgentTheirPlaces) {
  const std::array<size_t, kRanks> counts = {0, 3, 0, 4, 0, 0, 0, 100};
  constexpr std::array<size_t, 1> kNone = {7};
  Ration ration(counts, 5, kNone);
  EXPECT_EQ(ration.left_out(), 2U);
  EXPECT_FALSE(ration.take(7));
  // In whatever order they come.
  EXPECT_TRUE(ration.take(3));
  EXPECT_TRUE(ration.take(1));
  EXPECT_TRUE(ration.take(3));
  EXPECT_FALSE(ration.take(3));
  EXPECT_TRUE(ration.take(1));
  EXPECT_TRUE(ration.take(1));
  EXPECT_FALSE(ration.take(1));
}

TEST(Summary, VerdictsAreHonest) {
  const auto input_with = [](ControlCounts counts, size_t gaps, bool interrupted) {
    ReportInput input;
    input.counts["A"] = counts;
    input.coverage.evaluated["AWS::SageMaker::Model"] = sum_of(counts) + sum_of(counts.known);
    input.coverage.gaps.resize(gaps);
    input.interrupted = interrupted;
    return input;
  };
  const struct {
    ReportInput input;
    std::string_view want;
  } cases[] = {
      {input_with({.passed = 2}, 0, false), "Nothing failed, 2 passed."},
      {input_with({.passed = 2, .failed = 1'000}, 0, false), "1,000 failed, 2 passed."},
      {input_with({.passed = 2}, 1, false),
       "Nothing failed among what could be judged, 2 passed. 1 part of the input was not read."},
      {input_with({.passed = 2, .warning = 1, .not_available = 1}, 2, false),
       "Nothing failed among what could be judged, 2 could not be judged, 2 passed. 2 parts of the "
       "input were not read."},
      {input_with({.passed = 2}, 0, true),
       "Nothing failed among what could be judged, 2 passed. The run was stopped before everything "
       "was read."},
      {input_with({.suppressed = 1}, 0, false), "Nothing failed, 1 suppressed."},
      {input_with({}, 0, false), "No resource was evaluated."},
      {input_with({.passed = 2, .known = {.failed = 3, .suppressed = 1}}, 0, false),
       "Nothing new failed, 2 passed. Known from the baseline and left out: 3 failed, 1 "
       "suppressed."},
      {input_with({.passed = 2, .known = {.not_judged = 1, .passed = 5}}, 0, false),
       "Nothing new failed, 2 passed. Known from the baseline and left out: 1 not judged, 5 "
       "passed."},
      {input_with({.failed = 1, .known = {.failed = 3}}, 0, false),
       "1 failed. Known from the baseline and left out: 3 failed."},
      {input_with({.passed = 1, .known = {.passed = 5}}, 0, false),
       "Nothing failed, 1 passed. Known from the baseline and left out: 5 passed."},
  };
  for (const auto& c : cases) EXPECT_EQ(verdict_text(c.input), c.want);
}

TEST(Summary, TalliesAndTotals) {
  const Sample sample = usual_sample();
  const ControlTally tally = tally_of(sample.input);
  EXPECT_EQ(tally.failed, 4U);
  EXPECT_EQ(tally.unknown, 1U);
  EXPECT_EQ(tally.passed, 0U);
  EXPECT_EQ(tally.no_data, 1U);
  const ControlCounts total = total_of(sample.input.counts);
  EXPECT_EQ(sum_of(total), sample.findings.size());
  EXPECT_EQ(resources_of(sample.input.coverage), 9U);
  EXPECT_EQ(counts_of(sample.input, "SageMaker.99").failed, 0U);
}

}  // namespace
}  // namespace sagewarden
