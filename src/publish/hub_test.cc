#include "publish/hub.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/iso_time.h"
#include "publish/hub_for_tests.h"

namespace sagewarden::publish {
namespace {

constexpr std::string_view kAccount = "111122223333";
constexpr std::string_view kRegion = "eu-west-1";
constexpr std::string_view kType = "AWS::SageMaker::NotebookInstance";

std::string id_of(std::string_view name, std::string_view control = "SageMaker.3") {
  return std::string(control) + "/arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/" +
         std::string(name);
}

Finding failed(std::string_view name, std::string_view control = "SageMaker.3") {
  Finding finding;
  finding.id = id_of(name, control);
  finding.control = control;
  finding.compliance = Compliance::Failed;
  finding.severity = Severity::High;
  finding.type = kType;
  finding.arn = finding.id.substr(finding.id.find('/') + 1);
  finding.name = name;
  finding.account = kAccount;
  finding.region = kRegion;
  finding.partition = "aws";
  finding.reasons = {{"SETTING_INSECURE", "RootAccess is Enabled"}};
  finding.captured_at = "2026-03-01T11:59:00Z";
  return finding;
}

// One account and Region, and what the log said.
class Hub : public testing::Test {
 protected:
  Hub() {
    ControlInfo control;
    control.id = "SageMaker.3";
    control.title = "Users should not have root access";
    control.resource_type = kType;
    report.controls = {control};
    report.run.live = true;
    CoverageRow row;
    row.account = kAccount;
    row.region = kRegion;
    row.type = kType;
    row.complete = true;
    report.coverage.rows = {row};
  }

