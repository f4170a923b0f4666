#include <gtest/gtest.h>

#include "remediate/aws_for_planner_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr const char* kNotebookInput = R"({"NotebookInstanceName":"fraud-dev"})";

Broken broken_notebook(std::initializer_list<const char*> controls) {
  return broken_one("NotebookInstance", "notebook-instance", "fraud-dev", controls);
}

std::string described_notebook(std::string_view status, std::string_view root,
                               std::string_view platform, std::string_view type = "ml.t3.medium") {
  std::string text = R"({"NotebookInstanceName":"fraud-dev","NotebookInstanceArn":"a",
    "NotebookInstanceStatus":")";
  text += status;
  text += R"(","RootAccess":")" + std::string(root);
  if (!platform.empty()) text += R"(","PlatformIdentifier":")" + std::string(platform);
  text += R"(","InstanceType":")" + std::string(type);
  return text + R"(","RoleArn":"arn:aws:iam::111122223333:role/r","VolumeSizeInGB":20,
    "NotebookInstanceLifecycleConfigName":"lcc","DirectInternetAccess":"Enabled",
    "Url":"u","CreationTime":1.5,"LastModifiedTime":2.5})";
}

std::vector<Action> planned_notebook(const Broken& broken, const std::string& describe,
                                     const PlanOptions& options = {}) {
  PlannerAws aws;
  aws.answers("DescribeNotebookInstance", kNotebookInput, describe);
  aws.has_tags(broken.target.arn, R"([{"Key":"aws:x","Value":"y"},{"Key":"Team","Value":"it's"}])");
  std::vector<Action> actions = aws.plan(plan_notebooks, broken, options);
  expect_whole(actions, broken);
  return actions;
}

TEST(PlanNotebooks, ChangesInPlace) {
  const std::string stop = std::string("StopNotebookInstance ") + kNotebookInput;
  const std::string start = std::string("StartNotebookInstance ") + kNotebookInput;
  const auto update = [](std::string_view members) {
    return R"(UpdateNotebookInstance {"NotebookInstanceName":"fraud-dev",)" + std::string(members) +
           "}";
  };
  const std::string root = update(R"("RootAccess":"Disabled")");
  const std::string move = update(R"("PlatformIdentifier":"notebook-al2023-v1")");
  const std::string both =
      update(R"("RootAccess":"Disabled","PlatformIdentifier":"notebook-al2023-v1")");
  const struct {
    std::initializer_list<const char*> controls;
    const char* status;
    const char* root;
    const char* platform;
    std::vector<std::string> calls;
  } rows[] = {
      {{"SageMaker.3"}, "InService", "Enabled", "notebook-al2023-v1", {stop, root, start}},
      {{"SageMaker.3"}, "Stopped", "Enabled", "notebook-al2023-v1", {root}},
      // Stopping an instance on Amazon Linux 2 would strand it.
      {{"SageMaker.3"}, "InService", "Enabled", "notebook-al2-v2", {stop, both, start}},
      {{"SageMaker.3"}, "Stopped", "Enabled", "notebook-al2-v3", {both}},
      {{"SageMaker.8"}, "InService", "Disabled", "notebook-al2-v1", {stop, move, start}},
      // What no finding is about stays.
      {{"SageMaker.8"}, "Stopped", "Enabled", "notebook-al2-v1", {move}},
      {{"SageMaker.3", "SageMaker.8"},
       "InService",
       "Enabled",
       "notebook-al2-v1",
       {stop, both, start}},
      {{"SageMaker.3", "SageMaker.8"},
       "InService",
       "Disabled",
       "notebook-al2-v1",
       {stop, move, start}},
  };
  for (const auto& row : rows) {
    const std::vector<Action> actions = planned_notebook(
        broken_notebook(row.controls), described_notebook(row.status, row.root, row.platform));
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::InPlace);
    EXPECT_EQ(calls_of(actions[0].steps), row.calls) << row.platform << row.status;
    EXPECT_EQ(actions[0].seen.size(), 2U);
  }
}

