#include "app/needs.h"

#include <gtest/gtest.h>

#include "app/controls.h"

namespace sagewarden {
namespace {

live::TypeNeeds needs_of_type(const std::vector<live::TypeNeeds>& all, std::string_view type) {
  for (const live::TypeNeeds& needs : all) {
    if (needs.type == type) return needs;
  }
  return {};
}

TEST(Needs, OfBuiltInControls) {
  const Result<std::vector<Control>> controls = select_controls({});
  ASSERT_TRUE(controls) << controls.error().message;
  const std::vector<live::TypeNeeds> needs = needs_of(*controls, {});
  EXPECT_EQ(needs.size(), 12U);  // Domain and Endpoint are of the further ones

  // Tags are read of two types only.
  for (const live::TypeNeeds& type : needs) {
    EXPECT_EQ(type.tags,
              type.type == "AWS::SageMaker::AppImageConfig" || type.type == "AWS::SageMaker::Image")
        << type.type;
    EXPECT_FALSE(type.whole) << type.type;
  }
  EXPECT_EQ(needs_of_type(needs, "AWS::SageMaker::Image").members, std::vector<std::string>{});
  EXPECT_EQ(needs_of_type(needs, "AWS::SageMaker::EndpointConfig").members,
            (std::vector<std::string>{"ProductionVariants", "ShadowProductionVariants"}));
}

TEST(Needs, OfSelectedControls) {
  ControlSelection chosen;
  chosen.controls = {"SageMaker.3", "SageMaker.5", "SageMaker.16"};
  const Result<std::vector<Control>> controls = select_controls(chosen);
  ASSERT_TRUE(controls) << controls.error().message;
  const std::vector<live::TypeNeeds> needs = needs_of(*controls, {});
  ASSERT_EQ(needs.size(), 2U);
  EXPECT_EQ(needs[0].type, "AWS::SageMaker::Model");
  EXPECT_EQ(needs[1].type, "AWS::SageMaker::NotebookInstance");
  EXPECT_EQ(needs[1].members, std::vector<std::string>{"RootAccess"});
  EXPECT_FALSE(needs[1].tags);

  Exceptions by_tag;
  by_tag.entries.push_back({.tags = {{"Stage", "sandbox"}}});
  for (const live::TypeNeeds& type : needs_of(*controls, by_tag)) EXPECT_TRUE(type.tags);
}

}  // namespace
}  // namespace sagewarden
