#include "remediate/execute.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "remediate/aws_for_tests.h"

namespace sagewarden::remediate {
namespace {

using fake::JournalFile;

std::vector<std::string> outcomes(const Execution& execution) {
  std::vector<std::string> out;
  for (const auto& [id, state] : execution.actions)
    out.push_back(id + ": " + (state.outcome ? std::string(name_of(*state.outcome)) : "none"));
  return out;
}

// The journal says what the execution says.
void expect_same(const Execution& execution, const std::string& file) {
  const Result<Execution> read = read_journal(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->finished, execution.finished);
  for (const auto& [id, state] : execution.actions) {
    const auto found = read->actions.find(id);
    const ActionState written = found == read->actions.end() ? ActionState{} : found->second;
    EXPECT_EQ(written.begun, state.begun) << id;
    EXPECT_EQ(written.before, state.before) << id;
    EXPECT_EQ(written.outcome, state.outcome) << id;
    EXPECT_EQ(written.why, state.why) << id;
    for (const auto& [step, known] : state.steps) {
      const auto seen = written.steps.find(step);
      const StepState as_read = seen == written.steps.end() ? StepState{} : seen->second;
      EXPECT_EQ(as_read.asked, known.asked) << step;
      EXPECT_EQ(as_read.done, known.done) << step;
      EXPECT_EQ(as_read.error, known.error) << step;
    }
  }
}

TEST(Execute, ReachesWhatIsPlanned) {
  fake::Aws aws;
  Execution execution =
      fake::execution_of({fake::notebook_action(aws, "n"), fake::endpoint_action(aws, "e")});
  fake::World world(aws);
  const JournalFile file("plain");
  ASSERT_TRUE(fake::begin(execution, file.path, {.cleanup = true}, world.world()));
  EXPECT_EQ(outcomes(execution), (std::vector<std::string>{"1: done", "2: done"}));
  EXPECT_NE(execution.finished, "");
  expect_same(execution, file.path);
  EXPECT_EQ(aws.get("NotebookInstance/n", "RootAccess"), "Disabled");
  EXPECT_EQ(aws.get("NotebookInstance/n", "NotebookInstanceStatus"), "InService");
  EXPECT_EQ(aws.get("Endpoint/e", "EndpointConfigName"), "e-new");
  EXPECT_EQ(aws.get("Model/e-new", "Image"), "private");
  EXPECT_FALSE(aws.state.things["Model/e-old"].now);
  EXPECT_EQ(fake::sorted(aws.writes),
            (std::vector<std::string>{"CreateEndpointConfig e-new", "CreateModel e-new",
                                      "DeleteEndpointConfig e-old", "DeleteModel e-old",
                                      "StartNotebookInstance n", "StopNotebookInstance n",
                                      "UpdateEndpoint e", "UpdateNotebookInstance n"}));
  // Nothing is left to do.
  ASSERT_TRUE(fake::resume(execution, file.path, {.cleanup = true}, world.world()));
  EXPECT_EQ(aws.writes.size(), 8U);
}

TEST(Execute, KeepsWhatWasReplacedUntilTold) {
  fake::Aws aws;
  Execution execution = fake::execution_of({fake::endpoint_action(aws, "e")});
  fake::World world(aws);
  const JournalFile file("keeps");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: done"});
  EXPECT_EQ(aws.get("Model/e-old", "Image"), "public");
  EXPECT_EQ(aws.get("EndpointConfig/e-old", "ModelName"), "e-old");
}

TEST(Execute, RefusesWhatHasChangedSince) {
  fake::Aws aws;
  Execution execution =
      fake::execution_of({fake::endpoint_action(aws, "e"), fake::notebook_action(aws, "n")});
  (*aws.state.things["Model/e-old"].now)["Environment"] = R"({"PASSWORD":"hunter3"})";
  fake::World world(aws);
  const JournalFile file("changed");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), (std::vector<std::string>{"1: refused", "2: done"}));
  const ActionState& state = execution.actions.at("1");
  EXPECT_EQ(state.why,
            "it has changed since the plan was made: Environment.PASSWORD (DescribeModel); make a "
            "new plan");
  EXPECT_FALSE(state.begun);
  EXPECT_EQ(aws.state.changes.size(), 3U) << "those of the other";
  EXPECT_NE(execution.finished, "");
  expect_same(execution, file.path);
}

