#include "remediate/execute.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "base/json_writer.h"
#include "base/pool.h"
#include "remediate/claim.h"
#include "remediate/in_use.h"
#include "remediate/path.h"
#include "remediate/settled.h"
#include "remediate/step.h"
#include "remediate/wording.h"

namespace sagewarden::remediate {
namespace {

bool has_asked(const ActionState& state) {
  return std::ranges::any_of(state.steps, [](const auto& step) { return step.second.asked; });
}

// What is read before something is deleted, when AWS does not answer for now.
constexpr int kMostReads = 3;
constexpr std::chrono::seconds kReadAgain{5};

// A call that was cancelled was so because the user stopped.
Ended ended_by(const aws::CallError& error, const PlannedCall& read) {
  if (error.kind == aws::CallError::Kind::Cancelled)
    return {Outcome::Stopped, "stopped; `sagewarden resume` goes on"};
  return {Outcome::Failed, told(error, read, {})};
}

class Executor {
 public:
  Executor(Journal& journal, const ExecuteOptions& options, const ExecuteWorld& world)
      : journal_(journal),
        options_(options),
        outside_(world),
        call_(hiding_claims(world.call)),
        world_{.call = call_,
               .place_of = world.place_of,
               .sleep = world.sleep,
               .stop = world.stop,
               .longest_pause = world.longest_pause,
               .say = world.say} {}

  Result<void> run(Execution& execution);

 private:
  bool is_chosen(const Action& action) const;
  void run_action(const Action& action, ActionState& state);
  Result<void> carry_out_action(const Action& action, ActionState& state);
  Result<Ended> begin(const Action& action, ActionState& state, const Place& place);
  static Ended compare(const Observation& seen, const aws::Answer& answer);
  Ended may_delete(const std::vector<Step>& steps, const ActionState& state,
                   const Place& place) const;
  Ended is_replaced(const Action& action, const Place& place) const;
  Result<Ended> carry_out_all(const std::vector<Step>& steps, const Action& action,
                              ActionState& state, const Place& place);
  Result<Ended> begun_steps(const Action& action, ActionState& state, const Place& place);
  Result<Ended> claimed_steps(const Action& action, ActionState& state, const Place& place);
  Result<Ended> all_steps(const Action& action, ActionState& state, const Place& place);
  bool over() const { return world_.stop || broken_ || (options_.stop_on_error && one_failed_); }
  void say(const Action& action, std::string_view text) const {
    if (world_.say) world_.say(action, text);
  }

