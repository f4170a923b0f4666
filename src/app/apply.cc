#include "app/apply.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include "app/plan.h"
#include "app/scan.h"
#include "app/skopeo.h"
#include "base/iso_time.h"
#include "base/text.h"
#include "base/time.h"
#include "remediate/render.h"

namespace sagewarden {
namespace {

using remediate::Action;
using remediate::Execution;
using remediate::Outcome;
using remediate::Plan;
using remediate::Way;

constexpr std::chrono::milliseconds kTick{100};

// What of the plan is carried out.
std::vector<const Action*> chosen_actions(const Plan& plan, const ApplyRequest& request) {
  std::vector<const Action*> chosen;
  for (const Action& action : plan.actions) {
    const std::set<std::string>& only = request.options.only;
    if (action.way != Way::ByHand && (only.empty() || only.contains(action.id)))
      chosen.push_back(&action);
  }
  return chosen;
}

Result<void> check_only(const Plan& plan, const ApplyRequest& request) {
  for (const std::string& id : request.options.only) {
    const auto action = std::ranges::find(plan.actions, id, &Action::id);
    if (action == plan.actions.end())
      return fail(Error::Code::Invalid,
                  fmt::format("--only {}: the plan has no action of that number", printable(id)));
    if (action->way == Way::ByHand)
      return fail(Error::Code::Invalid,
                  fmt::format("--only {}: that one is for a person to do", printable(id)));
  }
  return {};
}

bool deletes(const std::vector<remediate::Step>& steps) {
  return std::ranges::any_of(steps, [](const remediate::Step& step) {
    return step.effect == remediate::Effect::Deletes && !step.own;
  });
}

// How much may be changed, and whether anything may be deleted.
Result<void> check_reach(const std::vector<const Action*>& chosen, const ApplyRequest& request) {
  size_t resources = 0;
  bool has_deletes = false;
  for (const Action* action : chosen) {
    resources += action->resources.size();
    has_deletes |= deletes(action->steps) || (request.options.cleanup && deletes(action->cleanup));
  }
  if (resources > request.max_resources)
    return fail(Error::Code::Denied,
                fmt::format("{} would be changed, and --max-resources is {}: choose with --only, "
                            "or raise it",
                            count_of(resources, "resource"), request.max_resources));
  if (has_deletes && !request.allow_delete)
    return fail(Error::Code::Denied,
                "this would delete resources that were there before: say so with --allow-delete");
  return {};
}

// Whether a step deletes something as the plan's own that no step before has made.
bool deletes_others(const std::vector<remediate::Step>& steps) {
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    const bool is_made_before = std::any_of(
        steps.begin(), step,
        [&](const remediate::Step& before) { return remediate::takes_away(before, *step); });
    if (step->own && !is_made_before) return true;
  }
  return false;
}

// Only an undo deletes what another execution has made.
Result<void> check_own(const Plan& plan) {
  for (const Action& action : plan.actions)
    if (deletes_others(action.steps) || deletes_others(action.cleanup))
      return fail(Error::Code::Invalid,
                  "the plan deletes what it takes for its own: make a new one");
  return {};
}

Result<void> check_age(const Plan& plan, const ApplyRequest& request) {
  const int64_t age = request.clock() - parse_iso_time(plan.made) / 1'000;
  constexpr int64_t kClockSkew = 300;  // seconds
  if (age < -kClockSkew)
    return fail(Error::Code::Denied,
                fmt::format("the plan was made in the future ({}): look at this machine's clock",
                            printable(plan.made)));
  if (age <= request.max_age) return {};
  return fail(Error::Code::Denied,
              fmt::format("the plan was made {} hours ago, and --max-age is {}: make a new one",
                          age / 3'600, request.max_age / 3'600));
}

std::set<std::pair<std::string, std::string>> places_of(const std::vector<const Action*>& actions) {
  std::set<std::pair<std::string, std::string>> places;
  for (const Action* action : actions)
    places.emplace(action->resources.front().account, action->resources.front().region);
  return places;
}

// ---- judging again ----

using Verdicts = std::map<std::pair<std::string, std::string>, std::string>;  // control, ARN

// AWS is scanned again where something was to be changed, by the controls that had failed.
Result<Verdicts> judge_again(const Execution& execution, const std::vector<const Action*>& actions,
                             const ApplyRequest& request, Progress& progress, Log& log) {
  ScanOptions options;
  AwsOptions& aws = options.aws.emplace(request.aws);
  std::set<std::string> controls;
  std::set<std::string> accounts;
  std::set<std::string> regions;
  for (const Action* action : actions) {
    for (const remediate::Repaired& repaired : action->findings) controls.insert(repaired.control);
    accounts.insert(action->resources.front().account);
    regions.insert(action->resources.front().region);
  }
  aws.accounts.assign(accounts.begin(), accounts.end());
  aws.regions.assign(regions.begin(), regions.end());
  options.controls.controls.assign(controls.begin(), controls.end());
  // Those of controls that had nothing to repair would be refused.
  for (const std::string& parameter : execution.plan.parameters)
    if (std::ranges::any_of(controls, [&](const std::string& control) {
          return parameter.starts_with(control + ".");
        }))
      options.controls.parameters.push_back(parameter);
  options.today = iso_date(request.clock());
  options.threads = request.threads;
  options.clock = request.clock;
  Verdicts verdicts;
  TRY_LET(
      const ScanOutcome outcome,
      scan_findings(std::move(options), progress, log, [&](const Finding& finding) -> Result<void> {
        verdicts[{finding.control, finding.arn}] = name_of(finding.compliance);
        return {};
      }));
  if (outcome.interrupted)
    return fail(Error::Code::Interrupted, "stopped before the resources were judged again");
  return verdicts;
}

Outcome outcome_of(const Execution& execution, const Action& action) {
  const auto state = execution.actions.find(action.id);
  if (state == execution.actions.end() || !state->second.outcome) return Outcome::Stopped;
  return *state->second.outcome;
}

void compare(const std::vector<const Action*>& actions, const Verdicts& verdicts,
             Applied& applied) {
  for (const Action* action : actions) {
    for (const remediate::Repaired& repaired : action->findings) {
      AfterRepair row;
      row.repaired = repaired;
      row.action = action->id;
      row.outcome = outcome_of(applied.execution, *action);
      const bool is_done = row.outcome == Outcome::Done;
      // What is taken back is judged where it failed.
      const bool has_moved =
          is_done && !repaired.passes_at.empty() && repaired.passes_at != repaired.arn;
      const auto found =
          verdicts.find({repaired.control, has_moved ? repaired.passes_at : repaired.arn});
      if (found != verdicts.end()) row.after = found->second;
      row.old_is_there = has_moved && verdicts.contains({repaired.control, repaired.arn});
      const bool fails = row.after == name_of(Compliance::Failed);
      const bool is_judged = fails || row.after == name_of(Compliance::Passed);
      if (is_done && !is_judged) ++applied.not_judged;
      if (is_done && fails && applied.execution.undoes.empty()) ++applied.still_failing;
      applied.findings.push_back(std::move(row));
    }
  }
}

// ---- carrying out ----

struct Surroundings {
  const ApplyRequest& request;
  Progress& progress;
  Log& log;
};

// Everything is checked and agreed to: from here on AWS is changed.
Result<void> carry_out(Execution& execution, remediate::Journal& journal, AwsSession& session,
                       const std::vector<live::Scope>& scopes, const Surroundings& around) {
  const aws::CallAws call =
      with_skopeo([&](aws::Call made) { return session.call(std::move(made), around.progress); },
                  around.progress.stop);
  const remediate::ExecuteWorld world = {
      call,
      [&](const remediate::Target& target) -> remediate::Place {
        const auto scope = std::ranges::find(scopes, target.account, &live::Scope::account);
        return {target.account, target.region, target.partition,
                scope == scopes.end() ? nullptr : scope->credentials};
      },
      [&](std::chrono::seconds pause) {
        const auto end = std::chrono::steady_clock::now() + pause;
        while (!around.progress.stop && std::chrono::steady_clock::now() < end)
          std::this_thread::sleep_for(kTick);
      },
      around.progress.stop,
      std::max(around.request.poll, std::chrono::seconds(1)),
      [&](const Action& action, std::string_view text) {
        if (around.request.say) around.request.say(fmt::format("action {}: {}", action.id, text));
      }};
  return remediate::execute(execution, journal, around.request.options, world);
}

struct Begun {
  Execution execution;
  remediate::Journal journal;
};

// The common way of applying, resuming and undoing. `begin` makes or opens the journal, once all is
// agreed to.
template <class Begin>
Result<Applied> run(const Plan& plan, const ExecutionStore& store, const Surroundings& around,
                    Begin begin) {
  const ApplyRequest& request = around.request;
  TRY_DO(check_only(plan, request));
  const std::vector<const Action*> chosen = chosen_actions(plan, request);
  if (chosen.empty()) {
    std::string why;
    for (const Action& action : plan.actions)
      for (const std::string& advice : action.advice) why += "; " + printable(advice);
    return fail(Error::Code::Invalid, "there is nothing in it that this program can do" + why);
  }
  TRY_DO(check_reach(chosen, request));
  TRY_LET(const std::unique_ptr<AwsSession> session, AwsSession::open(request.aws, around.log));
  TRY_LET(const std::vector<live::Scope> scopes, plan_scopes(plan, *session, around.progress));
  TRY_LET(const ExecutionStore::Locks locks, store.lock(places_of(chosen)));
  Applied applied;
  if (request.confirm) {
    TRY_LET(const bool agreed, request.confirm(plan));
    if (!agreed) {
      applied.declined = true;
      return applied;
    }
  }
  TRY_LET(Begun begun, begin(session->identity()));
  applied.execution = std::move(begun.execution);
  applied.journal = store.journal_of(applied.execution.id);
  TRY_DO(carry_out(applied.execution, begun.journal, *session, scopes, around));
  session->log_counts(around.log);
  for (const Action* action : chosen)
    applied.not_done += outcome_of(applied.execution, *action) != Outcome::Done;
  if (around.progress.stop) return applied;
  // The plan that was carried out is the execution's own copy.
  const std::vector<const Action*> done = chosen_actions(applied.execution.plan, request);
  const Result<Verdicts> verdicts =
      judge_again(applied.execution, done, request, around.progress, around.log);
  if (!verdicts) around.log.error(verdicts.error().message);
  compare(done, verdicts ? *verdicts : Verdicts{}, applied);
  return applied;
}

Execution new_execution(const Plan& plan, const ApplyRequest& request,
                        const std::string& identity) {
  Execution execution;
  const int64_t now = request.clock();
  execution.id = execution_id(now, plan);
  execution.started = iso_time(now);
  execution.identity = identity;
  execution.cleanup = request.options.cleanup;
  execution.plan = plan;
  return execution;
}

bool has_begun_cleanup(const Execution& execution) {
  for (const Action& action : execution.plan.actions) {
    const auto state = execution.actions.find(action.id);
    if (state == execution.actions.end()) continue;
    const auto count = [&](bool remediate::StepState::*what) {
      return std::ranges::count_if(action.cleanup, [&](const remediate::Step& step) {
        const auto known = state->second.steps.find(step.id);
        return known != state->second.steps.end() && known->second.*what;
      });
    };
    if (count(&remediate::StepState::asked) > 0 &&
        count(&remediate::StepState::done) < std::ssize(action.cleanup))
      return true;
  }
  return false;
}

// What is over but for its cleanup is not over.
void forget_done(Execution& execution, bool cleanup) {
  for (auto& [action, state] : execution.actions)
    if (cleanup && state.outcome == Outcome::Done) state.outcome.reset();
}

Result<Begun> create(Execution execution, const ExecutionStore& store) {
  TRY_LET(remediate::Journal journal,
          remediate::Journal::create(store.journal_of(execution.id), execution));
  return Begun{std::move(execution), std::move(journal)};
}

}  // namespace

