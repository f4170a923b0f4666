// AWS::SageMaker::ModelQualityJobDefinition in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 49> kModelQualityJobDefinitionFields = {{
    {.path = "CreationTime", .api_always = true, .read_only = true},
    {.path = "JobDefinitionArn", .api_always = true, .read_only = true},
    {.path = "JobDefinitionName", .terraform = "name", .api_always = true},
    {.path = "JobResources", .shape = Shape::Block, .api_always = true},
    {.path = "JobResources.ClusterConfig", .shape = Shape::Block, .api_always = true},
    // MonitoringClusterConfig, InstanceCount.
    {.path = "JobResources.ClusterConfig.InstanceCount", .value = ValueType::Integer, .api_default = "1", .api_always = true},
    {.path = "JobResources.ClusterConfig.InstanceType", .api_always = true},
    {.path = "JobResources.ClusterConfig.VolumeSizeInGB", .value = ValueType::Integer, .api_always = true},
    {.path = "ModelQualityAppSpecification", .shape = Shape::Block, .api_always = true},
    {.path = "ModelQualityAppSpecification.ContainerArguments", .shape = Shape::ScalarList},
    {.path = "ModelQualityAppSpecification.ContainerEntrypoint", .shape = Shape::ScalarList},
    {.path = "ModelQualityAppSpecification.Environment", .shape = Shape::Map},
    {.path = "ModelQualityAppSpecification.ImageUri", .api_always = true},
    {.path = "ModelQualityBaselineConfig", .shape = Shape::Block},
    {.path = "ModelQualityBaselineConfig.ConstraintsResource", .shape = Shape::Block},
    {.path = "ModelQualityJobInput", .shape = Shape::Block, .api_always = true},
    {.path = "ModelQualityJobInput.BatchTransformInput", .shape = Shape::Block},
    {.path = "ModelQualityJobInput.BatchTransformInput.DataCapturedDestinationS3Uri", .api_always = true},
    {.path = "ModelQualityJobInput.BatchTransformInput.DatasetFormat", .shape = Shape::Block, .api_always = true},
    {.path = "ModelQualityJobInput.BatchTransformInput.DatasetFormat.Csv", .shape = Shape::Block},
    {.path = "ModelQualityJobInput.BatchTransformInput.DatasetFormat.Csv.Header", .value = ValueType::Boolean},
    {.path = "ModelQualityJobInput.BatchTransformInput.DatasetFormat.Json", .shape = Shape::Block},
    {.path = "ModelQualityJobInput.BatchTransformInput.DatasetFormat.Json.Line", .value = ValueType::Boolean},
    {.path = "ModelQualityJobInput.BatchTransformInput.DatasetFormat.Parquet", .value = ValueType::Boolean},
    {.path = "ModelQualityJobInput.BatchTransformInput.LocalPath", .api_always = true},
    {.path = "ModelQualityJobInput.BatchTransformInput.ProbabilityThresholdAttribute", .value = ValueType::Number},
    // BatchTransformInput, S3DataDistributionType.
    {.path = "ModelQualityJobInput.BatchTransformInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // BatchTransformInput, S3InputMode.
    {.path = "ModelQualityJobInput.BatchTransformInput.S3InputMode", .api_default = R"("File")"},
    {.path = "ModelQualityJobInput.EndpointInput", .shape = Shape::Block},
    {.path = "ModelQualityJobInput.EndpointInput.EndpointName", .api_always = true},
    {.path = "ModelQualityJobInput.EndpointInput.LocalPath", .api_always = true},
    {.path = "ModelQualityJobInput.EndpointInput.ProbabilityThresholdAttribute", .value = ValueType::Number},
    // EndpointInput, S3DataDistributionType.
    {.path = "ModelQualityJobInput.EndpointInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // EndpointInput, S3InputMode.
    {.path = "ModelQualityJobInput.EndpointInput.S3InputMode", .api_default = R"("File")"},
    {.path = "ModelQualityJobInput.GroundTruthS3Input", .shape = Shape::Block, .api_always = true},
    {.path = "ModelQualityJobOutputConfig", .shape = Shape::Block, .api_always = true},
    {.path = "ModelQualityJobOutputConfig.MonitoringOutputs", .shape = Shape::BlockList, .api_always = true},
    {.path = "ModelQualityJobOutputConfig.MonitoringOutputs[].S3Output", .shape = Shape::Block, .api_always = true},
    {.path = "ModelQualityJobOutputConfig.MonitoringOutputs[].S3Output.LocalPath", .api_always = true},
    {.path = "ModelQualityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", .api_always = true},
    {.path = "NetworkConfig", .shape = Shape::Block},
    // MonitoringNetworkConfig: a boolean that is left out is false.
    {.path = "NetworkConfig.EnableInterContainerTrafficEncryption", .value = ValueType::Boolean, .api_default = "false"},
    // MonitoringNetworkConfig: a boolean that is left out is false.
    {.path = "NetworkConfig.EnableNetworkIsolation", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "NetworkConfig.VpcConfig", .shape = Shape::Block},
    {.path = "NetworkConfig.VpcConfig.SecurityGroupIds", .shape = Shape::ScalarList, .api_always = true},
    {.path = "NetworkConfig.VpcConfig.Subnets", .shape = Shape::ScalarList, .api_always = true},
    {.path = "RoleArn", .api_always = true},
    {.path = "StoppingCondition", .shape = Shape::Block},
    {.path = "StoppingCondition.MaxRuntimeInSeconds", .value = ValueType::Integer, .api_always = true},
}};

inline constexpr TypeShape kModelQualityJobDefinition = {
    .cloudformation = "AWS::SageMaker::ModelQualityJobDefinition",
    .describe_operation = "DescribeModelQualityJobDefinition",
    .list_operation = "ListModelQualityJobDefinitions",
    .name_member = "JobDefinitionName",
    .arn_member = "JobDefinitionArn",
    .name_property = "JobDefinitionName",
    .config_arn_property = "JobDefinitionArn",
    .terraform_aws = "aws_sagemaker_model_quality_job_definition",
    .terraform_awscc = "awscc_sagemaker_model_quality_job_definition",
    .terraform_name = "name",
    .config_schema_published = false,
    .fields = kModelQualityJobDefinitionFields,
};
// clang-format on

}  // namespace sagewarden::types