  // Of a run that ended at that time and had begun a minute earlier.
  HubCounts publish(std::string_view time, Send send = Send::Yes) {
    std::array<int, 2> ends = {};
    EXPECT_EQ(pipe2(ends.data(), O_NONBLOCK), 0);
    Log log(ends[1], Log::Level::Normal, false);
    const EachFinding each = [this](const std::function<Result<void>(const Finding&)>& take) {
      for (const Finding& finding : findings) {
        Result<void> taken = take(finding);
        if (!taken) return taken;
      }
      return Result<void>();
    };
    Result<std::vector<HubScope>> places = places_of(report, each);
    EXPECT_TRUE(places);
    HubOptions options;
    options.scopes = *places;
    options.send = send;
    const int64_t finished = parse_iso_time(time) / 1'000;
    options.run = {finished - 60, finished, horizon};
    options.version = "1.0";
    options.threads = 2;
    const Result<HubOutcome> got = publish_to_hub(report, each, options, hub.calls(), log);
    EXPECT_TRUE(got);
    said.assign(20'000, '\0');
    said.resize(static_cast<size_t>(std::max<ssize_t>(0, read(ends[0], said.data(), said.size()))));
    close(ends[0]);
    close(ends[1]);
    is_complete = got->is_complete;
    homeless = got->homeless;
    HubCounts total;
    for (const HubRow& row : got->rows) {
      total.created += row.counts.created;
      total.changed += row.counts.changed;
      total.refreshed += row.counts.refreshed;
      total.same += row.counts.same;
      total.newer += row.counts.newer;
      total.archived += row.counts.archived;
      total.workflow += row.counts.workflow;
      total.failed += row.counts.failed;
    }
    return total;
  }

  FakeHub hub;
  ReportInput report;
  std::vector<Finding> findings;
  std::string said;
  bool is_complete = false;
  size_t homeless = 0;
  int64_t horizon = INT64_MAX;
};

TEST_F(Hub, TwiceChangesNothing) {
  findings = {failed("a"), failed("b")};
  HubCounts counts = publish("2026-03-01T12:00:00Z");
  EXPECT_EQ(counts.created, 2U);
  EXPECT_TRUE(is_complete);
  EXPECT_EQ(hub.text(id_of("a"), "CreatedAt"), "2026-03-01T12:00:00Z");
  EXPECT_EQ(hub.text(id_of("a"), "ProductArn"),
            "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default");
  hub.forget_calls();
  // The next scan sees the same, later.
  for (Finding& finding : findings) finding.captured_at = "2026-03-02T11:59:00Z";
  counts = publish("2026-03-02T12:00:00Z");
  EXPECT_EQ(counts.same, 2U);
  EXPECT_EQ(hub.calls_made(), std::vector<std::string>{"eu-west-1 GetFindings 0"});
  // Before Security Hub would delete it.
  counts = publish("2026-04-02T12:00:00Z");
  EXPECT_EQ(counts.refreshed, 2U);
  EXPECT_EQ(hub.text(id_of("a"), "CreatedAt"), "2026-03-01T12:00:00Z");
  EXPECT_EQ(hub.text(id_of("a"), "UpdatedAt"), "2026-04-02T12:00:00Z");
}

TEST_F(Hub, OfTheSameFindingTwiceTheFirstCounts) {
  findings = {failed("a"), failed("a")};
  findings[1].compliance = Compliance::Passed;
  EXPECT_EQ(publish("2026-03-01T12:00:00Z").created, 1U);
  EXPECT_EQ(hub.calls_made().back(), "eu-west-1 BatchImportFindings 1");
  EXPECT_EQ(hub.text(id_of("a"), "Compliance.Status"), "FAILED");
}

TEST_F(Hub, OnlyWhatChangedIsSent) {
  findings = {failed("a"), failed("b")};
  (void)publish("2026-03-01T12:00:00Z");
  hub.set_workflow(id_of("a"), "NOTIFIED", "told the owner");
  hub.forget_calls();
  findings[0].reasons.push_back({"SEE_ALSO", "x"});
  // Within the same second: still newer.
  EXPECT_EQ(publish("2026-03-01T12:00:00Z").changed, 1U);
  EXPECT_EQ(hub.calls_made(), (std::vector<std::string>{"eu-west-1 GetFindings 0",
                                                        "eu-west-1 BatchImportFindings 1"}));
  EXPECT_EQ(hub.text(id_of("a"), "UpdatedAt"), "2026-03-01T12:00:00.001Z");
  EXPECT_EQ(hub.text(id_of("a"), "CreatedAt"), "2026-03-01T12:00:00Z");
  EXPECT_EQ(hub.text(id_of("a"), "Workflow.Status"), "NOTIFIED");
  EXPECT_EQ(hub.text(id_of("a"), "Note.Text"), "told the owner");
}

TEST_F(Hub, AnOlderReportChangesNothing) {
  findings = {failed("a")};
  (void)publish("2026-03-02T12:00:00Z");
  hub.forget_calls();
  findings = {failed("b")};
  findings.push_back(failed("a"));
  findings[1].compliance = Compliance::Passed;
  HubCounts counts = publish("2026-03-01T12:00:00Z");
  EXPECT_EQ(counts.newer, 1U);
  EXPECT_EQ(hub.text(id_of("a"), "Compliance.Status"), "FAILED");
  findings.clear();
  // Neither a, of a later run, nor b, brought when this one had begun.
  counts = publish("2026-03-01T12:00:00Z");
  EXPECT_EQ(counts.archived, 0U);
  EXPECT_EQ(counts.newer, 2U);
  EXPECT_TRUE(is_complete);
  EXPECT_EQ(hub.text(id_of("a"), "RecordState"), "ACTIVE");
  EXPECT_EQ(hub.text(id_of("b"), "RecordState"), "ACTIVE");
}

// A run that began before another one ended does not know what that saw.
TEST_F(Hub, WhatAnotherRunBroughtMeanwhileIsNotArchived) {
  findings = {failed("a")};
  (void)publish("2026-03-01T12:00:00Z");
  findings.clear();
  EXPECT_EQ(publish("2026-03-01T12:00:59Z").archived, 0U);
  EXPECT_EQ(hub.text(id_of("a"), "RecordState"), "ACTIVE");
  EXPECT_EQ(publish("2026-03-01T12:01:01Z").archived, 1U);
  EXPECT_EQ(hub.text(id_of("a"), "RecordState"), "ARCHIVED");
}

TEST_F(Hub, AShortenedReportArchivesNothing) {
  findings = {failed("a"), failed("b")};
  (void)publish("2026-03-01T12:00:00Z");
  findings.pop_back();
  report.shortened = true;
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").archived, 0U);
  EXPECT_EQ(hub.text(id_of("b"), "RecordState"), "ACTIVE");
}

// A clock that was wrong once must not stop all that comes after it.
TEST_F(Hub, WhatIsDatedInTheFutureIsNoLaterRun) {
  findings = {failed("a"), failed("b")};
  for (Finding& finding : findings) finding.captured_at = "2031-03-01T11:59:00Z";
  (void)publish("2031-03-01T12:00:00Z");
  findings = {failed("a")};
  findings[0].compliance = Compliance::Passed;
  horizon = parse_iso_time("2026-03-01T12:15:00Z") / 1'000;
  const HubCounts counts = publish("2026-03-01T12:00:00Z");
  EXPECT_EQ(counts.changed, 1U);
  EXPECT_EQ(hub.text(id_of("a"), "Compliance.Status"), "PASSED");
  EXPECT_EQ(hub.text(id_of("a"), "UpdatedAt"), "2031-03-01T12:00:00.001Z");
  // Whether it was seen before or after this run, nobody knows.
  EXPECT_EQ(counts.archived, 0U);
  EXPECT_NE(said.find("1 finding is there dated in the future"), std::string::npos) << said;
}

TEST_F(Hub, WhatIsGoneIsArchived) {
  findings = {failed("a"), failed("b"), failed("b", "SageMaker.1")};
  (void)publish("2026-03-01T12:00:00Z");
  findings = {failed("a")};
  hub.forget_calls();
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").archived, 1U);
  EXPECT_EQ(hub.text(id_of("b"), "RecordState"), "ARCHIVED");
  EXPECT_EQ(hub.text(id_of("b"), "CreatedAt"), "2026-03-01T12:00:00Z");
  // The other control was not applied: nobody looked.
  EXPECT_EQ(hub.text(id_of("b", "SageMaker.1"), "RecordState"), "ACTIVE");
  hub.forget_calls();
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").archived, 0U);
  EXPECT_EQ(hub.count("BatchImportFindings"), 0U);
  // It comes back.
  findings.push_back(failed("b"));
  EXPECT_EQ(publish("2026-03-03T12:00:00Z").changed, 1U);
  EXPECT_EQ(hub.text(id_of("b"), "RecordState"), "ACTIVE");
  EXPECT_EQ(hub.text(id_of("b"), "CreatedAt"), "2026-03-01T12:00:00Z");
}

TEST_F(Hub, AllOfAPlaceCanBeGone) {
  findings = {failed("a")};
  (void)publish("2026-03-01T12:00:00Z");
  findings.clear();
  EXPECT_EQ(publish("2026-03-02T12:00:00Z", Send::DryRun).archived, 1U);
  EXPECT_EQ(hub.text(id_of("a"), "RecordState"), "ACTIVE");
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").archived, 1U);
  EXPECT_EQ(hub.text(id_of("a"), "RecordState"), "ARCHIVED");
}

TEST_F(Hub, WhatWasNotSeenIsNotArchived) {
  findings = {failed("a")};
  (void)publish("2026-03-01T12:00:00Z");
  findings.clear();
  report.coverage.rows[0].complete = false;
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").archived, 0U);
  EXPECT_EQ(hub.text(id_of("a"), "RecordState"), "ACTIVE");
}

// What is asked for by its id comes in pages as well.
TEST_F(Hub, WhatIsGoneIsReadToTheLastPage) {
  for (int i = 0; i < 20; ++i) findings.push_back(failed("n" + std::to_string(i)));
  (void)publish("2026-03-01T12:00:00Z");
  findings.clear();
  hub.page = 7;
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").archived, 20U);
  EXPECT_TRUE(is_complete);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(hub.text(id_of("n" + std::to_string(i)), "RecordState"), "ARCHIVED") << i;
}

TEST_F(Hub, WhatCouldNotBeArchivedIsNamed) {
  const struct {
    std::string_view name;
    std::string_view want;
    void (*change)(FakeHub& hub);
  } cases[] = {
      {"it is not given any more", " not archived: Security Hub does not give it any more",
       [](FakeHub& h) { h.hide_id = id_of("b"); }},
      {"its page cannot be read", " not archived: securityhub:GetFindings",
       [](FakeHub& h) { h.refuse_by_id = true; }},
      {"the import is refused", "Security Hub did not take ",
       [](FakeHub& h) { h.refuse_id = id_of("b"); }},
      {"the answer is empty", "does not say that it took 1",
       [](FakeHub& h) {
         h.instead = {{"BatchImportFindings", "{}"}};
       }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    hub.reset();
    findings = {failed("b")};
    (void)publish("2026-03-01T12:00:00Z");
    findings.clear();
    c.change(hub);
    EXPECT_EQ(publish("2026-03-02T12:00:00Z").failed, 1U);
    EXPECT_FALSE(is_complete);
    EXPECT_NE(said.find(c.want), std::string::npos) << said;
  }
}

TEST_F(Hub, ManyInFewCalls) {
  for (int i = 0; i < 250; ++i) findings.push_back(failed("n" + std::to_string(i)));
  EXPECT_EQ(publish("2026-03-01T12:00:00Z").created, 250U);
  EXPECT_EQ(hub.count("BatchImportFindings"), 3U);
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").same, 250U);  // over three pages
  findings.clear();
  hub.forget_calls();
  EXPECT_EQ(publish("2026-03-03T12:00:00Z").archived, 250U);
  EXPECT_EQ(hub.count("BatchImportFindings"), 13U);  // twenty at a time can be asked for
}

TEST_F(Hub, ALargeFindingComesWithoutItsLongParts) {
  Finding large = failed("a");
  large.type = "AWS::SageMaker::Model";
  for (int i = 0; i < 60; ++i)
    large.evidence.push_back({"P" + std::to_string(i), std::string(1'100, '\x01'), "", 0, 0});
  findings = {large};
  EXPECT_EQ(publish("2026-03-01T12:00:00Z").created, 1U);
  EXPECT_TRUE(is_complete);
  EXPECT_LT(hub.finding(large.id).size(), 240'000U);
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").same, 1U);
}

TEST_F(Hub, WhatIsNotTakenIsNamed) {
  findings = {failed("a"), failed("b")};
  hub.refuse_id = id_of("b");
  const HubCounts counts = publish("2026-03-01T12:00:00Z");
  EXPECT_EQ(counts.failed, 1U);
  EXPECT_FALSE(is_complete);
  EXPECT_NE(said.find("did not take " + id_of("b") + ": InvalidInput: no"), std::string::npos)
      << said;
  EXPECT_FALSE(hub.finding(id_of("a")).empty());
}

// A status without its finding would stay: the next run finds nothing to change.
TEST_F(Hub, TheStatusOfWhatIsNotTakenStays) {
  findings = {failed("a")};
  (void)publish("2026-03-01T12:00:00Z");
  findings.front().compliance = Compliance::Passed;
  const std::pair<std::string_view, std::function<void()>> cases[] = {
      {"named", [&] { hub.refuse_id = id_of("a"); }},
      {"not named",
       [&] {
         hub.instead = {{"BatchImportFindings", "{}"}};
       }},
  };
  for (const auto& [name, refuse] : cases) {
    SCOPED_TRACE(name);
    refuse();
    (void)publish("2026-03-02T12:00:00Z");
    EXPECT_FALSE(is_complete);
    EXPECT_NE(hub.finding(id_of("a")).find("\"NEW\""), std::string::npos)
        << hub.finding(id_of("a"));
    hub.refuse_id.clear();
    hub.instead.clear();
  }
  (void)publish("2026-03-03T12:00:00Z");
  EXPECT_NE(hub.finding(id_of("a")).find("\"RESOLVED\""), std::string::npos);
}

// What an answer does not say was done was not done.
TEST_F(Hub, AnswersThatAreNone) {
  const struct {
    std::string_view operation, answer;
    size_t failed;
    std::string_view want;
  } cases[] = {
      {"BatchImportFindings", "{}", 2, "does not say that it took 2"},
      {"BatchImportFindings", R"({"SuccessCount":2,"FailedCount":0,"FailedFindings":[]})", 0, ""},
      {"BatchImportFindings", R"({"SuccessCount":1,"FailedCount":1,"FailedFindings":[]})", 1,
       "does not say that it took 1"},
      {"BatchImportFindings", R"({"SuccessCount":2,"FailedCount":1})", 1,
       "does not say that it took 1"},
      {"BatchImportFindings", R"({"SuccessCount":0,"FailedCount":2,"FailedFindings":[{"Id":"x"}]})",
       2, "did not take x"},
      {"BatchImportFindings", R"({"SuccessCount":"2"})", 2, "does not say that it took 2"},
      {"GetFindings", "{}", 2, "gives no list of findings"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.answer);
    hub.reset();
    hub.instead = {{std::string(c.operation), std::string(c.answer)}};
    findings = {failed("a"), failed("b")};
    EXPECT_EQ(publish("2026-03-01T12:00:00Z").failed, c.failed);
    EXPECT_EQ(is_complete, c.failed == 0);
    EXPECT_NE(said.find(c.want), std::string::npos) << said;
  }
}

TEST_F(Hub, AStatusThatDidNotChangeIsNamed) {
  findings = {failed("a")};
  for (const std::string_view answer :
       {"{}", R"({"ProcessedFindings":[],"UnprocessedFindings":[]})"}) {
    hub.reset();
    findings[0].suppressed.reset();
    (void)publish("2026-03-01T12:00:00Z");
    findings[0].suppressed = Suppression{Suppression::Kind::External, "a test", "", ""};
    hub.instead = {{"BatchUpdateFindings", std::string(answer)}};
    EXPECT_EQ(publish("2026-03-02T12:00:00Z").failed, 1U);
    EXPECT_FALSE(is_complete);
    EXPECT_NE(said.find("does not say that it changed 1"), std::string::npos) << said;
  }
}

// Security Hub resets the status of what is there again; one run leaves nothing for the next to do.
TEST_F(Hub, WhatIsThereAgain) {
  const struct {
    std::string_view name, status;
    Compliance before, now;
    bool suppressed;
    std::string_view want;
  } cases[] = {
      {"fails", "RESOLVED", Compliance::Failed, Compliance::Failed, false, "NEW"},
      {"fails and had passed", "RESOLVED", Compliance::Passed, Compliance::Failed, false, "NEW"},
      {"fails, people know", "NOTIFIED", Compliance::Failed, Compliance::Failed, false, "NEW"},
      {"passes", "RESOLVED", Compliance::Passed, Compliance::Passed, false, "RESOLVED"},
      {"is accepted", "RESOLVED", Compliance::Failed, Compliance::Failed, true, "SUPPRESSED"},
      {"people suppressed it", "SUPPRESSED", Compliance::Failed, Compliance::Failed, false,
       "SUPPRESSED"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    hub.reset();
    findings = {failed("a")};
    findings[0].compliance = c.before;
    (void)publish("2026-03-01T12:00:00Z");
    hub.set_workflow(id_of("a"), std::string(c.status), "");
    findings.clear();
    EXPECT_EQ(publish("2026-03-02T12:00:00Z").archived, 1U);
    findings = {failed("a")};
    findings[0].compliance = c.now;
    if (c.suppressed)
      findings[0].suppressed = Suppression{Suppression::Kind::External, "a test", "", ""};
    EXPECT_EQ(publish("2026-03-03T12:00:00Z").changed, 1U);
    EXPECT_EQ(hub.text(id_of("a"), "RecordState"), "ACTIVE");
    EXPECT_EQ(hub.text(id_of("a"), "Workflow.Status"), c.want);
    hub.forget_calls();
    (void)publish("2026-03-04T12:00:00Z");
    EXPECT_EQ(hub.calls_made().size(), 1U);
  }
}

TEST_F(Hub, Refusals) {
  using Kind = aws::CallError::Kind;
  const struct {
    std::string_view operation;
    Kind kind;
    std::string_view want;
  } cases[] = {
      {"GetFindings", Kind::Denied, "nothing is published: securityhub:GetFindings"},
      {"GetFindings", Kind::Denied, "allow securityhub:GetFindings"},
      {"GetFindings", Kind::NotAvailable, "Security Hub is not enabled there"},
      {"BatchImportFindings", Kind::Denied, "allow securityhub:BatchImportFindings"},
      {"BatchImportFindings", Kind::Throttled, "1 finding, SageMaker.3/"},
  };
  findings = {failed("a")};
  for (const auto& c : cases) {
    aws::CallError error;
    error.kind = c.kind;
    hub.refuse = {{std::string(c.operation), error}};
    EXPECT_EQ(publish("2026-03-01T12:00:00Z").failed, 1U);
    EXPECT_FALSE(is_complete);
    EXPECT_NE(said.find(c.want), std::string::npos) << said;
  }
}

// An account has many Regions without Security Hub.
TEST_F(Hub, WhereThereIsNothingToBringItMayBeOff) {
  aws::CallError error;
  error.kind = aws::CallError::Kind::NotAvailable;
  hub.refuse = {{"GetFindings", error}};
  (void)publish("2026-03-01T12:00:00Z");
  EXPECT_TRUE(is_complete);
  EXPECT_EQ(said, "");
}

TEST_F(Hub, FindingsWithoutAPlaceAreNamed) {
  findings = {failed("a")};
  findings[0].account.clear();
  (void)publish("2026-03-01T12:00:00Z");
  EXPECT_EQ(homeless, 1U);
  EXPECT_FALSE(is_complete);
  EXPECT_NE(said.find(id_of("a") + " has no account and Region"), std::string::npos) << said;
}

TEST_F(Hub, Suppressed) {
  findings = {failed("new"), failed("old"), failed("theirs")};
  findings.erase(findings.begin());
  (void)publish("2026-03-01T12:00:00Z");
  hub.set_workflow(id_of("theirs"), "NEW", "looking into it");
  findings.push_back(failed("new"));
  for (Finding& finding : findings)
    finding.suppressed = Suppression{Suppression::Kind::External, "a test account", "ml", ""};
  EXPECT_EQ(publish("2026-03-02T12:00:00Z").workflow, 1U);
  for (const std::string_view name : {"new", "old"}) {
    EXPECT_EQ(hub.text(id_of(name), "Workflow.Status"), "SUPPRESSED");
    EXPECT_EQ(hub.text(id_of(name), "Note.Text"), "a test account (owner: ml)");
  }
  EXPECT_EQ(hub.text(id_of("theirs"), "Workflow.Status"), "NEW");
  EXPECT_EQ(hub.text(id_of("theirs"), "Note.Text"), "looking into it");
  hub.forget_calls();
  EXPECT_EQ(publish("2026-03-03T12:00:00Z").workflow, 0U);
  EXPECT_EQ(hub.calls_made().size(), 1U);
  // The exception ends.
  for (Finding& finding : findings) finding.suppressed.reset();
  EXPECT_EQ(publish("2026-03-04T12:00:00Z").workflow, 2U);
  EXPECT_EQ(hub.text(id_of("new"), "Workflow.Status"), "NEW");
}

TEST_F(Hub, ADryRunSendsNothing) {
  findings = {failed("a"), failed("b")};
  EXPECT_EQ(publish("2026-03-01T12:00:00Z", Send::DryRun).created, 2U);
  EXPECT_EQ(hub.calls_made(), std::vector<std::string>{"eu-west-1 GetFindings 0"});
}

}  // namespace
}  // namespace sagewarden::publish