Result<Applied> apply_plan(const Plan& whole, const ApplyRequest& request, Progress& progress,
                           Log& log) {
  TRY_DO(check_age(whole, request));
  TRY_DO(check_only(whole, request));
  TRY_DO(check_own(whole));
  // What was not chosen is not in the execution either: a resume must not come to it.
  Plan plan = whole;
  if (!request.options.only.empty())
    std::erase_if(plan.actions,
                  [&](const Action& action) { return !request.options.only.contains(action.id); });
  TRY_LET(const ExecutionStore store, ExecutionStore::open(request.state_folder));
  return run(plan, store, {request, progress, log}, [&](const std::string& identity) {
    return create(new_execution(plan, request, identity), store);
  });
}

Result<Applied> resume_execution(const std::string& id, const ApplyRequest& request,
                                 Progress& progress, Log& log) {
  TRY_LET(const ExecutionStore store, ExecutionStore::open(request.state_folder));
  TRY_LET(const Execution found, id.empty() ? store.find_interrupted() : store.find(id));
  // What was agreed to when it began.
  ApplyRequest with = request;
  with.max_resources = std::numeric_limits<size_t>::max();
  with.options.cleanup |= found.cleanup;
  with.allow_delete |= found.cleanup;
  const Plan plan = found.plan;
  return run(plan, store, {with, progress, log}, [&](const std::string&) -> Result<Begun> {
    // Read again now that nobody else writes it.
    TRY_LET(remediate::Reopened reopened, remediate::Journal::reopen(store.journal_of(found.id)));
    Execution& now = reopened.execution;
    TRY_LET(const std::string undone_by, store.undone_by(now.id, ExecutionStore::Undone::InPart));
    if (!undone_by.empty())
      return fail(
          Error::Code::Denied,
          fmt::format("{} was taken back by {}, wholly or in part: make a new plan, or go on "
                      "with that",
                      now.id, undone_by));
    if (!with.options.cleanup && has_begun_cleanup(now))
      return fail(
          Error::Code::Denied,
          fmt::format("the clean-up of {} was begun: --cleanup --allow-delete goes on with it",
                      now.id));
    forget_done(now, with.options.cleanup);
    return Begun{std::move(now), std::move(reopened.journal)};
  });
}

Result<Applied> undo_execution(const std::string& id, const ApplyRequest& request,
                               Progress& progress, Log& log) {
  TRY_LET(const ExecutionStore store, ExecutionStore::open(request.state_folder));
  TRY_LET(const Execution found, id.empty() ? store.find_undoable() : store.find(id));
  // Held until all is taken back, so that nobody goes on with it meanwhile; and read again.
  TRY_LET(const remediate::Reopened held, remediate::Journal::reopen(store.journal_of(found.id)));
  const Execution& undone = held.execution;
  TRY_LET(const std::string undone_by, store.undone_by(undone.id, ExecutionStore::Undone::Wholly));
  if (!undone_by.empty())
    return fail(Error::Code::Invalid,
                fmt::format("{} was taken back already, by {}", undone.id, undone_by));
  const Plan plan = remediate::undo_plan(undone, iso_time(request.clock()));
  ApplyRequest with = request;
  with.max_resources = std::numeric_limits<size_t>::max();
  return run(plan, store, {with, progress, log}, [&](const std::string& identity) {
    Execution execution = new_execution(plan, request, identity);
    execution.undoes = undone.id;
    return create(std::move(execution), store);
  });
}

}  // namespace sagewarden
