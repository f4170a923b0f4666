// AWS::SageMaker::InferenceExperiment in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 26> kInferenceExperimentFields = {{
    {.path = "Arn", .api_always = true, .read_only = true},
    {.path = "CreationTime", .read_only = true},
    {.path = "DataStorageConfig", .shape = Shape::Block},
    {.path = "DataStorageConfig.ContentType", .shape = Shape::Block},
    {.path = "DataStorageConfig.ContentType.CsvContentTypes", .shape = Shape::ScalarList},
    {.path = "DataStorageConfig.ContentType.JsonContentTypes", .shape = Shape::ScalarList},
    {.path = "DataStorageConfig.Destination", .api_always = true},
    {.path = "EndpointMetadata", .shape = Shape::Block, .api_always = true, .read_only = true},
    {.path = "LastModifiedTime", .read_only = true},
    {.path = "ModelVariants", .shape = Shape::BlockList, .api_always = true},
    {.path = "ModelVariants[].InfrastructureConfig", .shape = Shape::Block, .api_always = true},
    {.path = "ModelVariants[].InfrastructureConfig.InfrastructureType", .api_always = true},
    {.path = "ModelVariants[].InfrastructureConfig.RealTimeInferenceConfig", .shape = Shape::Block, .api_always = true},
    {.path = "ModelVariants[].InfrastructureConfig.RealTimeInferenceConfig.InstanceCount", .value = ValueType::Integer, .api_always = true},
    {.path = "ModelVariants[].InfrastructureConfig.RealTimeInferenceConfig.InstanceType", .api_always = true},
    {.path = "ModelVariants[].ModelName", .api_always = true},
    {.path = "ModelVariants[].VariantName", .api_always = true},
    {.path = "Name", .api_always = true},
    {.path = "Schedule", .shape = Shape::Block},
    {.path = "ShadowModeConfig", .shape = Shape::Block},
    {.path = "ShadowModeConfig.ShadowModelVariants", .shape = Shape::BlockList, .api_always = true},
    {.path = "ShadowModeConfig.ShadowModelVariants[].SamplingPercentage", .value = ValueType::Integer, .api_always = true},
    {.path = "ShadowModeConfig.ShadowModelVariants[].ShadowModelVariantName", .api_always = true},
    {.path = "ShadowModeConfig.SourceModelVariantName", .api_always = true},
    {.path = "Status", .api_always = true, .read_only = true},
    {.path = "Type", .api_always = true},
}};

inline constexpr TypeShape kInferenceExperiment = {
    .cloudformation = "AWS::SageMaker::InferenceExperiment",
    .describe_operation = "DescribeInferenceExperiment",
    .list_operation = "ListInferenceExperiments",
    .name_member = "Name",
    .arn_member = "Arn",
    .name_property = "Name",
    .config_arn_property = "Arn",
    .terraform_awscc = "awscc_sagemaker_inference_experiment",
    .terraform_name = "name",
    .config_schema_published = false,
    .fields = kInferenceExperimentFields,
};
// clang-format on

}  // namespace sagewarden::types
