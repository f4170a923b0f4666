#include <gtest/gtest.h>

#include "remediate/aws_for_tests.h"
#include "remediate/render.h"

namespace sagewarden::remediate {
namespace {

using fake::JournalFile;

std::vector<std::string> calls_of(const Action& action) {
  std::vector<std::string> calls;
  for (const Step& step : action.steps) calls.push_back(step.id + " " + step.call.operation);
  return calls;
}

// All that was done.
Execution done(std::vector<Action> actions) {
  Execution execution = fake::execution_of(std::move(actions));
  for (const Action& action : execution.plan.actions) {
    ActionState& state = execution.actions[action.id];
    state.begun = true;
    for (const Step& step : action.steps) state.steps[step.id] = {.asked = true, .done = true};
  }
  return execution;
}

TEST(Undo, BringsBackWhatWas) {
  for (const bool cleanup : {false, true}) {
    fake::Aws aws;
    Execution execution =
        fake::execution_of({fake::notebook_action(aws, "n"), fake::endpoint_action(aws, "e")});
    const auto before = aws.state.settled();
    fake::World world(aws);
    const JournalFile file("undone");
    ASSERT_TRUE(fake::begin(execution, file.path, {.cleanup = cleanup}, world.world()));
    ASSERT_NE(aws.state.settled(), before);
    // From what is on disk.
    const Result<Execution> read = read_journal(file.path);
    ASSERT_TRUE(read);
    Execution undo = fake::execution_of({});
    undo.undoes = execution.id;
    undo.plan = undo_plan(*read, "2026-11-30T09:00:00Z");
    const Result<Plan> plan = read_plan("undo.json", write_plan(undo.plan));
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(*plan, undo.plan);
    const JournalFile undo_file("undo");
    ASSERT_TRUE(fake::begin(undo, undo_file.path, {}, world.world()));
    for (const auto& [id, state] : undo.actions)
      EXPECT_EQ(state.outcome, Outcome::Done) << state.why;
    EXPECT_EQ(undo.actions.size(), 2U);
    EXPECT_EQ(aws.state.settled(), before);
    EXPECT_EQ(read_journal(undo_file.path)->undoes, "e1");
  }
}

TEST(Undo, IsAPlanInReverse) {
  fake::Aws aws;
  Execution execution = done({fake::endpoint_action(aws, "e"), fake::notebook_action(aws, "n")});
  execution.plan.parameters = {"SageMaker.5.x=1"};
  execution.actions["1"].steps["1.5"] = {.asked = true};  // of the cleanup; not known to be done
  execution.actions["2"].steps["2.3"] = {.asked = false, .done = true};  // somebody else's
  const Plan plan = undo_plan(execution, "2026-11-30T09:00:00Z");
  EXPECT_EQ(plan.made, "2026-11-30T09:00:00Z");
  EXPECT_EQ(plan.identity, execution.identity);
  ASSERT_EQ(plan.actions.size(), 2U);
  EXPECT_EQ(calls_of(plan.actions[0]),
            (std::vector<std::string>{"1.1 CreateModel", "1.2 UpdateEndpoint",
                                      "1.3 DeleteEndpointConfig", "1.4 DeleteModel"}));
  EXPECT_EQ(calls_of(plan.actions[1]),
            (std::vector<std::string>{"2.1 UpdateNotebookInstance", "2.2 StartNotebookInstance"}));
  const Action& back = plan.actions[0];
  EXPECT_EQ(back.way, Way::Replace);
  EXPECT_EQ(back.resources, execution.plan.actions[0].resources);
  EXPECT_EQ(back.summary, "Takes back: The model is replaced.");
  EXPECT_EQ(back.findings.at(0).finding, "f-e");
  EXPECT_EQ(back.findings.at(0).passes_at, "");
  EXPECT_TRUE(back.seen.empty());
  EXPECT_TRUE(back.cleanup.empty());
  EXPECT_EQ(plan.parameters, execution.plan.parameters) << "judged again by the same";
  EXPECT_NE(plan_text(plan, {}).find("\n2 actions take back what repaired 2 findings.\n"),
            std::string::npos);
}

// What was deleted because it was there for a while only is not said to be lost.
TEST(Undo, LeavesAwayWhatWasThereForAWhile) {
  fake::Aws aws;
  const Plan plan = undo_plan(done({fake::canary_action(aws, "e")}), "now");
  EXPECT_EQ(calls_of(plan.actions.at(0)),
            (std::vector<std::string>{"1.1 UpdateEndpoint", "1.2 DeleteEndpoint",
                                      "1.3 DeleteEndpointConfig", "1.4 DeleteEndpointConfig",
                                      "1.5 DeleteModel"}));
  EXPECT_TRUE(plan.actions.at(0).risks.empty());
}

TEST(Undo, SaysWhatStays) {
  fake::Aws aws;
  Execution execution = done({fake::notebook_action(aws, "a"), fake::notebook_action(aws, "b")});
  Action& some = execution.plan.actions[0];
  some.steps[1].undo.clear();
  some.steps[1].no_undo = "AWS keeps it";
  for (Step& step : execution.plan.actions[1].steps) step.undo.clear();
  execution.plan.actions[1].steps[0].no_undo = "AWS keeps it";
  const Plan plan = undo_plan(execution, "now");
  ASSERT_EQ(plan.actions.size(), 2U);
  EXPECT_EQ(calls_of(plan.actions[0]),
            (std::vector<std::string>{"1.1 StopNotebookInstance", "1.2 StartNotebookInstance"}));
  EXPECT_EQ(plan.actions[0].risks,
            std::vector<std::string>{"not taken back: Update the notebook instance: AWS keeps it"});
  EXPECT_EQ(plan.actions[1].way, Way::ByHand);
  EXPECT_EQ(
      plan.actions[1].advice,
      (std::vector<std::string>{"not taken back: Start the notebook instance: there is no way to",
                                "not taken back: Update the notebook instance: there is no way to",
                                "not taken back: Stop the notebook instance: AWS keeps it"}));
}

TEST(Undo, LeavesWhatWasNotTouched) {
  fake::Aws aws;
  Execution execution =
      fake::execution_of({fake::notebook_action(aws, "a"), fake::notebook_action(aws, "b")});
  execution.actions["1"].outcome = Outcome::Refused;
  EXPECT_TRUE(undo_plan(execution, "now").actions.empty());
}

}  // namespace
}  // namespace sagewarden::remediate
