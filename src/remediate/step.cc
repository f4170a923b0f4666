#include "remediate/step.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "remediate/wording.h"

namespace sagewarden::remediate {
namespace {

using std::chrono::seconds;
using Kind = aws::CallError::Kind;

// AWS shows a change some time after it took it; what it has not shown by then, it did not take.
constexpr seconds kSettles{60};
// What was just made is not found by every call at once: how long to ask again, and how often.
constexpr seconds kAppears{30};
constexpr seconds kAppearsEvery{5};
// Calls that brought no clear answer.
constexpr int kMostUnclear = 3;
constexpr seconds kSayEvery{60};

enum class Sight : uint8_t {
  Reached,
  Moving,
  Broken,
  Elsewhere,   // none of these
  Absent,      // AWS does not know it
  Unclear,     // AWS did not answer for now
  Unreadable,  // it will not
};

struct Look {
  Sight sight = Sight::Unclear;
  std::string text = {};      // what is seen
  std::string not_from = {};  // what of the step's `from` is not met; empty: all is
};

// What an error of the step's call means for the step.
enum class Meaning : uint8_t {
  Unclear,   // it may have been done
  NotYet,    // something that it needs is not visible yet, or in use for now
  Refused,   // it was not done now; an earlier try may have done it
  Hopeless,  // nor would it be done if asked again
};

bool says_not_found(std::string_view message) {
  constexpr std::string_view kTexts[] = {"ould not find", "not found", "NotFound", "does not exist",
                                         "annot find"};
  return std::ranges::any_of(
      kTexts, [&](std::string_view text) { return message.find(text) != std::string_view::npos; });
}

Meaning meaning_of(const aws::CallError& error) {
  switch (error.kind) {
    case Kind::Throttled:
    case Kind::Failed:
    case Kind::Malformed:
    case Kind::Cancelled:
      return Meaning::Unclear;
    case Kind::Denied:
    case Kind::Credentials:
    case Kind::NotAvailable:
      return Meaning::Hopeless;
    case Kind::NotFound:
      return Meaning::NotYet;
    case Kind::Invalid:
      break;
  }
  if (error.code == "ConflictException" || error.code == "ResourceInUse") return Meaning::NotYet;
  if (error.code == "ValidationException" && says_not_found(error.message)) return Meaning::NotYet;
  return Meaning::Refused;  // ResourceLimitExceeded too
}

std::string time_text(seconds time) {
  const auto count = time.count();
  return count >= 120 ? fmt::format("{} minutes", count / 60) : fmt::format("{} seconds", count);
}

class StepRun {
 public:
  StepRun(const Step& step, StepState& state, const StepPlace& at)
      : step_(step),
        state_(state),
        at_(at),
        pause_(std::clamp(step.check.every, seconds(1), at.world.longest_pause)),
        expected_(only_waits(step)),
        unsure_(state.asked) {}

  Result<Ended> run();

 private:
  using Next = std::optional<Ended>;  // nothing: look again

  Look look() const;
  Look judge(json::Value root) const;
  // Whether what a Describe call shows, and is not what is to be made, has the name that was
  // planned for it.
  bool is_taken() const {
    return step_.effect == Effect::Creates && step_.check.read.service == "sagemaker" &&
           step_.check.read.operation.starts_with("Describe");
  }
  Next on_moving(const Look& seen);
  Result<Next> on_elsewhere(const Look& seen);
  Next on_expected(const Look& seen);
  Next on_not_as_planned(const Look& seen);
  Result<Next> ask();
  Next on_error(const aws::CallError& error, const std::string& text);
  Result<Ended> done();

  // Nothing: the time is not over.
  Next wait(seconds pause, std::string_view seen);
  bool stopped() const { return at_.world.stop || at_.broken; }
  void say(std::string_view text) const {
    if (at_.world.say) at_.world.say(at_.action, text);
  }
  static Ended stop() { return {Outcome::Stopped, "stopped; `sagewarden resume` goes on"}; }
  static Ended failed(std::string why) { return {Outcome::Failed, std::move(why)}; }

