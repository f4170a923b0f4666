#include "report/saved_report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/sample.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

std::vector<Finding> findings_of(const SavedReport& report) {
  std::vector<Finding> findings;
  const auto read = report.each([&](const Finding& finding) -> Result<void> {
    findings.push_back(finding);
    return {};
  });
  EXPECT_TRUE(read) << read.error().message;
  return findings;
}

std::vector<Sample> samples() {
  return {usual_sample(),    clean_sample(),   empty_sample(),
          baseline_sample(), account_sample(), large_sample(200)};
}

// A report of the report says the same.
TEST(SavedReport, IsWhatWasWritten) {
  for (const std::string_view format : {"json", "ndjson"}) {
    for (Sample sample : samples()) {
      SCOPED_TRACE(std::string(format) + " " + sample.name);
      CoverageRow row;
      row.account = "111122223333";
      row.region = "eu-west-1";
      row.type = "AWS::SageMaker::Model";
      row.listed = 3;
      row.read = 2;
      row.gone = 1;
      row.complete = true;
      sample.input.coverage.rows = {row};
      const auto text = render(format, sample);
      ASSERT_TRUE(text);
      const auto report = SavedReport::read("r", *text);
      ASSERT_TRUE(report) << report.error().message;
      EXPECT_TRUE(report->has_run());
      EXPECT_EQ(report->left_out(), sum_of(total_of(sample.input.counts).known));
      const ReportInput& input = report->input();
      EXPECT_EQ(findings_of(*report), sample.findings);
      EXPECT_EQ(input.interrupted, sample.input.interrupted);
      EXPECT_EQ(input.run.finished, sample.input.run.finished);
      EXPECT_EQ(input.coverage.rows, sample.input.coverage.rows);
      EXPECT_EQ(input.coverage.evaluated, sample.input.coverage.evaluated);
      EXPECT_FALSE(input.shortened);
      EXPECT_EQ(verdict_text(input), verdict_text(sample.input));
      ASSERT_EQ(input.coverage.gaps.size(), sample.input.coverage.gaps.size());
      for (size_t i = 0; i < input.coverage.gaps.size(); ++i)
        EXPECT_EQ(gap_as_finding(input.coverage.gaps[i]),
                  gap_as_finding(sample.input.coverage.gaps[i]));
      ASSERT_EQ(input.controls.size(), sample.input.controls.size());
      for (size_t i = 0; i < input.controls.size(); ++i) {
        EXPECT_EQ(input.controls[i].id, sample.input.controls[i].id);
        EXPECT_EQ(input.controls[i].resource_type, sample.input.controls[i].resource_type);
      }
    }
  }
}

TEST(SavedReport, CountsItsFindings) {
  const Sample sample = usual_sample();
  const auto text = render("ndjson", sample);
  ASSERT_TRUE(text);
  const auto report = SavedReport::read("r", *text);
  ASSERT_TRUE(report);
  size_t failed = 0;
  size_t suppressed = 0;
  for (const Finding& finding : sample.findings) {
    if (finding.suppressed)
      ++suppressed;
    else if (finding.compliance == Compliance::Failed)
      ++failed;
  }
  EXPECT_EQ(total_of(report->input().counts).failed, failed);
  EXPECT_EQ(total_of(report->input().counts).suppressed, suppressed);
}

TEST(SavedReport, WhatIsNone) {
  constexpr std::string_view kFinding =
      R"({"format":"sagewarden-finding/1","id":"a","control":"c","compliance":"FAILED","severity":"HIGH"})";
  const std::string run = R"({"format":"sagewarden-run/1"})";
  const struct {
    std::string text, want;
  } cases[] = {
      {"", "r: it is empty"},
      {"<html>", "r: line 1: this is not one JSON object"},
      {std::string(kFinding) + "\n" + std::string(kFinding.substr(0, 50)),
       "r: line 2: this is not"},
      {R"({"format":"sagewarden-finding/2","id":"a"})", "line 1: 'sagewarden-finding/2' is no"},
      {R"({"id":"a"})", "line 1: '' is no format"},
      {R"({"format":"sagewarden-finding/1","id":"a","compliance":"FAILED","severity":"HIGH"})",
       "line 1: a finding needs the members"},
      {R"({"format":"sagewarden-finding/1","id":"a","control":"c","compliance":"OK","severity":"HIGH"})",
       "line 1: a finding needs the members"},
      {std::string(kFinding) + "\n" + std::string(kFinding), "the finding a is there twice"},
      {run + "\n" + run, "line 2: here a second report begins"},
      {"{\n\"format\": \"sagewarden-report/1\",\n\"findings\": [", "(cut off, perhaps)"},
      {R"({"format":"sagewarden-report/2"})", "'sagewarden-report/2'"},
      {"{\n\"format\": \"sagewarden-report/2\"\n}", "its format is 'sagewarden-report/2'"},
      {R"({"format":"sagewarden-report/1","findings":[]})", "the run or the findings are missing"},
      {R"({"format":"sagewarden-report/1","run":{},"findings":[{"id":"a"}]})",
       "finding 1: a finding"},
  };
  for (const auto& c : cases) {
    const auto report = SavedReport::read("r", c.text);
    ASSERT_FALSE(report) << c.text;
    EXPECT_NE(report.error().message.find(c.want), std::string::npos) << report.error().message;
  }
}

