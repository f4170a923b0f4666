#include "app/publish.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

#include "app/baseline_file.h"
#include "app/controls.h"
#include "aws/http.h"
#include "base/iso_time.h"
#include "base/text.h"
#include "base/time.h"
#include "report/words.h"

namespace sagewarden {
namespace {

constexpr uint64_t kMaxPublishedBytes = 2'000'000'000;
constexpr std::chrono::milliseconds kStopCheck{100};

// An ndjson report names its controls and no more: our own are known.
Result<void> add_texts(SavedReport& report) {
  std::vector<ControlInfo> controls = report.input().controls;
  const bool has_texts = std::ranges::any_of(
      controls, [](const ControlInfo& control) { return !control.why.empty(); });
  if (has_texts) return {};
  ControlSelection all;
  all.sets = {"all"};
  TRY_LET(const std::vector<Control> builtin, select_controls(all));
  if (controls.empty() && !report.has_run()) {
    report.set_controls(infos_of(builtin));
    return {};
  }
  for (ControlInfo& control : controls) {
    const auto known = std::ranges::find_if(
        builtin, [&](const Control& candidate) { return candidate.info.id == control.id; });
    if (known == builtin.end() || control.set != known->info.set) continue;
    std::vector<Parameter> parameters = std::move(control.parameters);
    control = known->info;
    control.parameters = std::move(parameters);
  }
  report.set_controls(std::move(controls));
  return {};
}

// Clocks differ by less, if they are right.
constexpr int64_t kClockSkew = int64_t{15} * 60;

// When the run was; where the report has lost that, it ended now, and it is not known when it
// began.
publish::RunTimes times_of(const RunInfo& run) {
  const int64_t now = seconds_now();
  const int64_t started = parse_iso_time(run.started) / 1'000;
  const int64_t finished =
      parse_iso_time(run.finished.empty() ? run.started : run.finished) / 1'000;
  return {.started = std::min(started, now),
          .finished = finished == 0 ? now : std::min(finished, now),
          .horizon = now + kClockSkew};
}

// Credentials for each of the places.
Result<void> find_accounts(std::vector<publish::HubScope>& places, AwsSession& session,
                           Progress& progress) {
  std::vector<std::string> accounts;
  for (const publish::HubScope& place : places) {
    if (accounts.empty() || accounts.back() != place.account) accounts.push_back(place.account);
  }
  TRY_LET(const std::vector<live::Scope> scopes, session.scopes_of(accounts, progress));
  for (publish::HubScope& place : places) {
    const auto scope = std::ranges::find(scopes, place.account, &live::Scope::account);
    if (scope != scopes.end() && scope->credentials != nullptr)
      place.credentials = scope->credentials;
    else
      place.refused = fmt::format(
          "Security Hub takes an account's findings from itself only, and the credentials are of "
          "account {}: say with --role-name which role to act as",
          session.own_account());
  }
  return {};
}

struct Column {
  std::string_view name;
  size_t publish::HubCounts::*count;
};
constexpr std::array<Column, 8> kColumns = {{{"new", &publish::HubCounts::created},
                                             {"changed", &publish::HubCounts::changed},
                                             {"refreshed", &publish::HubCounts::refreshed},
                                             {"same", &publish::HubCounts::same},
                                             {"newer there", &publish::HubCounts::newer},
                                             {"archived", &publish::HubCounts::archived},
                                             {"workflow", &publish::HubCounts::workflow},
                                             {"not published", &publish::HubCounts::failed}}};
// Shown only where there are any.
constexpr bool is_rare(size_t column) {
  return column == 2 || column == 4 || column == 6;
}

}  // namespace

Result<LoadedReport> load_report(const std::string& file) {
  TRY_LET(InputStream stream, InputStream::open(file));
  TRY_LET(Text text, read_text(stream, kMaxPublishedBytes));
  const std::string name = file == "-" ? "standard input" : file;
  TRY_LET(SavedReport report, SavedReport::read(name, text.view()));
  TRY_DO(add_texts(report));
  return LoadedReport{std::move(text), std::move(report)};
}

Result<publish::HubOutcome> publish_to_hub(const AwsOptions& options, const Publication& what,
                                           publish::Send send, Progress& progress, Log& log) {
  TRY_LET(std::vector<publish::HubScope> places, publish::places_of(what.report, what.each));
  publish::HubOptions hub;
  hub.send = send;
  hub.run = times_of(what.report.run);
  hub.left_out = what.left_out;
  hub.version = what.report.run.version;
  hub.scopes = places;
  std::unique_ptr<AwsSession> session;
  if (!places.empty()) {
    TRY_LET(session, AwsSession::open(options, log));
    TRY_DO(find_accounts(places, *session, progress));
  }
  const publish::CallAws call = [&](aws::Call made) {
    return session->call(std::move(made), progress);
  };
  TRY_LET(publish::HubOutcome outcome,
          publish::publish_to_hub(what.report, what.each, hub, call, log));
  if (session) session->log_counts(log);
  if (progress.stop) outcome.is_complete = false;
  return outcome;
}

Result<publish::FilesOutcome> publish_to_bucket(const AwsOptions& options, publish::Bucket bucket,
                                                const publish::ReportFiles& files,
                                                Progress& progress, Log& log) {
  TRY_LET(const std::unique_ptr<AwsSession> session, AwsSession::open(options, log));
  bucket.region = session->home_region();
  bucket.credentials = &session->credentials();
  Result<publish::FilesOutcome> outcome = publish::store_files(
      bucket, files, [&](aws::Call made) { return session->call(std::move(made), progress); });
  session->log_counts(log);
  return outcome;
}

Result<publish::Summary> summarize(const Publication& what, const std::string& baseline_file) {
  TRY_LET(const std::optional<Baseline> baseline, read_baseline_file(baseline_file));
  publish::IsKnown is_known;
  if (baseline) {
    is_known = [&](const Finding& finding) { return baseline->is_known(finding); };
  } else if (what.left_out > 0) {
    // It was made with a baseline: what is in it is new.
    is_known = [](const Finding&) { return false; };
  }
  return publish::summary_of(what.report, what.each, is_known);
}

Result<void> publish_to_topic(const AwsOptions& options, const publish::Topic& topic,
                              const publish::Summary& summary, Progress& progress, Log& log) {
  TRY_LET(const std::unique_ptr<AwsSession> session, AwsSession::open(options, log));
  return publish::send_to_topic(topic, summary, &session->credentials(), [&](aws::Call made) {
    return session->call(std::move(made), progress);
  });
}

Result<void> publish_to_webhook(const publish::Webhook& webhook, const publish::Summary& summary,
                                const std::string& ca_bundle, Progress& progress, Log& log) {
  TRY_LET(aws::HttpClient http, aws::HttpClient::create({.ca_bundle = ca_bundle}));
  const char* const secret = std::getenv(std::string(publish::kWebhookSecret).c_str());
  const aws::Secret key(secret == nullptr ? "" : secret);
  // Who sets it wants a signature, and something went wrong with filling it in.
  if (secret != nullptr && key.empty())
    return fail(Error::Code::Invalid,
                fmt::format("{} is set and empty: unset it to send without a signature",
                            publish::kWebhookSecret));
  const std::jthread guard([&](const std::stop_token& over) {
    while (!progress.stop && !over.stop_requested()) std::this_thread::sleep_for(kStopCheck);
    if (progress.stop) http.cancel();
  });
  log.info(key.empty() ? "the request is not signed"
                       : fmt::format("the request is signed with {}", publish::kWebhookSecret));
  const publish::WebhookWorld world = {
      [&](aws::HttpRequest request) { return http.send(std::move(request)); },
      [&](std::chrono::milliseconds pause) {
        log.info(fmt::format("not now; again in {} ms", pause.count()));
        const auto end = std::chrono::steady_clock::now() + pause;
        while (!progress.stop && std::chrono::steady_clock::now() < end)
          std::this_thread::sleep_for(kStopCheck);
      }};
  return publish::send_to_webhook(publish::webhook_request(webhook, summary, key, seconds_now()),
                                  world);
}

std::string hub_text(const publish::HubOutcome& outcome, publish::Send send) {
  std::string out;
  if (send == publish::Send::DryRun)
    out += "Nothing was sent (--dry-run); Security Hub would get:\n";
  publish::HubCounts total;
  for (const publish::HubRow& row : outcome.rows) {
    for (const Column& column : kColumns) total.*column.count += row.counts.*column.count;
  }
  const auto is_shown = [&](size_t i) { return !is_rare(i) || total.*kColumns[i].count > 0; };
  if (!outcome.rows.empty()) {
    out += fmt::format("{:<12}  {:<14}", "ACCOUNT", "REGION");
    for (size_t i = 0; i < kColumns.size(); ++i) {
      if (is_shown(i)) out += fmt::format("  {:>9}", kColumns[i].name);
    }
    out += '\n';
  }
  for (const publish::HubRow& row : outcome.rows) {
    out += fmt::format("{:<12}  {:<14}", row.account, row.region);
    for (size_t i = 0; i < kColumns.size(); ++i) {
      if (!is_shown(i)) continue;
      const size_t width = std::max<size_t>(9, kColumns[i].name.size());
      out += fmt::format("  {:>{}}", number_text(row.counts.*kColumns[i].count), width);
    }
    out += '\n';
  }
  if (outcome.homeless > 0)
    out += fmt::format("{} without account and Region cannot be in Security Hub\n",
                       count_of(outcome.homeless, "finding"));
  if (total.newer > 0)
    out += fmt::format("{} there from a later time than this report's, and left as {}\n",
                       count_of(total.newer, "finding is", "findings are"),
                       total.newer == 1 ? "it is" : "they are");
  if (outcome.rows.empty() && outcome.homeless == 0) out += "There is nothing to publish\n";
  return out;
}

}  // namespace sagewarden
