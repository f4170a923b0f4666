// `sagewarden apply`, `resume`, `undo` and `status`.
#include "app/apply.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

#include "base/terminal.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/options.h"
#include "cli/repair.h"
#include "cli/verbs.h"
#include "cli/watch.h"

namespace sagewarden {
namespace {

using remediate::Outcome;

constexpr size_t kMostResources = 100'000;
constexpr size_t kMostHours = 24UL * 365;
constexpr size_t kMostParallel = 256;
constexpr size_t kMostPoll = 3'600;  // seconds
constexpr int64_t kHour = 3'600;

// One write a line, so that lines of several actions never mix.
void say_line(const std::string& line) {
  const std::string text = printable(line) + "\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

Result<ApplyRequest> apply_request(const Arguments& arguments, Console& console) {
  if (arguments.has("quiet") && arguments.has("verbose"))
    return fail(Error::Code::Invalid, "--quiet and --verbose exclude each other");
  ApplyRequest request;
  TRY_LET(request.aws, access_options(arguments));
  request.state_folder = arguments.value("state-dir");
  request.options.cleanup = arguments.has("cleanup");
  request.options.stop_on_error = arguments.has("stop-on-error");
  request.options.claims = !arguments.has("no-tag-lock");
  request.options.breaks_claims = arguments.has("break-lock");
  if (request.options.breaks_claims && !request.options.claims)
    return fail(Error::Code::Invalid, "--no-tag-lock and --break-lock exclude each other");
  TRY_LET(request.options.concurrency,
          number(arguments, "parallel", kMostParallel, request.options.concurrency));
  if (arguments.has("poll")) {
    TRY_LET(const size_t seconds, number(arguments, "poll", kMostPoll, 1));
    request.poll = std::chrono::seconds(seconds);
  }
  request.allow_delete = arguments.has("allow-delete");
  if (request.allow_delete && !request.options.cleanup)
    return fail(Error::Code::Invalid, "--allow-delete is for --cleanup");
  request.clock = seconds_now;
  request.threads = std::max<size_t>(1, std::thread::hardware_concurrency());
  if (!arguments.has("quiet")) request.say = say_line;
  if (arguments.has("yes")) return request;
  if (!request.aws.prompt)
    return fail(Error::Code::Invalid,
                "there is no terminal to ask at: say --yes if you have read the plan");
  request.confirm = [&, prompt = request.aws.prompt](const remediate::Plan& plan) -> Result<bool> {
    TRY_DO(console.out.write(remediate::plan_text(plan, render_style(arguments, console)) + "\n"));
    TRY_DO(console.out.commit());
    TRY_LET(const std::string answer, prompt("Carry this out? Type yes: "));
    return answer == "yes";
  };
  return request;
}

std::string place_of(const remediate::Repaired& repaired) {
  return printable(repaired.arn);
}

std::string after_text(const AfterRepair& row, bool is_undo) {
  if (is_undo) return row.after.empty() ? "not judged" : row.after;
  if (row.outcome != Outcome::Done) return fmt::format("FAILED (action {})", name_of(row.outcome));
  if (row.after.empty()) return "not judged";
  if (!row.old_is_there) return row.after;
  return row.after + ", at its replacement; the old one is there until --cleanup";
}

std::string outcomes_text(const Applied& applied) {
  std::string out;
  for (const auto& [id, state] : applied.execution.actions) {
    if (!state.outcome || *state.outcome == Outcome::Done) continue;
    out += fmt::format("Action {} {}: {}\n", id, name_of(*state.outcome), printable(state.why));
  }
  return out;
}

// What an undo cannot take back.
std::string what_stays(const remediate::Plan& plan) {
  std::string out;
  for (const remediate::Action& action : plan.actions)
    for (const auto& text : action.way == remediate::Way::ByHand ? action.advice : action.risks)
      out += fmt::format("  {}\n", printable(text));
  return out;
}

std::string applied_text(const Applied& applied) {
  const bool is_undo = !applied.execution.undoes.empty();
  std::string out = outcomes_text(applied);
  size_t widest = 0;
  for (const AfterRepair& row : applied.findings)
    widest = std::max(widest, row.repaired.control.size());
  if (!applied.findings.empty()) out += "\n";
  for (const AfterRepair& row : applied.findings)
    out += fmt::format("{:<{}}  {} {}  {}\n", row.repaired.control, widest,
                       is_undo ? "now" : "FAILED ->", after_text(row, is_undo),
                       place_of(row.repaired));
  const std::string& id = applied.execution.id;
  out += fmt::format("\nExecution {}", id);
  if (!has_changed(applied.execution)) return out + ": nothing was changed.\n";
  if (applied.not_done > 0)
    out += fmt::format(": {} not done. To go on: sagewarden resume {}. ",
                       count_of(applied.not_done, "action was", "actions were"), id);
  else
    out += ": done. ";
  if (!is_undo) out += fmt::format("To take it back: sagewarden undo {}\n", id);
  if (!is_undo && applied.not_done == 0 &&
      std::ranges::any_of(applied.findings, &AfterRepair::old_is_there))
    out += fmt::format(
        "To delete what was replaced, once you are content: sagewarden resume --cleanup "
        "--allow-delete {}\n",
        id);
  if (is_undo)
    out += fmt::format("It took {} back as far as AWS allows.\n{}", applied.execution.undoes,
                       what_stays(applied.execution.plan));
  return out;
}

// Where nothing else is said.
void say_what_is_wrong(const Applied& applied, Log& log) {
  for (const auto& [id, state] : applied.execution.actions)
    if (state.outcome && *state.outcome != Outcome::Done)
      log.error(fmt::format("action {} {}: {}", id, name_of(*state.outcome), state.why));
  const bool is_undo = !applied.execution.undoes.empty();
  for (const AfterRepair& row : applied.findings) {
    const bool is_well = row.after == name_of(Compliance::Passed) ||
                         (is_undo && row.after == name_of(Compliance::Failed));
    if (row.outcome == Outcome::Done && !is_well)
      log.error(fmt::format("{} of {}: {}", row.repaired.control, row.repaired.arn,
                            after_text(row, is_undo)));
  }
}

int exit_status(const Applied& applied, int signal) {
  if (applied.declined) return kExitError;
  if (signal != 0) return 128 + signal;
  if (applied.not_done > 0) return kExitError;
  if (applied.still_failing > 0) return kExitFailed;
  return applied.not_judged > 0 ? kExitIncomplete : kExitPassed;
}

Result<int> finish(const Result<Applied>& applied, const Arguments& arguments, const Watch& watch,
                   Console& console) {
  if (!applied) return tl::make_unexpected(applied.error());
  if (applied->declined) {
    console.log.error("nothing was done");
    return kExitError;
  }
  if (!arguments.has("quiet")) TRY_DO(console.out.write(applied_text(*applied)));
  if (arguments.has("quiet")) say_what_is_wrong(*applied, console.log);
  return exit_status(*applied, watch.signal());
}

std::string_view first_of(const Arguments& arguments) {
  const std::vector<std::string>& given = arguments.positionals();
  return given.empty() ? std::string_view() : std::string_view(given.front());
}

// One execution in a line, then what became of its actions.
std::string status_text(const remediate::Execution& execution) {
  std::array<size_t, 4> counts = {};
  size_t open = 0;
  for (const remediate::Action& action : execution.plan.actions) {
    if (action.way == remediate::Way::ByHand) continue;
    const auto state = execution.actions.find(action.id);
    if (state == execution.actions.end() || !state->second.outcome)
      ++open;
    else
      ++counts.at(static_cast<size_t>(*state->second.outcome));
  }
  std::string out = fmt::format("{}  {}  {} done", execution.id, execution.started, counts[0]);
  constexpr std::array<std::string_view, 4> kWords = {"done", "refused", "failed", "stopped"};
  for (size_t i = 1; i < counts.size(); ++i)
    if (counts.at(i) > 0) out += fmt::format(", {} {}", counts.at(i), kWords.at(i));
  if (open > 0) out += fmt::format(", {} not done", open);
  if (!execution.undoes.empty()) out += ", takes back " + execution.undoes;
  if (execution.finished.empty()) out += "  (interrupted or under way)";
  return out + "\n";
}

std::string actions_text(const remediate::Execution& execution) {
  std::string out;
  for (const remediate::Action& action : execution.plan.actions) {
    if (action.way == remediate::Way::ByHand) continue;
    const auto state = execution.actions.find(action.id);
    const bool is_open = state == execution.actions.end() || !state->second.outcome;
    out += fmt::format("  {:<4} {}: {}\n", action.id,
                       printable(remediate::target_text(action.resources.front())),
                       is_open ? "not done" : name_of(*state->second.outcome));
    if (!is_open && !state->second.why.empty())
      out += fmt::format("       {}\n", printable(state->second.why));
    for (const remediate::Step& step : action.steps) {
      std::string_view word = remediate::only_waits(step) ? "not over" : "not begun";
      if (state != execution.actions.end()) {
        const auto known = state->second.steps.find(step.id);
        if (known != state->second.steps.end())
          word = known->second.done ? "done" : known->second.asked ? "asked" : word;
      }
      out += fmt::format("       {:<5} {:<9}  {}\n", step.id, word, printable(step.title));
    }
  }
  return out;
}

}  // namespace

Result<int> run_apply(const Arguments& arguments, Console& console) {
  TRY_LET(const remediate::Plan plan, load_plan(arguments.positionals().front()));
  TRY_LET(ApplyRequest request, apply_request(arguments, console));
  const std::vector<std::string> only = arguments.all("only");
  request.options.only = {only.begin(), only.end()};
  TRY_LET(request.max_resources,
          number(arguments, "max-resources", kMostResources, request.max_resources));
  TRY_LET(const size_t hours, number(arguments, "max-age", kMostHours, 24));
  request.max_age = static_cast<int64_t>(hours) * kHour;
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  return finish(apply_plan(plan, request, progress, console.log), arguments, watch, console);
}

Result<int> run_resume(const Arguments& arguments, Console& console) {
  TRY_LET(const ApplyRequest request, apply_request(arguments, console));
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  return finish(resume_execution(std::string(first_of(arguments)), request, progress, console.log),
                arguments, watch, console);
}

Result<int> run_undo(const Arguments& arguments, Console& console) {
  TRY_LET(const ApplyRequest request, apply_request(arguments, console));
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  return finish(undo_execution(std::string(first_of(arguments)), request, progress, console.log),
                arguments, watch, console);
}

Result<int> run_status(const Arguments& arguments, Console& console) {
  TRY_LET(const ExecutionStore store,
          ExecutionStore::open(std::string(arguments.value("state-dir"))));
  if (!arguments.positionals().empty()) {
    TRY_LET(const remediate::Execution execution, store.find(arguments.positionals().front()));
    TRY_DO(console.out.write(status_text(execution) + actions_text(execution)));
    return kExitPassed;
  }
  TRY_LET(const ExecutionStore::Listed listed, store.list());
  if (listed.executions.empty() && listed.broken.empty())
    TRY_DO(console.out.write("Nothing was carried out yet.\n"));
  for (const remediate::Execution& execution : listed.executions)
    TRY_DO(console.out.write(status_text(execution)));
  for (const std::string& broken : listed.broken) console.log.error(broken);
  return listed.broken.empty() ? kExitPassed : kExitError;
}

}  // namespace sagewarden
