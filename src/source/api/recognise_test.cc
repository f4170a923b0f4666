#include "source/api/recognise.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "model/resource_type.h"

namespace sagewarden::api {
namespace {

using Kind = Recognised::Kind;

std::string arn(std::string_view resource) {
  return fmt::format("arn:aws:sagemaker:eu-west-1:111122223333:{}", resource);
}

TEST(Recognise, EveryTypeByItsNameAndArn) {
  for (const TypeShape& shape : type_shapes()) {
    SCOPED_TRACE(shape.cloudformation);
    const std::string_view part = find_resource_type(shape.cloudformation)->arn_part;
    const std::string text = fmt::format(R"({{"{}":"x","{}":"{}","RoleArn":"r","Setting":1}})",
                                         shape.name_member, shape.arn_member, arn(part) + "/x");
    const auto document = json::parse_document(text);
    ASSERT_TRUE(document);
    const Recognised what = recognise(document->root);
    EXPECT_EQ(what.kind, Kind::Describe);
    EXPECT_EQ(what.shape, &shape);
    EXPECT_EQ(what.type, shape.cloudformation);
    EXPECT_EQ(what.arn.account_id, "111122223333");
  }
}

TEST(Recognise, WhatElseThereIs) {
  const std::string model = arn("model/m");
  const struct {
    std::string text;
    Kind want;
    std::string_view type;
  } cases[] = {
      {R"({"ModelName":"m","ModelArn":")" + model + R"(","CreationTime":"t"})", Kind::Summary,
       "AWS::SageMaker::Model"},
      {R"({"ModelName":"m","ModelArn":")" + model + R"(","Tags":[]})", Kind::Summary,
       "AWS::SageMaker::Model"},
      {R"({"ModelName":"m","ModelArn":")" + model + R"(","Containers":[]})", Kind::Describe,
       "AWS::SageMaker::Model"},
      // The ARN must be the type's, of SageMaker, and the name must be there.
      {R"({"ModelName":"m","ModelArn":")" + arn("model-package/m") + R"("})", Kind::Nothing, ""},
      {R"({"ModelName":"m","ModelArn":")" + arn("model") + R"("})", Kind::Other,
       "AWS::SageMaker::Model"},
      {R"({"ModelName":"m","ModelArn":"arn:aws:iam::1:model/m"})", Kind::Nothing, ""},
      {R"({"ModelName":"m","ModelArn":7})", Kind::Nothing, ""},
      {R"({"ModelArn":")" + model + R"(","EnableNetworkIsolation":true})", Kind::Other,
       "AWS::SageMaker::Model"},
      // Whatever the case of the member: what the ARN is of says the type.
      {R"({"modelName":"m","modelArn":")" + model + R"(","enableNetworkIsolation":true})",
       Kind::Other, "AWS::SageMaker::Model"},
      {R"({"notebookInstanceArn":")" + arn("notebook-instance/n") + R"("})", Kind::Other,
       "AWS::SageMaker::NotebookInstance"},
      {R"({"userProfileArn":")" + arn("user-profile/d/u") + R"("})", Kind::Other,
       "AWS::SageMaker::UserProfile"},
      {R"({"model_arn":")" + model + R"("})", Kind::Nothing, ""},
      {R"({"Arn":")" + arn("") + R"("})", Kind::Nothing, ""},
      // Outputs of calls that we have no table for; an ImageVersion also holds its image's ARN.
      {R"({"ImageArn":")" + arn("image/i") + R"(","ImageVersionArn":")" + arn("image-version/i/1") +
           R"("})",
       Kind::Other, "AWS::SageMaker::ImageVersion"},
      {R"({"FeatureGroupName":"g","FeatureName":"f","FeatureGroupArn":")" + arn("feature-group/g") +
           R"("})",
       Kind::Other, "AWS::SageMaker::FeatureMetadata"},
      {R"({"RoleArn":"arn:aws:iam::1:role/r","TrainingJobArn":")" + arn("training-job/t") + R"("})",
       Kind::Other, "AWS::SageMaker::TrainingJob"},
      {R"({"AutoMLJobArn":")" + arn("automl-job/a") + R"("})", Kind::Other,
       "AWS::SageMaker::AutoMLJob"},
      {R"({"Models":[]})", Kind::List, ""},
      {R"({"JobDefinitionSummaries":[{}],"NextToken":"n"})", Kind::List, ""},
      {R"({"Results":[]})", Kind::Search, ""},
      {R"({"Tags":[{"Key":"a","Value":"b"}]})", Kind::Tags, ""},
      {R"({"Tags":[],"ResourceArn":")" + model + R"("})", Kind::TagIndex, ""},
      {R"({"ResourceTagMappingList":[]})", Kind::TagIndex, ""},
      {R"({")" + model + R"(":[]})", Kind::TagIndex, ""},
      {R"({})", Kind::Nothing, ""},
      {R"([])", Kind::Nothing, ""},
      {R"("text")", Kind::Nothing, ""},
      {R"({"Resources":{}})", Kind::Nothing, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto document = json::parse_document(c.text);
    ASSERT_TRUE(document);
    const Recognised what = recognise(document->root);
    EXPECT_EQ(static_cast<int>(what.kind), static_cast<int>(c.want));
    EXPECT_EQ(what.type, c.type);
  }
}

TEST(Recognise, Failures) {
  const struct {
    std::string_view text, code, message;
  } cases[] = {
      {R"({"__type":"AccessDeniedException","Message":"no"})", "AccessDeniedException", "no"},
      {R"({"__type":"com.amazonaws.sagemaker#ThrottlingException:http://x/","message":"slow"})",
       "ThrottlingException", "slow"},
      {R"({"Error":{"Code":"ValidationException","Message":"gone"},"ResponseMetadata":{}})",
       "ValidationException", "gone"},
      {R"({"__type":"X"})", "X", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto document = json::parse_document(c.text);
    ASSERT_TRUE(document);
    const Recognised what = recognise(document->root);
    EXPECT_EQ(what.kind, Kind::Failure);
    EXPECT_EQ(what.code, c.code);
    EXPECT_EQ(what.message, c.message);
  }
}

}  // namespace
}  // namespace sagewarden::api
