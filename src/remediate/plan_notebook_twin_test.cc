#include "remediate/plan_notebook_twin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "aws/digest.h"
#include "base/json_writer.h"
#include "remediate/aws_for_planner_tests.h"
#include "remediate/notebook_scripts.h"
#include "remediate/render.h"

namespace sagewarden::remediate {
namespace {

constexpr const char* kOwnScripts = R"({"NotebookInstanceLifecycleConfigName":"lcc"})";
constexpr const char* kTwinKey = "arn:aws:kms:eu-west-1:111122223333:key/k";

// The instance with further members, or with other values for those that it has.
std::string old_notebook(std::string_view more = "{}") {
  const json::Document base = *json::parse_document(R"({"NotebookInstanceName":"fraud-dev",
    "NotebookInstanceArn":"a","NotebookInstanceStatus":"InService","RootAccess":"Enabled",
    "PlatformIdentifier":"notebook-al2023-v1","InstanceType":"ml.t3.medium",
    "RoleArn":"arn:aws:iam::111122223333:role/r","VolumeSizeInGB":20,"IpAddressType":"ipv4",
    "DirectInternetAccess":"Enabled","Url":"u","CreationTime":1.5,"LastModifiedTime":2.5})");
  const json::Document given = *json::parse_document(more);
  std::vector<Edit> edits;
  for (const auto& [name, value] : given.root.members()) {
    std::string text;
    if (!value.is_null()) json::Writer(text).value(value);
    edits.push_back({std::string(name), text});
  }
  return edited(base.root, edits);
}

PlanOptions backup_options() {
  PlanOptions options;
  options.kms_key = kTwinKey;
  options.subnets = {"subnet-1"};
  options.security_groups = {"sg-1"};
  options.backup_bucket = "backups";
  options.backup_prefix = "notebooks/";
  return options;
}

aws::CallError s3_error(aws::CallError::Kind kind, std::string code, std::string message = "m") {
  aws::CallError error;
  error.kind = kind;
  error.code = std::move(code);
  error.message = std::move(message);
  return error;
}

class TwinWorld {
 public:
  PlanOptions options = backup_options();
  std::string name = "fraud-dev";
  std::string describe = old_notebook();
  std::string own_script = R"([{"Content":"ZWNobyBo\naQ=="}])";
  // What S3 answers when the first marker is asked for; null: the marker.
  std::optional<aws::CallError> s3 =
      s3_error(aws::CallError::Kind::NotFound, "NoSuchKey", "The specified key does not exist.");

  std::vector<Action> plan(std::initializer_list<const char*> controls) {
    broken = broken_one("NotebookInstance", "notebook-instance", name, controls);
    const aws::CallAws call = [this](const aws::Call& asked) { return answer(asked); };
    const Reader reader(call, {"111122223333", "eu-west-1", "aws", nullptr});
    std::vector<Action> actions = plan_notebooks({&broken, 1}, {options, reader});
    expect_whole(actions, broken);
    return actions;
  }

  Broken broken;
  std::vector<std::string> asked_of_s3 = {};

