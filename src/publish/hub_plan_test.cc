#include "publish/hub_plan.h"

#include <gtest/gtest.h>

#include "base/iso_time.h"

namespace sagewarden::publish {
namespace {

int64_t at(std::string_view time) {
  return parse_iso_time(time) / 1'000;
}

StoredFinding stored_finding() {
  StoredFinding stored;
  stored.control = "SageMaker.3";
  stored.resource = "arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/a";
  stored.created_at = "2026-01-01T00:00:00Z";
  stored.updated_at = "2026-03-01T12:00:00Z";
  stored.digest = "d1";
  stored.captured_at = "2026-03-01T11:59:00Z";
  stored.compliance = "FAILED";
  stored.workflow = "NEW";
  return stored;
}

TEST(HubPlan, WhatIsReadOfAFinding) {
  const auto document = json::parse_document(R"({
    "Id": "i", "GeneratorId": "sagewarden/SageMaker.3", "CreatedAt": "c", "UpdatedAt": "u",
    "Resources": [{"Type": "Other", "Id": "r"}, {"Id": "second"}], "RecordState": "ARCHIVED",
    "Compliance": {"Status": "FAILED"}, "Workflow": {"Status": "NOTIFIED"},
    "Note": {"Text": "t", "UpdatedBy": "somebody", "UpdatedAt": "x"},
    "ProductFields": {"sagewarden/Digest": "d", "aws/securityhub/FindingId": "f"}})");
  ASSERT_TRUE(document);
  const StoredFinding stored = read_stored(document->root);
  EXPECT_EQ(stored.control, "SageMaker.3");
  EXPECT_EQ(stored.resource, "r");
  EXPECT_EQ(stored.created_at + stored.updated_at + stored.digest, "cud");
  EXPECT_EQ(stored.compliance + " " + stored.workflow, "FAILED NOTIFIED");
  EXPECT_EQ(stored.note_by + ": " + stored.note, "somebody: t");
  EXPECT_TRUE(stored.archived);
}

TEST(HubPlan, Changes) {
  const struct {
    std::string_view name, seen_at, digest;
    bool archived;
    Change want;
    std::string_view captured_at = {};
  } cases[] = {
      {"the same", "2026-03-02T00:00:00Z", "d1", false, Change::Same},
      {"the same report again", "2026-03-01T12:00:00Z", "d1", false, Change::Same},
      {"changed", "2026-03-02T00:00:00Z", "d2", false, Change::Changed},
      {"changed within the second", "2026-03-01T12:00:00Z", "d2", false, Change::Changed},
      {"there again", "2026-03-02T00:00:00Z", "d1", true, Change::Changed},
      {"30 days old", "2026-03-31T12:00:00Z", "d1", false, Change::Same},
      {"older", "2026-03-31T12:00:01Z", "d1", false, Change::Refreshed},
      {"an older report", "2026-03-01T11:59:59Z", "d2", false, Change::Newer},
      {"an older bundle", "2026-03-02T00:00:00Z", "d2", false, Change::Newer,
       "2026-03-01T11:58:59Z"},
      {"the same bundle", "2026-03-02T00:00:00Z", "d2", false, Change::Changed,
       "2026-03-01T11:59:00Z"},
      {"an older report of what is gone", "2026-03-01T11:59:59Z", "d1", true, Change::Newer},
  };
  for (const auto& c : cases) {
    StoredFinding stored = stored_finding();
    stored.archived = c.archived;
    EXPECT_EQ(change_of(&stored, {c.digest, c.captured_at, {0, at(c.seen_at)}}), c.want) << c.name;
  }
  EXPECT_EQ(change_of(nullptr, {"d1", "", {}}), Change::New);
}

// Security Hub ignores an update that is not newer than what it has.
TEST(HubPlan, TimesOnlyGoForward) {
  const struct {
    std::string_view stored, seen_at, want;
  } cases[] = {
      {"", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"},
      {"2026-03-01T11:59:59Z", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"},
      {"2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.001Z"},
      {"2026-03-01T12:00:00.001Z", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.002Z"},
      {"2026-03-01T12:00:00.999Z", "2026-03-01T12:00:00Z", "2026-03-01T12:00:01.000Z"},
      {"2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.001Z"},
  };
  for (const auto& c : cases) {
    StoredFinding stored = stored_finding();
    stored.updated_at = c.stored;
    EXPECT_EQ(update_time(c.stored.empty() ? nullptr : &stored, at(c.seen_at)), c.want) << c.stored;
  }
}

TEST(HubPlan, BeforeTheRun) {
  const struct {
    std::string_view updated, captured, started;
    bool want;
  } cases[] = {
      {"2026-03-01T12:00:00Z", "2026-03-01T11:59:00Z", "2026-03-01T12:00:01Z", true},
      {"2026-03-01T12:00:00Z", "2026-03-01T11:59:00Z", "2026-03-01T12:00:00Z", false},
      {"2026-03-01T12:00:00.500Z", "", "2026-03-01T12:00:00Z", false},
      {"2026-03-01T12:00:00Z", "2026-03-02T11:59:00Z", "2026-03-01T12:00:01Z", false},
      {"2026-03-01T12:00:00Z", "", "2026-03-01T12:00:01Z", true},
      {"", "", "2026-03-01T12:00:01Z", false},
      {"2026-03-01T12:00:00Z", "2026-03-01T11:59:00Z", "", false},  // the report does not say
  };
  for (const auto& c : cases) {
    StoredFinding stored = stored_finding();
    stored.updated_at = c.updated;
    stored.captured_at = c.captured;
    EXPECT_EQ(is_before_run(stored, {at(c.started), at(c.started)}), c.want)
        << c.updated << " " << c.captured << " " << c.started;
  }
}

TEST(HubPlan, WorkflowIsPeoples) {
  constexpr std::string_view kNote = "for a test (owner: ml)";
  constexpr std::string_view kEnded = "No longer suppressed: the exception has ended";
  struct Row {
    std::string_view name;
    bool suppressed;
    Compliance now;
    std::string_view workflow, before, note_by, note;
    std::string_view want, want_note;
  };
  const Row cases[] = {
      // An exception accepts it.
      {"new", true, Compliance::Failed, "NEW", "FAILED", "", "", "SUPPRESSED", kNote},
      {"it is already", true, Compliance::Failed, "SUPPRESSED", "FAILED", "sagewarden", kNote, "",
       ""},
      {"another reason", true, Compliance::Failed, "SUPPRESSED", "FAILED", "sagewarden", "old",
       "SUPPRESSED", kNote},
      {"people did", true, Compliance::Failed, "SUPPRESSED", "FAILED", "eve", "mine", "", ""},
      {"people took it back", true, Compliance::Failed, "NEW", "FAILED", "sagewarden", kNote, "",
       ""},
      {"people wrote", true, Compliance::Failed, "NEW", "FAILED", "eve", "looking", "", ""},
      {"people notified", true, Compliance::Failed, "NOTIFIED", "FAILED", "", "", "", ""},
      {"people notified of what then passed", true, Compliance::Failed, "NOTIFIED", "PASSED", "",
       "", "SUPPRESSED", kNote},
      {"people resolved", true, Compliance::Failed, "RESOLVED", "FAILED", "", "", "", ""},
      {"had passed", true, Compliance::Failed, "RESOLVED", "PASSED", "", "", "SUPPRESSED", kNote},
      {"accepted again", true, Compliance::Failed, "NEW", "FAILED", "sagewarden", kEnded,
       "SUPPRESSED", kNote},
      // None does.
      {"untouched", false, Compliance::Failed, "NEW", "FAILED", "", "", "", ""},
      {"the exception ended", false, Compliance::Failed, "SUPPRESSED", "FAILED", "sagewarden",
       kNote, "NEW", kEnded},
      {"people suppress", false, Compliance::Failed, "SUPPRESSED", "FAILED", "", "", "", ""},
      {"people suppress and say why", false, Compliance::Failed, "SUPPRESSED", "FAILED", "eve",
       "no", "", ""},
      {"people suppress it after that", false, Compliance::Failed, "SUPPRESSED", "FAILED",
       "sagewarden", kEnded, "", ""},
      {"fixed", false, Compliance::Passed, "NEW", "FAILED", "", "", "RESOLVED", ""},
      {"fixed, people notified", false, Compliance::Passed, "NOTIFIED", "FAILED", "", "", "", ""},
      {"fixed, people wrote", false, Compliance::Passed, "NEW", "FAILED", "eve", "looking", "", ""},
      {"fixed, and no exception any more", false, Compliance::Passed, "SUPPRESSED", "FAILED",
       "sagewarden", kNote, "RESOLVED", kEnded},
      {"it is already", false, Compliance::Passed, "RESOLVED", "PASSED", "", "", "", ""},
      {"fails again", false, Compliance::Failed, "RESOLVED", "PASSED", "", "", "", ""},
  };
  for (const Row& c : cases) {
    SCOPED_TRACE(c.name);
    StoredFinding stored = stored_finding();
    stored.workflow = c.workflow;
    stored.compliance = c.before;
    stored.note_by = c.note_by;
    stored.note = c.note;
    Finding finding;
    finding.compliance = c.now;
    if (c.suppressed)
      finding.suppressed = Suppression{Suppression::Kind::External, "for a test", "ml", ""};
    const std::optional<WorkflowChange> got = workflow_change(stored, finding);
    ASSERT_EQ(got.has_value(), !c.want.empty());
    if (!got) continue;
    EXPECT_EQ(*got, (WorkflowChange{c.want, std::string(c.want_note)}));
  }
}

ReportInput report_of_notebooks() {
  ReportInput report;
  ControlInfo control;
  control.id = "SageMaker.3";
  control.resource_type = "AWS::SageMaker::NotebookInstance";
  report.controls = {control};
  report.run.live = true;
  CoverageRow row;
  row.account = "111122223333";
  row.region = "eu-west-1";
  row.type = control.resource_type;
  row.complete = true;
  report.coverage.rows = {row};
  return report;
}

TEST(HubPlan, GoneIsWhatWasLookedForAndNotFound) {
  using Report = ReportInput;
  const struct {
    std::string_view name;
    bool want;
    void (*change)(Report& report, StoredFinding& stored, size_t& left_out);
  } cases[] = {
      {"gone", true, [](Report&, StoredFinding&, size_t&) {}},
      {"the list was not complete", false,
       [](Report& r, StoredFinding&, size_t&) { r.coverage.rows[0].complete = false; }},
      {"one of the list was not read", false,
       [](Report& r, StoredFinding&, size_t&) { r.coverage.rows[0].not_read = 1; }},
      {"another type was listed", false,
       [](Report& r, StoredFinding&, size_t&) {
         r.coverage.rows[0].type = "AWS::SageMaker::Model";
       }},
      {"another Region was", false,
       [](Report& r, StoredFinding&, size_t&) { r.coverage.rows[0].region = "us-east-1"; }},
      {"another account was", false,
       [](Report& r, StoredFinding&, size_t&) { r.coverage.rows[0].account = "444455556666"; }},
      {"files were read", false,
       [](Report& r, StoredFinding&, size_t&) { r.coverage.rows.clear(); }},
      {"the control was not applied", false,
       [](Report&, StoredFinding& s, size_t&) { s.control = "SageMaker.1"; }},
      {"a bundle was read, or AWS Config", false,
       [](Report& r, StoredFinding&, size_t&) { r.run.live = false; }},
      {"the run was interrupted", false,
       [](Report& r, StoredFinding&, size_t&) { r.interrupted = true; }},
      {"the report was shortened", false,
       [](Report& r, StoredFinding&, size_t&) { r.shortened = true; }},
      {"a baseline knew some", false, [](Report&, StoredFinding&, size_t& left) { left = 1; }},
      {"it is of a template", false,
       [](Report&, StoredFinding& s, size_t&) { s.resource = "template.yaml#Notebook"; }},
      {"its ARN is of another Region", false,
       [](Report&, StoredFinding& s, size_t&) {
         s.resource = "arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/a";
       }},
      {"its ARN is of another service", false,
       [](Report&, StoredFinding& s, size_t&) {
         s.resource = "arn:aws:kms:eu-west-1:111122223333:key/a";
       }},
  };
  for (const auto& c : cases) {
    Report report = report_of_notebooks();
    StoredFinding stored = stored_finding();
    size_t left_out = 0;
    c.change(report, stored, left_out);
    EXPECT_EQ(Sight(report, left_out).proves_gone(stored, "111122223333", "eu-west-1"), c.want)
        << c.name;
  }
}

}  // namespace
}  // namespace sagewarden::publish
