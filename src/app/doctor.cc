#include "app/doctor.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>

#include "app/needs.h"
#include "base/text.h"
#include "base/time.h"
#include "source/live/gaps.h"
#include "source/live/operations.h"
#include "source/live/probe.h"

namespace sagewarden {
namespace {

using State = Check::State;

// AWS refuses signatures that are more than five minutes off.
constexpr int64_t kClockTolerance = 240;  // seconds
constexpr size_t kRegionsNamed = 4;       // in one line

// Gaps that a scan would report.
class GapList : public Sink {
 public:
  void resource(const Resource&) override {}
  void gap(Gap gap) override { gaps.push_back(std::move(gap)); }
  void passed_over(std::string_view, std::string_view) override {}
  std::vector<Gap> gaps;
};

Check clock_check(const aws::HttpResponse& response, int64_t now) {
  const std::optional<int64_t> theirs = aws::parse_http_date(response.header("Date"));
  if (!theirs) return {State::Unclear, "clock", "AWS's answer says no time"};
  const int64_t ahead = now - *theirs;
  if (std::llabs(ahead) < kClockTolerance)
    return {State::Good, "clock", fmt::format("{} s from AWS's", std::llabs(ahead))};
  return {State::Bad, "clock",
          fmt::format("{} s {} AWS's", std::llabs(ahead), ahead > 0 ? "ahead of" : "behind"),
          "set this machine's clock (NTP); until then every first call is refused and repeated"};
}

// Whether the way to AWS is open, by one request that is not signed.
void check_way(AwsSession& session, std::vector<Check>& checks) {
  const Result<aws::Endpoint> endpoint = session.sts_endpoint();
  if (!endpoint) {
    checks.push_back({State::Bad, "endpoint", endpoint.error().message});
    return;
  }
  aws::HttpRequest request;
  request.origin = endpoint->origin;
  const auto begin = std::chrono::steady_clock::now();
  const aws::HttpResult response = session.http().send(std::move(request));
  if (!response) {
    checks.push_back({State::Bad, "endpoint", printable(response.error().message),
                      response.error().kind == aws::HttpFailure::Kind::Untrusted
                          ? "give the certificates to trust with --ca-bundle"
                          : "see that this address can be reached: names, routes, HTTPS_PROXY"});
    return;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  checks.push_back({State::Good, "endpoint",
                    fmt::format("{} answers in {} ms", endpoint->origin, took.count())});
  checks.push_back(clock_check(*response, seconds_now()));
}

std::string names_of(const std::vector<std::string>& regions) {
  if (regions.size() <= kRegionsNamed) return fmt::format("{}", fmt::join(regions, ", "));
  const std::vector<std::string> first(regions.begin(), regions.begin() + kRegionsNamed);
  return fmt::format("{} and {} more", fmt::join(first, ", "), regions.size() - kRegionsNamed);
}

// What was asked of one account, the same in all of its Regions put together.
class AccountChecks {
 public:
  AccountChecks(const live::Scope& scope, size_t probes)
      : scope_(scope), subject_("account " + scope.account), probes_(probes) {}

  void take(const std::string& region, const std::vector<aws::Answer>& answers) {
    for (const aws::Answer& answer : answers) {
      const live::Permission permission = live::permission_of(answer);
      if (permission == live::Permission::Allowed) continue;
      const aws::CallError& error = answer.error();
      switch (live::reach_of(error, true)) {
        case live::Reach::Run:
        case live::Reach::Account:
          lost_ = live::account_gap(error, scope_, "nothing can be read");
          return;
        case live::Reach::Region:
          closed_.push_back(live::region_gap(error, true));
          return;
        case live::Reach::Call:
          add(region, permission, error);
      }
    }
  }
  bool is_lost() const { return lost_.has_value(); }

  void report(std::vector<Check>& checks) const {
    if (lost_) {
      checks.push_back({State::Bad, subject_, lost_->message});
      return;
    }
    for (const Gap& gap : closed_)
      checks.push_back({State::Bad, subject_, fmt::format("{}: {}", gap.region, gap.message)});
    for (const auto& [key, problem] : problems_) {
      const bool denied = problem.permission == live::Permission::Denied;
      checks.push_back(
          {denied ? State::Bad : State::Unclear, subject_,
           fmt::format("{} {} in {}", key.first, denied ? "is denied" : "has no clear answer",
                       names_of(problem.regions)),
           problem.reason});
    }
    if (closed_.empty() && problems_.empty())
      checks.push_back({State::Good, subject_,
                        fmt::format("{} of a scan are allowed, in {}", count_of(probes_, "call"),
                                    count_of(scope_.regions.size(), "Region"))});
  }

 private:
  struct Problem {
    live::Permission permission;
    std::string reason;
    std::vector<std::string> regions;
  };

  void add(const std::string& region, live::Permission permission, const aws::CallError& error) {
    const std::string operation = error.service + ":" + error.operation;
    Problem& problem = problems_[{operation, error.code}];
    problem.permission = permission;
    if (problem.reason.empty()) problem.reason = live::reason_of(error);
    if (problem.regions.empty() || problem.regions.back() != region)
      problem.regions.push_back(region);
  }

  const live::Scope& scope_;
  const std::string subject_;
  const size_t probes_;
  std::optional<Gap> lost_;
  std::vector<Gap> closed_;  // Regions
  std::map<std::pair<std::string, std::string>, Problem> problems_;
};

void check_account(AwsSession& session, const live::Scope& scope,
                   std::span<const live::TypeNeeds> needs, Progress& progress,
                   std::vector<Check>& checks) {
  if (scope.regions.empty()) return;  // a gap says why
  AccountChecks account(scope, live::probes_of(needs, scope, scope.regions.front()).size());
  for (const std::string& region : scope.regions) {
    if (progress.stop || account.is_lost()) break;
    account.take(region, session.ask(live::probes_of(needs, scope, region), progress));
  }
  if (!progress.stop) account.report(checks);
}

}  // namespace

Result<std::vector<Check>> diagnose(const DoctorOptions& options, Progress& progress, Log& log) {
  TRY_LET(const std::vector<Control> controls, select_controls(options.controls));
  const std::vector<live::TypeNeeds> needs = needs_of(controls, Exceptions{});
  std::vector<Check> checks;
  const Result<std::unique_ptr<AwsSession>> session = AwsSession::open(options.aws, log);
  if (!session) {
    checks.push_back({State::Bad, "credentials", session.error().message});
    return checks;
  }
  check_way(**session, checks);
  GapList gaps;
  const Result<std::vector<live::Scope>> scopes = (*session)->scopes(gaps, progress);
  const bool is_known = !(*session)->identity().empty();
  if (is_known) checks.push_back({State::Good, "credentials", (*session)->identity()});
  if (!scopes) {
    checks.push_back(
        {State::Bad, is_known ? "accounts and Regions" : "credentials", scopes.error().message});
    return checks;
  }
  std::set<std::string> regions;
  for (const live::Scope& scope : *scopes)
    regions.insert(scope.regions.begin(), scope.regions.end());
  checks.push_back(
      {State::Good, "Regions", fmt::format("{}: {}", regions.size(), fmt::join(regions, ", "))});
  for (const std::string& notice : (*session)->notices())
    checks.push_back({State::Good, "organisation", notice});
  for (const live::TypeNeeds& need : needs) {
    if (live::find_operations(need.type) == nullptr)
      checks.push_back({State::Bad, "controls",
                        fmt::format("{} cannot be read from AWS by this program", need.type),
                        "give such resources as AWS Config or a template has them"});
  }
  for (const Gap& gap : gaps.gaps)
    checks.push_back(
        {State::Bad, gap.account.empty() ? gap.operation : "account " + gap.account, gap.message});
  for (const live::Scope& scope : *scopes) check_account(**session, scope, needs, progress, checks);
  return checks;
}

}  // namespace sagewarden
