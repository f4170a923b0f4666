#include "publish/hub_plan.h"

#include <fmt/format.h>

#include "base/iso_time.h"
#include "base/time.h"
#include "model/arn.h"
#include "report/asff.h"
#include "report/escape.h"

namespace sagewarden::publish {
namespace {

constexpr int64_t kDay = int64_t{24} * 60 * 60;
constexpr std::string_view kReopened = "No longer suppressed: the exception has ended";

std::string text_of(json::Value object, std::string_view name) {
  return std::string(object[name].string_or(""));
}

int64_t seconds_of(std::string_view time) {
  return parse_iso_time(time) / 1'000;
}

bool is_ours(const StoredFinding& stored) {
  return stored.note_by == kAsffUpdatedBy;
}

// Whether it was us who suppressed it. When our note is still the one that says that it is no
// longer suppressed, somebody did without a word.
bool is_suppressed_by_us(const StoredFinding& stored) {
  return stored.workflow == "SUPPRESSED" && is_ours(stored) && stored.note != kReopened;
}

// What Security Hub makes of the workflow status when the finding is imported.
std::string_view workflow_after(const StoredFinding& stored, const Finding& finding) {
  const bool is_open_again = stored.archived || (stored.compliance == "PASSED" &&
                                                 finding.compliance != Compliance::Passed);
  const bool is_reset = stored.workflow == "NOTIFIED" || stored.workflow == "RESOLVED";
  return is_open_again && is_reset ? "NEW" : std::string_view(stored.workflow);
}

// What to do about a finding that an exception accepts.
std::optional<WorkflowChange> suppression(const StoredFinding& stored, const Finding& finding) {
  std::string note = asff_note(*finding.suppressed);
  const bool has_note = is_ours(stored) && stored.note == note;
  if (stored.workflow == "SUPPRESSED") {
    // Ours, for another reason than before.
    if (is_suppressed_by_us(stored) && !has_note)
      return WorkflowChange{"SUPPRESSED", std::move(note)};
    return std::nullopt;
  }
  // Somebody wrote something, or took back what we did.
  if (!stored.note_by.empty() && !is_ours(stored)) return std::nullopt;
  if (has_note) return std::nullopt;
  const bool is_resolved_as_passed = stored.workflow == "RESOLVED" && stored.compliance == "PASSED";
  if (workflow_after(stored, finding) != "NEW" && !is_resolved_as_passed) return std::nullopt;
  return WorkflowChange{"SUPPRESSED", std::move(note)};
}

}  // namespace

StoredFinding read_stored(json::Value finding) {
  StoredFinding stored;
  const std::string_view generator = finding["GeneratorId"].string_or("");
  if (generator.starts_with(kAsffGenerator))
    stored.control = generator.substr(kAsffGenerator.size());
  stored.resource = text_of(finding["Resources"].at(0), "Id");
  stored.created_at = text_of(finding, "CreatedAt");
  stored.updated_at = text_of(finding, "UpdatedAt");
  stored.digest = text_of(finding["ProductFields"], kDigestField);
  stored.captured_at = text_of(finding["ProductFields"], kAsffCapturedAt);
  stored.compliance = text_of(finding["Compliance"], "Status");
  stored.workflow = text_of(finding["Workflow"], "Status");
  stored.note = text_of(finding["Note"], "Text");
  stored.note_by = text_of(finding["Note"], "UpdatedBy");
  stored.archived = finding["RecordState"].string_or("") == "ARCHIVED";
  return stored;
}

Change change_of(const StoredFinding* stored, const Sighting& now) {
  if (stored == nullptr) return Change::New;
  const int64_t updated = seconds_of(stored->updated_at);
  const int64_t captured = parse_iso_time(stored->captured_at);
  const bool is_newer = (updated > now.run.finished && updated <= now.run.horizon) ||
                        (!now.captured_at.empty() && parse_iso_time(now.captured_at) < captured &&
                         captured / 1'000 <= now.run.horizon);
  if (is_newer) return Change::Newer;
  if (stored->archived || stored->digest != now.digest) return Change::Changed;
  const bool is_old = now.run.finished - updated > kRefreshAfterDays * kDay;
  return is_old ? Change::Refreshed : Change::Same;
}

bool is_before_run(const StoredFinding& stored, const RunTimes& run) {
  const int64_t updated = seconds_of(stored.updated_at);
  return updated > 0 && updated < run.started && seconds_of(stored.captured_at) < run.started;
}

bool is_ahead(const StoredFinding& stored, const RunTimes& run) {
  return seconds_of(stored.updated_at) > run.horizon;
}

std::string update_time(const StoredFinding* stored, int64_t seen_at) {
  const int64_t last = stored == nullptr ? 0 : parse_iso_time(stored->updated_at);
  if (last < seen_at * 1'000) return iso_time(seen_at);
  std::string seconds = iso_time((last + 1) / 1'000);
  seconds.pop_back();  // the Z
  return fmt::format("{}.{:03}Z", seconds, (last + 1) % 1'000);
}

std::optional<WorkflowChange> workflow_change(const StoredFinding& stored, const Finding& finding) {
  if (finding.suppressed) return suppression(stored, finding);
  const std::string_view wanted = asff_workflow(finding);
  if (is_suppressed_by_us(stored)) return WorkflowChange{wanted, std::string(kReopened)};
  // As Security Hub does with its own findings.
  const bool is_noted = !stored.note_by.empty() && !is_ours(stored);
  const bool is_reset = stored.workflow != workflow_after(stored, finding);
  const bool is_untouched = workflow_after(stored, finding) == "NEW" && (is_reset || !is_noted);
  if (wanted == "RESOLVED" && is_untouched) return WorkflowChange{wanted, ""};
  return std::nullopt;
}

Sight::Sight(const ReportInput& report, size_t left_out) {
  // What is missing may be what a baseline knew, what was not reached any more, what somebody took
  // out of the report, or what is newer than the bundle that was read.
  if (left_out > 0 || report.interrupted || report.shortened || !report.run.live) return;
  for (const ControlInfo& control : report.controls) types_[control.id] = control.resource_type;
  for (const CoverageRow& row : report.coverage.rows) {
    if (row.is_whole()) whole_.emplace(row.account, row.region, row.type);
  }
}

bool Sight::proves_gone(const StoredFinding& stored, std::string_view account,
                        std::string_view region) const {
  const auto type = types_.find(stored.control);
  if (type == types_.end()) return false;
  // Findings about templates have no ARN; a scan of AWS says nothing about those.
  const Result<Arn> arn = parse_arn(stored.resource);
  if (!arn || arn->service != "sagemaker" || arn->account_id != account || arn->region != region)
    return false;
  return whole_.contains(
      std::tuple(std::string(account), std::string(region), std::string(type->second)));
}

}  // namespace sagewarden::publish