  const Step& step_;
  StepState& state_;
  const StepPlace& at_;
  const seconds pause_;  // between two looks

  bool expected_;       // the call was made, or none is needed: what it is for should come
  bool unsure_;         // it may have been made
  bool moved_ = false;  // AWS was on the way after that
  bool came_to_rest_ = false;
  int unclear_ = 0;
  std::optional<std::string> refused_ = {};  // why AWS did not take the call
  std::string last_error_ = {};
  seconds waited_{0};     // since the step began, or the call was answered
  seconds settling_{0};   // of that, without AWS being on the way
  seconds appearing_{0};  // for what the call needs
  seconds silent_{0};     // since something was said
};

Look StepRun::judge(json::Value root) const {
  const Check& check = step_.check;
  const std::string reason = reason_of(root, step_.call);
  const std::string lacks =
      check.reached.empty() ? "it is still there" : unmet(check.reached, root);
  const std::string moving = met(check.moving, root);
  const std::string broken = met(check.broken, root);
  if (lacks.empty()) return {Sight::Reached};
  if (!moving.empty()) return {Sight::Moving, moving};
  if (!broken.empty()) return {Sight::Broken, broken + reason};
  std::string not_from = unmet(step_.from, root);
  if (not_from.empty() && is_taken()) not_from = "something else has that name: " + lacks;
  return {Sight::Elsewhere, lacks + reason, std::move(not_from)};
}

Look StepRun::look() const {
  const aws::Answer answer = at_.world.call(call_at(at_.place, step_.check.read));
  if (answer) return judge(answer->root);
  const aws::CallError& error = answer.error();
  std::string text = told(error, step_.check.read,
                          only_waits(step_) ? step_.also_needs : std::vector<std::string>());
  switch (error.kind) {
    case Kind::NotFound:
      if (step_.check.gone) return {Sight::Reached};
      return {Sight::Absent, "AWS does not know it", unmet(step_.from, {})};
    case Kind::Throttled:
    case Kind::Failed:
    case Kind::Malformed:
    case Kind::Cancelled:
      return {Sight::Unclear, std::move(text)};
    case Kind::Denied:
    case Kind::Credentials:
    case Kind::NotAvailable:
    case Kind::Invalid:
      break;
  }
  return {Sight::Unreadable, std::move(text)};
}

StepRun::Next StepRun::wait(seconds pause, std::string_view seen) {
  if (waited_ >= step_.check.most) {
    std::string text = fmt::format("not reached after {}: {}", time_text(step_.check.most), seen);
    if (state_.asked || only_waits(step_))
      text += "; AWS may still be at work: `sagewarden resume` looks again and goes on";
    return failed(std::move(text));
  }
  if (silent_ >= kSayEvery) {
    say(fmt::format("{}: waiting for {} ({})", step_.title, time_text(waited_), seen));
    silent_ = seconds(0);
  }
  at_.world.sleep(pause);
  waited_ += pause;
  silent_ += pause;
  return {};
}

StepRun::Next StepRun::on_moving(const Look& seen) {
  if (expected_ || unsure_) {
    // On the way because of our call.
    expected_ = true;
    moved_ = true;
    came_to_rest_ = false;
  }
  // What was refused may have been so because AWS was on the way for somebody else.
  refused_.reset();
  return wait(pause_, seen.text);
}

// The call was made, and what it is for is not there.
StepRun::Next StepRun::on_expected(const Look& seen) {
  if (moved_ && came_to_rest_)
    return failed(fmt::format("AWS took the change back: {}", seen.text));
  came_to_rest_ = moved_;
  if (!moved_ && settling_ >= kSettles) {
    if (refused_) return failed(*refused_);
    return failed(
        only_waits(step_)
            ? fmt::format("nothing came of it in {}: {}", time_text(settling_), seen.text)
            : fmt::format("AWS took the call, but {} later {}", time_text(settling_), seen.text));
  }
  settling_ += pause_;
  return wait(pause_, seen.text);
}

// The state is not the one that the call is for.
StepRun::Next StepRun::on_not_as_planned(const Look& seen) {
  const std::string why = fmt::format("somebody else has changed it since: {}", seen.not_from);
  const bool may_lag = at_.changed || unsure_;
  if (!may_lag || settling_ >= kSettles) return Ended{Outcome::Refused, why};
  settling_ += pause_;
  return wait(pause_, seen.not_from);
}

Result<StepRun::Next> StepRun::on_elsewhere(const Look& seen) {
  const bool absent = seen.sight == Sight::Absent;
  if (absent && (step_.effect != Effect::Creates || moved_))
    return Next(failed("it is not there any more"));
  if (expected_) return on_expected(seen);
  if (refused_) return Next(failed(*refused_));
  if (unclear_ >= kMostUnclear)
    return Next(failed(
        fmt::format("no clear answer in {} tries, and it is not done: {}", unclear_, last_error_)));
  if (!seen.not_from.empty()) return on_not_as_planned(seen);
  return ask();
}

StepRun::Next StepRun::on_error(const aws::CallError& error, const std::string& text) {
  last_error_ = text;
  // The client's own tries may have done it too.
  if (error.attempts > 1) unsure_ = true;
  switch (meaning_of(error)) {
    case Meaning::Unclear:
      unsure_ = true;
      ++unclear_;
      return wait(pause_, text);
    case Meaning::NotYet:
      if (appearing_ >= kAppears) break;
      appearing_ += std::min(kAppearsEvery, pause_);
      return wait(std::min(kAppearsEvery, pause_), text);
    case Meaning::Hopeless:
      return failed(text);
    case Meaning::Refused:
      break;
  }
  refused_ = text;
  // An earlier try may have done it, and be why this one was refused.
  if (unsure_) expected_ = true;
  return {};
}

Result<StepRun::Next> StepRun::ask() {
  if (stopped()) return Next(stop());
  TRY_DO(at_.journal.asking(step_.id));
  state_.asked = true;
  const aws::Answer answer = at_.world.call(call_at(at_.place, step_.call));
  state_.error = answer ? "" : told(answer.error(), step_.call, step_.also_needs);
  TRY_DO(at_.journal.answered(step_.id, state_.error));
  if (!answer) return on_error(answer.error(), state_.error);
  expected_ = true;
  moved_ = false;
  waited_ = settling_ = seconds(0);
  return Next();
}

Result<Ended> StepRun::done() {
  TRY_DO(at_.journal.step_done(step_.id));
  state_.done = true;
  say(fmt::format("{}: {}", step_.title,
                  state_.asked || only_waits(step_) ? "done" : "it is so already"));
  return Ended{Outcome::Done};
}

Result<Ended> StepRun::run() {
  say(step_.title);
  // It was asked for before an interruption, maybe only just now.
  if (unsure_ && !stopped()) at_.world.sleep(pause_);
  Next next;
  while (!next) {
    if (stopped()) return stop();
    const Look seen = look();
    switch (seen.sight) {
      case Sight::Reached:
        return done();
      case Sight::Broken:
      case Sight::Unreadable:
        next = failed(seen.text);
        break;
      case Sight::Moving:
        next = on_moving(seen);
        break;
      case Sight::Unclear:
        next = wait(pause_, seen.text);
        break;
      case Sight::Elsewhere:
      case Sight::Absent: {
        TRY_LET(next, on_elsewhere(seen));
        break;
      }
    }
  }
  return *next;
}

}  // namespace

Result<Ended> carry_out(const Step& step, StepState& state, const StepPlace& at) {
  assert(step.check.gone || !step.check.reached.empty());
  return StepRun(step, state, at).run();
}

}  // namespace sagewarden::remediate
