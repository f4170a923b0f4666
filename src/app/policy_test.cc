#include "app/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"

namespace sagewarden {
namespace {

TEST(Policy, HoldsWhatTheControlsNeed) {
  AuditPolicyOptions options;
  options.controls.controls = {"SageMaker.3"};
  const Result<std::vector<Statement>> statements = audit_statements(options);
  ASSERT_TRUE(statements) << statements.error().message;
  EXPECT_EQ(policy_document(*statements), R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadSageMaker",
      "Effect": "Allow",
      "Action": [
        "sagemaker:DescribeNotebookInstance",
        "sagemaker:ListNotebookInstances"
      ],
      "Resource": "*"
    },
    {
      "Sid": "FindRegions",
      "Effect": "Allow",
      "Action": [
        "ec2:DescribeRegions"
      ],
      "Resource": "*"
    }
  ]
}
)");
}

TEST(Policy, OtherAccountsNeedMore) {
  AuditPolicyOptions options;
  options.organization = true;
  options.role_name = "Audit";
  options.partition = "aws-cn";
  const Result<std::vector<Statement>> statements = audit_statements(options);
  ASSERT_TRUE(statements) << statements.error().message;
  ASSERT_EQ(statements->size(), 4U);
  EXPECT_TRUE(std::ranges::count((*statements)[2].actions, "organizations:ListAccounts"));
  EXPECT_EQ((*statements)[3].resources.front(), "arn:aws-cn:iam::*:role/Audit");
}

TEST(Policy, ByWhereResourcesAreRead) {
  AuditPolicyOptions options;
  options.from = AwsSource::Config;
  EXPECT_EQ(audit_statements(options)->front().actions.back(), "config:SelectResourceConfig");
  EXPECT_EQ(audit_statements(options)->size(), 2U);
  options.from = AwsSource::ConfigAggregator;
  EXPECT_EQ(audit_statements(options)->size(), 1U) << "which Regions there are is not asked";
}

TEST(Policy, Publishing) {
  const struct {
    std::string destination;
    std::string_view action, resource;  // empty: an error
  } cases[] = {
      {"securityhub", "securityhub:BatchImportFindings", "*"},
      {"s3://bucket/p/", "s3:PutObject", "arn:aws-cn:s3:::bucket/p/*"},
      {"s3://bucket/p", "s3:PutObject", "arn:aws-cn:s3:::bucket/p/*"},
      {"s3://bucket", "s3:PutObject", "arn:aws-cn:s3:::bucket/*"},
      {"arn:aws-cn:sns:cn-north-1:111122223333:t", "sns:Publish",
       "arn:aws-cn:sns:cn-north-1:111122223333:t"},
      {"s3://", "", ""},
      {"s3://*/p", "", ""},
      {"arn:aws:sqs:eu-west-1:111122223333:q", "", ""},
      {"https://hooks.example", "", ""},
      {"elsewhere", "", ""},
  };
  for (const auto& c : cases) {
    const Result<std::vector<Statement>> got = publish_statements({c.destination}, "aws-cn");
    ASSERT_EQ(got.has_value(), !c.action.empty()) << c.destination;
    if (!got) continue;
    EXPECT_EQ(got->front().actions.front(), c.action);
    EXPECT_EQ(got->front().resources.front(), c.resource);
  }
  const auto several = publish_statements({"s3://one", "s3://two"}, "aws");
  ASSERT_TRUE(several);
  EXPECT_NE(several->at(0).sid, several->at(1).sid);
}

TEST(Policy, WhatIsNotKnownIsAnError) {
  AuditPolicyOptions options;
  options.controls.controls = {"SageMaker.99"};
  EXPECT_FALSE(audit_statements(options));
}

TEST(Policy, TheTemplateIsJson) {
  const std::string text = role_template({{"Read", {"sagemaker:ListModels"}}}, "Audit");
  const Result<json::Document> document = json::parse_document(text);
  ASSERT_TRUE(document) << document.error().message;
  const json::Value role = document->root["Resources"]["Role"]["Properties"];
  EXPECT_EQ(role["RoleName"]["Ref"].string_or(""), "RoleName");
  EXPECT_EQ(document->root["Parameters"]["RoleName"]["Default"].string_or(""), "Audit");
  EXPECT_TRUE(document->root["Parameters"]["ExternalId"]["Default"].exists());
  EXPECT_FALSE(document->root["Parameters"]["TrustedPrincipal"]["Default"].exists())
      << "whom to trust is never taken for granted";
}

}  // namespace
}  // namespace sagewarden