TEST(PlanNotebooks, LooksAtWhatIsThere) {
  const Action action =
      planned_notebook(broken_notebook({"SageMaker.3"}),
                       described_notebook("InService", "Enabled", "notebook-al2-v2"))[0];
  ASSERT_EQ(action.steps.size(), 3U);
  const auto status = [](const char* text) { return equals("NotebookInstanceStatus", text); };
  EXPECT_EQ(action.steps[0].from, std::vector{status("InService")});
  EXPECT_EQ(action.steps[0].check.reached, std::vector{status("Stopped")});
  EXPECT_EQ(action.steps[1].from, (std::vector{status("Stopped"), equals("RootAccess", "Enabled"),
                                               equals("PlatformIdentifier", "notebook-al2-v2")}));
  EXPECT_EQ(action.steps[1].check.reached,
            (std::vector{equals("RootAccess", "Disabled"),
                         equals("PlatformIdentifier", "notebook-al2023-v1"), status("Stopped")}));
  EXPECT_EQ(action.steps[2].from, std::vector{status("Stopped")});
  EXPECT_EQ(action.steps[2].check.reached, std::vector{status("InService")});
  for (const Step& step : action.steps) {
    EXPECT_EQ(step.check.read.input, kNotebookInput);
    EXPECT_EQ(step.check.broken, std::vector{status("Failed")});
  }
  EXPECT_NE(action.advice[0].find("platform moves in the same update"), std::string::npos);
}

TEST(PlanNotebooks, TakesBackWhatCanBe) {
  const std::string stop = std::string("StopNotebookInstance ") + kNotebookInput;
  const std::string start = std::string("StartNotebookInstance ") + kNotebookInput;
  const std::string root =
      R"(UpdateNotebookInstance {"NotebookInstanceName":"fraud-dev","RootAccess":"Enabled"})";
  const Action both =
      planned_notebook(broken_notebook({"SageMaker.3", "SageMaker.8"}),
                       described_notebook("InService", "Enabled", "notebook-al2-v2"))[0];
  EXPECT_EQ(calls_of(both.steps[0].undo), std::vector{start});
  EXPECT_EQ(calls_of(both.steps[1].undo), std::vector{root});
  EXPECT_NE(both.steps[1].no_undo.find("notebook-al2-v2"), std::string::npos);
  EXPECT_EQ(calls_of(both.steps[2].undo), std::vector{stop});
  const Action root_only =
      planned_notebook(broken_notebook({"SageMaker.3"}),
                       described_notebook("Stopped", "Enabled", "notebook-al2023-v1"))[0];
  EXPECT_EQ(root_only.steps[0].no_undo, "");
  // Where nothing of the update can be taken back, an undo must not interrupt for nothing.
  const Action moved =
      planned_notebook(broken_notebook({"SageMaker.8"}),
                       described_notebook("InService", "Disabled", "notebook-al2-v2"))[0];
  EXPECT_EQ(calls_of(moved.steps[0].undo), std::vector{start});
  EXPECT_TRUE(moved.steps[1].undo.empty());
  EXPECT_TRUE(moved.steps[2].undo.empty());
}

TEST(PlanNotebooks, SaysWhatItCannotChange) {
  const struct {
    std::initializer_list<const char*> controls;
    const char* status;
    const char* root;
    const char* platform;
    const char* type;
    const char* wanted;
  } rows[] = {
      {{"SageMaker.3"}, "Failed", "Enabled", "notebook-al2023-v1", "ml.t3.medium", "Failed"},
      {{"SageMaker.3"}, "Pending", "Enabled", "notebook-al2023-v1", "ml.t3.medium", "plan again"},
      {{"SageMaker.3"}, "Updating", "Enabled", "notebook-al2023-v1", "ml.t3.medium", "plan again"},
      {{"SageMaker.3"}, "Stopping", "Enabled", "notebook-al2023-v1", "ml.t3.medium", "plan again"},
      {{"SageMaker.3"},
       "InMaintenance",
       "Enabled",
       "notebook-al2023-v1",
       "ml.t3.medium",
       "plan again"},
      {{"SageMaker.3"}, "Deleting", "Enabled", "notebook-al2023-v1", "ml.t3.medium", "plan again"},
      {{"SageMaker.3"},
       "InService",
       "Enabled",
       "notebook-al1-v1",
       "ml.t3.medium",
       "Amazon Linux 1"},
      {{"SageMaker.8"}, "Stopped", "Enabled", "notebook-al1-v1", "ml.t3.medium", "Amazon Linux 1"},
      {{"SageMaker.3"}, "InService", "Enabled", "", "ml.t3.medium", "does not say which platform"},
      {{"SageMaker.3"}, "InService", "Disabled", "notebook-al2-v2", "ml.t3.medium", "scan again"},
      {{"SageMaker.8"},
       "InService",
       "Enabled",
       "notebook-al2023-v1",
       "ml.t3.medium",
       "control's parameters"},
      {{"SageMaker.3"},
       "InService",
       "Enabled",
       "notebook-al2-v2",
       "ml.p3.2xlarge",
       "ml.p3.2xlarge"},
      {{"SageMaker.8"}, "Stopped", "Disabled", "notebook-al2-v2", "ml.inf1.xlarge", "newer type"},
      {{"SageMaker.8"}, "Stopped", "Disabled", "notebook-al2-v2", "ml.g3.4xlarge", "newer type"},
      {{"SageMaker.8"}, "Stopped", "Disabled", "notebook-al2-v2", "ml.p3dn.24xlarge", "newer type"},
      {{"SageMaker.8"}, "Stopped", "Disabled", "notebook-al2-v2", "ml.p2.xlarge", "newer type"},
      {{"Acme.1"}, "InService", "Enabled", "notebook-al2023-v1", "ml.t3.medium", "Acme.1"},
  };
  for (const auto& row : rows) {
    const std::vector<Action> actions =
        planned_notebook(broken_notebook(row.controls),
                         described_notebook(row.status, row.root, row.platform, row.type));
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::ByHand);
    EXPECT_NE(joined(actions[0].advice).find(row.wanted), std::string::npos)
        << joined(actions[0].advice);
  }
}