 private:
  aws::Answer answer(const aws::Call& asked) {
    if (asked.service == "s3") {
      asked_of_s3.push_back(asked.operation + " " + asked.input);
      if (s3) return tl::make_unexpected(*s3);
      return *json::parse_document(R"({"ETag":"e","Metadata":{"state":"done"}})");
    }
    if (asked.operation == "DescribeNotebookInstance") return *json::parse_document(describe);
    if (asked.operation == "ListTags")
      return *json::parse_document(
          R"({"Tags":[{"Key":"aws:x","Value":"y"},{"Key":"Team","Value":"it's"}]})");
    if (asked.operation == "DescribeNotebookInstanceLifecycleConfig" && asked.input == kOwnScripts)
      return *json::parse_document(R"({"NotebookInstanceLifecycleConfigName":"lcc","OnStart":)" +
                                   own_script + R"(,"LastModifiedTime":1})");
    ADD_FAILURE() << asked.operation << asked.input;
    return tl::make_unexpected(aws::CallError{});
  }
};

// "Stop fraud-dev", "Wait s3", …: what a step asks for, and of whom; planned names as words.
std::vector<std::string> short_steps(const std::vector<Step>& steps, const Action& action) {
  const std::string twin =
      action.findings.front().passes_at.substr(action.findings.front().passes_at.rfind('/') + 1);
  std::vector<std::string> out;
  for (const Step& step : steps) {
    const PlannedCall& call = only_waits(step) ? step.check.read : step.call;
    const json::Document input = *json::parse_document(call.input);
    std::string name(input.root["NotebookInstanceName"].string_or(
        input.root["NotebookInstanceLifecycleConfigName"].string_or("s3")));
    if (name == twin) name = "twin";
    if (name.starts_with("fraud-dev-save-sw")) name = "saver";
    if (name.starts_with("fraud-dev-restore-sw")) name = "restorer";
    std::string verb = only_waits(step) ? "Wait" : call.operation;
    for (const char* noun : {"NotebookInstanceLifecycleConfig", "NotebookInstance"})
      if (const size_t at = verb.find(noun); at != std::string::npos) verb.erase(at);
    out.push_back(verb + " " + name);
  }
  return out;
}

TEST(PlanNotebookTwin, CarriesTheVolumeOver) {
  const std::vector<std::string> running = {
      "Create saver",   "Stop fraud-dev",   "Update fraud-dev", "Start fraud-dev", "Wait s3",
      "Stop fraud-dev", "Update fraud-dev", "Create restorer",  "Create twin",     "Wait twin",
      "Wait s3",        "Stop twin",        "Update twin",      "Start twin"};
  // One that was stopped stays so, and so is the new one.
  std::vector<std::string> stopped = running;
  stopped.erase(stopped.begin() + 1);
  stopped.pop_back();
  for (const bool runs : {true, false}) {
    TwinWorld world;
    if (!runs) world.describe = old_notebook(R"({"NotebookInstanceStatus":"Stopped"})");
    const std::vector<Action> actions =
        world.plan({"SageMaker.1", "SageMaker.2", "SageMaker.3", "SageMaker.21"});
    ASSERT_EQ(actions.size(), 1U);
    const Action& action = actions[0];
    EXPECT_EQ(action.way, Way::Replace);
    EXPECT_EQ(short_steps(action.steps, action), runs ? running : stopped);
    EXPECT_EQ(short_steps(action.cleanup, action),
              (std::vector<std::string>{"Delete fraud-dev", "Delete saver", "Delete restorer"}));
    EXPECT_EQ(action.seen.size(), 2U);
    // The copy in S3 is of this state of the volume.
    EXPECT_TRUE(action.seen[0].ignore.empty());
    ASSERT_EQ(world.asked_of_s3.size(), 1U);
    EXPECT_EQ(
        world.asked_of_s3[0],
        R"(GetObject {"Bucket":"backups","Key":"notebooks/111122223333/eu-west-1/fraud-dev/)" +
            action.findings[0].passes_at.substr(action.findings[0].passes_at.rfind('/') + 1) +
            R"(/saved"})");
  }
}

const Step& step_that(const std::vector<Step>& steps, std::string_view title) {
  for (const Step& step : steps)
    if (step.title.starts_with(title)) return step;
  ADD_FAILURE() << "no step " << title;
  return steps.front();
}

TEST(PlanNotebookTwin, LocksTheNewInstanceDown) {
  TwinWorld world;
  world.describe = old_notebook(R"({"NotebookInstanceLifecycleConfigName":"lcc"})");
  const Action action = world.plan({"SageMaker.1", "SageMaker.2", "SageMaker.21"})[0];
  const Step& create = step_that(action.steps, "Create notebook instance");
  const json::Document input = *json::parse_document(create.call.input);
  const Edit planned[] = {{"NotebookInstanceName", ""}, {"LifecycleConfigName", ""}};
  EXPECT_EQ(canonical(json::parse_document(edited(input.root, planned))->root),
            std::string(R"({"DirectInternetAccess":"Disabled","InstanceType":"ml.t3.medium",)") +
                R"("IpAddressType":"ipv4","KmsKeyId":")" + kTwinKey +
                R"(","PlatformIdentifier":"notebook-al2023-v1",)"
                R"("RoleArn":"arn:aws:iam::111122223333:role/r","RootAccess":"Disabled",)"
                R"("SecurityGroupIds":["sg-1"],"SubnetId":"subnet-1",)"
                R"("Tags":[{"Key":"Team","Value":"it's"}],"VolumeSizeInGB":20})");
  for (const char* allowed : {"iam:PassRole", "sagemaker:AddTags", "kms:CreateGrant"})
    EXPECT_TRUE(std::ranges::count(create.also_needs, allowed)) << allowed;
  // It ends with the configuration that the old one has, which is given back to that one too.
  for (const char* title : {"Give notebook instance fraud-dev lifecycle configuration lcc",
                            "Give notebook instance fraud-dev-sw"})
    EXPECT_NE(step_that(action.steps, title).call.input.find(R"("LifecycleConfigName":"lcc")"),
              std::string::npos);
  EXPECT_EQ(action.seen.size(), 3U);
}

