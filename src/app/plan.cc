#include "app/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <tuple>

#include "app/publish.h"
#include "app/scan.h"
#include "app/skopeo.h"
#include "app/version.h"
#include "base/input.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/time.h"
#include "remediate/claim.h"
#include "report/saved_report.h"
#include "source/recognise.h"

namespace sagewarden {
namespace {

using remediate::Action;
using remediate::Broken;

constexpr std::string_view kStandardInput = "-";
constexpr size_t kPeekBytes = 65'536;

// Failed findings by resource: account, Region, type, ARN.
using Key = std::tuple<std::string, std::string, std::string, std::string>;
struct Failures {
  std::map<Key, Broken> broken;
  size_t incomplete = 0;
  size_t homeless = 0;
  bool interrupted = false;
};

// Which findings are to be repaired.
class Wanted {
 public:
  static Result<Wanted> of(const PlanRequest& request) {
    Wanted wanted(request.resources);
    const ControlSelection& chosen = request.controls;
    wanted.chooses_ = !chosen.controls.empty() || !chosen.sets.empty() || chosen.severity ||
                      !chosen.standards.empty();
    if (!wanted.chooses_) return wanted;
    TRY_LET(const std::vector<Control> controls, select_controls(chosen));
    for (const Control& control : controls) wanted.controls_.insert(control.info.id);
    return wanted;
  }

  bool takes(const Finding& finding) {
    bool is_meant = resources_.empty();
    for (const std::string& pattern : resources_) {
      if (!glob_match(pattern, finding.arn) && !glob_match(pattern, finding.name)) continue;
      is_meant = true;
      met_.insert(pattern);
    }
    if (finding.compliance != Compliance::Failed || finding.suppressed) return false;
    return is_meant && (!chooses_ || controls_.contains(finding.control));
  }
  // A pattern that no resource has is a mistake: it must not look as if nothing failed.
  Result<void> check() const {
    for (const std::string& pattern : resources_)
      if (!met_.contains(pattern))
        return fail(Error::Code::NotFound,
                    fmt::format("--resource {}: no resource that was judged has that name or ARN",
                                printable(pattern)));
    return {};
  }

 private:
  explicit Wanted(const std::vector<std::string>& resources) : resources_(resources) {}