// Whoever takes something out, with whatever tool: what is left is read, and is not the whole.
TEST(SavedReport, ShortenedIsNotWhole) {
  const auto without = [](const std::string& text, std::string_view word) {
    std::string out;
    for (size_t from = 0; from < text.size();) {
      const size_t end = text.find('\n', from) + 1;
      const std::string line = text.substr(from, end - from);
      if (line.find(word) == std::string::npos) out += line;
      from = end;
    }
    return out;
  };
  Sample sample = usual_sample();
  CoverageRow row;
  row.account = "111122223333";
  row.region = "eu-west-1";
  row.type = "AWS::SageMaker::Model";
  sample.input.coverage.rows = {row};
  const auto text = render("ndjson", sample);
  ASSERT_TRUE(text);
  const struct {
    std::string_view name;
    std::string text;
    bool want;
  } cases[] = {
      {"all of it", *text, false},
      {"no gaps", without(*text, "sagewarden-gap/"), true},
      {"no coverage", without(*text, "sagewarden-coverage/"), true},
      {"the passed left out", without(*text, R"("compliance":"PASSED")"), true},
      {"no run", without(*text, "sagewarden-run/"), true},
      {"the first line", text->substr(0, text->find('\n') + 1), true},
  };
  for (const auto& c : cases) {
    const auto report = SavedReport::read("r", c.text);
    ASSERT_TRUE(report) << c.name << ": " << report.error().message;
    EXPECT_EQ(report->input().shortened, c.want) << c.name;
    EXPECT_EQ(is_complete(report->input()), is_complete(sample.input) && !c.want) << c.name;
  }
  // What is made of it does not say that it were whole.
  const auto cut = SavedReport::read("r", cases[1].text);
  ASSERT_TRUE(cut);
  EXPECT_NE(verdict_text(cut->input()).find("not whole"), std::string::npos);
  Sample again{"again", cut->input(), findings_of(*cut)};
  const auto written = render("ndjson", again);
  ASSERT_TRUE(written);
  const auto reread = SavedReport::read("r", *written);
  ASSERT_TRUE(reread);
  EXPECT_TRUE(reread->input().shortened);
}

TEST(SavedReport, ADocumentWithoutSomeOfItsPartsIsNotWhole) {
  const auto read = [](std::string_view passed) {
    return SavedReport::read(
        "r", fmt::format(R"({{"format":"sagewarden-report/1","run":{{}},"summary":{{{}}},)"
                         R"("findings":[{{"id":"a","control":"c","compliance":"PASSED",)"
                         R"("severity":"HIGH"}}]}})",
                         passed));
  };
  const struct {
    std::string_view summary;
    bool want;
  } cases[] = {
      {R"("findings":{"passed":1,"failed":0},"gaps":0,"aws":0)", false},
      {R"("findings":{"passed":1,"failed":1},"gaps":0,"aws":0)", true},
      {R"("findings":{"passed":0},"gaps":0,"aws":0)", true},
      {R"("findings":{"passed":1,"failed":0},"gaps":1,"aws":0)", true},
      {R"("findings":{"passed":1,"failed":0},"gaps":0,"aws":1)", true},
      {R"("findings":{"passed":1,"failed":0},"aws":0)", true},
      {R"("findings":{"passed":1,"failed":0},"gaps":0)", true},
      {"", true},
  };
  for (const auto& c : cases) {
    const auto report = read(c.summary);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->input().shortened, c.want) << c.summary;
  }
}

TEST(SavedReport, WordsInATagMakeNoDocument) {
  const auto report = SavedReport::read(
      "r", R"({"format":"sagewarden-finding/1","id":"a","control":"c","compliance":"FAILED",)"
           R"("severity":"HIGH","tags":{"t":"\"sagewarden-report/1"}})");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(findings_of(*report).size(), 1U);
}

TEST(SavedReport, WithoutItsRun) {
  const auto report = SavedReport::read(
      "r",
      R"({"format":"sagewarden-finding/1","id":"a","control":"c","compliance":"FAILED","severity":"HIGH"})");
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->has_run());
  EXPECT_EQ(findings_of(*report).size(), 1U);
}

}  // namespace
}  // namespace sagewarden
