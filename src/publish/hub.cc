#include "publish/hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

#include "aws/digest.h"
#include "base/pool.h"
#include "base/text.h"
#include "model/arn.h"
#include "publish/hub_batch.h"
#include "publish/hub_plan.h"
#include "report/asff.h"
#include "report/words.h"

namespace sagewarden::publish {
namespace {

// 100,000 findings of one product in one Region come in a thousand pages; what never ends is no
// list.
constexpr size_t kMaxPages = 100'000;
constexpr size_t kMaxNamed = 20;      // findings that are named in the log for each place
constexpr size_t kDigestDigits = 32;  // hexadecimal digits of it

// A place, and what is known and to be done there. The stored findings are one task's at a time;
// what else tasks change is guarded by the run's mutex.
struct Place {
  const HubScope* scope = nullptr;
  std::string product;
  bool is_readable = true;
  size_t findings = 0;  // of the report
  std::unordered_map<std::string, StoredFinding> stored;
  ImportBatch batch;
  std::map<WorkflowChange, std::vector<std::string>> workflow;
  std::set<std::string, std::less<>> not_taken;  // ids whose import failed
  HubCounts counts;
  size_t named = 0;
};

class HubRun {
 public:
  HubRun(const ReportInput& report, const HubOptions& options, const CallAws& call, Log& log)
      : report_(report),
        options_(options),
        call_(call),
        log_(log),
        sight_(report, options.left_out),
        pool_(options.threads) {
    for (const HubScope& scope : options.scopes) {
      Place& place = places_[{scope.account, scope.region}];
      place.scope = &scope;
      place.product = asff_product(scope.partition, scope.account, scope.region);
    }
  }

  Result<HubOutcome> run(const EachFinding& each) {
    TRY_DO(each([this](const Finding& finding) -> Result<void> {
      if (Place* place = place_of(finding)) ++place->findings;
      return {};
    }));
    for (auto& [name, place] : places_) pool_.run([this, &p = place] { fetch(p); });
    pool_.wait();
    TRY_DO(each([this](const Finding& finding) -> Result<void> {
      plan(finding);
      return {};
    }));
    for (auto& [name, place] : places_) flush(place);
    pool_.wait();
    for (auto& [name, place] : places_) pool_.run([this, &p = place] { finish(p); });
    pool_.wait();
    return outcome();
  }

 private:
  Place* place_of(const Finding& finding) {
    if (!can_be_imported(finding)) return nullptr;
    const auto found = places_.find({finding.account, finding.region});
    return found == places_.end() ? nullptr : &found->second;
  }

  std::string name_of(const Place& place) const {
    return fmt::format("account {} in {}", place.scope->account, place.scope->region);
  }

  void complain(Place& place, std::string_view what) {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_) return;
    if (++place.named <= kMaxNamed) log_.error(what);
  }

  void add(Place& place, size_t HubCounts::*count, size_t number = 1) {
    const std::scoped_lock lock(mutex_);
    place.counts.*count += number;
  }

  aws::Answer ask(const Place& place, std::string operation, std::string input) {
    aws::Call call{"securityhub", std::move(operation), place.scope->region, place.scope->account,
                   std::move(input)};
    call.credentials = place.scope->credentials;
    aws::Answer answer = call_(std::move(call));
    const bool is_stopped = !answer && answer.error().kind == aws::CallError::Kind::Cancelled;
    if (is_stopped && !is_stopped_.exchange(true))
      log_.error("publishing was stopped: not everything has come to Security Hub");
    return answer;
  }

  // What Security Hub has of ours. Without knowing that, nothing is changed there: when a finding
  // was first seen, and what people did about it, would be lost.
  void fetch(Place& place) {
    if (!place.scope->refused.empty()) return give_up(place, place.scope->refused);
    std::string token;
    std::set<std::string, std::less<>> tokens;
    for (size_t page = 0; page < kMaxPages; ++page) {
      const aws::Answer answer = ask(place, "GetFindings", get_product_input(place.product, token));
      if (!answer) {
        // Where Security Hub is off there is nothing of ours, and perhaps nothing to bring there.
        const bool is_off = answer.error().kind == aws::CallError::Kind::NotAvailable;
        if (is_off && place.findings == 0) {
          place.is_readable = false;
          log_.info(fmt::format("{}: Security Hub is not enabled, or may not be asked: {}",
                                name_of(place), failure_text(answer.error())));
          return;
        }
        return give_up(place, is_off ? fmt::format("Security Hub is not enabled there ({}): enable "
                                                   "it, or leave the Region out",
                                                   failure_text(answer.error()))
                                     : failure_text(answer.error()));
      }
      const json::Value findings = answer->root["Findings"];
      if (!findings.is_array())
        return give_up(place, "securityhub:GetFindings gives no list of findings");
      for (const json::Value finding : findings.elements())
        place.stored.insert_or_assign(std::string(finding["Id"].string_or("")),
                                      read_stored(finding));
      token = answer->root["NextToken"].string_or("");
      if (token.empty()) return;
      if (!tokens.insert(token).second) break;
    }
    give_up(place, "securityhub:GetFindings does not come to an end");
  }

