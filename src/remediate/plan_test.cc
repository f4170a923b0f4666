#include "remediate/plan.h"

#include <gtest/gtest.h>

#include <string>

namespace sagewarden::remediate {
namespace {

Step stop_step() {
  Step step;
  step.id = "1.1";
  step.title = "Stop the notebook instance";
  step.call = {.operation = "StopNotebookInstance", .input = R"({"NotebookInstanceName":"n"})"};
  step.check.read = {.operation = "DescribeNotebookInstance",
                     .input = R"({"NotebookInstanceName":"n"})"};
  step.check.reached = {equals("NotebookInstanceStatus", "Stopped")};
  step.check.moving = {any_of("NotebookInstanceStatus", {"Stopping", "Updating"})};
  step.check.broken = {equals("NotebookInstanceStatus", "Failed")};
  step.from = {equals("NotebookInstanceStatus", "InService")};
  step.also_needs = {"iam:PassRole"};
  return step;
}

Plan sample_plan() {
  Plan plan{.version = "1.2.3",
            .made = "2026-11-30T08:00:00Z",
            .identity = "arn:aws:iam::1:user/u",
            .parameters = {"SageMaker.9.min_instance_count=1"}};
  Action action;
  action.id = "1";
  action.way = Way::InPlace;
  action.resources = {
      {"AWS::SageMaker::NotebookInstance", "arn:n", "n", "111122223333", "eu-west-1", "aws"}};
  action.findings = {{"f1", "SageMaker.3", "arn:n", "arn:n"}};
  action.summary = "Root access is turned off.";
  action.risks = {"Kernels end."};
  action.seen = {
      {stop_step().check.read, R"({"NotebookInstanceStatus":"InService","t":1.5})", {"t"}}};
  action.steps = {stop_step()};
  Step start = stop_step();
  start.call.operation = "StartNotebookInstance";
  action.steps.front().undo = {start};
  Step wait = stop_step();
  wait.id = "1.2";
  wait.call = {};
  wait.check.gone = true;
  action.steps.push_back(wait);
  plan.actions = {action};
  Action other;
  other.id = "2";
  other.resources = action.resources;
  other.advice = {"Nothing can be done."};
  plan.actions.push_back(other);
  return plan;
}

TEST(Plan, ComesBackAsItWasWritten) {
  const Plan plan = sample_plan();
  const std::string text = write_plan(plan);
  const Result<Plan> again = read_plan("p.json", text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, plan);
  EXPECT_EQ(write_plan(*again), text);
  EXPECT_EQ(plan_id(*again), plan_id(plan));
  EXPECT_EQ(plan_id(plan).size(), 16U);
}

TEST(Plan, HasAnIdOfItsContent) {
  Plan plan = sample_plan();
  const std::string id = plan_id(plan);
  plan.actions.front().steps.front().call.input = R"({"NotebookInstanceName":"m"})";
  EXPECT_NE(plan_id(plan), id);
}

TEST(Plan, RefusesWhatIsNotAsItWasMade) {
  const std::string text = write_plan(sample_plan());
  const struct {
    const char* from;
    const char* to;
    const char* wanted;
  } rows[] = {
      {"sagewarden-plan/1", "sagewarden-plan/2", "another version"},
      {"sagewarden-plan/1", "x", "no plan"},
      {R"("NotebookInstanceName": "n")", R"("NotebookInstanceName": "m")",
       "changed after it was made"},
      {R"("version")", R"("unknown": 1, "version")", "changed after it was made"},
      {"{", "", "p.json"},
  };
  for (const auto& row : rows) {
    std::string changed = text;
    changed.replace(changed.find(row.from), std::string_view(row.from).size(), row.to);
    const Result<Plan> plan = read_plan("p.json", changed);
    ASSERT_FALSE(plan) << row.to;
    EXPECT_NE(plan.error().message.find(row.wanted), std::string::npos) << plan.error().message;
    EXPECT_EQ(plan.error().message.find("p.json"), 0U);
  }
}

TEST(Plan, Expectations) {
  const json::Document document =
      *json::parse_document(R"({"a":"x","n":null,"b":true,"o":{"d":1,"c":2}})");
  const struct {
    Expectation expected;
    bool holds;
  } rows[] = {
      {equals("a", "x"), true},
      {equals("a", "y"), false},
      {any_of("a", {"y", "x"}), true},
      {equals_json("b", "true"), true},
      {equals_json("b", "false"), false},
      {equals_json("o", R"({"c":2,"d":1})"), true},
      {equals("z", "x"), false},
      {missing("z"), true},
      {missing("a"), false},
      {missing("n"), false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(holds(row.expected, document.root), row.holds) << row.expected.path;
}

}  // namespace
}  // namespace sagewarden::remediate
