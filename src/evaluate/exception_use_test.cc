#include "evaluate/exception_use.h"

#include <gtest/gtest.h>

#include <thread>

namespace sagewarden {
namespace {

constexpr std::string_view kIds[] = {"Other.1", "SageMaker.5", "SageMaker.16"};

Finding churn() {
  Finding finding;
  finding.control = "SageMaker.5";
  finding.compliance = Compliance::Failed;
  finding.arn = "arn:aws:sagemaker:eu-west-1:111122223333:model/churn-v3";
  finding.name = "Churn-v3";
  finding.account = "111122223333";
  finding.tags = {{"Stage", "dev-2"}, {"Owner", "ml"}};
  finding.location.file = "stacks/app.yaml";
  finding.location.address = "Nested/ChurnModel";
  return finding;
}

TEST(ExceptionUse, Matching) {
  const struct {
    std::string_view name;
    PostureException entry;
    bool want;
  } cases[] = {
      {"control", {.controls = {"SageMaker.5"}}, true},
      {"control glob", {.controls = {"Other.1", "SageMaker.*"}}, true},
      {"other control", {.controls = {"SageMaker.50"}}, false},
      {"arn glob", {.resources = {"arn:aws:sagemaker:*:*:model/churn-*"}}, true},
      {"address", {.resources = {"Nested/*"}}, true},
      {"file and address", {.resources = {"stacks/*.yaml#Nested/ChurnModel"}}, true},
      {"other file", {.resources = {"other/*.yaml#Nested/ChurnModel"}}, false},
      {"name", {.resources = {"Churn-v?"}}, true},
      {"case counts in names", {.resources = {"churn-v?"}}, false},
      {"one of the resources", {.resources = {"x", "*churn-v3"}}, true},
      {"account", {.accounts = {"000000000000", "111122223333"}}, true},
      {"other account", {.accounts = {"111122223334"}}, false},
      {"tag", {.tags = {{"Stage", "dev*"}}}, true},
      {"all tags", {.tags = {{"Stage", "dev*"}, {"Owner", "*"}}}, true},
      {"one tag not there", {.tags = {{"Stage", "dev*"}, {"Team", "*"}}}, false},
      {"tag of other value", {.tags = {{"Stage", "prod"}}}, false},
      {"all must match", {.controls = {"SageMaker.5"}, .accounts = {"111122223334"}}, false},
  };
  for (const auto& c : cases) EXPECT_EQ(matches(c.entry, churn()), c.want) << c.name;
}

TEST(ExceptionUse, NoAddressIsMatchedByNoFilePattern) {
  Finding finding = churn();
  finding.location.address.clear();
  EXPECT_FALSE(matches({.resources = {"stacks/app.yaml#*"}}, finding));
}

TEST(ExceptionUse, HoldsToTheEndOfItsLastDay) {
  const struct {
    std::string_view expires;
    bool suppressed;
  } cases[] = {{"", true}, {"2026-11-23", true}, {"2026-11-24", true}, {"2026-11-22", false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.expires);
    const Exceptions exceptions{"e.yaml",
                                {{.controls = {"SageMaker.5"},
                                  .reason = "pilot",
                                  .owner = "ml",
                                  .expires = std::string(c.expires),
                                  .mark = {3, 5}}}};
    ExceptionUse use(exceptions, "2026-11-23");
    Finding finding = churn();
    use.apply(finding, nullptr);
    ASSERT_EQ(finding.suppressed.has_value(), c.suppressed);
    if (c.suppressed) {
      const Suppression want{Suppression::Kind::External, "pilot", "ml", std::string(c.expires)};
      EXPECT_EQ(*finding.suppressed, want);
      EXPECT_TRUE(finding.reasons.empty());
      EXPECT_TRUE(use.notices(kIds).empty());
    } else {
      ASSERT_EQ(finding.reasons.size(), 1U);
      EXPECT_EQ(finding.reasons[0].code, "EXCEPTION_EXPIRED");
      EXPECT_EQ(
          use.notices(kIds),
          std::vector<std::string>{"e.yaml:3: this exception expired on 2026-11-22 (owner: ml): 1 "
                                   "finding is no longer suppressed"});
    }
  }
}

TEST(ExceptionUse, OnlyWhatDidNotPassIsSuppressed) {
  const Exceptions exceptions{"e.yaml", {{.controls = {"SageMaker.5"}, .owner = "ml"}}};
  const struct {
    Compliance compliance;
    bool want;
  } cases[] = {{Compliance::Passed, false},
               {Compliance::Failed, true},
               {Compliance::Warning, true},
               {Compliance::NotAvailable, true}};
  for (const auto& c : cases) {
    ExceptionUse use(exceptions, "2026-11-23");
    Finding finding = churn();
    finding.compliance = c.compliance;
    use.apply(finding, nullptr);
    EXPECT_EQ(finding.suppressed.has_value(), c.want) << name_of(c.compliance);
    // An exception that only passing findings match is not needed any more.
    EXPECT_EQ(use.notices(kIds).empty(), c.want) << name_of(c.compliance);
  }
}

TEST(ExceptionUse, SuppressionsInTheSource) {
  const struct {
    std::string_view name;
    std::vector<InlineSuppression> inside;
    bool suppressed;
    size_t reasons;
  } cases[] = {
      {"by id", {{"SageMaker.5", "batch only", "", 7}}, true, 0},
      {"by glob, in force", {{"SageMaker.*", "batch only", "2026-11-23", 7}}, true, 0},
      {"other control", {{"SageMaker.16", "batch only", "", 7}}, false, 0},
      {"expired", {{"SageMaker.5", "batch only", "2026-11-22", 7}}, false, 1},
      {"no date at all", {{"SageMaker.5", "batch only", "soon", 7}}, false, 1},
      {"a later one is in force",
       {{"SageMaker.5", "old", "2020-01-01", 7}, {"SageMaker.5", "batch only", "", 8}},
       true,
       0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Exceptions none;
    ExceptionUse use(none, "2026-11-23");
    Finding finding = churn();
    use.apply(finding, &c.inside);
    ASSERT_EQ(finding.suppressed.has_value(), c.suppressed);
    EXPECT_EQ(finding.reasons.size(), c.reasons);
    if (c.suppressed) {
      EXPECT_EQ(finding.suppressed->kind, Suppression::Kind::InSource);
      EXPECT_EQ(finding.suppressed->reason, "batch only");
    } else if (c.reasons > 0) {
      EXPECT_NE(finding.reasons[0].message.find("line 7"), std::string::npos);
    }
  }
}

TEST(ExceptionUse, TheFileComesBeforeTheSource) {
  const Exceptions exceptions{
      "e.yaml",
      {{.controls = {"SageMaker.5"}, .reason = "old", .owner = "a", .expires = "2020-01-01"},
       {.controls = {"SageMaker.5"}, .reason = "first", .owner = "b"},
       {.controls = {"SageMaker.5"}, .reason = "second", .owner = "c", .mark = {9, 3}}}};
  const std::vector<InlineSuppression> inside = {{"SageMaker.5", "inside", "", 7}};
  ExceptionUse use(exceptions, "2026-11-23");
  Finding finding = churn();
  use.apply(finding, &inside);
  ASSERT_TRUE(finding.suppressed);
  EXPECT_EQ(finding.suppressed->reason, "first");
  EXPECT_TRUE(finding.reasons.empty());
  const std::vector<std::string> notices = use.notices(kIds);
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0],
            "e.yaml:0: this exception expired on 2020-01-01 (owner: a): nothing in this run needs "
            "it, delete it");
  EXPECT_EQ(notices[1],
            "e.yaml:9: this exception suppressed nothing (owner: c): what it was for is fixed, or "
            "was not part of this run");
}

TEST(ExceptionUse, NoticesOfSuppressionsInTheSource) {
  const std::vector<InlineSuppression> inside = {{"SageMaker.5", "used", "", 7},
                                                 {"SageMaker.99", "no such control", "", 8},
                                                 {"SageMaker.*", "over", "2020-01-01", 9},
                                                 {"Other.1", "over, and of no use", "soon", 10}};
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  // A resource of which all is well, and one that a loop has made of the same lines.
  for (int i = 0; i < 2; ++i) use.met({"stacks/app.yaml", 1, 1, "R"}, inside);
  for (const char* control : {"SageMaker.5", "SageMaker.16"}) {
    Finding finding = churn();
    finding.control = control;
    use.apply(finding, &inside);
  }
  EXPECT_EQ(use.notices(kIds),
            (std::vector<std::string>{
                "stacks/app.yaml:8: this suppression of SageMaker.99 suppressed nothing: no "
                "control of the catalogue or of this run is called SageMaker.99",
                "stacks/app.yaml:9: this suppression of SageMaker.* expired on 2020-01-01: 1 "
                "finding is no longer suppressed",
                "stacks/app.yaml:10: this suppression of Other.1 expired on soon: nothing in this "
                "run needs it, delete it"}));
}

TEST(ExceptionUse, WhatHasExpiredIsNotNeededWhereAnotherHolds) {
  const std::vector<InlineSuppression> inside = {{"SageMaker.5", "a", "2020-01-01", 7},
                                                 {"SageMaker.5", "b", "", 7}};
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  Finding finding = churn();
  use.met(finding.location, inside);
  use.apply(finding, &inside);
  ASSERT_TRUE(finding.suppressed);
  EXPECT_EQ(use.notices(kIds),
            std::vector<std::string>{"stacks/app.yaml:7: this suppression of SageMaker.5 expired "
                                     "on 2020-01-01: nothing in this run needs it, delete it"});
}

// A template that is a text within a text has no lines.
TEST(ExceptionUse, TellsResourcesWithoutLinesApart) {
  const std::vector<InlineSuppression> inside = {{"SageMaker.5", "a", "", 0}};
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  Finding finding = churn();
  finding.location = {"e.json", 0, 0, "A"};
  use.met(finding.location, inside);
  use.met({"e.json", 0, 0, "B"}, inside);
  use.apply(finding, &inside);
  EXPECT_EQ(use.notices(kIds), std::vector<std::string>{
                                   "e.json#B: this suppression of SageMaker.5 suppressed nothing: "
                                   "what it was for is fixed, or was not part of this run"});
}

TEST(ExceptionUse, NamesTheControlThatIsNone) {
  const struct {
    std::vector<std::string> controls;
    std::string why;
  } rows[] = {
      {{}, "what it was for is fixed, or was not part of this run"},
      {{"SageMaker.5"}, "what it was for is fixed, or was not part of this run"},
      {{"SageMaker.55", "SageMaker.*"}, "what it was for is fixed, or was not part of this run"},
      {{"SageMaker.55"}, "no control of the catalogue or of this run is called SageMaker.55"},
      {{"sagemaker.5", "Acme.*"},
       "no control of the catalogue or of this run is called sagemaker.5 or Acme.*"},
  };
  for (const auto& row : rows) {
    const Exceptions exceptions{"e.yaml",
                                {{.controls = row.controls, .owner = "ml", .mark = {2, 3}}}};
    ExceptionUse use(exceptions, "2026-11-23");
    EXPECT_EQ(use.notices(kIds),
              std::vector<std::string>{"e.yaml:2: this exception suppressed nothing (owner: ml): " +
                                       row.why});
  }
}

TEST(ExceptionUse, WhatTheFileAcceptsNeedsTheSourceToo) {
  const Exceptions exceptions{"e.yaml",
                              {{.controls = {"SageMaker.5"}, .reason = "first", .owner = "b"}}};
  const std::vector<InlineSuppression> inside = {{"SageMaker.5", "inside", "", 7}};
  ExceptionUse use(exceptions, "2026-11-23");
  Finding finding = churn();
  use.met(finding.location, inside);
  use.apply(finding, &inside);
  EXPECT_TRUE(use.notices(kIds).empty());
}

TEST(ExceptionUse, FollowsSoManyInTheSource) {
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  for (uint32_t line = 1; line <= kMaxExceptions; ++line)
    use.met({"a.yaml", 1, 1, "R"}, {{"SageMaker.5", "x", "", line}});
  EXPECT_EQ(use.notices(kIds).size(), kMaxExceptions);
  for (uint32_t line = 1; line <= kMaxExceptions + 1; ++line)
    use.met({"a.yaml", 1, 1, "R"}, {{"SageMaker.5", "x", "", line}});
  EXPECT_EQ(use.notices(kIds).size(), kMaxExceptions + 1);
  EXPECT_TRUE(use.notices(kIds).back().starts_with("more than 10000 suppressions"));
}

TEST(ExceptionUse, CountsFromSeveralThreads) {
  const Exceptions exceptions{
      "e.yaml",
      {{.controls = {"SageMaker.5"}, .owner = "ml", .expires = "2020-01-01", .mark = {2, 3}}}};
  ExceptionUse use(exceptions, "2026-11-23");
  const auto work = [&] {
    for (int i = 0; i < 1000; ++i) {
      Finding finding = churn();
      use.apply(finding, nullptr);
    }
  };
  std::thread other(work);
  work();
  other.join();
  ASSERT_EQ(use.notices(kIds).size(), 1U);
  EXPECT_NE(use.notices(kIds)[0].find("2000 findings are no longer"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden
