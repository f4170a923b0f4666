#include "remediate/step.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "remediate/aws_for_tests.h"

namespace sagewarden::remediate {
namespace {

using enum Outcome;

// What AWS answers, letter by letter; the last one again and again.
//   reads  F as it was · M moving · R reached · B broken · E elsewhere · N not found · T throttled
//   ·
//          D denied · I invalid
//   calls  + taken · T throttled · 5 failed · ? malformed · D denied · C credentials · c conflict ·
//          u in use · n not found · v could not find · I invalid · L quota · r invalid at the
//          client's second try
class Script {
 public:
  Script(std::string_view reads, std::string_view calls) : reads_(reads), calls_(calls) {}

  aws::Answer call(const aws::Call& call) {
    const bool reads = call.operation == "DescribeThing";
    std::string_view& left = reads ? reads_ : calls_;
    if (!reads) ++calls_made;
    EXPECT_FALSE(left.empty());
    const char now = left.front();
    if (left.size() > 1) left.remove_prefix(1);
    return reads ? read(now) : change(now);
  }

  int calls_made = 0;

 private:
  static aws::Answer fail(fake::Kind kind, const char* code, const char* message,
                          int attempts = 1) {
    aws::CallError error = fake::error(kind, code, message);
    error.attempts = attempts;
    return tl::make_unexpected(std::move(error));
  }
  static aws::Answer status(std::string_view name) {
    return *json::parse_document(fake::object(
        {{"Status", fake::text_json(name)}, {"FailureReason", fake::text_json("so it is")}}));
  }

  static aws::Answer read(char now) {
    using enum aws::CallError::Kind;
    switch (now) {
      case 'F':
        return status("From");
      case 'M':
        return status("Moving");
      case 'R':
        return status("Reached");
      case 'B':
        return status("Broken");
      case 'E':
        return status("Elsewhere");
      case 'N':
        return fail(NotFound, "ResourceNotFound", "not there");
      case 'T':
        return fail(Throttled, "ThrottlingException", "slowly");
      case 'D':
        return fail(Denied, "AccessDeniedException", "no");
      default:
        return fail(Invalid, "ValidationException", "what?");
    }
  }

  static aws::Answer change(char now) {
    using enum aws::CallError::Kind;
    switch (now) {
      case '+':
        return status("");
      case 'T':
        return fail(Throttled, "ThrottlingException", "slowly");
      case '5':
        return fail(Failed, "", "timeout");
      case '?':
        return fail(Malformed, "", "no JSON");
      case 'D':
        return fail(Denied, "AccessDeniedException", "no");
      case 'C':
        return fail(Credentials, "ExpiredTokenException", "expired");
      case 'c':
        return fail(Invalid, "ConflictException", "another change");
      case 'u':
        return fail(Invalid, "ResourceInUse", "in use");
      case 'n':
        return fail(NotFound, "ResourceNotFound", "not there");
      case 'v':
        return fail(Invalid, "ValidationException", "Could not find config \"c\"");
      case 'L':
        return fail(Invalid, "ResourceLimitExceeded", "the quota is 2");
      case 'r':
        return fail(Invalid, "ValidationException", "already existing", 2);
      default:
        return fail(Invalid, "ValidationException", "the value hunter2-hunter2 is wrong");
    }
  }