TEST(PlanNotebookTwin, RunsTheOwnScriptBeforeSaving) {
  TwinWorld world;
  world.describe = old_notebook(R"({"NotebookInstanceLifecycleConfigName":"lcc"})");
  const Action action = world.plan({"SageMaker.1"})[0];
  const json::Document saver = *json::parse_document(action.steps.front().call.input);
  VolumeCopy copy{"eu-west-1", "backups", "", kTwinKey};
  copy.folder = "notebooks/111122223333/eu-west-1/fraud-dev/" +
                action.findings[0].passes_at.substr(action.findings[0].passes_at.rfind('/') + 1) +
                "/";
  EXPECT_EQ(at_path(saver.root, "OnStart[0].Content").string_or(""),
            aws::base64(save_script(copy, "ZWNobyBoaQ==")));
  const Step& restorer = step_that(action.steps, "Create lifecycle configuration fraud-dev-rest");
  EXPECT_EQ(
      at_path(json::parse_document(restorer.call.input)->root, "OnStart[0].Content").string_or(""),
      aws::base64(restore_script(copy)));
}

TEST(PlanNotebookTwin, MovesWhatWouldNotStartAgain) {
  TwinWorld world;
  world.describe = old_notebook(R"({"PlatformIdentifier":"notebook-al2-v2"})");
  const Action action = world.plan({"SageMaker.1", "SageMaker.8"})[0];
  EXPECT_EQ(action.findings.size(), 2U);
  const Step& attach = step_that(action.steps, "Give notebook instance fraud-dev ");
  EXPECT_NE(attach.call.input.find("notebook-al2023-v1"), std::string::npos);
  EXPECT_NE(attach.no_undo.find("notebook-al2-v2"), std::string::npos);
  EXPECT_NE(joined(action.risks).find("moves to Amazon Linux 2023 for good"), std::string::npos);
}

TEST(PlanNotebookTwin, TakesBack) {
  TwinWorld world;
  const Action action = world.plan({"SageMaker.1"})[0];
  std::vector<std::vector<std::string>> undo;
  for (const Step& step : action.steps) undo.push_back(short_steps(step.undo, action));
  const std::vector<std::vector<std::string>> wanted = {
      {"Delete saver"},
      {"Start fraud-dev"},
      {"Update fraud-dev"},
      {"Stop fraud-dev"},
      {},
      {"Stop fraud-dev"},
      {"Stop fraud-dev"},
      {"Delete restorer"},
      {"Stop twin", "Wait fraud-dev", "Delete twin"},
      {},
      {},
      {"Stop twin"},
      {"Stop twin"},
      {"Wait fraud-dev", "Stop twin"}};
  EXPECT_EQ(undo, wanted);
  for (const Step& step : action.steps)
    for (const Step& back : step.undo)
      EXPECT_EQ(back.own, back.effect == Effect::Deletes) << back.title;
  for (const Step& step : action.cleanup) EXPECT_FALSE(step.own);
}

TEST(PlanNotebookTwin, IsShownWithoutItsScripts) {
  TwinWorld world;
  Plan plan;
  plan.actions = world.plan({"SageMaker.1"});
  number(plan);
  const std::string content =
      aws::base64(std::string("#!/bin/bash\n")).substr(0, 12);  // how each script begins
  const std::string text = plan_text(plan, {.calls = true});
  EXPECT_EQ(text.find(content), std::string::npos);
  EXPECT_NE(text.find(R"("OnStart":[{"Content":"***"}])"), std::string::npos);
  EXPECT_NE(plan_markdown(plan).find("| waits |"), std::string::npos);
  const std::string script = plan_script(plan);
  EXPECT_NE(script.find(content), std::string::npos);
  EXPECT_NE(script.find("aws s3api head-object"), std::string::npos);
  // Another plan of the same: nothing is lost on its way through a file.
  const Result<Plan> again = read_plan("p.json", write_plan(plan));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, plan);
}