TEST(Execute, HasNothingToDoWhereAllIsAsPlanned) {
  fake::Aws aws;
  const Execution planned =
      fake::execution_of({fake::notebook_action(aws, "n"), fake::endpoint_action(aws, "e")});
  fake::World world(aws);
  for (const bool cleanup : {false, true}) {
    Execution first = planned;
    const JournalFile first_file("first");
    ASSERT_TRUE(fake::begin(first, first_file.path, {.cleanup = cleanup}, world.world()));
    const size_t writes = aws.writes.size();
    Execution second = planned;
    const JournalFile file("second");
    ASSERT_TRUE(fake::begin(second, file.path, {.cleanup = cleanup}, world.world()));
    EXPECT_EQ(outcomes(second), (std::vector<std::string>{"1: done", "2: done"}));
    EXPECT_EQ(aws.writes.size(), writes);
    EXPECT_TRUE(undo_plan(second, "2026-03-01T12:00:00Z").actions.empty()) << "it did nothing";
    expect_same(second, file.path);
  }
  // As planned, but for one thing.
  (*aws.state.things["NotebookInstance/n"].now)["RootAccess"] = fake::text_json("Enabled");
  Execution third = planned;
  const JournalFile file("third");
  ASSERT_TRUE(fake::begin(third, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(third), (std::vector<std::string>{"1: done", "2: done"}));
  EXPECT_EQ(aws.get("NotebookInstance/n", "RootAccess"), "Disabled");
}

// Otherwise an undo would take somebody else's away.
TEST(Execute, AsksForNothingWhereANameIsTaken) {
  fake::Aws aws;
  Action action = fake::endpoint_action(aws, "e");
  action.steps.at(0).check.reached.push_back(equals("Image", "private"));
  Execution execution = fake::execution_of({action});
  aws.put("Model", "e-new", {{"ModelName", fake::text_json("e-new")}});
  fake::World world(aws);
  const JournalFile file("taken");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: refused"});
  EXPECT_NE(execution.actions.at("1").why.find("something else has that name"), std::string::npos);
  EXPECT_TRUE(aws.writes.empty());
  EXPECT_TRUE(undo_plan(execution, "2026-03-01T12:00:00Z").actions.empty());
}

TEST(Execute, LooksPastWhatMayDiffer) {
  fake::Aws aws;
  Action action = fake::endpoint_action(aws, "e");
  action.seen[1].ignore = {"Environment"};
  Execution execution = fake::execution_of({action});
  (*aws.state.things["Model/e-old"].now)["Environment"] = "{}";
  fake::World world(aws);
  const JournalFile file("ignores");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: done"});
  EXPECT_NE(execution.actions.at("1").before.at(1).find(R"("Environment":{})"), std::string::npos)
      << "what is kept is what was found";
}

TEST(Execute, ChangesNothingThatItCannotRead) {
  fake::Aws aws;
  Execution execution = fake::execution_of({fake::notebook_action(aws, "n")});
  aws.fault = [](const aws::Call&) {
    return fake::Fault{.error = fake::error(fake::Kind::Denied, "AccessDeniedException", "no")};
  };
  fake::World world(aws);
  const JournalFile file("unread");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: failed"});
  EXPECT_NE(execution.actions.at("1").why.find("allow sagemaker:DescribeNotebookInstance"),
            std::string::npos);
  EXPECT_TRUE(aws.writes.empty());
  // Once it is allowed, it is gone on with.
  aws.fault = {};
  ASSERT_TRUE(fake::resume(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: done"});
  expect_same(execution, file.path);
}

TEST(Execute, DoesNothingWithoutCredentials) {
  fake::Aws aws;
  Execution execution = fake::execution_of({fake::notebook_action(aws, "n")});
  fake::World world(aws);
  ExecuteWorld at = world.world();
  at.place_of = [](const Target&) { return Place{}; };
  const JournalFile file("nobody");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, at));
  EXPECT_EQ(execution.actions.at("1").why, "no credentials for account 111122223333 in eu-west-1");
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: failed"});
}

// Half-way, what was done is named: this is not "refused", which changes nothing.
TEST(Execute, FailsWhenSomebodyElseChangesItMeanwhile) {
  fake::Aws aws;
  Execution execution = fake::execution_of({fake::notebook_action(aws, "n")});
  aws.fault = [&](const aws::Call&) {
    auto& now = *aws.state.things["NotebookInstance/n"].now;
    if (aws.state.changes.size() == 1 && now["NotebookInstanceStatus"] == R"("Stopped")" &&
        execution.actions.at("1").steps.at("1.1").done)
      now["NotebookInstanceStatus"] = R"("InService")";
    return std::optional<fake::Fault>();
  };
  fake::World world(aws);
  const JournalFile file("meanwhile");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: failed"});
  EXPECT_EQ(execution.actions.at("1").why,
            "step 1.2 (Update the notebook instance): somebody else has changed it since: "
            R"(NotebookInstanceStatus is "InService", not "Stopped")");
  EXPECT_EQ(aws.state.changes.size(), 1U);
}

TEST(Execute, LeavesWhatIsByHandAndNotChosen) {
  fake::Aws aws;
  std::vector<Action> actions = {fake::notebook_action(aws, "a"), fake::notebook_action(aws, "b"),
                                 fake::notebook_action(aws, "c")};
  actions[1].way = Way::ByHand;
  actions[1].steps.clear();
  Execution execution = fake::execution_of(actions);
  fake::World world(aws);
  const JournalFile file("by-hand");
  ASSERT_TRUE(fake::begin(execution, file.path, {.only = {"2", "3"}}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"3: done"});
  ASSERT_TRUE(fake::resume(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), (std::vector<std::string>{"1: done", "3: done"}));
}

TEST(Execute, BeginsNothingMoreAfterAFailureWhenToldSo) {
  for (const bool stop_on_error : {true, false}) {
    fake::Aws aws;
    Execution execution =
        fake::execution_of({fake::notebook_action(aws, "a"), fake::notebook_action(aws, "b")});
    aws.fault = [](const aws::Call& call) -> std::optional<fake::Fault> {
      if (call.operation != "StopNotebookInstance" ||
          call.input.find(R"("a")") == std::string::npos)
        return std::nullopt;
      return fake::Fault{.error = fake::error(fake::Kind::Denied, "AccessDeniedException", "no")};
    };
    fake::World world(aws);
    const JournalFile file("on-error");
    const ExecuteOptions options = {.stop_on_error = stop_on_error, .concurrency = 1};
    ASSERT_TRUE(fake::begin(execution, file.path, options, world.world()));
    EXPECT_EQ(outcomes(execution),
              (std::vector<std::string>{"1: failed", stop_on_error ? "2: none" : "2: done"}));
    EXPECT_EQ(execution.finished.empty(), stop_on_error);
    EXPECT_EQ(aws.state.changes.size(), stop_on_error ? 0U : 3U);
    aws.fault = {};
    ASSERT_TRUE(fake::resume(execution, file.path, options, world.world()));
    EXPECT_EQ(outcomes(execution), (std::vector<std::string>{"1: done", "2: done"}));
    EXPECT_EQ(aws.state.changes.size(), 6U);
    expect_same(execution, file.path);
  }
}

// Stopped at each pause in turn, and gone on with.
TEST(Execute, StopsAndGoesOn) {
  for (int at = 1;; ++at) {
    fake::Aws aws;
    Execution execution = fake::execution_of({fake::endpoint_action(aws, "e")});
    fake::World world(aws);
    int pauses = 0;
    size_t writes = 0;
    world.on_sleep = [&] {
      if (++pauses != at) return;
      world.stop = true;
      writes = aws.writes.size();
    };
    const JournalFile file("stops");
    ASSERT_TRUE(fake::begin(execution, file.path, {.cleanup = true}, world.world()));
    if (!world.stop) {
      EXPECT_GT(at, 2) << "there was something to wait for";
      break;
    }
    EXPECT_EQ(aws.writes.size(), writes) << "nothing was asked for after that";
    EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: stopped"});
    EXPECT_NE(execution.actions.at("1").why.find("sagewarden resume"), std::string::npos);
    EXPECT_EQ(execution.finished, "");
    expect_same(execution, file.path);
    world.stop = false;
    ASSERT_TRUE(fake::resume(execution, file.path, {.cleanup = true}, world.world()));
    EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: done"});
    EXPECT_EQ(aws.state.changes.size(), 5U);
  }
}

TEST(Execute, BeginsNothingAfterStop) {
  fake::Aws aws;
  Execution execution = fake::execution_of({fake::notebook_action(aws, "n")});
  fake::World world(aws);
  world.stop = true;
  const JournalFile file("stopped");
  ASSERT_TRUE(fake::begin(execution, file.path, {}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: none"});
  EXPECT_EQ(execution.finished, "");
}

TEST(Execute, WorksOnManyAtOnce) {
  constexpr size_t kMany = 60;
  fake::Aws aws;
  std::vector<Action> actions;
  for (size_t i = 0; i < kMany; ++i)
    actions.push_back(fake::notebook_action(aws, std::to_string(i)));
  Execution execution = fake::execution_of(actions);
  fake::World world(aws);
  const JournalFile file("many");
  ASSERT_TRUE(fake::begin(execution, file.path, {.concurrency = 8}, world.world()));
  for (const auto& [id, state] : execution.actions) EXPECT_EQ(state.outcome, Outcome::Done) << id;
  EXPECT_EQ(execution.actions.size(), kMany);
  EXPECT_EQ(aws.state.changes.size(), 3 * kMany);
  EXPECT_NE(execution.finished, "");
  expect_same(execution, file.path);
}

TEST(Execute, SaysThatAwsTookAChangeBack) {
  fake::Aws aws;
  Execution execution = fake::execution_of({fake::endpoint_action(aws, "e")});
  aws.rolls_back = "e-new";
  fake::World world(aws);
  const JournalFile file("rolls-back");
  ASSERT_TRUE(fake::begin(execution, file.path, {.cleanup = true}, world.world()));
  EXPECT_EQ(execution.actions.at("1").why,
            "step 1.3 (Point the endpoint): AWS took the change back: EndpointConfigName is "
            R"("e-old", not "e-new" (AWS: the health check failed))");
  EXPECT_EQ(aws.get("Endpoint/e", "EndpointConfigName"), "e-old");
  EXPECT_TRUE(aws.state.things["Model/e-old"].now) << "which it needs";
  aws.rolls_back = "";
  ASSERT_TRUE(fake::resume(execution, file.path, {.cleanup = true}, world.world()));
  EXPECT_EQ(outcomes(execution), std::vector<std::string>{"1: done"});
  EXPECT_EQ(aws.get("Endpoint/e", "EndpointConfigName"), "e-new");
}

// After so many changes the journal's disk is full. What was not written down is not asked for.
// A canary that fails: the endpoint is as it was, and going back leaves nothing.
TEST(Execute, TouchesNothingRealWhereTheCanaryFails) {
  fake::Aws aws;
  aws.rolls_back = "e-canary";
  Execution execution = fake::execution_of({fake::canary_action(aws, "e")});
  const auto before = aws.state.settled();
  fake::World world(aws);
  const JournalFile file("canary");
  ASSERT_TRUE(fake::begin(execution, file.path, {.cleanup = true}, world.world()));
  const ActionState& state = execution.actions.at("1");
  EXPECT_EQ(state.outcome, Outcome::Failed);
  EXPECT_NE(state.why.find("the image cannot be pulled"), std::string::npos) << state.why;
  EXPECT_EQ(aws.get("Endpoint/e", "EndpointConfigName"), "e-old");
  EXPECT_EQ(std::ranges::count(aws.writes, "UpdateEndpoint e"), 0);
  Execution undo = fake::execution_of({});
  undo.plan = undo_plan(execution, "now");
  const JournalFile undo_file("canary-undo");
  ASSERT_TRUE(fake::begin(undo, undo_file.path, {}, world.world()));
  EXPECT_EQ(undo.actions.at("1").outcome, Outcome::Done) << undo.actions.at("1").why;
  EXPECT_EQ(aws.state.settled(), before);
}

TEST(Execute, AsksNothingThatItCannotWriteDown) {
  rlimit usual = {};
  getrlimit(RLIMIT_FSIZE, &usual);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  for (const size_t changes : {0U, 1U, 2U, 3U, 4U}) {
    fake::Aws aws;
    Execution execution =
        fake::execution_of({fake::endpoint_action(aws, "e"), fake::endpoint_action(aws, "f")});
    fake::World world(aws);
    const JournalFile file("full-disk");
    const rlimit none{1, usual.rlim_max};
    aws.watch = [&] {
      if (aws.state.changes.size() == changes) setrlimit(RLIMIT_FSIZE, &none);
    };
    const Result<void> done = fake::begin(execution, file.path, {.concurrency = 1}, world.world());
    setrlimit(RLIMIT_FSIZE, &usual);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("cannot write the journal"), std::string::npos);
    EXPECT_EQ(aws.state.changes.size(), changes);
    EXPECT_EQ(aws.writes.size(), changes);
    aws.watch = {};
    ASSERT_TRUE(fake::resume(execution, file.path, {}, world.world()));
    EXPECT_EQ(outcomes(execution), (std::vector<std::string>{"1: done", "2: done"}));
    EXPECT_EQ(aws.state.changes.size(), 6U);
  }
  std::signal(SIGXFSZ, handler);
}

}  // namespace
}  // namespace sagewarden::remediate
