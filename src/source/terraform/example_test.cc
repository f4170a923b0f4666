// The example that the documentation shows: what comes out of it, resource by resource.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "source/terraform/recording_sink.h"

namespace sagewarden::terraform {
namespace {

using Lines = std::vector<std::string>;

std::string example(const std::string& name) {
  std::ifstream file(std::string(SAGEWARDEN_SOURCE_DIR) + "/examples/terraform/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::map<std::string, Recorded> by_address(const RecordingSink& sink) {
  std::map<std::string, Recorded> found;
  for (const Recorded& resource : sink.resources) found.emplace(resource.address, resource);
  return found;
}

TEST(Example, Plan) {
  const Outcome outcome = read(example("plan.json"));
  ASSERT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.gaps.empty());
  EXPECT_EQ(outcome.sink.passed, (Lines{"other type: aws_iam_role", "other type: aws_kms_key",
                                        "to be destroyed: AWS::SageMaker::NotebookInstance",
                                        "other type: aws_security_group"}));
  const std::map<std::string, Recorded> found = by_address(outcome.sink);
  ASSERT_EQ(found.size(), 9U);
  for (const auto& [address, resource] : found) {
    EXPECT_EQ(resource.region, "eu-west-1") << address;
    EXPECT_EQ(resource.captured_at, "");
    EXPECT_EQ(resource.properties.find("not-real"), std::string::npos) << address;
    const bool awscc = address.starts_with("awscc_");
    EXPECT_EQ(resource.tags.find(R"("Project":"churn")") != std::string::npos, !awscc) << address;
  }

  const Recorded& quick = found.at("aws_sagemaker_notebook_instance.quick");
  EXPECT_EQ(quick.properties,
            R"({"DirectInternetAccess":"Enabled","InstanceType":"ml.t3.medium",)"
            R"("NotebookInstanceName":"churn-quick","RootAccess":"Enabled","VolumeSizeInGB":5})");
  EXPECT_EQ(quick.unknown.size(), 5U);  // role, network interface, URL, security groups, platform

  const Recorded& secure = found.at("aws_sagemaker_notebook_instance.secure");
  EXPECT_NE(std::ranges::find(secure.unknown,
                              "KmsKeyId Set `kms_key_id` is known after apply: it is set from "
                              "aws_kms_key.ml.arn"),
            secure.unknown.end());

  const Recorded& fraud = found.at(R"(module.model["fraud"].aws_sagemaker_model.this)");
  EXPECT_EQ(fraud.name, "fraud-1");
  EXPECT_EQ(fraud.properties,
            R"({"EnableNetworkIsolation":false,"ModelName":"fraud-1","PrimaryContainer":)"
            R"({"Environment":{"LOG_LEVEL":"info","REGISTRY_TOKEN":null},)"
            R"("Image":"registry.example.com/fraud:1",)"
            R"("ImageConfig":{"RepositoryAccessMode":"Platform"},"Mode":"SingleModel"},)"
            R"("VpcConfig":{"SecurityGroupIds":[null],)"
            R"("Subnets":["subnet-0a1b2c3d4e5f60718","subnet-0b1c2d3e4f5a60729"]}})");
  EXPECT_EQ(
      fraud.unknown,
      (Lines{"PrimaryContainer/Environment/REGISTRY_TOKEN Set `environment` is marked sensitive",
             "VpcConfig/SecurityGroupIds/0 Set `security_group_ids` is known after apply",
             "ExecutionRoleArn Set `execution_role_arn` is known after apply: it is set from "
             "var.role_arn"}));

  const Recorded& bias = found.at("awscc_sagemaker_model_bias_job_definition.fraud");
  EXPECT_EQ(bias.unknown,
            (Lines{"CreationTime Nothing `creation_time` is known after apply and not configured",
                   "JobDefinitionArn Nothing `job_definition_arn` is known after apply and not "
                   "configured",
                   "RoleArn Set `role_arn` is known after apply: it is set from "
                   "aws_iam_role.ml.arn"}));
}

TEST(Example, State) {
  const Outcome outcome = read(example("state.json"));
  ASSERT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.gaps.empty());
  const std::map<std::string, Recorded> found = by_address(outcome.sink);
  ASSERT_EQ(found.size(), 5U);
  for (const auto& [address, resource] : found) EXPECT_EQ(resource.account, "123456789012");
  const Recorded& quick = found.at("aws_sagemaker_notebook_instance.quick");
  EXPECT_EQ(quick.arn, "arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/churn-quick");
  EXPECT_EQ(quick.properties.find("KmsKeyId"), std::string::npos);  // "" in the state
  EXPECT_NE(quick.properties.find(R"("PlatformIdentifier":"notebook-al2-v2")"), std::string::npos);
  EXPECT_TRUE(quick.unknown.empty());
}

}  // namespace
}  // namespace sagewarden::terraform