  Journal& journal_;
  const ExecuteOptions& options_;
  const ExecuteWorld& outside_;
  const aws::CallAws call_;
  const ExecuteWorld world_;  // in which claims are not seen
  Claimant claimant_ = {};
  std::atomic<bool> one_failed_ = false;
  std::atomic<bool> broken_ = false;  // the journal
  std::mutex mutex_;
  std::optional<Error> error_;  // why; guarded by the mutex
};

bool Executor::is_chosen(const Action& action) const {
  return action.way != Way::ByHand && (options_.only.empty() || options_.only.contains(action.id));
}

Ended Executor::compare(const Observation& seen, const aws::Answer& answer) {
  if (!answer) return ended_by(answer.error(), seen.read);
  const Result<json::Document> planned = json::parse_document(seen.output);
  // Of the values nothing is said: they may be secrets.
  const std::string path =
      planned ? difference(planned->root, answer->root, seen.ignore) : "the whole";
  if (path.empty()) return {};
  return {Outcome::Refused,
          fmt::format("it has changed since the plan was made: {} ({}); make a new plan", path,
                      seen.read.operation)};
}

// Reads again what the plan rests on: is it still so, or as the plan wants it already?
Result<Ended> Executor::begin(const Action& action, ActionState& state, const Place& place) {
  Ended ended;
  std::vector<std::string> before;
  for (const Observation& seen : action.seen) {
    const aws::Answer answer = world_.call(call_at(place, seen.read));
    if (!answer && answer.error().kind != aws::CallError::Kind::NotFound)
      return ended_by(answer.error(), seen.read);
    json::Writer out(before.emplace_back());
    answer ? out.value(answer->root) : out.null();
    if (ended.outcome == Outcome::Done) ended = compare(seen, answer);
  }
  const bool differs = ended.outcome != Outcome::Done;
  if (differs && !is_settled(action.steps, Reader(world_.call, place))) return ended;
  if (!state.begun) {
    TRY_DO(journal_.action_begins(action.id, before));
    state.begun = true;
    state.before = std::move(before);
  }
  if (!differs) return ended;
  say(action, "it is as the plan wants it already");
  for (const Step& step : action.steps) {
    TRY_DO(journal_.step_done(step.id));
    state.steps[step.id].done = true;
  }
  return Ended{};
}

// Nothing is deleted that anything uses, whoever came to use it since the plan was made.
Ended Executor::may_delete(const std::vector<Step>& steps, const ActionState& state,
                           const Place& place) const {
  std::vector<const Step*> left;
  for (const Step& step : steps) {
    const auto known = state.steps.find(step.id);
    if (known == state.steps.end() || !known->second.done) left.push_back(&step);
  }
  auto use = use_of_deleted(left, Reader(world_.call, place));
  for (int tries = 1; !use && tries < kMostReads && is_transient(use.error().kind); ++tries) {
    world_.sleep(kReadAgain);
    use = use_of_deleted(left, Reader(world_.call, place));
  }
  if (!use) return ended_by(use.error(), {});
  if (!use->empty()) return {Outcome::Refused, fmt::format("nothing is deleted: {}", *use)};
  return {};
}

// The old one is deleted only while the new one is there: it may have been taken away since. What
// the clean-up deletes itself may be gone.
Ended Executor::is_replaced(const Action& action, const Place& place) const {
  if (action.cleanup.empty()) return {};
  for (const Step& step : action.steps) {
    const bool goes = std::ranges::any_of(
        action.cleanup, [&](const Step& deletes) { return deletes.check.read == step.check.read; });
    const bool is_for_a_while = std::ranges::any_of(
        action.steps, [&](const Step& other) { return takes_away(step, other); });
    if (step.effect != Effect::Creates || goes || is_for_a_while) continue;
    const aws::Answer now = world_.call(call_at(place, step.check.read));
    if (!now) return ended_by(now.error(), step.check.read);
    if (const std::string lacks = unmet(step.check.reached, now->root); !lacks.empty())
      return {Outcome::Refused,
              fmt::format("nothing is deleted: what replaces it is not there: {}", lacks)};
  }
  return {};
}

Result<Ended> Executor::carry_out_all(const std::vector<Step>& steps, const Action& action,
                                      ActionState& state, const Place& place) {
  for (const Step& step : steps) {
    StepState& known = state.steps[step.id];
    if (known.done) continue;
    Ended ended;
    // Each time, as a deletion can take an hour.
    if (step.effect == Effect::Deletes) ended = may_delete(steps, state, place);
    const StepPlace at = {.world = world_,
                          .journal = journal_,
                          .action = action,
                          .place = place,
                          .broken = broken_,
                          .changed = has_asked(state)};
    if (ended.outcome == Outcome::Done) {
      TRY_LET(ended, carry_out(step, known, at));
    }
    if (ended.outcome == Outcome::Done) continue;
    ended.why = fmt::format("step {} ({}): {}", step.id, step.title, ended.why);
    return ended;
  }
  return Ended{};
}

Result<Ended> Executor::all_steps(const Action& action, ActionState& state, const Place& place) {
  TRY_LET(Ended ended, carry_out_all(action.steps, action, state, place));
  if (ended.outcome != Outcome::Done || !options_.cleanup) return ended;
  ended = is_replaced(action, place);
  if (ended.outcome != Outcome::Done) return ended;
  return carry_out_all(action.cleanup, action, state, place);
}

// Looks whether all is as planned, and carries out what is left to do.
Result<Ended> Executor::begun_steps(const Action& action, ActionState& state, const Place& place) {
  // Also after an interruption, as long as nothing was changed.
  if (!has_asked(state)) {
    TRY_LET(Ended ended, begin(action, state, place));
    if (ended.outcome != Outcome::Done) return ended;
  }
  return all_steps(action, state, place);
}

// Others are kept away from before the look.
Result<Ended> Executor::claimed_steps(const Action& action, ActionState& state,
                                      const Place& place) {
  if (!options_.claims) return begun_steps(action, state, place);
  Ended ended = claim(action, place, claimant_, outside_);
  if (ended.outcome != Outcome::Done) return ended;
  TRY_LET(ended, begun_steps(action, state, place));
  if (const std::string stays = release(action, place, claimant_, outside_); !stays.empty())
    say(action, stays);
  return ended;
}

Result<void> Executor::carry_out_action(const Action& action, ActionState& state) {
  const Target& target = action.resources.front();
  const Place place = world_.place_of(target);
  state.outcome.reset();
  state.why.clear();
  Ended ended;
  if (place.credentials == nullptr) {
    ended = {Outcome::Failed,
             fmt::format("no credentials for account {} in {}", target.account, target.region)};
  } else {
    TRY_LET(ended, claimed_steps(action, state, place));
  }
  // Refused is what changed nothing.
  if (ended.outcome == Outcome::Refused && has_asked(state)) ended.outcome = Outcome::Failed;
  TRY_DO(journal_.action_ends(action.id, ended.outcome, ended.why));
  if (ended.outcome != Outcome::Done)
    say(action, fmt::format("{}: {}", name_of(ended.outcome), ended.why));
  state.outcome = ended.outcome;
  state.why = std::move(ended.why);
  return {};
}

void Executor::run_action(const Action& action, ActionState& state) {
  if (over()) return;
  const Result<void> written = carry_out_action(action, state);
  if (written) {
    if (state.outcome != Outcome::Done) one_failed_ = true;
    return;
  }
  broken_ = true;
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = written.error();
}

Result<void> Executor::run(Execution& execution) {
  claimant_ = {execution.id, execution.undoes, options_.breaks_claims};
  // Made before the threads are: they change their own states, and not the map.
  std::vector<std::pair<const Action*, ActionState*>> work;
  for (const Action& action : execution.plan.actions) {
    if (!is_chosen(action)) continue;
    ActionState& state = execution.actions[action.id];
    if (state.outcome != Outcome::Done) work.emplace_back(&action, &state);
  }
  if (work.empty() && !execution.finished.empty()) return {};
  execution.finished.clear();
  {
    Pool pool(
        std::min(std::max<size_t>(options_.concurrency, 1), std::max<size_t>(work.size(), 1)));
    for (const auto& [action, state] : work)
      pool.run([this, action = action, state = state] { run_action(*action, *state); });
    pool.wait();
  }
  if (error_) return tl::make_unexpected(*error_);
  const bool all_ended = std::ranges::all_of(work, [](const auto& one) {
    return one.second->outcome && *one.second->outcome != Outcome::Stopped;
  });
  if (!all_ended) return {};
  TRY_LET(execution.finished, journal_.finished());
  return {};
}

}  // namespace

Result<void> execute(Execution& execution, Journal& journal, const ExecuteOptions& options,
                     const ExecuteWorld& world) {
  return Executor(journal, options, world).run(execution);
}

}  // namespace sagewarden::remediate
