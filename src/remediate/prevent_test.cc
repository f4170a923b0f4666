#include "remediate/prevent.h"

#include <gtest/gtest.h>

#include <set>

#include "base/json.h"

namespace sagewarden::remediate {
namespace {

std::vector<std::string> all_controls() {
  std::vector<std::string> all;
  for (int i = 1; i <= 25; ++i) all.push_back("SageMaker." + std::to_string(i));
  for (int i = 1; i <= 10; ++i) all.push_back("Sagewarden." + std::to_string(i));
  return all;
}

TEST(Prevent, EveryControlHasARuleOrAReason) {
  for (const std::string& control : all_controls()) {
    const Prevention made =
        service_control_policy(std::vector{control}, {.tag_keys = {"Owner"}, .except_roles = {}});
    ASSERT_EQ(made.controls.size(), 1U);
    const Coverage& coverage = made.controls.front();
    EXPECT_EQ(coverage.control, control);
    EXPECT_EQ(coverage.how.empty(), made.document.empty()) << control;
    EXPECT_FALSE(coverage.how.empty() && coverage.limit.empty()) << control;
    EXPECT_EQ(coverage.limit.find("not known how"), std::string::npos) << control;
  }
}

TEST(Prevent, ControlsWithoutAConditionKeyAreThoseThatAwsHasNoneFor) {
  std::set<std::string> without;
  for (const std::string& control : all_controls())
    if (service_control_policy(std::vector{control}, {.tag_keys = {"Owner"}, .except_roles = {}})
            .document.empty())
      without.insert(control);
  EXPECT_EQ(without,
            (std::set<std::string>{"SageMaker.16", "SageMaker.19", "SageMaker.23", "SageMaker.24",
                                   "SageMaker.4", "SageMaker.8", "Sagewarden.10", "Sagewarden.3",
                                   "Sagewarden.5", "Sagewarden.7"}));
}

TEST(Prevent, Statements) {
  const std::string head = R"({"Version":"2012-10-17","Statement":[)";
  const struct {
    const char* control;
    PreventOptions options;
    std::string wanted;
  } rows[] = {
      {"SageMaker.1",
       {},
       R"({"Sid":"Sagewarden1","Effect":"Deny","Action":"sagemaker:CreateNotebookInstance","Resource":"*","Condition":{"StringNotEquals":{"sagemaker:DirectInternetAccess":"Disabled"}}})"},
      {"SageMaker.5",
       {.tag_keys = {}, .except_roles = {"arn:aws:iam::*:role/Repair"}},
       R"({"Sid":"Sagewarden1","Effect":"Deny","Action":"sagemaker:CreateModel","Resource":"*","Condition":{"Null":{"sagemaker:NetworkIsolation":"true"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Repair"}}},{"Sid":"Sagewarden2","Effect":"Deny","Action":"sagemaker:CreateModel","Resource":"*","Condition":{"Bool":{"sagemaker:NetworkIsolation":"false"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Repair"}}})"},
      {"SageMaker.18",
       {},
       R"({"Sid":"Sagewarden1","Effect":"Deny","Action":"sagemaker:CreateFeatureGroup","Resource":"*","Condition":{"Bool":{"sagemaker:FeatureGroupEnableOnlineStore":"true"},"Null":{"sagemaker:FeatureGroupOnlineStoreKmsKeyArn":"true"}}})"},
      {"SageMaker.7",
       {.tag_keys = {"Owner"}, .except_roles = {}},
       R"({"Sid":"Sagewarden1","Effect":"Deny","Action":"sagemaker:CreateImage","Resource":"*","Condition":{"Null":{"aws:RequestTag/Owner":"true"}}},{"Sid":"Sagewarden2","Effect":"Deny","Action":"sagemaker:DeleteTags","Resource":"arn:*:sagemaker:*:*:image/*","Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":"Owner"}}})"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(service_control_policy(std::vector<std::string>{row.control}, row.options).document,
              head + row.wanted + "]}");
}

TEST(Prevent, TagsAreNotInvented) {
  const Prevention made = service_control_policy(std::vector<std::string>{"SageMaker.6"}, {});
  EXPECT_EQ(made.document, "");
  EXPECT_EQ(made.controls.front().how, "");
  EXPECT_NE(made.controls.front().limit.find("--tag-key"), std::string::npos);
}

TEST(Prevent, AllAtOnceIsOnePolicyOfValidSize) {
  const std::vector<std::string> all = all_controls();
  const Prevention made = service_control_policy(all, {.tag_keys = {"Owner"}, .except_roles = {}});
  EXPECT_LT(made.document.size(), kMaxPolicySize);
  const Result<json::Document> document = json::parse_document(made.document);
  ASSERT_TRUE(document);
  EXPECT_GT(document->root["Statement"].size(), 40U);
}

TEST(Prevent, APolicyThatIsTooLargeIsSaidToBe) {
  PreventOptions options;
  for (int i = 0; i < 100; ++i) options.tag_keys.push_back("Key" + std::to_string(i));
  const Prevention made = service_control_policy(std::vector<std::string>{"SageMaker.6"}, options);
  EXPECT_NE(made.notes.back().find("Organizations takes"), std::string::npos);
}

ControlInfo notebook_control(std::string id, std::vector<Parameter> parameters) {
  ControlInfo info;
  info.id = std::move(id);
  info.title = "A title";
  info.resource_type = "AWS::SageMaker::NotebookInstance";
  info.config_rule = "sagemaker-some-rule";
  info.parameters = std::move(parameters);
  return info;
}

// What the rules mean is tested with cfn-guard itself, in tests/prevent.
TEST(Guard, ParametersGoIntoTheRules) {
  using enum Parameter::Type;
  const struct {
    ControlInfo info;
    const char* clause;
  } rows[] = {
      {notebook_control("SageMaker.3", {}),
       "    sagewarden_is_one_of(RootAccess, [\"Disabled\"]) <<[SageMaker.3] A title. Set "
       "RootAccess to Disabled.>>\n"},
      {notebook_control("SageMaker.8",
                        {{"supported_platforms", StringList, R"(["a","b"])", "[]", {}}}),
       "sagewarden_is_one_of(PlatformIdentifier, [\"a\", \"b\"]) <<[SageMaker.8] A title. Set "
       "PlatformIdentifier to one of a, b.>>"},
      {notebook_control("SageMaker.8", {{"supported_platforms", StringList, "[]", "[]", {}}}),
       "sagewarden_is_one_of(PlatformIdentifier, []) <<[SageMaker.8] A title. No "
       "PlatformIdentifier is allowed.>>"},
      {notebook_control("SageMaker.2", {{"allowed_subnet_ids", StringList, "[]", "[]", {}}}),
       "sagewarden_is_set(SubnetId) <<"},
      {notebook_control("Sagewarden.10",
                        {{"kms_key_arns", StringList, R"(["arn:aws:kms:x:1:key/id"])", "[]", {}}}),
       "sagewarden_is_one_of(KmsKeyId, [\"arn:aws:kms:x:1:key/id\", \"id\"]) <<"},
      {notebook_control("SageMaker.9", {{"min_instance_count", Int, "3", "2", {}}}),
       "InstanceCount not IN [0, \"0\", 1, \"1\", 2, \"2\"] {"},
      {notebook_control("SageMaker.7",
                        {{"required_tag_keys", StringList, R"(["Owner"])", "[]", {}}}),
       "Tags[ Key IN [\"Owner\"]\n"},
  };
  for (const auto& row : rows) {
    const Result<Prevention> made = guard_rules({&row.info, 1});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_NE(made->document.find(row.clause), std::string::npos) << made->document;
    EXPECT_NE(made->document.find("rule SAGEMAKER_SOME_RULE when %sagemaker_some_rule !empty {"),
              std::string::npos);
    EXPECT_EQ(made->controls.front().how, "SAGEMAKER_SOME_RULE");
  }
}

TEST(Guard, WhatItCannotWriteIsAnError) {
  for (const char* value :
       {R"(["a\"b"])", R"(["a\\b"])", R"(["a\nb"])", R"(["a>>b"])", R"(["<<b"])"}) {
    const ControlInfo info = notebook_control(
        "SageMaker.8", {{"supported_platforms", Parameter::Type::StringList, value, "[]", {}}});
    const Result<Prevention> made = guard_rules({&info, 1});
    ASSERT_FALSE(made) << value;
    EXPECT_NE(made.error().message.find("cannot be written"), std::string::npos);
  }
}

}  // namespace
}  // namespace sagewarden::remediate
