// Inference experiments and feature groups.
#include <gtest/gtest.h>

#include "remediate/aws_for_planner_tests.h"

namespace sagewarden::remediate {
namespace {

constexpr const char* kExperimentKey = "arn:aws:kms:eu-west-1:111122223333:key/k";
constexpr const char* kCapture =
    R"({"Destination":"s3://b/p","ContentType":{"JsonContentTypes":["application/json"]}})";

std::string described_experiment(std::string_view status, std::string_view data = kCapture) {
  std::string text = R"({"Name":"shadow","Status":")" + std::string(status) + "\"";
  if (!data.empty()) text += R"(,"DataStorageConfig":)" + std::string(data);
  return text + R"(,"RoleArn":"r","EndpointMetadata":{"EndpointName":"live"},
    "ShadowModeConfig":{"SourceModelVariantName":"live-v"},"ModelVariants":[
    {"VariantName":"live-v","Status":"InService"},{"VariantName":"shadow-v","Status":"InService"}]})";
}

std::vector<Action> planned_experiment(std::initializer_list<const char*> controls,
                                       const std::string& describe, const PlanOptions& options) {
  const Broken broken =
      broken_one("InferenceExperiment", "inference-experiment", "shadow", controls);
  PlannerAws aws;
  aws.answers("DescribeInferenceExperiment", R"({"Name":"shadow"})", describe);
  aws.has_tags(broken.target.arn, "[]");
  std::vector<Action> actions = aws.plan(plan_place, broken, options);
  expect_whole(actions, broken);
  return actions;
}

PlanOptions options_with_key() {
  PlanOptions options;
  options.kms_key = kExperimentKey;
  return options;
}

TEST(PlanExperiments, EncryptWhatIsCaptured) {
  for (const char* status : {"Created", "Running"}) {
    const Action action =
        planned_experiment({"SageMaker.24"}, described_experiment(status), options_with_key())[0];
    EXPECT_EQ(action.way, Way::InPlace);
    EXPECT_EQ(calls_of(action.steps),
              std::vector<std::string>{
                  R"(UpdateInferenceExperiment {"Name":"shadow","DataStorageConfig":{)"
                  R"("Destination":"s3://b/p","ContentType":{"JsonContentTypes":)"
                  R"(["application/json"]},"KmsKey":")" +
                  std::string(kExperimentKey) + "\"}}"});
    const Step& step = action.steps[0];
    const Expectation in_use = any_of("Status", {"Created", "Running"});
    EXPECT_EQ(step.from, (std::vector{in_use, equals_json("DataStorageConfig", kCapture)}));
    EXPECT_EQ(step.check.reached,
              (std::vector{in_use, equals("DataStorageConfig.KmsKey", kExperimentKey)}));
    EXPECT_EQ(calls_of(step.undo),
              std::vector<std::string>{
                  R"(UpdateInferenceExperiment {"Name":"shadow","DataStorageConfig":)" +
                  std::string(kCapture) + "}"});
    EXPECT_EQ(step.undo[0].check.reached,
              (std::vector{in_use, missing("DataStorageConfig.KmsKey")}));
    // It may start by its schedule between plan and repair.
    EXPECT_EQ(difference(json::parse_document(described_experiment("Created"))->root,
                         json::parse_document(described_experiment("Running"))->root,
                         action.seen[0].ignore),
              "");
  }
}

TEST(PlanExperiments, TakeNoKeyOfAnotherRegion) {
  PlanOptions options;
  options.kms_key = "arn:aws:kms:us-east-1:111122223333:key/k";
  const Action action =
      planned_experiment({"SageMaker.24"}, described_experiment("Running"), options)[0];
  EXPECT_EQ(action.way, Way::ByHand);
  EXPECT_NE(joined(action.advice).find("the key that was given is of us-east-1"), std::string::npos)
      << joined(action.advice);
}

TEST(PlanExperiments, SayWhatStaysWithoutAKey) {
  const struct {
    std::string described;
    PlanOptions options;
    const char* wanted;
  } rows[] = {
      {described_experiment("Running"), {}, "--kms-key ARN"},
      {described_experiment("Completed"), options_with_key(), "delete-inference-experiment"},
      {described_experiment("Cancelled"), options_with_key(), "delete-inference-experiment"},
      {described_experiment("Starting"), options_with_key(), "plan again"},
      {described_experiment("Running", ""), options_with_key(), "captures no data"},
      {described_experiment("Running", R"({"Destination":"d","KmsKey":"k"})"), options_with_key(),
       "scan again"},
  };
  for (const auto& row : rows) {
    const std::vector<Action> actions =
        planned_experiment({"SageMaker.24"}, row.described, row.options);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].way, Way::ByHand) << row.wanted;
    EXPECT_NE(joined(actions[0].advice).find(row.wanted), std::string::npos)
        << joined(actions[0].advice);
  }
}

