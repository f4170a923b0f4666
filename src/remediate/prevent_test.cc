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
    EXPECT_TRUE(made.statements > 0 || made.notes.size() == 1) << control;
    for (const std::string& note : made.notes) {
      EXPECT_EQ(note.find(control + ": "), 0U) << note;
      EXPECT_EQ(note.find("not known how"), std::string::npos) << note;
    }
  }
}

TEST(Prevent, ControlsWithoutAConditionKeyAreThoseThatAwsHasNoneFor) {
  std::set<std::string> without;
  for (const std::string& control : all_controls())
    if (service_control_policy(std::vector{control}, {.tag_keys = {"Owner"}, .except_roles = {}})
            .statements == 0)
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
  ASSERT_EQ(made.notes.size(), 1U);
  EXPECT_NE(made.notes.front().find("--tag-key"), std::string::npos);
}

TEST(Prevent, AllAtOnceIsOnePolicyOfValidSize) {
  const std::vector<std::string> all = all_controls();
  const Prevention made = service_control_policy(all, {.tag_keys = {"Owner"}, .except_roles = {}});
  EXPECT_LT(made.document.size(), kMaxPolicySize);
  const Result<json::Document> document = json::parse_document(made.document);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root["Statement"].size(), made.statements);
}

TEST(Prevent, APolicyThatIsTooLargeIsSaidToBe) {
  PreventOptions options;
  for (int i = 0; i < 100; ++i) options.tag_keys.push_back("Key" + std::to_string(i));
  const Prevention made = service_control_policy(std::vector<std::string>{"SageMaker.6"}, options);
  EXPECT_NE(made.notes.back().find("Organizations takes"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden::remediate