  void give_up(Place& place, std::string_view why) {
    place.is_readable = false;
    place.counts.failed += place.findings;
    is_complete_ = false;
    complain(place, fmt::format("{}: nothing is published: {}", name_of(place), why));
  }

  void plan(const Finding& finding) {
    Place* const place = place_of(finding);
    if (place == nullptr) {
      if (homeless_++ < kMaxNamed)
        log_.error(
            fmt::format("{} has no account and Region, and cannot be in Security Hub", finding.id));
      return;
    }
    if (!place->is_readable) return;
    const std::string id = asff_id(finding);
    const auto [entry, is_new] = place->stored.try_emplace(id);
    // (A report has a finding once.)
    if (std::exchange(entry->second.is_seen, true)) return;
    const StoredFinding* const stored = is_new ? nullptr : &entry->second;
    const ControlInfo* const control = find_control(report_.controls, finding.control);
    const std::string digest = digest_of(finding, control);
    const Change change = change_of(stored, {digest, finding.captured_at, options_.run});
    count(*place, change);
    if (change == Change::Newer) return;
    if (stored != nullptr) {
      if (std::optional<WorkflowChange> wanted = workflow_change(*stored, finding))
        place->workflow[std::move(*wanted)].push_back(id);
    }
    if (change != Change::Same) import(*place, finding, control, {stored, digest});
  }

  // Of all that would be imported but times, versions and what the run as a whole was like.
  static std::string digest_of(const Finding& finding, const ControlInfo* control) {
    Finding timeless = finding;
    timeless.captured_at.clear();
    std::string text;
    append_asff(text, timeless, control, {});
    return aws::sha256_hex(text).substr(0, kDigestDigits);
  }

  void count(Place& place, Change change) {
    switch (change) {
      case Change::New:
        return add(place, &HubCounts::created);
      case Change::Changed:
        return add(place, &HubCounts::changed);
      case Change::Refreshed:
        return add(place, &HubCounts::refreshed);
      case Change::Same:
        return add(place, &HubCounts::same);
      case Change::Newer:
        return add(place, &HubCounts::newer);
    }
  }

  struct Before {
    const StoredFinding* stored;
    std::string_view digest;
  };
  void import(Place& place, const Finding& finding, const ControlInfo* control, Before before) {
    AsffRecord record;
    record.updated_at = update_time(before.stored, options_.run.finished);
    record.created_at = before.stored == nullptr ? record.updated_at : before.stored->created_at;
    record.is_new = before.stored == nullptr;
    record.product_fields = {{"sagewarden/ProviderVersion", options_.version},
                             {std::string(kDigestField), std::string(before.digest)}};
    std::string text;
    append_asff(text, finding, control, record);
    if (text.size() > kMaxFindingBytes) {
      record.brief = true;
      text.clear();
      append_asff(text, finding, control, record);
    }
    add_to_batch(place, asff_id(finding), text);
  }

  void add_to_batch(Place& place, std::string_view id, std::string_view text) {
    if (!place.batch.has_room_for(text.size())) flush(place);
    place.batch.add(id, text);
  }

  void flush(Place& place) {
    if (place.batch.is_empty()) return;
    auto [input, ids] = place.batch.take();
    if (options_.send == Send::DryRun) return;
    pool_.run([this, &place, input = std::move(input), ids = std::move(ids)]() mutable {
      send(place, std::move(input), ids);
    });
  }

