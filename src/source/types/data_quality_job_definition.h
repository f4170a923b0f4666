// AWS::SageMaker::DataQualityJobDefinition in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 47> kDataQualityJobDefinitionFields = {{
    {.path = "CreationTime", .api_always = true, .read_only = true},
    {.path = "DataQualityAppSpecification", .shape = Shape::Block, .api_always = true},
    {.path = "DataQualityAppSpecification.ContainerArguments", .shape = Shape::ScalarList},
    {.path = "DataQualityAppSpecification.ContainerEntrypoint", .shape = Shape::ScalarList},
    {.path = "DataQualityAppSpecification.Environment", .shape = Shape::Map},
    {.path = "DataQualityAppSpecification.ImageUri", .api_always = true},
    {.path = "DataQualityBaselineConfig", .shape = Shape::Block},
    {.path = "DataQualityBaselineConfig.ConstraintsResource", .shape = Shape::Block},
    {.path = "DataQualityBaselineConfig.StatisticsResource", .shape = Shape::Block},
    {.path = "DataQualityJobInput", .shape = Shape::Block, .api_always = true},
    {.path = "DataQualityJobInput.BatchTransformInput", .shape = Shape::Block},
    {.path = "DataQualityJobInput.BatchTransformInput.DataCapturedDestinationS3Uri", .api_always = true},
    {.path = "DataQualityJobInput.BatchTransformInput.DatasetFormat", .shape = Shape::Block, .api_always = true},
    {.path = "DataQualityJobInput.BatchTransformInput.DatasetFormat.Csv", .shape = Shape::Block},
    {.path = "DataQualityJobInput.BatchTransformInput.DatasetFormat.Csv.Header", .value = ValueType::Boolean},
    {.path = "DataQualityJobInput.BatchTransformInput.DatasetFormat.Json", .shape = Shape::Block},
    {.path = "DataQualityJobInput.BatchTransformInput.DatasetFormat.Json.Line", .value = ValueType::Boolean},
    {.path = "DataQualityJobInput.BatchTransformInput.DatasetFormat.Parquet", .value = ValueType::Boolean},
    {.path = "DataQualityJobInput.BatchTransformInput.LocalPath", .api_always = true},
    // BatchTransformInput, S3DataDistributionType.
    {.path = "DataQualityJobInput.BatchTransformInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // BatchTransformInput, S3InputMode.
    {.path = "DataQualityJobInput.BatchTransformInput.S3InputMode", .api_default = R"("File")"},
    {.path = "DataQualityJobInput.EndpointInput", .shape = Shape::Block},
    {.path = "DataQualityJobInput.EndpointInput.EndpointName", .api_always = true},
    {.path = "DataQualityJobInput.EndpointInput.LocalPath", .api_always = true},
    // EndpointInput, S3DataDistributionType.
    {.path = "DataQualityJobInput.EndpointInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // EndpointInput, S3InputMode.
    {.path = "DataQualityJobInput.EndpointInput.S3InputMode", .api_default = R"("File")"},
    {.path = "DataQualityJobOutputConfig", .shape = Shape::Block, .api_always = true},
    {.path = "DataQualityJobOutputConfig.MonitoringOutputs", .shape = Shape::BlockList, .api_always = true},
    {.path = "DataQualityJobOutputConfig.MonitoringOutputs[].S3Output", .shape = Shape::Block, .api_always = true},
    {.path = "DataQualityJobOutputConfig.MonitoringOutputs[].S3Output.LocalPath", .api_always = true},
    {.path = "DataQualityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", .api_always = true},
    {.path = "JobDefinitionArn", .api_always = true, .read_only = true},
    {.path = "JobDefinitionName", .terraform = "name", .api_always = true},
    {.path = "JobResources", .shape = Shape::Block, .api_always = true},
    {.path = "JobResources.ClusterConfig", .shape = Shape::Block, .api_always = true},
    // MonitoringClusterConfig, InstanceCount.
    {.path = "JobResources.ClusterConfig.InstanceCount", .value = ValueType::Integer, .api_default = "1", .api_always = true},
    {.path = "JobResources.ClusterConfig.InstanceType", .api_always = true},
    {.path = "JobResources.ClusterConfig.VolumeSizeInGB", .value = ValueType::Integer, .api_always = true},
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

inline constexpr TypeShape kDataQualityJobDefinition = {
    .cloudformation = "AWS::SageMaker::DataQualityJobDefinition",
    .describe_operation = "DescribeDataQualityJobDefinition",
    .list_operation = "ListDataQualityJobDefinitions",
    .name_member = "JobDefinitionName",
    .arn_member = "JobDefinitionArn",
    .name_property = "JobDefinitionName",
    .config_arn_property = "JobDefinitionArn",
    .terraform_aws = "aws_sagemaker_data_quality_job_definition",
    .terraform_awscc = "awscc_sagemaker_data_quality_job_definition",
    .terraform_name = "name",
    .config_schema_published = false,
    .fields = kDataQualityJobDefinitionFields,
};
// clang-format on

}  // namespace sagewarden::types