TEST(PlanNotebooks, MovesOnlyTypesThatCan) {
  // A type that Amazon Linux 2023 does not run on can still lose root where nothing moves.
  EXPECT_EQ(planned_notebook(
                broken_notebook({"SageMaker.3"}),
                described_notebook("Stopped", "Enabled", "notebook-al2023-v1", "ml.p3.2xlarge"))[0]
                .way,
            Way::InPlace);
  EXPECT_EQ(planned_notebook(
                broken_notebook({"SageMaker.3"}),
                described_notebook("Stopped", "Enabled", "notebook-al2-v2", "ml.p4d.24xlarge"))[0]
                .way,
            Way::InPlace);
}

TEST(PlanNotebooks, LeavesAPlatformThatAParameterForbids) {
  const std::vector<Action> actions =
      planned_notebook(broken_notebook({"SageMaker.3", "SageMaker.8"}),
                       described_notebook("Stopped", "Enabled", "notebook-al2023-v1"));
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::ByHand);
  EXPECT_EQ(actions[0].findings[0].control, "SageMaker.8");
  EXPECT_EQ(actions[1].way, Way::InPlace);
  EXPECT_EQ(actions[1].findings[0].control, "SageMaker.3");
}

TEST(PlanNotebooks, SaysHowToReplace) {
  PlanOptions options;
  options.kms_key = "arn:aws:kms:eu-west-1:111122223333:key/k";
  const std::vector<Action> actions = planned_notebook(
      broken_notebook({"SageMaker.1", "SageMaker.2", "SageMaker.3", "SageMaker.21"}),
      described_notebook("InService", "Enabled", "notebook-al2023-v1"), options);
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::ByHand);
  EXPECT_EQ(actions[0].findings.size(), 3U);
  EXPECT_EQ(actions[1].way, Way::InPlace);
  const std::string text = joined(actions[0].advice);
  const size_t begin = text.find("capitals: ") + 10;
  const Result<json::Document> twin =
      json::parse_document(text.substr(begin, text.find('\n', begin) - begin));
  ASSERT_TRUE(twin) << text;
  EXPECT_EQ(canonical(twin->root), R"({"DirectInternetAccess":"Disabled",)"
                                   R"("InstanceType":"ml.t3.medium",)"
                                   R"("KmsKeyId":"arn:aws:kms:eu-west-1:111122223333:key/k",)"
                                   R"("LifecycleConfigName":"lcc","NotebookInstanceName":")" +
                                       replacement_name("fraud-dev", "twin") +
                                       R"(","PlatformIdentifier":"notebook-al2023-v1",)"
                                       R"("RoleArn":"arn:aws:iam::111122223333:role/r",)"
                                       R"("RootAccess":"Disabled",)"
                                       R"("SecurityGroupIds":["SECURITY-GROUP"],)"
                                       R"("SubnetId":"SUBNET",)"
                                       R"("Tags":[{"Key":"Team","Value":"it's"}],)"
                                       R"("VolumeSizeInGB":20})");
  EXPECT_NE(text.find("root access and platform too"), std::string::npos);
}

TEST(PlanNotebooks, SaysWhatCannotBeRead) {
  const Broken broken = broken_notebook({"SageMaker.3", "SageMaker.1"});
  PlannerAws aws;
  aws::CallError denied;
  denied.kind = aws::CallError::Kind::Denied;
  denied.code = "AccessDeniedException";
  aws.fails("DescribeNotebookInstance", kNotebookInput, denied);
  const std::vector<Action> actions = aws.plan(plan_notebooks, broken);
  expect_whole(actions, broken);
  ASSERT_EQ(actions.size(), 1U);
  EXPECT_EQ(actions[0].advice[0].find("could not be read"), 0U);
}

}  // namespace
}  // namespace sagewarden::remediate
