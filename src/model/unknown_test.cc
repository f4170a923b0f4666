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

}  // namespace
}  // namespace sagewarden