  std::string_view reads_;
  std::string_view calls_;
};

Step step_of(Effect effect) {
  Check check;
  check.read = {.operation = "DescribeThing"};
  if (effect == Effect::Deletes)
    check.gone = true;
  else
    check.reached = {equals("Status", "Reached")};
  check.moving = {equals("Status", "Moving")};
  check.broken = {equals("Status", "Broken")};
  check.most = std::chrono::seconds(100);
  Step step = fake::step_of(
      "Change it", effect,
      {.operation = "ChangeThing", .input = R"({"Environment":{"PASSWORD":"hunter2-hunter2"}})"},
      check);
  if (effect == Effect::Deletes) step.call.operation = "DeleteThing";
  if (effect == Effect::Changes) step.from = {equals("Status", "From")};
  step.also_needs = {"iam:PassRole"};
  return step;
}

struct Row {
  Effect effect;
  const char* reads;
  const char* calls;
  Outcome outcome;
  int calls_made;
  int64_t slept;
  const char* why;
  bool asked = false;    // before an interruption
  bool changed = false;  // by an earlier step
  bool waits = false;    // for what an earlier step began; there is no call
};

// clang-format off
constexpr Row kRows[] = {
    // What is seen before the call.
    {Effect::Changes, "R",      "",    Done,    0, 0,   ""},
    {Effect::Changes, "MMR",    "",    Done,    0, 10,  ""},
    {Effect::Changes, "B",      "",    Failed,  0, 0,   R"(Status is "Broken" (AWS: so it is))"},
    {Effect::Changes, "M",      "",    Failed,  0, 100, R"(not reached after 100 seconds: Status is "Moving")"},
    {Effect::Changes, "E",      "",    Refused, 0, 0,   R"(Status is "Elsewhere", not "From")"},
    {Effect::Changes, "N",      "",    Failed,  0, 0,   "not there any more"},
    {Effect::Changes, "D",      "",    Failed,  0, 0,   "allow sagemaker:DescribeThing"},
    {Effect::Changes, "I",      "",    Failed,  0, 0,   "what?"},
    {Effect::Changes, "TTR",    "",    Done,    0, 10,  ""},
    {Effect::Changes, "T",      "",    Failed,  0, 100, "slowly"},
    {Effect::Deletes, "N",      "",    Done,    0, 0,   ""},
    // AWS may show an earlier step's change, or one of before an interruption, late.
    {Effect::Changes, "EEFR",   "+",   Done,    1, 10,  "",                          false, true},
    {Effect::Changes, "E",      "",    Refused, 0, 60,  "somebody else has changed", false, true},
    {Effect::Changes, "FR",     "+",   Done,    1, 5,   "",                          true},
    {Effect::Changes, "MR",     "",    Done,    0, 10,  "",                          true},
    {Effect::Changes, "MFF",    "",    Failed,  0, 15,  "took the change back",      true},
    {Effect::Changes, "FFFR",   "I",   Done,    1, 15,  "",                          true},
    // The call is taken.
    {Effect::Changes, "FR",     "+",   Done,    1, 0,   ""},
    {Effect::Changes, "FMMR",   "+",   Done,    1, 10,  ""},
    {Effect::Changes, "FFFR",   "+",   Done,    1, 10,  ""},
    {Effect::Changes, "FEER",   "+",   Done,    1, 10,  ""},
    {Effect::Changes, "F",      "+",   Failed,  1, 60,  R"(60 seconds later Status is "From", not "Reached")"},
    {Effect::Changes, "FMB",    "+",   Failed,  1, 5,   "Broken"},
    {Effect::Changes, "FMF",    "+",   Failed,  1, 10,  R"(AWS took the change back: Status is "From", not "Reached" (AWS: so it is))"},
    {Effect::Changes, "FMFR",   "+",   Done,    1, 10,  ""},
    {Effect::Changes, "FMFMFR", "+",   Done,    1, 20,  ""},
    {Effect::Changes, "FM",     "+",   Failed,  1, 100, "sagewarden resume"},
    {Effect::Changes, "FMTR",   "+",   Done,    1, 10,  ""},
    {Effect::Changes, "FMD",    "+",   Failed,  1, 5,   "allow sagemaker:DescribeThing"},
    {Effect::Changes, "FN",     "+",   Failed,  1, 0,   "not there any more"},
    {Effect::Creates, "NR",     "+",   Done,    1, 0,   ""},
    {Effect::Creates, "NNNR",   "+",   Done,    1, 10,  ""},
    {Effect::Creates, "N",      "+",   Failed,  1, 60,  "AWS does not know it"},
    {Effect::Creates, "NMN",    "+",   Failed,  1, 5,   "not there any more"},
    {Effect::Deletes, "FMN",    "+",   Done,    1, 5,   ""},
    {Effect::Deletes, "FMFF",   "+",   Failed,  1, 10,  "it is still there"},
    // There is none: what an earlier step began comes, or does not.
    {Effect::Creates, "R",      "",    Done,    0, 0,   "",                          false, true, true},
    {Effect::Creates, "NNMMR",  "",    Done,    0, 20,  "",                          false, true, true},
    {Effect::Creates, "N",      "",    Failed,  0, 60,  "nothing came of it in 60 seconds: AWS does not know it", false, true, true},
    {Effect::Creates, "NMB",    "",    Failed,  0, 10,  R"(Status is "Broken")",     false, true, true},
    {Effect::Creates, "M",      "",    Failed,  0, 100, "sagewarden resume",         false, true, true},
    {Effect::Creates, "D",      "",    Failed,  0, 0,   "allow sagemaker:DescribeThing, iam:PassRole", false, true, true},
    {Effect::Changes, "N",      "",    Failed,  0, 0,   "not there any more",        false, true, true},
    // No clear answer.
    {Effect::Changes, "FR",     "5",   Done,    1, 5,   ""},
    {Effect::Changes, "FMR",    "T",   Done,    1, 10,  ""},
    {Effect::Changes, "FMF",    "?",   Failed,  1, 15,  "took the change back"},
    {Effect::Changes, "FFR",    "5+",  Done,    2, 5,   ""},
    {Effect::Changes, "FFFR",   "5T+", Done,    3, 10,  ""},
    {Effect::Changes, "F",      "5",   Failed,  3, 15,  "no clear answer in 3 tries, and it is not done: sagemaker:: timeout"},
    {Effect::Changes, "FTTFR",  "5+",  Done,    2, 15,  ""},
    {Effect::Creates, "NNR",    "5I",  Done,    2, 5,   ""},
    {Effect::Creates, "NNNR",   "5u",  Done,    3, 15,  ""},
    {Effect::Creates, "NNNNR",  "5I",  Done,    2, 15,  ""},
    {Effect::Creates, "NE",     "r",   Failed,  1, 60,  "already existing"},
    {Effect::Creates, "NNNR",   "r",   Done,    1, 10,  ""},
    {Effect::Creates, "NR",     "5",   Done,    1, 5,   ""},
    // What AWS does not see yet, or is in use for now.
    {Effect::Changes, "FFFR",   "vv+", Done,    3, 10,  ""},
    {Effect::Changes, "FFFR",   "cu+", Done,    3, 10,  ""},
    {Effect::Changes, "F",      "v",   Failed,  7, 30,  "Could not find config"},
    {Effect::Changes, "F",      "c",   Failed,  7, 30,  "another change"},
    {Effect::Changes, "F",      "n",   Failed,  7, 30,  "not there"},
    {Effect::Changes, "FN",     "n",   Failed,  1, 5,   "not there any more"},
    {Effect::Changes, "FMFR",   "c+",  Done,    2, 10,  ""},
    {Effect::Changes, "FE",     "c",   Refused, 1, 5,   "somebody else has changed it"},
    {Effect::Creates, "NR",     "u",   Done,    1, 5,   ""},
    {Effect::Deletes, "FN",     "n",   Done,    1, 5,   ""},
    // Refused.
    {Effect::Changes, "F",      "D",   Failed,  1, 0,   "allow sagemaker:ChangeThing, iam:PassRole"},
    {Effect::Changes, "F",      "C",   Failed,  1, 0,   "log in again"},
    {Effect::Changes, "F",      "I",   Failed,  1, 0,   "the value [hidden] is wrong"},
    {Effect::Changes, "FR",     "I",   Done,    1, 0,   ""},
    {Effect::Changes, "FMFR",   "I+",  Done,    2, 5,   ""},
    {Effect::Changes, "F",      "L",   Failed,  1, 0,   "the quota is 2"},
    {Effect::Creates, "NNR",    "5L",  Done,    2, 5,   ""},
    {Effect::Creates, "NE",     "I",   Failed,  1, 0,   "is wrong"},
};
// clang-format on

TEST(Step, LooksAsksAndWaits) {
  const fake::JournalFile made("step");
  const std::string& file = made.path;
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string(row.reads) + " / " + row.calls);
    Script script(row.reads, row.calls);
    fake::World world([&](const aws::Call& call) { return script.call(call); });
    Action action;
    action.way = Way::InPlace;
    action.resources = {fake::target_of("Thing", "t")};
    action.steps = {step_of(row.effect)};
    if (row.waits) action.steps[0].call = {};
    const Execution execution = fake::execution_of({action});
    std::filesystem::remove(file);
    Result<Journal> journal = Journal::create(file, execution);
    ASSERT_TRUE(journal) << journal.error().message;
    ASSERT_TRUE(journal->action_begins("1", {}));
    const Place place;
    const std::atomic<bool> broken = false;
    const ExecuteWorld at = world.world();
    StepState state{.asked = row.asked};
    const Step& step = execution.plan.actions[0].steps[0];
    const Result<Ended> ended = carry_out(
        step, state, {at, *journal, execution.plan.actions[0], place, broken, row.changed});
    ASSERT_TRUE(ended) << ended.error().message;
    EXPECT_EQ(name_of(ended->outcome), name_of(row.outcome)) << ended->why;
    EXPECT_EQ(script.calls_made, row.calls_made);
    EXPECT_EQ(world.slept, row.slept);
    EXPECT_NE(ended->why.find(row.why), std::string::npos) << ended->why;
    EXPECT_EQ(ended->why.empty(), ended->outcome == Done);
    EXPECT_EQ(ended->why.find("hunter2"), std::string::npos) << ended->why;
    EXPECT_EQ(state.done, ended->outcome == Done);
    EXPECT_EQ(state.asked, row.asked || row.calls_made > 0);
    // The journal says the same.
    const Result<Execution> read = read_journal(file);
    ASSERT_TRUE(read) << read.error().message;
    const auto& steps = read->actions.at("1").steps;
    const StepState written = steps.contains("1.1") ? steps.at("1.1") : StepState{};
    EXPECT_EQ(written.done, state.done);
    EXPECT_EQ(written.asked, row.calls_made > 0);
    EXPECT_EQ(written.error, state.error);
  }
}

TEST(Step, SaysThatItWaitsOnceAMinute) {
  Script script("FMMMMMMMMMMMMMMMMMMR", "+");
  fake::World world([&](const aws::Call& call) { return script.call(call); });
  Action action;
  action.way = Way::InPlace;
  action.resources = {fake::target_of("Thing", "t")};
  action.steps = {step_of(Effect::Changes)};
  action.steps[0].check.every = std::chrono::seconds(10);
  action.steps[0].check.most = std::chrono::seconds(300);
  Execution execution = fake::execution_of({action});
  const fake::JournalFile file("step-wait");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(world.said, (std::vector<std::string>{
                            "1: Change it",
                            R"(1: Change it: waiting for 60 seconds (Status is "Moving"))",
                            R"(1: Change it: waiting for 2 minutes (Status is "Moving"))",
                            "1: Change it: done",
                        }));
}

}  // namespace
}  // namespace sagewarden::remediate
