// What is to be done about a finding in Security Hub: decided here, without asking anybody.
// https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "base/json.h"
#include "model/finding.h"
#include "report/report.h"

namespace sagewarden::publish {

// The product field that says what was imported, in short.
inline constexpr std::string_view kDigestField = "sagewarden/Digest";

// A finding of ours as Security Hub has it.
struct StoredFinding {
  std::string control;
  std::string resource;  // its id, mostly an ARN
  std::string created_at;
  std::string updated_at;
  std::string digest;       // of what was imported last
  std::string captured_at;  // when the source had seen that
  std::string compliance;   // "FAILED"
  std::string workflow;     // "NEW"
  std::string note;
  std::string note_by;  // empty: there is no note
  bool archived = false;
  bool is_seen = false;  // the report has it
};
StoredFinding read_stored(json::Value finding);

// Security Hub deletes a finding that was not updated for 90 days: one that does not change is
// imported again after a third of that.
inline constexpr int64_t kRefreshAfterDays = 30;

// Of the report's run, and of this very publishing; in seconds since 1970.
struct RunTimes {
  int64_t started = 0;
  int64_t finished = 0;
  // A later time in Security Hub was set by a clock that was wrong, and says nothing of what came
  // after what.
  int64_t horizon = INT64_MAX;
};

enum class Change : uint8_t {
  New,
  Changed,
  Refreshed,  // as it was, but about to be forgotten
  Same,
  Newer,  // what Security Hub has was seen later
};
// What the report says of a finding.
struct Sighting {
  std::string_view digest;
  std::string_view
      captured_at;  // when the source saw the resource: a bundle is older than its scan
  RunTimes run = {};
};
// `stored` is null for what Security Hub does not have.
Change change_of(const StoredFinding* stored, const Sighting& now);

// Whether all that is known of the finding is from before the run began. What somebody else brought
// meanwhile, the run need not have seen.
bool is_before_run(const StoredFinding& stored, const RunTimes& run);
// Whether it is dated in the future.
bool is_ahead(const StoredFinding& stored, const RunTimes& run);

// Later than what is stored, or Security Hub would pass the update over.
std::string update_time(const StoredFinding* stored, int64_t seen_at);

// The workflow status and the note are people's. We give both to a new finding; later we change
// them where nobody else has. Security Hub itself makes NOTIFIED and RESOLVED to NEW when a finding
// is imported that was archived, or that had passed and does not any more:
// https://docs.aws.amazon.com/securityhub/latest/userguide/findings-workflow-status.html
struct WorkflowChange {
  std::string_view status;
  std::string note;  // empty: it stays as it is

  friend bool operator<(const WorkflowChange& a, const WorkflowChange& b) {
    return std::tie(a.status, a.note) < std::tie(b.status, b.note);
  }
  friend bool operator==(const WorkflowChange&, const WorkflowChange&) = default;
};
std::optional<WorkflowChange> workflow_change(const StoredFinding& stored, const Finding& finding);

// What a run has seen so completely that what is missing is not there.
class Sight {
 public:
  // `left_out`: how many findings a baseline took out of the report.
  Sight(const ReportInput& report, size_t left_out);

  // Whether the finding's control was applied to all resources of its type in the account and
  // Region, so that what the report does not mention is gone, or not what the control is about.
  bool proves_gone(const StoredFinding& stored, std::string_view account,
                   std::string_view region) const;

 private:
  std::map<std::string, std::string, std::less<>> types_;  // by control
  std::set<std::tuple<std::string, std::string, std::string>, std::less<>> whole_;
};

}  // namespace sagewarden::publish
