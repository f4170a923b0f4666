// AWS::SageMaker::MonitoringSchedule in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 59> kMonitoringScheduleFields = {{
    {.path = "CreationTime", .api_always = true, .read_only = true},
    {.path = "LastModifiedTime", .api_always = true, .read_only = true},
    {.path = "LastMonitoringExecutionSummary", .shape = Shape::Block},
    {.path = "LastMonitoringExecutionSummary.CreationTime", .api_always = true},
    {.path = "LastMonitoringExecutionSummary.LastModifiedTime", .api_always = true},
    {.path = "LastMonitoringExecutionSummary.MonitoringExecutionStatus", .api_always = true},
    {.path = "LastMonitoringExecutionSummary.MonitoringScheduleName", .api_always = true},
    {.path = "LastMonitoringExecutionSummary.ScheduledTime", .api_always = true},
    {.path = "MonitoringScheduleArn", .api_always = true, .read_only = true},
    {.path = "MonitoringScheduleConfig", .shape = Shape::Block, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition", .shape = Shape::Block, .instead_of = "MonitoringJobDefinitionName"},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.BaselineConfig", .shape = Shape::Block, .terraform = "baseline"},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.BaselineConfig.ConstraintsResource", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.BaselineConfig.StatisticsResource", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.Environment", .shape = Shape::Map},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification", .shape = Shape::Block, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ContainerArguments", .shape = Shape::ScalarList},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ContainerEntrypoint", .shape = Shape::ScalarList},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ImageUri", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs", .shape = Shape::BlockList, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.DataCapturedDestinationS3Uri", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.DatasetFormat", .shape = Shape::Block, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.DatasetFormat.Csv", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.DatasetFormat.Csv.Header", .value = ValueType::Boolean},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.DatasetFormat.Json", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.DatasetFormat.Json.Line", .value = ValueType::Boolean},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.DatasetFormat.Parquet", .value = ValueType::Boolean},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.LocalPath", .api_always = true},
    // BatchTransformInput, S3DataDistributionType.
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // BatchTransformInput, S3InputMode.
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].BatchTransformInput.S3InputMode", .api_default = R"("File")"},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].EndpointInput", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].EndpointInput.EndpointName", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].EndpointInput.LocalPath", .api_always = true},
    // EndpointInput, S3DataDistributionType.
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].EndpointInput.S3DataDistributionType", .api_default = R"("FullyReplicated")"},
    // EndpointInput, S3InputMode.
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[].EndpointInput.S3InputMode", .api_default = R"("File")"},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig", .shape = Shape::Block, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig.MonitoringOutputs", .shape = Shape::BlockList, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig.MonitoringOutputs[].S3Output", .shape = Shape::Block, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig.MonitoringOutputs[].S3Output.LocalPath", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig.MonitoringOutputs[].S3Output.S3Uri", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources", .shape = Shape::Block, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig", .shape = Shape::Block, .api_always = true},
    // MonitoringClusterConfig, InstanceCount.
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig.InstanceCount", .value = ValueType::Integer, .api_default = "1", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig.InstanceType", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig.VolumeSizeInGB", .value = ValueType::Integer, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig", .shape = Shape::Block},
    // NetworkConfig: a boolean that is left out is false.
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableInterContainerTrafficEncryption", .value = ValueType::Boolean, .api_default = "false"},
    // NetworkConfig: a boolean that is left out is false.
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableNetworkIsolation", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.VpcConfig", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.VpcConfig.SecurityGroupIds", .shape = Shape::ScalarList, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.VpcConfig.Subnets", .shape = Shape::ScalarList, .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.RoleArn", .api_always = true},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.StoppingCondition", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.MonitoringJobDefinition.StoppingCondition.MaxRuntimeInSeconds", .value = ValueType::Integer, .api_always = true},
    {.path = "MonitoringScheduleConfig.ScheduleConfig", .shape = Shape::Block},
    {.path = "MonitoringScheduleConfig.ScheduleConfig.ScheduleExpression", .api_always = true},
    {.path = "MonitoringScheduleName", .terraform = "name", .api_always = true},
    {.path = "MonitoringScheduleStatus", .api_always = true},
}};

inline constexpr TypeShape kMonitoringSchedule = {
    .cloudformation = "AWS::SageMaker::MonitoringSchedule",
    .describe_operation = "DescribeMonitoringSchedule",
    .list_operation = "ListMonitoringSchedules",
    .name_member = "MonitoringScheduleName",
    .arn_member = "MonitoringScheduleArn",
    .name_property = "MonitoringScheduleName",
    .config_arn_property = "MonitoringScheduleArn",
    .terraform_aws = "aws_sagemaker_monitoring_schedule",
    .terraform_awscc = "awscc_sagemaker_monitoring_schedule",
    .terraform_name = "name",
    .config_schema_published = false,
    .fields = kMonitoringScheduleFields,
};
// clang-format on

}  // namespace sagewarden::types