  const std::vector<std::string>& resources_;
  bool chooses_ = false;
  std::set<std::string, std::less<>> controls_;
  std::set<std::string, std::less<>> met_;  // patterns
};

void take(const Finding& finding, Failures& failures) {
  if (finding.arn.empty() || finding.account.empty() || finding.region.empty()) {
    ++failures.homeless;
    return;
  }
  Broken& broken = failures.broken[{finding.account, finding.region, finding.type, finding.arn}];
  broken.target = {finding.type,    finding.arn,    finding.name,
                   finding.account, finding.region, finding.partition};
  const bool is_known = std::ranges::any_of(broken.findings, [&](const remediate::Repaired& known) {
    return known.finding == finding.id;
  });
  if (!is_known) broken.findings.push_back({finding.id, finding.control, finding.arn, ""});
}

Result<void> take_report(const SavedReport& report, Wanted& wanted, Failures& failures) {
  return report.each([&](const Finding& finding) -> Result<void> {
    if (wanted.takes(finding)) take(finding, failures);
    return {};
  });
}

// A report of ours, and no bundle or anything else that is scanned, be it a folder or a file that
// cannot be read. What comes by standard input is taken for one.
bool is_report(const std::string& file) {
  if (file == kStandardInput) return true;
  Result<InputStream> input = InputStream::open(file);
  if (!input) return false;
  const Result<std::string_view> start = input->peek(kPeekBytes);
  return start && recognise(*start, Extent::Start).format != InputFormat::Inventory &&
         (start->find("\"sagewarden-report/") != std::string_view::npos ||
          start->find("\"sagewarden-finding/") != std::string_view::npos ||
          start->find("\"sagewarden-run/") != std::string_view::npos);
}

// What looking for failures goes by.
struct Search {
  const PlanRequest& request;
  Wanted& wanted;
  Progress& progress;
  Log& log;
};

Result<void> scan_for_failures(const Search& search, std::vector<std::string> inputs,
                               Failures& failures) {
  const PlanRequest& request = search.request;
  ScanOptions options;
  options.inputs = std::move(inputs);
  if (options.inputs.empty()) options.aws = request.aws;
  options.controls = request.controls;
  options.exceptions_file = request.exceptions_file;
  options.today = iso_date(request.clock());
  options.threads = request.threads;
  options.clock = request.clock;
  TRY_LET(const ScanOutcome outcome, scan_findings(std::move(options), search.progress, search.log,
                                                   [&](const Finding& finding) -> Result<void> {
                                                     if (search.wanted.takes(finding))
                                                       take(finding, failures);
                                                     return {};
                                                   }));
  failures.incomplete += outcome.incomplete;
  failures.interrupted |= outcome.interrupted;
  return {};
}

Result<Failures> find_failures(const PlanRequest& request, Progress& progress, Log& log) {
  TRY_LET(Wanted wanted, Wanted::of(request));
  Failures failures;
  std::vector<std::string> scanned;
  for (const std::string& input : request.inputs) {
    if (!is_report(input)) {
      scanned.push_back(input);
      continue;
    }
    // They would be ignored: a report says itself what was suppressed.
    if (!request.exceptions_file.empty())
      return fail(Error::Code::Invalid,
                  fmt::format("--exceptions: {} is a report, of findings judged already: scan with "
                              "the exceptions, and plan from that report",
                              printable(input)));
    TRY_LET(const LoadedReport loaded, load_report(input));
    const ReportInput& report = loaded.report.input();
    failures.incomplete += report.coverage.gaps.size() + (report.shortened || report.interrupted);
    for (const auto& [control, counts] : report.counts)
      failures.incomplete += counts.warning + counts.not_available;
    TRY_DO(take_report(loaded.report, wanted, failures));
  }
  if (!scanned.empty() || request.inputs.empty())
    TRY_DO(scan_for_failures({request, wanted, progress, log}, std::move(scanned), failures));
  if (!failures.interrupted) TRY_DO(wanted.check());
  return failures;
}

// What can be planned by itself: a resource, or all that serve models in a Region, as those hang on
// each other.
struct Unit {
  const live::Scope* scope = nullptr;
  std::vector<Broken> broken;
};

std::vector<Unit> units_of(const Failures& failures, const std::vector<live::Scope>& scopes) {
  std::vector<Unit> units;
  std::map<std::pair<std::string, std::string>, Unit> serving;
  for (const auto& [key, broken] : failures.broken) {
    const auto scope = std::ranges::find(scopes, broken.target.account, &live::Scope::account);
    if (remediate::family_of(broken.target.type) == remediate::plan_serving) {
      Unit& unit = serving[{broken.target.account, broken.target.region}];
      unit.scope = &*scope;
      unit.broken.push_back(broken);
    } else {
      units.push_back({&*scope, {broken}});
    }
  }
  for (auto& [place, unit] : serving) units.push_back(std::move(unit));
  return units;
}

std::vector<Action> plan_units(const std::vector<Unit>& units, const PlanRequest& request,
                               AwsSession& session, Progress& progress) {
  const aws::CallAws all = with_skopeo(
      [&](aws::Call made) { return session.call(std::move(made), progress); }, progress.stop);
  const aws::CallAws call = remediate::hiding_claims(all);
  std::vector<Action> actions;
  std::mutex mutex;
  Pool pool(std::min(request.aws.concurrency, std::max<size_t>(1, units.size())));
  for (const Unit& unit : units) {
    pool.run([&] {
      const remediate::Target& target = unit.broken.front().target;
      const remediate::Reader reader(
          call, {target.account, target.region, target.partition, unit.scope->credentials});
      std::vector<Action> made = remediate::plan_place(unit.broken, {request.options, reader});
      const std::scoped_lock lock(mutex);
      std::ranges::move(made, std::back_inserter(actions));
    });
  }
  pool.wait();
  return actions;
}

std::vector<std::string> accounts_of(const std::vector<std::string>& all) {
  const std::set<std::string> accounts(all.begin(), all.end());
  return {accounts.begin(), accounts.end()};
}

Result<std::vector<live::Scope>> scopes_for(const std::vector<std::string>& accounts,
                                            AwsSession& session, Progress& progress) {
  TRY_LET(std::vector<live::Scope> scopes, session.scopes_of(accounts, progress));
  for (const std::string& account : accounts) {
    if (std::ranges::find(scopes, account, &live::Scope::account) == scopes.end())
      return fail(Error::Code::Denied,
                  fmt::format("this is about account {}, and the credentials are of account {}: "
                              "say with --role-name which role to act as there",
                              printable(account), session.own_account()));
  }
  return scopes;
}

}  // namespace

Result<std::vector<live::Scope>> plan_scopes(const remediate::Plan& plan, AwsSession& session,
                                             Progress& progress) {
  std::vector<std::string> accounts;
  for (const Action& action : plan.actions)
    if (action.way != remediate::Way::ByHand) accounts.push_back(action.resources.front().account);
  return scopes_for(accounts_of(accounts), session, progress);
}

Result<MadePlan> make_plan(const PlanRequest& request, Progress& progress, Log& log) {
  TRY_LET(Failures failures, find_failures(request, progress, log));
  MadePlan made;
  made.incomplete = failures.incomplete;
  made.homeless = failures.homeless;
  made.plan.version = program_version();
  made.plan.made = iso_time(request.clock());
  made.plan.parameters = request.controls.parameters;
  if (!failures.broken.empty() && !failures.interrupted) {
    std::vector<std::string> accounts;
    for (const auto& [key, broken] : failures.broken) accounts.push_back(broken.target.account);
    TRY_LET(const std::unique_ptr<AwsSession> session, AwsSession::open(request.aws, log));
    TRY_LET(const std::vector<live::Scope> scopes,
            scopes_for(accounts_of(accounts), *session, progress));
    made.plan.identity = session->identity();
    made.plan.actions = plan_units(units_of(failures, scopes), request, *session, progress);
    session->log_counts(log);
  }
  made.interrupted = failures.interrupted || progress.stop;
  remediate::number(made.plan);
  return made;
}

}  // namespace sagewarden