TEST(PlanNotebookTwin, IsNamedByWhatWasSeen) {
  TwinWorld world;
  const std::string first = world.plan({"SageMaker.1"})[0].steps[0].call.input;
  EXPECT_EQ(world.plan({"SageMaker.1"})[0].steps[0].call.input, first);
  // Nothing that a former plan left in S3 is taken for this one's.
  world.describe = old_notebook(R"({"LastModifiedTime":3.5})");
  EXPECT_NE(world.plan({"SageMaker.1"})[0].steps[0].call.input, first);
}

TEST(PlanNotebookTwin, HasNamesThatAwsTakes) {
  TwinWorld world;
  world.name = std::string(60, 'n') + "-a9";
  const Action action = world.plan({"SageMaker.1"})[0];
  std::set<std::string> names;
  for (const Step& step : action.steps) {
    const json::Document input = *json::parse_document(step.call.input);
    for (const char* member : {"NotebookInstanceName", "NotebookInstanceLifecycleConfigName"})
      if (input.root[member].is_string()) names.emplace(input.root[member].string());
  }
  EXPECT_EQ(names.size(), 4U);
  for (const std::string& name : names) EXPECT_LE(name.size(), 63U) << name;
}

TEST(PlanNotebookTwin, SaysWhyItCannot) {
  using Kind = aws::CallError::Kind;
  const struct {
    const char* more;
    std::optional<aws::CallError> s3;
    const char* wanted;
    void (*change)(TwinWorld& world) = nullptr;
  } rows[] = {
      {R"({"NotebookInstanceStatus":"Pending"})", {}, "plan again"},
      {R"({"NotebookInstanceStatus":"Failed"})", {}, "Failed"},
      {R"({"PlatformIdentifier":null})", {}, "does not say which platform"},
      {R"({"PlatformIdentifier":"notebook-al1-v1"})", {}, "Amazon Linux 1"},
      {R"({"InstanceType":"ml.p3.2xlarge"})", {}, "ml.p3.2xlarge"},
      {"{}", {}, "--subnet", [](TwinWorld& world) { world.options.subnets.clear(); }},
      {"{}", {}, "--kms-key", [](TwinWorld& world) { world.options.kms_key.clear(); }},
      {"{}", s3_error(Kind::NotFound, "NoSuchBucket"), "NoSuchBucket"},
      {"{}", s3_error(Kind::Denied, "AccessDenied"), "s3:ListBucket"},
      {"{}", s3_error(Kind::Invalid, "PermanentRedirect", "no (the bucket is in us-east-1)"),
       "name one in eu-west-1"},
      {"{}", {}, "a copy at s3://backups/notebooks/", [](TwinWorld& world) { world.s3.reset(); }},
      {R"({"NotebookInstanceLifecycleConfigName":"lcc"})",
       {},
       "too long",
       [](TwinWorld& world) {
         world.own_script = R"([{"Content":")" + std::string(9000, 'A') + R"("}])";
       }},
  };
  for (const auto& row : rows) {
    TwinWorld world;
    world.describe = old_notebook(row.more);
    if (row.s3) world.s3 = row.s3;
    if (row.change != nullptr) row.change(world);
    const std::vector<Action> actions = world.plan({"SageMaker.1", "SageMaker.21"});
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::ByHand);
    EXPECT_NE(actions[0].advice[0].find(row.wanted), std::string::npos) << actions[0].advice[0];
  }
}

TEST(PlanNotebookTwin, LeavesAPlatformThatAParameterForbids) {
  TwinWorld world;
  const std::vector<Action> actions = world.plan({"SageMaker.1", "SageMaker.3", "SageMaker.8"});
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::Replace);
  EXPECT_EQ(actions[0].findings.size(), 2U);
  EXPECT_EQ(actions[1].way, Way::ByHand);
  EXPECT_EQ(actions[1].findings[0].control, "SageMaker.8");
}

TEST(PlanNotebookTwin, KeepsWhatIsThere) {
  TwinWorld world;
  world.options.subnets.clear();
  world.options.security_groups.clear();
  world.options.kms_key.clear();
  world.describe =
      old_notebook(R"({"SubnetId":"subnet-9","SecurityGroups":["sg-9"],"KmsKeyId":"key-9"})");
  const Action action = world.plan({"SageMaker.1"})[0];
  const std::string& input = step_that(action.steps, "Create notebook instance").call.input;
  for (const char* kept :
       {R"("SubnetId":"subnet-9")", R"("SecurityGroupIds":["sg-9"])", R"("KmsKeyId":"key-9")"})
    EXPECT_NE(input.find(kept), std::string::npos) << input;
}

}  // namespace
}  // namespace sagewarden::remediate