  void send(Place& place, std::string input, const std::vector<std::string>& ids) {
    const aws::Answer answer = ask(place, "BatchImportFindings", std::move(input));
    if (!answer) {
      add(place, &HubCounts::failed, ids.size());
      not_taken(place, ids);
      complain(place, fmt::format("{}: {}, {} among them, not imported: {}", name_of(place),
                                  count_of(ids.size(), "finding"), printable(ids.front()),
                                  failure_text(answer.error())));
      return;
    }
    const json::Value named = answer->root["FailedFindings"];
    const size_t number = not_imported(answer->root, ids.size());
    add(place, &HubCounts::failed, number);
    for (const json::Value failed : named.elements()) {
      not_taken(place, {{std::string(failed["Id"].string_or(""))}});
      complain(place, fmt::format("{}: Security Hub did not take {}: {}: {}", name_of(place),
                                  printable(failed["Id"].string_or("a finding")),
                                  printable(failed["ErrorCode"].string_or("no code")),
                                  printable(failed["ErrorMessage"].string_or("no message"))));
    }
    if (number > named.size()) {
      not_taken(place, ids);
      complain(place,
               fmt::format("{}: of {} sent, {} among them, Security Hub does not say that it "
                           "took {}",
                           name_of(place), count_of(ids.size(), "finding"), printable(ids.front()),
                           number - named.size()));
    }
  }

  void not_taken(Place& place, const std::vector<std::string>& ids) {
    const std::scoped_lock lock(mutex_);
    place.not_taken.insert(ids.begin(), ids.end());
  }

  // After everything that the report has: what it has not, and what people are told.
  void finish(Place& place) {
    if (!place.is_readable) return;
    update_workflow(place);
    std::vector<std::string> gone;
    size_t ahead = 0;
    for (const auto& [id, stored] : place.stored) {
      if (stored.is_seen || stored.archived) continue;
      if (!sight_.proves_gone(stored, place.scope->account, place.scope->region)) continue;
      if (is_before_run(stored, options_.run))
        gone.push_back(id);
      else if (is_ahead(stored, options_.run))
        ++ahead;
      else
        add(place, &HubCounts::newer);
    }
    if (ahead > 0)
      log_.warning(fmt::format(
          "{}: {} there dated in the future, perhaps by a clock that was wrong, and not archived",
          name_of(place), count_of(ahead, "finding is", "findings are")));
    std::ranges::sort(gone);  // so that a dry run and the next one say the same
    for (size_t from = 0; from < gone.size(); from += kMaxFilterValues) {
      const size_t to = std::min(gone.size(), from + kMaxFilterValues);
      archive(place, {gone.begin() + static_cast<ptrdiff_t>(from),
                      gone.begin() + static_cast<ptrdiff_t>(to)});
    }
  }

  void archive(Place& place, const std::vector<std::string>& ids) {
    add(place, &HubCounts::archived, ids.size());
    if (options_.send == Send::DryRun) return;
    std::set<std::string, std::less<>> left(ids.begin(), ids.end());
    std::string why = "Security Hub does not give it any more";
    std::string token;
    std::set<std::string, std::less<>> tokens;
    ImportBatch batch;
    while (!left.empty()) {
      const aws::Answer answer =
          ask(place, "GetFindings", get_ids_input(place.product, ids, token));
      if (!answer) {
        why = failure_text(answer.error());
        break;
      }
      for (const json::Value finding : answer->root["Findings"].elements()) {
        if (left.erase(std::string(finding["Id"].string_or(""))) > 0)
          add_archived(place, finding, batch);
      }
      token = answer->root["NextToken"].string_or("");
      if (token.empty() || !tokens.insert(token).second) break;
    }
    for (const std::string& id : left) not_archived(place, id, why);
    if (batch.is_empty()) return;
    auto [input, sent] = batch.take();
    send(place, std::move(input), sent);
  }

  void add_archived(Place& place, json::Value finding, ImportBatch& batch) {
    const std::string id(finding["Id"].string_or(""));
    const StoredFinding stored = read_stored(finding);
    // Somebody has brought it since it was read first.
    if (!is_before_run(stored, options_.run)) {
      const std::scoped_lock lock(mutex_);
      --place.counts.archived;
      ++place.counts.newer;
      return;
    }
    const Result<std::string> text =
        archived_finding(finding, update_time(&stored, options_.run.finished));
    if (!text) return not_archived(place, id, text.error().message);
    if (!batch.has_room_for(text->size())) return not_archived(place, id, "it is too large");
    batch.add(id, *text);
  }

