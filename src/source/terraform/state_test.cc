#include <gtest/gtest.h>

#include "source/terraform/recording_sink.h"

namespace sagewarden::terraform {
namespace {

using Lines = std::vector<std::string>;

TEST(State, AsShowPrintsIt) {
  const Outcome outcome = read(R"({"format_version":"1.0","terraform_version":"1.11.4","values":{
    "root_module":{"resources":[
      {"address":"data.aws_sagemaker_prebuilt_ecr_image.p","mode":"data",
       "type":"aws_sagemaker_prebuilt_ecr_image","name":"p","values":{}},
      {"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b","values":{}},
      {"address":"aws_sagemaker_feature_group.f","mode":"managed",
       "type":"aws_sagemaker_feature_group","name":"f","values":{
         "arn":"arn:aws:sagemaker:eu-west-1:123456789012:feature-group/f","feature_group_name":"f",
         "online_store_config":[{"enable_online_store":true,"security_config":[],
           "storage_type":"","ttl_duration":[]}],"tags":{},"tags_all":{"a":"1"}},
       "sensitive_values":{"tags":{},"tags_all":{}}}],
     "child_modules":[{"address":"module.m[0]","resources":[
      {"address":"module.m[0].aws_sagemaker_image.x[1]","mode":"managed",
       "type":"aws_sagemaker_image","name":"x","index":1,"tainted":true,
       "values":{"image_name":"i","description":"SECRET"},
       "sensitive_values":{"description":true}}]}]}}})");
  ASSERT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.gaps.empty());
  ASSERT_EQ(outcome.sink.resources.size(), 2U);
  const Recorded& group = outcome.sink.resources[0];
  EXPECT_EQ(group.arn, "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/f");
  EXPECT_EQ(group.account + " " + group.region, "123456789012 eu-west-1");
  EXPECT_EQ(group.tags, R"({"a":"1"})");
  EXPECT_EQ(group.properties, R"({"FeatureGroupName":"f",)"
                              R"("OnlineStoreConfig":{"EnableOnlineStore":true,)"
                              R"("StorageType":"Standard"}})");
  EXPECT_EQ(group.defaulted, Lines{"OnlineStoreConfig.StorageType"});
  const Recorded& image = outcome.sink.resources[1];
  EXPECT_EQ(image.address, "module.m[0].aws_sagemaker_image.x[1]");
  EXPECT_EQ(image.properties, R"({"ImageName":"i"})");
  EXPECT_EQ(image.unknown, Lines{"ImageDescription Set `description` is marked sensitive"});
  EXPECT_EQ(outcome.sink.passed,
            (Lines{"data source: aws_sagemaker_prebuilt_ecr_image", "other type: aws_s3_bucket"}));
}

TEST(State, DeposedObjectsAreNotJudged) {
  const Outcome outcome = read(R"({"format_version":"1.0","values":{"root_module":{"resources":[
      {"address":"aws_sagemaker_image.x","mode":"managed","type":"aws_sagemaker_image","name":"x",
       "values":{"image_name":"new"}},
      {"address":"aws_sagemaker_image.x","mode":"managed","type":"aws_sagemaker_image","name":"x",
       "deposed_key":"0a1b","values":{"image_name":"old"}}]}}})");
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].name, "new");
  EXPECT_EQ(outcome.sink.passed, Lines{"to be destroyed: AWS::SageMaker::Image"});
}

TEST(State, ATypeGivenTwiceIsAGap) {
  const std::string resource = R"("mode":"managed","type":"aws_s3_bucket",)"
                               R"("type":"aws_sagemaker_image","name":"x")";
  for (const std::string& text :
       {R"({"format_version":"1.0","values":{"root_module":{"resources":[{"address":"a",)" +
            resource + R"(,"values":{}}]}}})",
        R"({"version":4,"lineage":"l","resources":[{)" + resource +
            R"(,"instances":[{"attributes":{}}]}]})"}) {
    const Outcome outcome = read(text);
    EXPECT_EQ(outcome.error, "") << text;
    EXPECT_EQ(outcome.sink.gaps.size(), 1U) << text;
  }
}

TEST(State, TypesWithoutNamesAreGaps) {
  const std::string_view types[] = {"AWS::S3::Bucket"};
  SourceOptions options;
  options.types = types;
  const std::string bucket = R"("mode":"managed","type":"aws_s3_bucket","name":"b")";
  for (const std::string& text :
       {R"({"format_version":"1.0","values":{"root_module":{"resources":[)"
        R"({"address":"aws_s3_bucket.b[0]",)" +
            bucket + R"(,"values":{}}]}}})",
        R"({"version":4,"lineage":"l","resources":[{)" + bucket +
            R"(,"instances":[{"index_key":0,"attributes":{}}]}]})"}) {
    const Outcome outcome = read(text, options);
    EXPECT_EQ(outcome.error, "") << text;
    EXPECT_TRUE(outcome.sink.passed.empty()) << text;
    ASSERT_EQ(outcome.sink.gaps.size(), 1U) << text;
    EXPECT_EQ(outcome.sink.gaps[0].code, "NO_NAMES");
    EXPECT_EQ(outcome.sink.gaps[0].location.address, "aws_s3_bucket.b[0]");
  }
}

