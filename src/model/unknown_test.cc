#include "model/unknown.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

TEST(Unknown, PathsLeadToTheirPlace) {
  UnknownNode root;
  EXPECT_TRUE(root.empty());
  mark_unknown(root, "VpcConfig.Subnets", Known::Set, UnknownCause::NotResolved, "subnets");
  mark_unknown(root, "Containers[1].Image", Known::Nothing, UnknownCause::AfterApply, "image");
  EXPECT_FALSE(root.empty());
  EXPECT_FALSE(root.unknown);
  ASSERT_NE(root.find("VpcConfig"), nullptr);
  EXPECT_FALSE(root.find("VpcConfig")->unknown);
  ASSERT_NE(root.find("VpcConfig")->find("Subnets"), nullptr);
  EXPECT_TRUE(root.find("VpcConfig")->find("Subnets")->unknown);
  EXPECT_EQ(root.find("VpcConfig")->find("Subnets")->known, Known::Set);
  ASSERT_NE(root.find("Containers"), nullptr);
  EXPECT_EQ(root.find("Containers")->find(0), nullptr);
  ASSERT_NE(root.find("Containers")->find(1), nullptr);
  EXPECT_EQ(root.find("Containers")->find(1)->find("Image")->cause, UnknownCause::AfterApply);
  EXPECT_EQ(root.find("KmsKeyId"), nullptr);
}

TEST(Unknown, EmptyPathIsTheWhole) {
  UnknownNode root;
  mark_unknown(root, "", Known::Nothing, UnknownCause::Denied, "AccessDenied");
  EXPECT_TRUE(root.unknown);
  EXPECT_EQ(root.reason, "AccessDenied");
}

TEST(Unknown, OpenHoldsForAllThatIsBelow) {
  UnknownNode root;
  mark_unknown(root, "Early.Deep", Known::Set, UnknownCause::Denied, "denied");
  root.open(UnknownCause::NotExported, "a part");
  mark_unknown(root, "Late[0]", Known::Set, UnknownCause::AfterApply, "apply");
  EXPECT_FALSE(root.empty());
  EXPECT_FALSE(root.unknown);
  // What was marked for itself keeps its reason.
  EXPECT_EQ(root.below("Early")->below("Deep")->reason, "denied");
  EXPECT_EQ(root.below("Late")->below(0)->reason, "apply");
  for (const UnknownNode* node :
       {root.below("A"), root.below("A")->below("B")->below("C"), root.below("Early"),
        root.below("Early")->below("Other"), root.below("Late")->below(1)}) {
    ASSERT_NE(node, nullptr);
    EXPECT_TRUE(node->is_open());
    EXPECT_FALSE(node->unknown);
    EXPECT_EQ(node->reason, "a part");
    EXPECT_EQ(node->cause, UnknownCause::NotExported);
    EXPECT_EQ(node->known, Known::Nothing);
  }
  // A name of the root's is none of what lies deeper.
  EXPECT_FALSE(root.below("A")->below("Early")->below("Deep")->unknown);
  EXPECT_EQ(root.find("A"), nullptr);
  root.child("Closed").close();
  EXPECT_TRUE(root.below("Closed")->empty());
  EXPECT_EQ(root.below("Closed")->below("X"), nullptr);
  const UnknownNode none;
  EXPECT_EQ(none.below("A"), nullptr);
}

TEST(Unknown, ManyChildrenAreFound) {
  UnknownNode root;
  for (size_t i = 0; i < 100'000; ++i) root.child(i).reason = std::to_string(i);
  EXPECT_EQ(root.children().size(), 100'000U);
  for (size_t i = 0; i < 100'000; ++i) {
    ASSERT_NE(root.find(i), nullptr);
    EXPECT_EQ(root.find(i)->reason, std::to_string(i));
    EXPECT_EQ(&root.child(i), root.find(i));
  }
  EXPECT_EQ(root.find("100000"), nullptr);
}

}  // namespace
}  // namespace sagewarden
