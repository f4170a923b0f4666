// From a control and a resource to a verdict.
#include "control/control.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

Control control_of(std::string_view applies, std::string_view passes) {
  const std::string text = std::string(R"(
id: Acme.1
title: t
severity: LOW
resource: AWS::SageMaker::Model
why: w
fix: f
params:
  words: {type: list, default: [a], why: w}
  mode: {type: string, default: soft, allowed: [soft, hard], why: w}
tests: [{name: n, given: {}, expect: WARNING}]
passes: |
  )") + std::string(passes) +
                           "\napplies: |\n  " + std::string(applies) +
                           " || params.words == params.mode";
  Result<Control> control = parse_control("acme.yaml", text, "user");
  EXPECT_TRUE(control) << control.error().message;
  return std::move(*control);
}

struct Case {
  std::string_view applies;
  std::string_view passes;
  Verdict want;
};

TEST(Judge, PassesOnlyWhatIsKnownToPass) {
  using enum Verdict;
  const Case cases[] = {
      {"true", "resource.Yes", Passed},
      {"true", "!resource.Yes", Failed},
      {"!resource.Yes", "resource.Yes", NotApplicable},
      // Known not to apply is enough, whatever else is not known.
      {"false", "resource.NotRecorded", NotApplicable},
      {"false", "resource.Denied == 1", NotApplicable},
      {"resource.NotRecorded", "true", Warning},
      {"resource.NotRecorded", "false", Warning},
      {"true", "resource.NotRecorded", Warning},
      {"true", "resource.NotResolved == 1", Warning},
      {"true", "resource.AfterApply == 1", Warning},
      {"true", "resource.NotExported == 1", Warning},
      {"true", "resource.Denied == 1", NotAvailable},
      {"true", "resource.Failed == 1", NotAvailable},
      {"resource.Denied == 1", "true", NotAvailable},
      {"true", "tags.Owner == 'x'", NotAvailable},
      // What is not known does not matter where something known decides.
      {"true", "resource.Denied == 1 && false", Failed},
      {"true", "resource.Denied == 1 || true", Passed},
      // Errors, and values that are no verdict.
      {"true", "resource.Absent", Warning},
      {"resource.Absent", "true", Warning},
      {"true", "1 / 0 == 1", Warning},
      {"true", "resource.Text", Warning},
      {"true", "resource.Number", Warning},
      {"true", "resource.Nothing", Warning},
      {"true", "resource", Warning},
      {"resource.Text", "true", Warning},
      // The other variables.
      {"true", "type == 'AWS::SageMaker::Model' && partition == 'aws-cn'", Passed},
      {"true", "params.words == ['a'] && params.mode == 'soft'", Passed},
      {"true", "account == '111122223333'", Passed},
      {"true", "account != '111122223333'", Failed},
      // A Region that nobody knows is not the empty text.
      {"true", "region == ''", Warning},
      {"true", "region != 'eu-west-1'", Warning},
  };
  const json::Document properties =
      *json::parse_document(R"({"Yes": true, "Text": "true", "Number": 1, "Nothing": null})");
  const json::Document tags = *json::parse_document("{}");
  const std::pair<std::string_view, UnknownCause> causes[] = {
      {"NotRecorded", UnknownCause::NotRecorded}, {"NotResolved", UnknownCause::NotResolved},
      {"AfterApply", UnknownCause::AfterApply},   {"NotExported", UnknownCause::NotExported},
      {"Denied", UnknownCause::Denied},           {"Failed", UnknownCause::Failed}};
  UnknownNode unknown;
  for (const auto& [path, cause] : causes) mark_unknown(unknown, path, Known::Nothing, cause, "r");
  UnknownNode unknown_tags;
  mark_unknown(unknown_tags, "", Known::Nothing, UnknownCause::Denied, "r");
  Resource resource;
  resource.type = "AWS::SageMaker::Model";
  resource.partition = "aws-cn";
  resource.account = "111122223333";
  resource.properties = properties.root;
  resource.tags = tags.root;
  resource.unknown_properties = &unknown;
  resource.unknown_tags = &unknown_tags;

  cel::Scratch scratch;
  for (const Case& row : cases) {
    const Control control = control_of(row.applies, row.passes);
    const Verdict got = judge(control, resource, scratch);
    EXPECT_EQ(static_cast<int>(got), static_cast<int>(row.want)) << row.applies << row.passes;
    // What has to be explained can be.
    if (got == Passed || got == NotApplicable) continue;
    const Grounds grounds = explain(control, resource, got, scratch);
    EXPECT_FALSE(grounds.reasons.empty()) << row.passes;
    EXPECT_FALSE(got == Failed && grounds.evidence.empty()) << row.passes;
  }
}

