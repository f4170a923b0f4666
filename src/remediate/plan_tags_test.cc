// Tags and descriptions, in the families that only have those: images and their configurations.
#include <gtest/gtest.h>

#include "remediate/aws_for_planner_tests.h"

namespace sagewarden::remediate {
namespace {

Broken broken_image(std::initializer_list<const char*> controls) {
  return broken_one("Image", "image", "fraud", controls);
}

std::vector<Action> planned_image(const Broken& broken, std::string_view tags,
                                  std::map<std::string, std::string> given) {
  PlannerAws aws;
  aws.answers("DescribeImage", R"({"ImageName":"fraud"})", R"({"ImageName":"fraud"})");
  aws.answers("DescribeAppImageConfig", R"({"AppImageConfigName":"Lab"})",
              R"({"AppImageConfigName":"Lab"})");
  aws.has_tags(broken.target.arn, tags);
  PlanOptions options;
  options.tags = std::move(given);
  std::vector<Action> actions = aws.plan(plan_images, broken, options);
  expect_whole(actions, broken);
  return actions;
}

TEST(PlanTags, AddsOnlyWhatIsMissing) {
  const Action action =
      planned_image(broken_image({"SageMaker.7"}),
                    R"([{"Key":"aws:cloudformation:stack-name","Value":"s"},
                                 {"Key":"Team","Value":"old"},{"Key":"Same","Value":"x"}])",
                    {{"Team", "new"}, {"Owner", "a=\"b\""}, {"Cost", ""}, {"Same", "x"}})[0];
  EXPECT_EQ(action.way, Way::InPlace);
  ASSERT_EQ(action.steps.size(), 1U);
  const Step& step = action.steps[0];
  EXPECT_EQ(step.call.operation, "AddTags");
  EXPECT_EQ(step.call.input,
            R"({"ResourceArn":"arn:aws:sagemaker:eu-west-1:111122223333:image/fraud",)"
            R"("Tags":[{"Key":"Cost","Value":""},{"Key":"Owner","Value":"a=\"b\""}]})");
  EXPECT_EQ(step.from,
            (std::vector{missing("Tags[Key=Cost].Value"), missing("Tags[Key=Owner].Value")}));
  EXPECT_EQ(step.check.reached, (std::vector{equals("Tags[Key=Cost].Value", ""),
                                             equals("Tags[Key=Owner].Value", "a=\"b\"")}));
  ASSERT_EQ(step.undo.size(), 1U);
  EXPECT_EQ(step.undo[0].call.operation, "DeleteTags");
  EXPECT_EQ(step.undo[0].call.input,
            R"({"ResourceArn":"arn:aws:sagemaker:eu-west-1:111122223333:image/fraud",)"
            R"("TagKeys":["Cost","Owner"]})");
  EXPECT_EQ(step.undo[0].from, step.check.reached);
  EXPECT_EQ(step.undo[0].check.reached, step.from);
  EXPECT_EQ(action.advice, std::vector<std::string>{"tag Team is \"old\" already and stays so"});
  // Only the tags matter: nothing else that changes makes the plan invalid.
  ASSERT_EQ(action.seen.size(), 1U);
  EXPECT_EQ(action.seen[0].read.operation, "ListTags");
}

TEST(PlanTags, AreGivenToConfigurationsToo) {
  const Broken config =
      broken_one("AppImageConfig", "app-image-config", "Lab", {"SageMaker.6", "Acme.6"});
  const std::vector<Action> actions = planned_image(config, "[]", {{"Owner", "x"}});
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::InPlace);
  EXPECT_EQ(actions[1].way, Way::ByHand);
}

TEST(PlanTags, AreNotInvented) {
  std::string fifty = "[";
  for (int i = 0; i < 50; ++i)
    fifty += (i > 0 ? "," : "") + (R"({"Key":"k)" + std::to_string(i)) + R"(","Value":""})";
  fifty += "]";
  const struct {
    std::string tags;
    std::map<std::string, std::string> given;
    const char* wanted;
  } rows[] = {
      {"[]", {}, "--tag KEY=VALUE"},
      {R"([{"Key":"Owner","Value":"x"}])", {{"Owner", "x"}}, "asks for other keys"},
      {R"([{"Key":"Owner","Value":"y"}])", {{"Owner", "x"}}, "stays so"},
      {"[]", {{"aws:x", "y"}}, "AWS's own"},
      {"[]", {{"AWS:x", "y"}}, "AWS's own"},
      {"[]", {{"a[b]", "y"}}, "brackets"},
      {"[]", {{"", "y"}}, "1 to 128"},
      {"[]", {{std::string(129, 'k'), "y"}}, "1 to 128"},
      {"[]", {{"k", std::string(257, 'v')}}, "more than 256"},
      {fifty, {{"Owner", "x"}}, "AWS allows 50"},
  };
  for (const auto& row : rows) {
    const std::vector<Action> actions =
        planned_image(broken_image({"SageMaker.7"}), row.tags, row.given);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::ByHand) << row.wanted;
    EXPECT_NE(joined(actions[0].advice).find(row.wanted), std::string::npos)
        << joined(actions[0].advice);
  }
}

TEST(PlanTags, LimitsAreAllowed) {
  const std::vector<Action> actions = planned_image(
      broken_image({"SageMaker.7"}), "[]", {{std::string(128, 'k'), std::string(256, 'v')}});
  EXPECT_EQ(actions[0].way, Way::InPlace);
}

TEST(PlanImages, LeaveDescriptionsToPeople) {
  const std::vector<Action> actions =
      planned_image(broken_image({"Sagewarden.7", "SageMaker.7"}), "[]", {{"Owner", "x"}});
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].way, Way::InPlace);
  EXPECT_EQ(actions[1].way, Way::ByHand);
  EXPECT_NE(joined(actions[1].advice).find("update-image --region eu-west-1 --image-name fraud"),
            std::string::npos);
}

TEST(PlanImages, SayWhatIsGone) {
  const Broken broken = broken_image({"SageMaker.7"});
  PlannerAws aws;
  aws::CallError gone;
  gone.kind = aws::CallError::Kind::NotFound;
  aws.fails("DescribeImage", R"({"ImageName":"fraud"})", gone);
  const std::vector<Action> actions = aws.plan(plan_images, broken);
  expect_whole(actions, broken);
  EXPECT_EQ(actions.at(0).advice.at(0), "it is not there any more: scan again");
}

}  // namespace
}  // namespace sagewarden::remediate
