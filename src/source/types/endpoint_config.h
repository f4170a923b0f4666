// AWS::SageMaker::EndpointConfig in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 83> kEndpointConfigFields = {{
    {.path = "AsyncInferenceConfig", .shape = Shape::Block, .config_records = false},
    {.path = "AsyncInferenceConfig.ClientConfig", .shape = Shape::Block},
    {.path = "AsyncInferenceConfig.ClientConfig.MaxConcurrentInvocationsPerInstance", .value = ValueType::Integer},
    {.path = "AsyncInferenceConfig.OutputConfig", .shape = Shape::Block, .api_always = true},
    {.path = "AsyncInferenceConfig.OutputConfig.NotificationConfig", .shape = Shape::Block},
    {.path = "AsyncInferenceConfig.OutputConfig.NotificationConfig.IncludeInferenceResponseIn", .shape = Shape::ScalarList},
    {.path = "DataCaptureConfig", .shape = Shape::Block},
    {.path = "DataCaptureConfig.CaptureContentTypeHeader", .shape = Shape::Block},
    {.path = "DataCaptureConfig.CaptureContentTypeHeader.CsvContentTypes", .shape = Shape::ScalarList},
    {.path = "DataCaptureConfig.CaptureContentTypeHeader.JsonContentTypes", .shape = Shape::ScalarList},
    {.path = "DataCaptureConfig.CaptureOptions", .shape = Shape::BlockList, .api_always = true},
    {.path = "DataCaptureConfig.CaptureOptions[].CaptureMode", .api_always = true},
    {.path = "DataCaptureConfig.DestinationS3Uri", .api_always = true},
    // DataCaptureConfig, EnableCapture.
    {.path = "DataCaptureConfig.EnableCapture", .value = ValueType::Boolean, .api_default = "true"},
    {.path = "DataCaptureConfig.InitialSamplingPercentage", .value = ValueType::Integer, .api_always = true},
    {.path = "EnableNetworkIsolation", .value = ValueType::Boolean, .config_records = false},
    {.path = "EndpointConfigName", .terraform = "name", .api_always = true},
    {.path = "ExecutionRoleArn", .config_records = false},
    {.path = "ExplainerConfig", .shape = Shape::Block, .config_records = false},
    {.path = "ExplainerConfig.ClarifyExplainerConfig", .shape = Shape::Block},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig", .shape = Shape::Block},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.FeatureHeaders", .shape = Shape::ScalarList},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.FeatureTypes", .shape = Shape::ScalarList},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.LabelHeaders", .shape = Shape::ScalarList},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.LabelIndex", .value = ValueType::Integer},
    // ClarifyInferenceConfig, MaxPayloadInMB.
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.MaxPayloadInMB", .value = ValueType::Integer, .api_default = "6"},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.MaxRecordCount", .value = ValueType::Integer},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.ProbabilityIndex", .value = ValueType::Integer},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig", .shape = Shape::Block, .api_always = true},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.NumberOfSamples", .value = ValueType::Integer},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.Seed", .value = ValueType::Integer},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig", .shape = Shape::Block, .api_always = true},
    // ClarifyShapBaselineConfig, MimeType.
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig.MimeType", .api_default = R"("text/csv")"},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.TextConfig", .shape = Shape::Block},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.TextConfig.Granularity", .api_always = true},
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.TextConfig.Language", .api_always = true},
    // ClarifyShapConfig, UseLogit.
    {.path = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.UseLogit", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "Id", .read_only = true},
    {.path = "KmsKeyId", .terraform = "kms_key_arn"},
    {.path = "ProductionVariants", .shape = Shape::BlockList, .api_always = true},
    {.path = "ProductionVariants[].CapacityReservationConfig", .shape = Shape::Block, .config_records = false},
    {.path = "ProductionVariants[].ContainerStartupHealthCheckTimeoutInSeconds", .value = ValueType::Integer},
    {.path = "ProductionVariants[].CoreDumpConfig", .shape = Shape::Block},
    {.path = "ProductionVariants[].CoreDumpConfig.DestinationS3Uri", .api_always = true},
    // ProductionVariant, EnableSSMAccess.
    {.path = "ProductionVariants[].EnableSSMAccess", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "ProductionVariants[].InferenceAmiVersion", .config_records = false},
    {.path = "ProductionVariants[].InitialInstanceCount", .value = ValueType::Integer},
    // ProductionVariant, InitialVariantWeight.
    {.path = "ProductionVariants[].InitialVariantWeight", .value = ValueType::Number, .api_default = "1.0"},
    {.path = "ProductionVariants[].ManagedInstanceScaling", .shape = Shape::Block, .config_records = false},
    {.path = "ProductionVariants[].ManagedInstanceScaling.MaxInstanceCount", .value = ValueType::Integer},
    {.path = "ProductionVariants[].ManagedInstanceScaling.MinInstanceCount", .value = ValueType::Integer},
    {.path = "ProductionVariants[].ModelDataDownloadTimeoutInSeconds", .value = ValueType::Integer},
    {.path = "ProductionVariants[].RoutingConfig", .shape = Shape::Block, .config_records = false},
    {.path = "ProductionVariants[].RoutingConfig.RoutingStrategy", .api_always = true},
    {.path = "ProductionVariants[].ServerlessConfig", .shape = Shape::Block},
    {.path = "ProductionVariants[].ServerlessConfig.MaxConcurrency", .value = ValueType::Integer, .api_always = true},
    {.path = "ProductionVariants[].ServerlessConfig.MemorySizeInMB", .value = ValueType::Integer, .api_always = true},
    {.path = "ProductionVariants[].ServerlessConfig.ProvisionedConcurrency", .value = ValueType::Integer, .config_records = false},
    {.path = "ProductionVariants[].VariantName", .api_always = true},
    {.path = "ProductionVariants[].VolumeSizeInGB", .value = ValueType::Integer},
    {.path = "ShadowProductionVariants", .shape = Shape::BlockList, .config_records = false},
    {.path = "ShadowProductionVariants[].CapacityReservationConfig", .shape = Shape::Block},
    {.path = "ShadowProductionVariants[].ContainerStartupHealthCheckTimeoutInSeconds", .value = ValueType::Integer},
    {.path = "ShadowProductionVariants[].CoreDumpConfig", .shape = Shape::Block},
    {.path = "ShadowProductionVariants[].CoreDumpConfig.DestinationS3Uri", .api_always = true},
    // ProductionVariant, EnableSSMAccess.
    {.path = "ShadowProductionVariants[].EnableSSMAccess", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "ShadowProductionVariants[].InitialInstanceCount", .value = ValueType::Integer},
    // ProductionVariant, InitialVariantWeight.
    {.path = "ShadowProductionVariants[].InitialVariantWeight", .value = ValueType::Number, .api_default = "1.0"},
    {.path = "ShadowProductionVariants[].ManagedInstanceScaling", .shape = Shape::Block},
    {.path = "ShadowProductionVariants[].ManagedInstanceScaling.MaxInstanceCount", .value = ValueType::Integer},
    {.path = "ShadowProductionVariants[].ManagedInstanceScaling.MinInstanceCount", .value = ValueType::Integer},
    {.path = "ShadowProductionVariants[].ModelDataDownloadTimeoutInSeconds", .value = ValueType::Integer},
    {.path = "ShadowProductionVariants[].RoutingConfig", .shape = Shape::Block},
    {.path = "ShadowProductionVariants[].RoutingConfig.RoutingStrategy", .api_always = true},
    {.path = "ShadowProductionVariants[].ServerlessConfig", .shape = Shape::Block},
    {.path = "ShadowProductionVariants[].ServerlessConfig.MaxConcurrency", .value = ValueType::Integer, .api_always = true},
    {.path = "ShadowProductionVariants[].ServerlessConfig.MemorySizeInMB", .value = ValueType::Integer, .api_always = true},
    {.path = "ShadowProductionVariants[].ServerlessConfig.ProvisionedConcurrency", .value = ValueType::Integer},
    {.path = "ShadowProductionVariants[].VariantName", .api_always = true},
    {.path = "ShadowProductionVariants[].VolumeSizeInGB", .value = ValueType::Integer},
    {.path = "VpcConfig", .shape = Shape::Block, .config_records = false},
    {.path = "VpcConfig.SecurityGroupIds", .shape = Shape::ScalarList, .api_always = true},
    {.path = "VpcConfig.Subnets", .shape = Shape::ScalarList, .api_always = true},
}};

inline constexpr TypeShape kEndpointConfig = {
    .cloudformation = "AWS::SageMaker::EndpointConfig",
    .describe_operation = "DescribeEndpointConfig",
    .list_operation = "ListEndpointConfigs",
    .name_member = "EndpointConfigName",
    .arn_member = "EndpointConfigArn",
    .name_property = "EndpointConfigName",
    .config_arn_property = "Id",
    .terraform_aws = "aws_sagemaker_endpoint_configuration",
    .terraform_awscc = "awscc_sagemaker_endpoint_config",
    .terraform_name = "name",
    .fields = kEndpointConfigFields,
};
// clang-format on

}  // namespace sagewarden::types
