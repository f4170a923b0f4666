// AWS::SageMaker::ModelExplainabilityJobDefinition in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 45> kModelExplainabilityJobDefinitionFields = {{
    {.path = "CreationTime", .api_always = true, .read_only = true},
    {.path = "JobDefinitionArn", .api_always = true, .read_only = true},
    {.path = "JobDefinitionName", .api_always = true},
    {.path = "JobResources", .shape = Shape::Block, .api_always = true},
    {.path = "JobResources.ClusterConfig", .shape = Shape::Block, .api_always = true},
    // MonitoringClusterConfig, InstanceCount.
    {.path = "JobResources.ClusterConfig.InstanceCount", .value = ValueType::Integer, .api_default = "1", .api_always = true},
    {.path = "JobResources.ClusterConfig.InstanceType", .api_always = true},
    {.path = "JobResources.ClusterConfig.VolumeSizeInGB", .value = ValueType::Integer, .api_always = true},
    {.path = "ModelExplainabilityAppSpecification", .shape = Shape::Block, .api_always = true},
    {.path = "ModelExplainabilityAppSpecification.ConfigUri", .api_always = true},
    {.path = "ModelExplainabilityAppSpecification.Environment", .shape = Shape::Map},
    {.path = "ModelExplainabilityAppSpecification.ImageUri", .api_always = true},
    {.path = "ModelExplainabilityBaselineConfig", .shape = Shape::Block},
    {.path = "ModelExplainabilityBaselineConfig.ConstraintsResource", .shape = Shape::Block},
    {.path = "ModelExplainabilityJobInput", .shape = Shape::Block, .api_always = true},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput", .shape = Shape::Block},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.DataCapturedDestinationS3Uri", .api_always = true},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.DatasetFormat", .shape = Shape::Block, .api_always = true},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.DatasetFormat.Csv", .shape = Shape::Block},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.DatasetFormat.Csv.Header", .value = ValueType::Boolean},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.DatasetFormat.Json", .shape = Shape::Block},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.DatasetFormat.Json.Line", .value = ValueType::Boolean},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.DatasetFormat.Parquet", .value = ValueType::Boolean},
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.LocalPath", .api_always = true},
    // BatchTransformInput, S3DataDistributionType.
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // BatchTransformInput, S3InputMode.
    {.path = "ModelExplainabilityJobInput.BatchTransformInput.S3InputMode", .api_default = R"("File")"},
    {.path = "ModelExplainabilityJobInput.EndpointInput", .shape = Shape::Block},
    {.path = "ModelExplainabilityJobInput.EndpointInput.EndpointName", .api_always = true},
    {.path = "ModelExplainabilityJobInput.EndpointInput.LocalPath", .api_always = true},
    // EndpointInput, S3DataDistributionType.
    {.path = "ModelExplainabilityJobInput.EndpointInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // EndpointInput, S3InputMode.
    {.path = "ModelExplainabilityJobInput.EndpointInput.S3InputMode", .api_default = R"("File")"},
    {.path = "ModelExplainabilityJobOutputConfig", .shape = Shape::Block, .api_always = true},
    {.path = "ModelExplainabilityJobOutputConfig.MonitoringOutputs", .shape = Shape::BlockList, .api_always = true},
    {.path = "ModelExplainabilityJobOutputConfig.MonitoringOutputs[].S3Output", .shape = Shape::Block, .api_always = true},
    {.path = "ModelExplainabilityJobOutputConfig.MonitoringOutputs[].S3Output.LocalPath", .api_always = true},
    {.path = "ModelExplainabilityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", .api_always = true},
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

inline constexpr TypeShape kModelExplainabilityJobDefinition = {
    .cloudformation = "AWS::SageMaker::ModelExplainabilityJobDefinition",
    .describe_operation = "DescribeModelExplainabilityJobDefinition",
    .list_operation = "ListModelExplainabilityJobDefinitions",
    .name_member = "JobDefinitionName",
    .arn_member = "JobDefinitionArn",
    .name_property = "JobDefinitionName",
    .config_arn_property = "JobDefinitionArn",
    .terraform_awscc = "awscc_sagemaker_model_explainability_job_definition",
    .terraform_name = "name",
    .config_schema_published = false,
    .fields = kModelExplainabilityJobDefinitionFields,
};
// clang-format on

}  // namespace sagewarden::types