  void not_archived(Place& place, const std::string& id, std::string_view why) {
    add(place, &HubCounts::failed);
    complain(place, fmt::format("{}: {} not archived: {}", name_of(place), printable(id), why));
  }

  void update_workflow(Place& place) {
    for (auto& [change, ids] : place.workflow) {
      // The status of what is there is not that of what could not be brought.
      std::erase_if(ids, [&](const std::string& id) { return place.not_taken.contains(id); });
      add(place, &HubCounts::workflow, ids.size());
      if (options_.send == Send::DryRun) continue;
      for (size_t from = 0; from < ids.size(); from += kMaxBatch) {
        const size_t to = std::min(ids.size(), from + kMaxBatch);
        update_some(
            place, change,
            {ids.begin() + static_cast<ptrdiff_t>(from), ids.begin() + static_cast<ptrdiff_t>(to)});
      }
    }
  }

  void update_some(Place& place, const WorkflowChange& change,
                   const std::vector<std::string>& ids) {
    const aws::Answer answer = ask(place, "BatchUpdateFindings",
                                   update_input(place.product, ids, change.status, change.note));
    if (!answer) {
      add(place, &HubCounts::failed, ids.size());
      return complain(place,
                      fmt::format("{}: the workflow status of {} stays: {}", name_of(place),
                                  count_of(ids.size(), "finding"), failure_text(answer.error())));
    }
    const json::Value named = answer->root["UnprocessedFindings"];
    const size_t number = not_updated(answer->root, ids.size());
    add(place, &HubCounts::failed, number);
    for (const json::Value failed : named.elements()) {
      complain(place,
               fmt::format("{}: the workflow status of {} stays: {}: {}", name_of(place),
                           printable(failed["FindingIdentifier"]["Id"].string_or("a finding")),
                           printable(failed["ErrorCode"].string_or("no code")),
                           printable(failed["ErrorMessage"].string_or("no message"))));
    }
    if (number > named.size())
      complain(place, fmt::format("{}: of {} whose workflow status was to change, {} among them, "
                                  "Security Hub does not say that it changed {}",
                                  name_of(place), count_of(ids.size(), "finding"),
                                  printable(ids.front()), number - named.size()));
  }

  HubOutcome outcome() {
    HubOutcome out;
    out.homeless = homeless_;
    out.is_complete = is_complete_ && homeless_ == 0;
    if (homeless_ > kMaxNamed)
      log_.error(fmt::format("{} more have no account and Region", homeless_ - kMaxNamed));
    for (auto& [name, place] : places_) {
      if (place.named > kMaxNamed)
        log_.error(fmt::format("{}: {} more messages of this kind", name_of(place),
                               place.named - kMaxNamed));
      if (place.counts.failed > 0) out.is_complete = false;
      const bool is_idle =
          place.findings == 0 && place.counts.archived == 0 && place.counts.newer == 0;
      if (is_idle && place.named == 0) continue;
      out.rows.push_back({place.scope->account, place.scope->region, place.counts});
    }
    return out;
  }

  const ReportInput& report_;
  const HubOptions& options_;
  const CallAws& call_;
  Log& log_;
  const Sight sight_;
  std::map<std::pair<std::string, std::string>, Place> places_;  // by account and Region
  size_t homeless_ = 0;
  std::mutex mutex_;
  std::atomic<bool> is_complete_ = true;
  std::atomic<bool> is_stopped_ = false;
  Pool pool_;  // last: its tasks use the others
};

}  // namespace

Result<std::vector<HubScope>> places_of(const ReportInput& report, const EachFinding& each) {
  std::map<std::pair<std::string, std::string>, std::string> partitions;
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    if (can_be_imported(finding))
      partitions.try_emplace({finding.account, finding.region}, finding.partition);
    return {};
  }));
  for (const CoverageRow& row : report.coverage.rows) {
    if (!row.region.empty()) partitions.try_emplace({row.account, row.region}, "");
  }
  std::vector<HubScope> scopes;
  for (const auto& [place, partition] : partitions) {
    HubScope& scope = scopes.emplace_back();
    scope.account = place.first;
    scope.region = place.second;
    scope.partition = partition.empty() ? partition_of_region(place.second) : partition;
  }
  return scopes;
}

Result<HubOutcome> publish_to_hub(const ReportInput& report, const EachFinding& each,
                                  const HubOptions& options, const CallAws& call, Log& log) {
  return HubRun(report, options, call, log).run(each);
}

}  // namespace sagewarden::publish
