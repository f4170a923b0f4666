#include "source/config/type_filter.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sagewarden::config {
namespace {

bool may_be_wanted(TypeFilter& filter, std::string_view text) {
  const std::string held = std::string(text) + std::string(kScanPadding, ' ');
  FoundItem item;
  item.text = std::string_view(held).substr(0, text.size());
  item.backslash = text.find('\\') != std::string_view::npos;
  return filter.may_be_wanted(item);
}

TEST(TypeFilter, LetsThroughWhatMayBeOurs) {
  constexpr std::array<std::string_view, 3> kAsked = {"AWS::S3::Bucket", "AWS::SageMaker::Model",
                                                      "Plain"};
  const struct {
    std::string text;
    bool wanted;
  } cases[] = {
      {R"({"resourceType":"AWS::SageMaker::Model"})", true},
      {R"({"resourceType":"AWS::SageMaker::Image"})", true},  // its service is ours
      {R"({"resourceType":"AWS::S3::AccessPoint"})", true},
      {R"({"resourceType":"Plain"})", true},
      {R"({"resourceType":"AWS::EC2::Instance"})", false},
      {R"({"resourceType":"AWS::EC2::Instance","x":"\"\\"})", false},
      // Letters may be written otherwise.
      {R"({"resourceType":"AWS\u003a:SageMaker::Model"})", true},
      {R"({"resource\u0054ype":"AWS::EC2::Instance"})", true},
      // Without a type it is not known what it is.
      {R"({"configuration":{}})", true},
      {R"({"Message":"{\"resourceType\":\"AWS::EC2::Instance\"}"})", true},
      {"{}", true},
      {R"({"x":"resourceType","resourceType":7})", true},
      {R"({"x":"resourceType", "resourceType" : 7, "y":{"resourceType"
 : "AWS::EC2::Instance"}})",
       false},
      {R"({"resourceType")", true},
      {R"({"resourceType":)", true},
  };
  for (const auto& c : cases) {
    TypeFilter filter(kAsked);
    EXPECT_EQ(may_be_wanted(filter, c.text), c.wanted) << c.text;
  }
}

TEST(TypeFilter, WhatItSawBeforeChangesNothing) {
  constexpr std::array<std::string_view, 1> kAsked = {"AWS::SageMaker::Model"};
  const std::string ours = R"("resourceType":"AWS::SageMaker::Model")";
  const std::string other = R"("resourceType":"AWS::EC2::Instance")";
  TypeFilter filter(kAsked);
  for (size_t front = 0; front < 700; front += 23) {
    for (size_t back = 0; back < 700; back += 31) {
      const std::string before = R"({"a":")" + std::string(front, 'x') + R"(",)";
      const std::string behind = R"(,"b":")" + std::string(back, 'y') + R"("})";
      EXPECT_TRUE(may_be_wanted(filter, before + ours + behind)) << front << " " << back;
      EXPECT_FALSE(may_be_wanted(filter, before + other + behind)) << front << " " << back;
    }
  }
}

TEST(TypeFilter, TypesOfAnyKind) {
  const std::string long_type = "Custom::" + std::string(300, 'q');
  const std::array<std::string_view, 2> types = {"", long_type};
  TypeFilter filter(types);
  EXPECT_TRUE(may_be_wanted(filter, R"({"resourceType":")" + long_type + R"("})"));
  EXPECT_FALSE(may_be_wanted(filter, R"({"resourceType":"AWS::EC2::Instance"})"));
}

}  // namespace
}  // namespace sagewarden::config
