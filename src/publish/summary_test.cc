#include "publish/summary.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace sagewarden::publish {
namespace {

class Summaries : public testing::Test {
 protected:
  void add(std::string_view name, Severity severity, Compliance compliance = Compliance::Failed) {
    Finding finding;
    finding.id = "SageMaker." + std::to_string(findings.size()) + "/" + std::string(name);
    finding.control = "SageMaker." + std::to_string(findings.size());
    finding.compliance = compliance;
    finding.severity = severity;
    finding.type = "AWS::SageMaker::NotebookInstance";
    finding.name = name;
    finding.account = "111122223333";
    finding.region = "eu-west-1";
    finding.evidence = {{"Path", "\"secret value\"", "", 0, 0}};
    findings.push_back(finding);
    ControlCounts& counts = report.counts[finding.control];
    if (compliance == Compliance::Failed) ++counts.failed;
    if (compliance == Compliance::Passed) ++counts.passed;
  }

  Summary make(const IsKnown& is_known = nullptr) {
    const EachFinding each = [this](const std::function<Result<void>(const Finding&)>& take) {
      for (const Finding& finding : findings) {
        Result<void> taken = take(finding);
        if (!taken) return taken;
      }
      return Result<void>();
    };
    auto summary = summary_of(report, each, is_known);
    EXPECT_TRUE(summary);
    return std::move(*summary);
  }

  ReportInput report;
  std::vector<Finding> findings;
};

TEST_F(Summaries, InWords) {
  add("b", Severity::Medium);
  add("a", Severity::High);
  add("a", Severity::Medium);
  add("c", Severity::High, Compliance::Passed);
  Gap gap;
  gap.kind = Gap::Kind::Call;
  gap.operation = "sagemaker:ListModels";
  gap.account = "111122223333";
  gap.region = "us-east-1";
  gap.message = "no model\nwas seen";
  report.coverage.gaps = {gap};
  Summary summary = make();
  EXPECT_EQ(summary_text(summary).substr(summary_text(summary).find('\n') + 1),
            "3 failed (1 high, 2 medium), 0 not judged, 0 suppressed, 1 passed\n"
            "Most urgent:\n"
            "- notebook instance a (111122223333 eu-west-1): 2 failed, high at worst\n"
            "- notebook instance b (111122223333 eu-west-1): 1 failed, medium at worst\n"
            "Not read: 1 place\n"
            "- sagemaker:ListModels 111122223333 us-east-1: no model was seen\n");
  EXPECT_EQ(summary_line(summary), "Sagewarden: 3 failed, 1 not read");
  summary.findings.known.failed = 500;
  summary.is_part = true;
  EXPECT_EQ(summary_line(summary),
            "Sagewarden: 3 failed, 500 known failed, 1 not read, only a part");
}

TEST_F(Summaries, AsJson) {
  add("a", Severity::High);
  add("b", Severity::Critical);
  const auto document =
      json::parse_document(summary_json(make([](const Finding& f) { return f.name == "a"; })));
  ASSERT_TRUE(document);
  const json::Value root = document->root;
  EXPECT_EQ(root["format"].string_or(""), "sagewarden-summary/1");
  EXPECT_EQ(root["findings"]["failed"].integer(), 2);
  EXPECT_EQ(root["failed_by_severity"]["CRITICAL"].integer(), 1);
  EXPECT_EQ(root["new_failures"]["count"].integer(), 1);
  EXPECT_EQ(root["new_failures"]["some"].at(0)["name"].string_or(""), "b");
  EXPECT_EQ(root["top_resources"].at(0)["name"].string_or(""), "b");
  EXPECT_EQ(root["gaps"]["count"].integer(), 0);
  // Without a baseline nothing is known to be new.
  const auto without = json::parse_document(summary_json(make()));
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->root["new_failures"].is_null());
}

TEST_F(Summaries, AreShortAndHoldNoValues) {
  for (int i = 0; i < 5'000; ++i) add("n" + std::to_string(i), Severity::Low);
  add(std::string(10'000, 'x'), Severity::Critical);
  const std::string text = summary_json(make([](const Finding&) { return false; }));
  EXPECT_LT(text.size(), 20'000U);
  EXPECT_EQ(text.find("secret value"), std::string::npos);
  const auto document = json::parse_document(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root["new_failures"]["count"].integer(), 5'001);
  EXPECT_EQ(document->root["new_failures"]["some"].at(0)["severity"].string_or(""), "CRITICAL");
  EXPECT_EQ(document->root["top_resources"].size(), 10U);
}

}  // namespace
}  // namespace sagewarden::publish
