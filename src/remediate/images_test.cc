#include "remediate/images.h"

#include <gtest/gtest.h>

#include "remediate/plan_permissions.h"
#include "remediate/render.h"
#include "remediate/serving_world_for_tests.h"

namespace sagewarden::remediate {
namespace {

const std::string kSource = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3";
const std::string kThere = "registry.example.com:5000/ml/churn:3";
const std::string kDigest = "sha256:" + std::string(64, 'a');
const std::string kOther = "sha256:" + std::string(64, 'b');

PlanOptions copying(const std::string& to = kThere) {
  PlanOptions options;
  options.subnets = {"subnet-1", "subnet-2"};
  options.security_groups = {"sg-1"};
  options.registry = {{kSource, to}};
  options.copy_images = true;
  return options;
}

ServingWorld& with_model(ServingWorld& world) {
  world.model("m", R"({"PrimaryContainer":{"Image":")" + kSource + "\"}}");
  return world;
}

Action plan(ServingWorld& world, const PlanOptions& options) {
  return world.plan({ServingWorld::broken_model("m", {"SageMaker.16"})}, options).front();
}

Preflight row_of(const Action& action) {
  const auto row = std::ranges::find(action.preflight, "image in the registry", &Preflight::check);
  return row == action.preflight.end() ? Preflight{} : *row;
}

TEST(Images, ArePinned) {
  const struct {
    const char* image;
    const char* wanted;
  } rows[] = {
      {"registry.example.com:5000/ml/churn:3", "registry.example.com:5000/ml/churn@sha256:0"},
      {"registry.example.com:5000/ml/churn", "registry.example.com:5000/ml/churn@sha256:0"},
      {"registry.example.com/churn@sha256:1", "registry.example.com/churn@sha256:0"},
      {"churn:3", "churn@sha256:0"},
  };
  for (const auto& row : rows) EXPECT_EQ(pinned(row.image, "sha256:0"), row.wanted);
}

TEST(Images, AreCopiedBeforeTheModelIsCreated) {
  ServingWorld world;
  with_model(world).image(kSource, kDigest);
  Plan whole;
  whole.actions = {plan(world, copying())};
  number(whole);
  const Action& action = whole.actions.front();
  ASSERT_EQ(action.steps.size(), 2U);
  const Step& step = action.steps[0];
  EXPECT_EQ(step.call.service, "skopeo");
  EXPECT_EQ(step.call.operation, "copy");
  EXPECT_EQ(step.call.input, R"({"from":"111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@)" +
                                 kDigest + R"(","to":")" + kThere + "\"}");
  EXPECT_EQ(step.check.read.input, R"({"image":")" + kThere + "\"}");
  EXPECT_EQ(step.check.reached, std::vector<Expectation>{equals("Digest", kDigest)});
  EXPECT_EQ(ServingWorld::value(action.steps[1].call.input, "PrimaryContainer.Image"),
            "\"registry.example.com:5000/ml/churn@" + kDigest + "\"");
  EXPECT_EQ(row_of(action).result, Found::Ok);
  // It is no call to AWS.
  for (const Permission& needed : permissions_of(whole))
    for (const std::string& allowed : needed.actions) EXPECT_FALSE(allowed.starts_with("skopeo"));
  const Result<Plan> read = read_plan("p", write_plan(whole));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, whole);
  const std::string script = plan_script(whole);
  EXPECT_NE(script.find("\nskopeo 'copy' '--all' '--preserve-digests' 'docker://1111222"),
            std::string::npos)
      << script;
  EXPECT_NE(script.find("image_digest '" + kThere + "'\n"), std::string::npos);
}

TEST(Images, AreLookedAtFirst) {
  using Kind = aws::CallError::Kind;
  const struct {
    const char* name;
    std::string there;  // its digest; empty: it is not there
    std::string to;
    std::map<std::string, Kind> errors;  // by image
    Found result;
    bool copied;
    bool is_pinned;
    const char* fix;
  } rows[] = {
      {"not there", "", kThere, {}, Found::Ok, true, true, ""},
      {"there already", kDigest, kThere, {}, Found::Ok, false, true, ""},
      {"another one", kOther, kThere, {}, Found::Wrong, false, false, "name another tag"},
      {"named by that digest", kDigest, pinned(kThere, kDigest), {}, Found::Ok, false, true, ""},
      {"named by another digest",
       kOther,
       pinned(kThere, kOther),
       {},
       Found::Uncertain,
       false,
       false,
       "one platform"},
      {"no skopeo",
       "",
       kThere,
       {{kSource, Kind::NotAvailable}},
       Found::Unread,
       false,
       false,
       "install skopeo, or copy it elsewhere: skopeo copy --all --preserve-digests docker://1111"},
      {"no login",
       "",
       kThere,
       {{kThere, Kind::Denied}},
       Found::Unread,
       false,
       false,
       "skopeo login"},
      {"no answer", "", kThere, {{kThere, Kind::Failed}}, Found::Unread, false, false, "by hand"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ServingWorld world;
    with_model(world).image(kSource, kDigest);
    if (!row.there.empty()) world.image(row.to, row.there);
    for (const auto& [image, kind] : row.errors) world.deny("inspect " + image, kind);
    const Action action = plan(world, copying(row.to));
    const Preflight seen = row_of(action);
    EXPECT_EQ(seen.result, row.result) << seen.detail;
    EXPECT_NE(seen.fix.find(row.fix), std::string::npos) << seen.fix;
    EXPECT_EQ(action.way, row.result == Found::Wrong ? Way::ByHand : Way::Replace);
    if (action.way == Way::ByHand) continue;
    EXPECT_EQ(action.steps.front().call.operation == "copy", row.copied);
    const std::string image =
        ServingWorld::value(action.steps.back().call.input, "PrimaryContainer.Image");
    EXPECT_EQ(image, ServingWorld::quoted(row.is_pinned ? pinned(kThere, kDigest) : row.to));
  }
}

TEST(Images, AreLeftAloneUnlessCopyingIsWanted) {
  ServingWorld world;
  with_model(world);
  PlanOptions options = copying();
  options.copy_images = false;
  const Action action = plan(world, options);
  EXPECT_EQ(world.calls("inspect"), 0U);
  EXPECT_EQ(row_of(action).result, Found::Uncertain);
  EXPECT_NE(row_of(action).fix.find("skopeo copy --all --preserve-digests docker://" + kSource +
                                    " docker://" + kThere),
            std::string::npos);
  EXPECT_EQ(action.steps.front().call.operation, "CreateModel");
}

}  // namespace
}  // namespace sagewarden::remediate
