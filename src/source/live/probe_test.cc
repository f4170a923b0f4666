#include "source/live/probe.h"

#include <gtest/gtest.h>

#include "source/live/actions.h"
#include "source/live/fake_aws_for_tests.h"

namespace sagewarden::live {
namespace {

using Kind = aws::CallError::Kind;
using Lines = std::vector<std::string>;

TypeNeeds needs(std::string type, bool tags, bool whole, Lines members = {}) {
  return {std::move(type), tags, whole, std::move(members)};
}

TEST(Actions, WhatIsNeededAndNoMore) {
  const struct {
    std::vector<TypeNeeds> needs;
    Lines want;
  } cases[] = {
      {{}, {}},
      {{needs("AWS::SageMaker::Model", false, true)},
       {"sagemaker:DescribeModel", "sagemaker:ListModels"}},
      // The list says it all.
      {{needs("AWS::SageMaker::Image", true, false, {"ImageDescription"})},
       {"sagemaker:ListImages", "sagemaker:ListTags"}},
      {{needs("AWS::SageMaker::Model", true, true), needs("AWS::SageMaker::Domain", true, true)},
       {"sagemaker:DescribeDomain", "sagemaker:DescribeModel", "sagemaker:ListDomains",
        "sagemaker:ListModels", "sagemaker:ListTags"}},
      {{needs("AWS::S3::Bucket", true, true)}, {}},
  };
  for (const auto& c : cases) EXPECT_EQ(actions_of(c.needs), c.want);
}

TEST(Probes, OneHarmlessCallForEach) {
  Scope scope;
  scope.account = "111122223333";
  scope.partition = "aws";
  const std::vector<TypeNeeds> both = {needs("AWS::SageMaker::Domain", false, true),
                                       needs("AWS::SageMaker::Model", true, true)};
  Lines got;
  for (const aws::Call& call : probes_of(both, scope, "eu-west-1"))
    got.push_back(call.account + " " + call.region + " " + call.operation + " " + call.input);
  const Lines want = {
      R"(111122223333 eu-west-1 ListDomains {"MaxResults":1})",
      R"(111122223333 eu-west-1 DescribeDomain {"DomainId":"d-sagewardendoctor"})",
      R"(111122223333 eu-west-1 ListModels {"MaxResults":1})",
      R"(111122223333 eu-west-1 DescribeModel {"ModelName":"sagewarden-doctor"})",
      R"(111122223333 eu-west-1 ListTags {"ResourceArn":"arn:aws:sagemaker:eu-west-1:111122223333:model/sagewarden-doctor"})"};
  EXPECT_EQ(got, want);
}

TEST(Probes, WhatAnAnswerSays) {
  const struct {
    aws::Answer answer;
    Permission want;
  } cases[] = {
      {answer(R"({"Models":[]})"), Permission::Allowed},
      {refused(Kind::NotFound, "ResourceNotFound"), Permission::Allowed},
      {refused(Kind::Invalid, "ValidationException", "Could not find model \"x\"."),
       Permission::Allowed},
      {refused(Kind::Denied, "AccessDeniedException"), Permission::Denied},
      {refused(Kind::Invalid, "ValidationException", "1 validation error detected"),
       Permission::Unclear},
      {refused(Kind::Throttled, "ThrottlingException"), Permission::Unclear},
      {refused(Kind::Failed, ""), Permission::Unclear},
  };
  for (const auto& c : cases) EXPECT_EQ(permission_of(c.answer), c.want);
}

}  // namespace
}  // namespace sagewarden::live