TEST(PlanExperiments, AreMadeAnewByPeople) {
  PlanOptions options = options_with_key();
  options.tags = {{"Owner", "x"}};
  const std::vector<Action> actions = planned_experiment(
      {"SageMaker.23", "SageMaker.24", "Sagewarden.8"}, described_experiment("Running"), options);
  ASSERT_EQ(actions.size(), 3U);
  EXPECT_EQ(actions[0].way, Way::InPlace);
  EXPECT_EQ(actions[1].way, Way::ByHand);
  const std::string advice = joined(actions[1].advice);
  for (const std::string& wanted : {std::string(R"("EndpointName":"live")"),
                                    R"("KmsKey":")" + std::string(kExperimentKey) + "\"",
                                    std::string("live-v=Retain"), std::string("shadow-v=Remove")})
    EXPECT_NE(advice.find(wanted), std::string::npos) << wanted << "\n" << advice;
  // What only Describe has is in no input.
  EXPECT_EQ(advice.find(R"("Status")"), std::string::npos) << advice;
  EXPECT_EQ(actions[2].steps.at(0).call.operation, "AddTags");
  const Action over =
      planned_experiment({"SageMaker.23"}, described_experiment("Completed"), {})[0];
  EXPECT_EQ(joined(over.advice).find("stop-inference-experiment"), std::string::npos);
}

TEST(PlanFeatureGroups, LeaveDataToPeople) {
  const Broken broken =
      broken_one("FeatureGroup", "feature-group", "buys",
                 {"SageMaker.17", "SageMaker.18", "Sagewarden.5", "Sagewarden.6"});
  PlannerAws aws;
  aws.answers("DescribeFeatureGroup", R"({"FeatureGroupName":"buys"})",
              R"({"FeatureGroupName":"buys","RecordIdentifierFeatureName":"id",
                  "EventTimeFeatureName":"at","RoleArn":"r","OfflineStoreConfig":
                  {"S3StorageConfig":{"ResolvedOutputS3Uri":"s3://b/resolved"}},"NextToken":""})");
  aws.has_tags(broken.target.arn, "[]");
  PlanOptions options = options_with_key();
  options.tags = {{"Owner", "x"}};
  const std::vector<Action> actions = aws.plan(plan_feature_groups, broken, options);
  expect_whole(actions, broken);
  ASSERT_EQ(actions.size(), 3U);
  EXPECT_EQ(actions[0].findings[0].control, "Sagewarden.5");
  EXPECT_EQ(actions[1].way, Way::ByHand);
  EXPECT_EQ(actions[1].findings.size(), 2U);
  const std::string text = joined(actions[1].advice);
  for (const char* wanted :
       {R"("OfflineStoreConfig":{"S3StorageConfig":{"KmsKeyId":"arn:aws:kms)",
        R"("OnlineStoreConfig":{"SecurityConfig":{"KmsKeyId":"arn:aws:kms)", "s3://b/resolved",
        R"("RecordIdentifierFeatureName":"id")", "kms:ViaService", "RevokeGrant"})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << "\n" << text;
  EXPECT_EQ(actions[2].steps.at(0).call.operation, "AddTags");
}

TEST(PlanFeatureGroups, NameWhatIsTooLong) {
  const Broken broken = broken_one("FeatureGroup", "feature-group", "buys", {"SageMaker.17"});
  PlannerAws aws;
  aws.answers("DescribeFeatureGroup", R"({"FeatureGroupName":"buys"})",
              R"({"FeatureGroupName":"buys","FeatureDefinitions":[{"FeatureName":"a"}],
                  "NextToken":"more"})");
  aws.has_tags(broken.target.arn, R"([{"Key":"Team","Value":"x"}])");
  const std::string text = joined(aws.plan(plan_feature_groups, broken)[0].advice);
  for (const char* wanted :
       {R"("FeatureDefinitions":"FEATURE-DEFINITIONS")", "--query FeatureDefinitions",
        R"("Tags":[{"Key":"Team","Value":"x"}])", R"("KmsKeyId":"KEY-ARN")"})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << "\n" << text;
}

TEST(PlanFeatureGroups, AskNothingThatTheyDoNotNeed) {
  const Broken broken =
      broken_one("FeatureGroup", "feature-group", "buys", {"Sagewarden.5", "Acme.2"});
  const std::vector<Action> actions = PlannerAws().plan(plan_feature_groups, broken);
  expect_whole(actions, broken);
  EXPECT_EQ(actions.size(), 2U);
}

}  // namespace
}  // namespace sagewarden::remediate
