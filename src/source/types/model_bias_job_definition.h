// AWS::SageMaker::ModelBiasJobDefinition in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 48> kModelBiasJobDefinitionFields = {{
    {.path = "CreationTime", .api_always = true, .read_only = true},
    {.path = "JobDefinitionArn", .api_always = true, .read_only = true},
    {.path = "JobDefinitionName", .api_always = true},
    {.path = "JobResources", .shape = Shape::Block, .api_always = true},
    {.path = "JobResources.ClusterConfig", .shape = Shape::Block, .api_always = true},
    // MonitoringClusterConfig, InstanceCount.
    {.path = "JobResources.ClusterConfig.InstanceCount", .value = ValueType::Integer, .api_default = "1", .api_always = true},
    {.path = "JobResources.ClusterConfig.InstanceType", .api_always = true},
    {.path = "JobResources.ClusterConfig.VolumeSizeInGB", .value = ValueType::Integer, .api_always = true},
    {.path = "ModelBiasAppSpecification", .shape = Shape::Block, .api_always = true},
    {.path = "ModelBiasAppSpecification.ConfigUri", .api_always = true},
    {.path = "ModelBiasAppSpecification.Environment", .shape = Shape::Map},
    {.path = "ModelBiasAppSpecification.ImageUri", .api_always = true},
    {.path = "ModelBiasBaselineConfig", .shape = Shape::Block},
    {.path = "ModelBiasBaselineConfig.ConstraintsResource", .shape = Shape::Block},
    {.path = "ModelBiasJobInput", .shape = Shape::Block, .api_always = true},
    {.path = "ModelBiasJobInput.BatchTransformInput", .shape = Shape::Block},
    {.path = "ModelBiasJobInput.BatchTransformInput.DataCapturedDestinationS3Uri", .api_always = true},
    {.path = "ModelBiasJobInput.BatchTransformInput.DatasetFormat", .shape = Shape::Block, .api_always = true},
    {.path = "ModelBiasJobInput.BatchTransformInput.DatasetFormat.Csv", .shape = Shape::Block},
    {.path = "ModelBiasJobInput.BatchTransformInput.DatasetFormat.Csv.Header", .value = ValueType::Boolean},
    {.path = "ModelBiasJobInput.BatchTransformInput.DatasetFormat.Json", .shape = Shape::Block},
    {.path = "ModelBiasJobInput.BatchTransformInput.DatasetFormat.Json.Line", .value = ValueType::Boolean},
    {.path = "ModelBiasJobInput.BatchTransformInput.DatasetFormat.Parquet", .value = ValueType::Boolean},
    {.path = "ModelBiasJobInput.BatchTransformInput.LocalPath", .api_always = true},
    {.path = "ModelBiasJobInput.BatchTransformInput.ProbabilityThresholdAttribute", .value = ValueType::Number},
    // BatchTransformInput, S3DataDistributionType.
    {.path = "ModelBiasJobInput.BatchTransformInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // BatchTransformInput, S3InputMode.
    {.path = "ModelBiasJobInput.BatchTransformInput.S3InputMode", .api_default = R"("File")"},
    {.path = "ModelBiasJobInput.EndpointInput", .shape = Shape::Block},
    {.path = "ModelBiasJobInput.EndpointInput.EndpointName", .api_always = true},
    {.path = "ModelBiasJobInput.EndpointInput.LocalPath", .api_always = true},
    {.path = "ModelBiasJobInput.EndpointInput.ProbabilityThresholdAttribute", .value = ValueType::Number},
    // EndpointInput, S3DataDistributionType.
    {.path = "ModelBiasJobInput.EndpointInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // EndpointInput, S3InputMode.
    {.path = "ModelBiasJobInput.EndpointInput.S3InputMode", .api_default = R"("File")"},
    {.path = "ModelBiasJobInput.GroundTruthS3Input", .shape = Shape::Block, .api_always = true},
    {.path = "ModelBiasJobOutputConfig", .shape = Shape::Block, .api_always = true},
    {.path = "ModelBiasJobOutputConfig.MonitoringOutputs", .shape = Shape::BlockList, .api_always = true},
    {.path = "ModelBiasJobOutputConfig.MonitoringOutputs[].S3Output", .shape = Shape::Block, .api_always = true},
    {.path = "ModelBiasJobOutputConfig.MonitoringOutputs[].S3Output.LocalPath", .api_always = true},
    {.path = "ModelBiasJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", .api_always = true},
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

inline constexpr TypeShape kModelBiasJobDefinition = {
    .cloudformation = "AWS::SageMaker::ModelBiasJobDefinition",
    .describe_operation = "DescribeModelBiasJobDefinition",
    .list_operation = "ListModelBiasJobDefinitions",
    .name_member = "JobDefinitionName",
    .arn_member = "JobDefinitionArn",
    .name_property = "JobDefinitionName",
    .config_arn_property = "JobDefinitionArn",
    .terraform_awscc = "awscc_sagemaker_model_bias_job_definition",
    .terraform_name = "name",
    .config_schema_published = false,
    .fields = kModelBiasJobDefinitionFields,
};
// clang-format on

}  // namespace sagewarden::types