TEST(State, Empty) {
  for (const char* text :
       {R"({"format_version":"1.0"})", R"({"format_version":"1.0","terraform_version":"1.11.4"})",
        R"({"format_version":"1.0","values":null})",
        R"({"format_version":"1.0","values":{"root_module":{}}})"}) {
    const Outcome outcome = read(text);
    EXPECT_EQ(outcome.error, "") << text;
    EXPECT_TRUE(outcome.sink.resources.empty());
    EXPECT_TRUE(outcome.sink.gaps.empty());
  }
}

TEST(State, MalformedResourcesAreGaps) {
  const std::string bad[] = {
      "null",
      R"({"address":"aws_sagemaker_image.y"})",
      R"({"address":"aws_sagemaker_image.y","mode":"managed","type":"aws_sagemaker_image"})",
      R"({"address":"aws_sagemaker_image.y","mode":"managed","type":"aws_sagemaker_image",
          "values":{},"values":{"image_name":"j"}})",
  };
  for (const std::string& text : bad) {
    SCOPED_TRACE(text);
    const Outcome outcome =
        read(R"({"format_version":"1.0","values":{"root_module":{"resources":[)" + text +
             R"(,{"address":"aws_sagemaker_image.x","mode":"managed","type":"aws_sagemaker_image",
                  "values":{"image_name":"i"}}]}}})");
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.sink.resources.size(), 1U);
    ASSERT_EQ(outcome.sink.gaps.size(), 1U);
    EXPECT_EQ(outcome.sink.gaps[0].code, "PARSE_ERROR");
  }
}

std::string state_file(const std::string& resources) {
  return R"({"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"l","outputs":{},)"
         R"("resources":[)" +
         resources + "]}";
}

TEST(StateFile, Instances) {
  const Outcome outcome = read(state_file(R"(
    {"module":"module.m[\"k\"]","mode":"managed","type":"aws_sagemaker_image","name":"x",
     "provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[
       {"index_key":"q\"z","schema_version":0,"attributes":{"image_name":"i","role_arn":"SECRET",
         "description":"SECRET"},
        "sensitive_attributes":[[{"type":"get_attr","value":"role_arn"}],
          [{"type":"get_attr","value":"description"},{"type":"index","value":{"value":0}}]]},
       {"index_key":1,"deposed":"0a","attributes":{"image_name":"old"}}]},
    {"mode":"managed","type":"awscc_sagemaker_image","name":"y","instances":[
       {"attributes":{"image_name":"j"},"sensitive_attributes":[]}]},
    {"mode":"managed","type":"aws_s3_bucket","name":"b","instances":[{"attributes":{}}]},
    {"mode":"data","type":"aws_sagemaker_image","name":"d","instances":[{"attributes":{}}]})"));
  ASSERT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.gaps.empty());
  ASSERT_EQ(outcome.sink.resources.size(), 2U);
  EXPECT_EQ(outcome.sink.resources[0].address, R"(module.m["k"].aws_sagemaker_image.x["q\"z"])");
  EXPECT_EQ(outcome.sink.resources[0].properties, R"({"ImageName":"i"})");
  EXPECT_EQ(outcome.sink.resources[0].unknown,
            (Lines{"ImageRoleArn Set `role_arn` is marked sensitive",
                   "ImageDescription Set `description` is marked sensitive"}));
  EXPECT_EQ(outcome.sink.resources[1].address, "awscc_sagemaker_image.y");
  EXPECT_EQ(outcome.sink.passed,
            (Lines{"to be destroyed: AWS::SageMaker::Image", "other type: aws_s3_bucket",
                   "data source: aws_sagemaker_image"}));
}

TEST(StateFile, MalformedResourcesAreGaps) {
  const std::string bad[] = {
      "[]",
      R"({"mode":"managed","type":"aws_sagemaker_image","name":"y"})",
      R"({"mode":"managed","type":"aws_sagemaker_image","name":"y","instances":[
          {"attributes_flat":{"image_name":"i"}}]})",
      R"({"mode":"managed","type":"aws_sagemaker_image","name":"y","instances":[null]})",
      R"({"mode":"managed","type":"aws_sagemaker_image","name":"y","instances":[
          {"attributes":{},"attributes":{}}]})",
  };
  for (const std::string& text : bad) {
    SCOPED_TRACE(text);
    const Outcome outcome = read(state_file(text));
    EXPECT_EQ(outcome.error, "");
    EXPECT_TRUE(outcome.sink.resources.empty());
    ASSERT_EQ(outcome.sink.gaps.size(), 1U);
    EXPECT_EQ(outcome.sink.gaps[0].code, "PARSE_ERROR");
  }
}

}  // namespace
}  // namespace sagewarden::terraform