TEST(Control, TakesParameters) {
  Control control = control_of("true", "'b' in params.words && params.mode == 'hard'");
  Resource resource;
  const json::Document empty = *json::parse_document("{}");
  resource.properties = empty.root;
  resource.tags = empty.root;
  cel::Scratch scratch;
  EXPECT_EQ(judge(control, resource, scratch), Verdict::Failed);
  ASSERT_TRUE(set_parameter(control, "words", "a,b"));
  ASSERT_TRUE(set_parameter(control, "mode", "hard"));
  EXPECT_EQ(judge(control, resource, scratch), Verdict::Passed);
  EXPECT_EQ(control.info.parameters[0].value, R"(["a","b"])");
  EXPECT_EQ(control.info.parameters[0].default_value, R"(["a"])");

  EXPECT_EQ(set_parameter(control, "word", "a").error().message,
            R"(Acme.1 has no parameter "word"; it has words, mode)");
  EXPECT_EQ(set_parameter(control, "mode", "loud").error().message,
            R"(Acme.1: the parameter mode takes one of "soft", "hard")");
  // A refused value changes nothing.
  EXPECT_EQ(control.info.parameters[1].value, R"("hard")");
  EXPECT_EQ(judge(control, resource, scratch), Verdict::Passed);
}

TEST(Control, SurvivesBeingMoved) {
  std::vector<Control> controls;
  for (int i = 0; i < 9; ++i) controls.push_back(control_of("true", "region == 'x'"));
  const json::Document empty = *json::parse_document("{}");
  Resource resource;
  resource.properties = empty.root;
  resource.tags = empty.root;
  cel::Scratch scratch;
  for (const Control& control : controls)
    EXPECT_EQ(judge(control, resource, scratch), Verdict::Warning);
}

TEST(Control, HasItsIdAlone) {
  std::vector<Control> controls;
  controls.push_back(control_of("true", "true"));
  EXPECT_TRUE(check_unique_ids(controls));
  controls.push_back(control_of("true", "true"));
  controls[1].info.id = "ACME.1";
  controls[1].file = "b.yaml";
  EXPECT_EQ(check_unique_ids(controls).error().message,
            "b.yaml: the id ACME.1 is taken by acme.yaml; give it another");
}

TEST(SelfTest, SaysWhatIsNotAsExpected) {
  const Result<Control> control = parse_control("acme.yaml", R"(
id: Acme.1
title: t
severity: LOW
resource: AWS::SageMaker::Model
why: w
fix: f
passes: resource.Size > 1 && account != "2"
tests:
  - {name: good, given: {Size: 2}, account: "1", expect: PASSED}
  - {name: wrong, given: {Size: 1}, account: "1", expect: PASSED}
  - {name: no account, given: {Size: 2}, expect: WARNING}
  - {name: set, given: {}, account: "1", set_but_unknown: [Size], expect: NOT_AVAILABLE}
  - {name: denied, given: {}, account: "1", denied: [Size], expect: NOT_AVAILABLE}
  - {name: passes, given: {Size: 2}, account: "1", expect: FAILED}
)",
                                                "user");
  ASSERT_TRUE(control) << control.error().message;
  std::vector<std::string> messages;
  for (const TestOutcome& outcome : run_tests(*control)) messages.push_back(outcome.message);
  EXPECT_EQ(messages,
            (std::vector<std::string>{
                "", "expected PASSED, got FAILED: Size is 1, wanted > 1", "",
                "expected NOT_AVAILABLE, got WARNING: Size is not known: the test says so", "",
                "expected FAILED, got PASSED"}));
}

}  // namespace
}  // namespace sagewarden
