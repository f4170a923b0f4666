// AWS::SageMaker::Model in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 58> kModelFields = {{
    {.path = "Containers", .shape = Shape::BlockList, .terraform = "container"},
    {.path = "Containers[].AdditionalModelDataSources", .shape = Shape::BlockList, .terraform = "additional_model_data_source", .config_records = false},
    {.path = "Containers[].AdditionalModelDataSources[].ChannelName", .api_always = true},
    {.path = "Containers[].AdditionalModelDataSources[].S3DataSource", .shape = Shape::Block, .api_always = true},
    {.path = "Containers[].AdditionalModelDataSources[].S3DataSource.CompressionType", .api_always = true},
    {.path = "Containers[].AdditionalModelDataSources[].S3DataSource.ModelAccessConfig", .shape = Shape::Block},
    {.path = "Containers[].AdditionalModelDataSources[].S3DataSource.ModelAccessConfig.AcceptEula", .value = ValueType::Boolean, .api_always = true},
    {.path = "Containers[].AdditionalModelDataSources[].S3DataSource.S3DataType", .api_always = true},
    {.path = "Containers[].AdditionalModelDataSources[].S3DataSource.S3Uri", .api_always = true},
    {.path = "Containers[].Environment", .shape = Shape::Map, .config_records = false},
    {.path = "Containers[].ImageConfig", .shape = Shape::Block},
    {.path = "Containers[].ImageConfig.RepositoryAccessMode", .api_always = true},
    {.path = "Containers[].ImageConfig.RepositoryAuthConfig", .shape = Shape::Block},
    {.path = "Containers[].ImageConfig.RepositoryAuthConfig.RepositoryCredentialsProviderArn", .api_always = true},
    {.path = "Containers[].ModelDataSource", .shape = Shape::Block, .config_records = false},
    {.path = "Containers[].ModelDataSource.S3DataSource", .shape = Shape::Block},
    {.path = "Containers[].ModelDataSource.S3DataSource.CompressionType", .api_always = true},
    {.path = "Containers[].ModelDataSource.S3DataSource.HubAccessConfig", .shape = Shape::Block},
    {.path = "Containers[].ModelDataSource.S3DataSource.HubAccessConfig.HubContentArn", .api_always = true},
    {.path = "Containers[].ModelDataSource.S3DataSource.ModelAccessConfig", .shape = Shape::Block},
    {.path = "Containers[].ModelDataSource.S3DataSource.ModelAccessConfig.AcceptEula", .value = ValueType::Boolean, .api_always = true},
    {.path = "Containers[].ModelDataSource.S3DataSource.S3DataType", .api_always = true},
    {.path = "Containers[].ModelDataSource.S3DataSource.S3Uri", .api_always = true},
    {.path = "Containers[].MultiModelConfig", .shape = Shape::Block},
    // MultiModelConfig: models are cached by default.
    {.path = "Containers[].MultiModelConfig.ModelCacheSetting", .api_default = R"("Enabled")"},
    // CreateModel: a boolean that is left out is false.
    {.path = "EnableNetworkIsolation", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "InferenceExecutionConfig", .shape = Shape::Block},
    {.path = "InferenceExecutionConfig.Mode", .api_always = true},
    {.path = "ModelArn", .config_records = false, .api_always = true, .read_only = true},
    {.path = "ModelName", .terraform = "name", .api_always = true},
    {.path = "PrimaryContainer", .shape = Shape::Block},
    {.path = "PrimaryContainer.AdditionalModelDataSources", .shape = Shape::BlockList, .terraform = "additional_model_data_source", .config_records = false},
    {.path = "PrimaryContainer.AdditionalModelDataSources[].ChannelName", .api_always = true},
    {.path = "PrimaryContainer.AdditionalModelDataSources[].S3DataSource", .shape = Shape::Block, .api_always = true},
    {.path = "PrimaryContainer.AdditionalModelDataSources[].S3DataSource.CompressionType", .api_always = true},
    {.path = "PrimaryContainer.AdditionalModelDataSources[].S3DataSource.ModelAccessConfig", .shape = Shape::Block},
    {.path = "PrimaryContainer.AdditionalModelDataSources[].S3DataSource.ModelAccessConfig.AcceptEula", .value = ValueType::Boolean, .api_always = true},
    {.path = "PrimaryContainer.AdditionalModelDataSources[].S3DataSource.S3DataType", .api_always = true},
    {.path = "PrimaryContainer.AdditionalModelDataSources[].S3DataSource.S3Uri", .api_always = true},
    {.path = "PrimaryContainer.Environment", .shape = Shape::Map, .config_records = false},
    {.path = "PrimaryContainer.ImageConfig", .shape = Shape::Block},
    {.path = "PrimaryContainer.ImageConfig.RepositoryAccessMode", .api_always = true},
    {.path = "PrimaryContainer.ImageConfig.RepositoryAuthConfig", .shape = Shape::Block},
    {.path = "PrimaryContainer.ImageConfig.RepositoryAuthConfig.RepositoryCredentialsProviderArn", .api_always = true},
    {.path = "PrimaryContainer.ModelDataSource", .shape = Shape::Block, .config_records = false},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource", .shape = Shape::Block},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource.CompressionType", .api_always = true},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource.HubAccessConfig", .shape = Shape::Block},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource.HubAccessConfig.HubContentArn", .api_always = true},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource.ModelAccessConfig", .shape = Shape::Block},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource.ModelAccessConfig.AcceptEula", .value = ValueType::Boolean, .api_always = true},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource.S3DataType", .api_always = true},
    {.path = "PrimaryContainer.ModelDataSource.S3DataSource.S3Uri", .api_always = true},
    {.path = "PrimaryContainer.MultiModelConfig", .shape = Shape::Block},
    // MultiModelConfig: models are cached by default.
    {.path = "PrimaryContainer.MultiModelConfig.ModelCacheSetting", .api_default = R"("Enabled")"},
    {.path = "VpcConfig", .shape = Shape::Block},
    {.path = "VpcConfig.SecurityGroupIds", .shape = Shape::ScalarList, .api_always = true},
    {.path = "VpcConfig.Subnets", .shape = Shape::ScalarList, .api_always = true},
}};

inline constexpr TypeShape kModel = {
    .cloudformation = "AWS::SageMaker::Model",
    .describe_operation = "DescribeModel",
    .list_operation = "ListModels",
    .name_member = "ModelName",
    .arn_member = "ModelArn",
    .name_property = "ModelName",
    .config_arn_property = "Id",
    .terraform_aws = "aws_sagemaker_model",
    .terraform_awscc = "awscc_sagemaker_model",
    .terraform_name = "name",
    .fields = kModelFields,
};
// clang-format on

}  // namespace sagewarden::types
