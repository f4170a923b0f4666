// AWS::SageMaker::Endpoint in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 24> kEndpointFields = {{
    {.path = "DeploymentConfig", .shape = Shape::Block, .api = "LastDeploymentConfig"},
    {.path = "DeploymentConfig.AutoRollbackConfiguration", .shape = Shape::Block},
    {.path = "DeploymentConfig.AutoRollbackConfiguration.Alarms", .shape = Shape::BlockList},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy", .shape = Shape::Block},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.MaximumExecutionTimeoutInSeconds", .value = ValueType::Integer},
    // BlueGreenUpdatePolicy, TerminationWaitInSeconds.
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.TerminationWaitInSeconds", .value = ValueType::Integer, .api_default = "0"},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration", .shape = Shape::Block},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.CanarySize", .shape = Shape::Block},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.CanarySize.Value", .value = ValueType::Integer},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.LinearStepSize", .shape = Shape::Block},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.LinearStepSize.Value", .value = ValueType::Integer},
    {.path = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.WaitIntervalInSeconds", .value = ValueType::Integer},
    {.path = "DeploymentConfig.RollingUpdatePolicy", .shape = Shape::Block},
    {.path = "DeploymentConfig.RollingUpdatePolicy.MaximumBatchSize", .shape = Shape::Block},
    {.path = "DeploymentConfig.RollingUpdatePolicy.MaximumBatchSize.Value", .value = ValueType::Integer},
    {.path = "DeploymentConfig.RollingUpdatePolicy.MaximumExecutionTimeoutInSeconds", .value = ValueType::Integer},
    {.path = "DeploymentConfig.RollingUpdatePolicy.RollbackMaximumBatchSize", .shape = Shape::Block},
    {.path = "DeploymentConfig.RollingUpdatePolicy.RollbackMaximumBatchSize.Value", .value = ValueType::Integer},
    {.path = "DeploymentConfig.RollingUpdatePolicy.WaitIntervalInSeconds", .value = ValueType::Integer},
    {.path = "EndpointArn", .api_always = true, .read_only = true},
    {.path = "EndpointName", .terraform = "name", .api_always = true},
    {.path = "ExcludeRetainedVariantProperties", .shape = Shape::BlockList},
    {.path = "RetainAllVariantProperties", .value = ValueType::Boolean},
    {.path = "RetainDeploymentConfig", .value = ValueType::Boolean},
}};

inline constexpr TypeShape kEndpoint = {
    .cloudformation = "AWS::SageMaker::Endpoint",
    .describe_operation = "DescribeEndpoint",
    .list_operation = "ListEndpoints",
    .name_member = "EndpointName",
    .arn_member = "EndpointArn",
    .name_property = "EndpointName",
    .config_arn_property = "Id",
    .terraform_aws = "aws_sagemaker_endpoint",
    .terraform_awscc = "awscc_sagemaker_endpoint",
    .terraform_name = "name",
    .config_schema_published = false,
    .fields = kEndpointFields,
};
// clang-format on

}  // namespace sagewarden::types
