#include <gtest/gtest.h>

#include "source/cloudformation/cloudformation.h"

namespace sagewarden {
namespace {

TEST(Detect, TemplatesFromTheirTextAndTheirTree) {
  const struct {
    std::string_view text;
    bool want;
  } rows[] = {
      {"AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n", true},
      {"# a comment\n---\n\"AWSTemplateFormatVersion\" : 2010-09-09\n", true},
      {"Resources:\n  A:\n    Type: AWS::S3::Bucket\n", true},
      {"Resources:\n  A:\n    \"Type\": 'Custom::Thing'\n", true},
      {"Resources: {A: {Type: AWS::S3::Bucket}}", true},
      {"Description: x\n\nResources:\n  Fn::ForEach::L: []\n", true},
      {R"({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}})", true},
      {"\xEF\xBB\xBF{\n \"Outputs\": {\"x\": \"\\\"Resources\"},\n \"Resources\" : {\"A\": "
       "{\"Type\" :\n\"AWS::S3::Bucket\"}}}",
       true},
      {R"({"Resources": {"A": {"Type": "Org::Team::Net::MODULE"}}})", true},
      // What looks like one from afar.
      {"", false},
      {"text", false},
      {"Resources:\n  A:\n    Type: Deployment\n", false},
      {"Resources:\n  - Type: '::'\n", false},
      {"inner:\n  Resources:\n    A: {Type: AWS::S3::Bucket}\n", false},
      {R"({"Findings": [{"Resources": [{"Type": "AwsS3Bucket"}]}]})", false},
      {R"({"inner": {"AWSTemplateFormatVersion": "x"}})", false},
      {R"({"a": "AWSTemplateFormatVersion", "b": ["Resources"]})", false},
      {R"({"kind": "Resources"})", false},
      {R"({"NotebookInstanceName": "x", "Tags": []})", false},
      {R"({"configurationItems": [{"resourceType": "AWS::S3::Bucket"}]})", false},
      {R"({"terraform_version": "1", "resource_changes": []})", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(looks_like_cloudformation(row.text), row.want) << row.text;
    const Result<Node> node = read_yaml_or_json(row.text);
    ASSERT_TRUE(node) << row.text << ": " << node.error().message;
    EXPECT_EQ(is_cloudformation_template(*node), row.want) << row.text;
  }
}

TEST(Detect, BrokenTextsAreLeftToTheReader) {
  EXPECT_TRUE(looks_like_cloudformation("{\"Resources\": {\"A\": {\"Type\": \"AWS::S3::Bucket\""));
  EXPECT_FALSE(looks_like_cloudformation("{\"Resources"));
  EXPECT_FALSE(looks_like_cloudformation("}}}}"));
  EXPECT_FALSE(looks_like_cloudformation("{\"a\\"));
  EXPECT_FALSE(looks_like_cloudformation(std::string(1000, '"')));
}

}  // namespace
}  // namespace sagewarden
