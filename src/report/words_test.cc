#include "report/words.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

Finding finding_with(std::string name, std::string arn, std::string account, Location location) {
  Finding finding;
  finding.name = std::move(name);
  finding.arn = std::move(arn);
  finding.account = std::move(account);
  finding.region = finding.account.empty() ? "" : "eu-west-1";
  finding.location = std::move(location);
  return finding;
}

TEST(Words, WhereAResourceIs) {
  const struct {
    Finding finding;
    std::string_view name;
    std::string_view where;
  } cases[] = {
      {finding_with("nb", "arn:x", "111122223333", {"a.json", 0, 0, ""}), "nb",
       "111122223333 eu-west-1"},
      {finding_with("M", "", "", {"t.yaml", 12, 3, "M"}), "M", "t.yaml:12"},
      {finding_with("M", "", "", {"-", 12, 3, "M"}), "M", "standard input:12"},
      // A template scanned for an account is still looked for in its file.
      {finding_with("M", "", "111122223333", {"t.yaml", 12, 3, "M"}), "M", "t.yaml:12"},
      {finding_with("", "", "", {"plan.json", 0, 0, "aws_sagemaker_model.m"}),
       "aws_sagemaker_model.m", "plan.json"},
      {finding_with("churn", "", "", {"plan.json", 0, 0, "module.m[\"eu\"].aws_sagemaker_model.m"}),
       "churn", "plan.json#module.m[\"eu\"].aws_sagemaker_model.m"},
      {finding_with("", "arn:x", "", {}), "arn:x", ""},
      {finding_with("", "", "111122223333", {}), "(no name)", "111122223333 eu-west-1"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(name_text(c.finding), c.name);
    EXPECT_EQ(where_text(c.finding), c.where);
  }
}

TEST(Words, TheDecidingLineComesFirst) {
  Finding finding = finding_with("M", "", "", {"t.yaml", 12, 3, "M"});
  EXPECT_EQ(place_of(finding).line, 12U);
  finding.evidence = {{"A", "1", "2", 0, 0}, {"B", "1", "2", 17, 5}};
  EXPECT_EQ(place_of(finding).line, 17U);
  EXPECT_EQ(place_of(finding).column, 5U);
  EXPECT_EQ(where_text(finding), "t.yaml:17");
}

TEST(Words, ReasonIsNeverEmptyUnlessPassed) {
  Finding finding;
  finding.compliance = Compliance::Failed;
  EXPECT_EQ(reason_text(finding), "no reason given");
  finding.evidence = {{"A", "1", "2", 0, 0}};
  EXPECT_EQ(reason_text(finding), "A: 1, wanted 2");
  finding.reasons = {{"CODE", ""}};
  EXPECT_EQ(reason_text(finding), "CODE");
  finding.reasons = {{"CODE", "words"}, {"OTHER", "more words"}};
  EXPECT_EQ(reason_text(finding), "words (and 1 more)");
  // What the control notes about itself is no further reason, nor is the same a second time.
  finding.reasons = {{"CODE", "words"}, {"CODE", "words"}, {"NOTE", "as AWS Config does"}};
  EXPECT_EQ(reason_text(finding), "words");
  finding.reasons = {{"NOTE", "as AWS Config does"}};
  EXPECT_EQ(reason_text(finding), "A: 1, wanted 2");
  finding.reasons.clear();
  finding.compliance = Compliance::Passed;
  EXPECT_EQ(reason_text(finding), "");
}

TEST(Words, ReasonsAreSaidAsPeopleWould) {
  const struct {
    std::string_view code;
    std::string_view message;
    std::string_view want;
  } cases[] = {
      {"SETTING_MISSING", "SubnetId is not set, wanted set", "SubnetId is not set"},
      {"SETTING_MISSING", "A is not set (default \"\"), wanted set", "A is not set (default \"\")"},
      {"SETTING_MISSING", "A is not set, wanted true", "A is not set, wanted true"},
      {"SETTING_INSECURE", "A is null, wanted set", "A is null, wanted set"},
      {"TAG_MISSING", "tags is {}, wanted not empty", "there are no tags, wanted at least one"},
      {"TAG_MISSING", "tags[\"aws:cdk\"] is \"aws:cdk\", wanted does not start with \"aws:\"",
       "tags: only aws:\xE2\x80\xA6 keys, wanted a tag of your own"},
      {"TAG_MISSING", "tags.Owner is not set, wanted set", "tags.Owner is not set"},
  };
  for (const auto& c : cases) {
    Finding finding;
    finding.compliance = Compliance::Failed;
    // Of two tags of AWS's, the same is said once.
    finding.reasons.assign(2, {std::string(c.code), std::string(c.message)});
    EXPECT_EQ(reason_text(finding), c.want);
  }
}

TEST(Words, WhatWasPassedOver) {
  EXPECT_EQ(passed_over_text(1, "tags"), "1 list of tags");
  EXPECT_EQ(passed_over_text(1234, "other type"), "1,234 resources of other types");
  EXPECT_EQ(passed_over_text(2, "something new"), "2 something new");
}

TEST(Words, GapsHaveAPlace) {
  Gap file;
  file.location = {"a.json", 3, 7, ""};
  Gap call;
  call.kind = Gap::Kind::Call;
  call.operation = "sagemaker:ListModels";
  call.account = "111122223333";
  call.region = "eu-west-1";
  EXPECT_EQ(gap_place_text(file), "a.json:3:7");
  EXPECT_EQ(gap_place_text(call), "sagemaker:ListModels 111122223333 eu-west-1");
  EXPECT_EQ(gap_place_text(Gap{}), "the run");
}

TEST(Words, AnInterruptionIsAGap) {
  ReportInput input;
  EXPECT_TRUE(gaps_of(input).empty());
  input.interrupted = true;
  ASSERT_EQ(gaps_of(input).size(), 1U);
  const Finding finding = gap_as_finding(gaps_of(input).front());
  EXPECT_EQ(finding.id, "gap/INTERRUPTED/the run");
  EXPECT_EQ(finding.compliance, Compliance::NotAvailable);
  EXPECT_EQ(finding.control, "");
}

TEST(Words, Numbers) {
  const struct {
    size_t number;
    std::string_view text;
    std::string_view size;
  } cases[] = {
      {0, "0", "0 bytes"},
      {1, "1", "1 byte"},
      {999, "999", "999 bytes"},
      {1000, "1,000", "1.0 KB"},
      {999'999, "999,999", "1.0 MB"},
      {1'234'567, "1,234,567", "1.2 MB"},
      {5'000'000'000, "5,000,000,000", "5.0 GB"},
      {7'000'000'000'000'000, "7,000,000,000,000,000", "7000.0 TB"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(number_text(c.number), c.text);
    EXPECT_EQ(size_text(c.number), c.size);
  }
}

TEST(Words, Types) {
  EXPECT_EQ(type_label("AWS::SageMaker::NotebookInstance"), "notebook instance");
  EXPECT_EQ(count_of_type(1, "AWS::SageMaker::Model"), "1 model");
  EXPECT_EQ(count_of_type(1200, "AWS::SageMaker::Model"), "1,200 models");
  EXPECT_EQ(count_of_type(1, "AWS::Other::Thing"), "1 AWS::Other::Thing resource");
  EXPECT_EQ(count_of_type(2, "AWS::Other::Thing"), "2 AWS::Other::Thing resources");
}

}  // namespace
}  // namespace sagewarden
