// AWS::SageMaker::AppImageConfig in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 24> kAppImageConfigFields = {{
    {.path = "AppImageConfigArn", .read_only = true},
    {.path = "CodeEditorAppImageConfig", .shape = Shape::Block, .config_records = false},
    {.path = "CodeEditorAppImageConfig.ContainerConfig", .shape = Shape::Block},
    {.path = "CodeEditorAppImageConfig.ContainerConfig.ContainerArguments", .shape = Shape::ScalarList},
    {.path = "CodeEditorAppImageConfig.ContainerConfig.ContainerEntrypoint", .shape = Shape::ScalarList},
    {.path = "CodeEditorAppImageConfig.ContainerConfig.ContainerEnvironmentVariables", .shape = Shape::KeyValues},
    {.path = "CodeEditorAppImageConfig.FileSystemConfig", .shape = Shape::Block},
    {.path = "CodeEditorAppImageConfig.FileSystemConfig.DefaultGid", .value = ValueType::Integer},
    {.path = "CodeEditorAppImageConfig.FileSystemConfig.DefaultUid", .value = ValueType::Integer},
    {.path = "JupyterLabAppImageConfig", .shape = Shape::Block, .terraform = "jupyter_lab_image_config", .config_records = false},
    {.path = "JupyterLabAppImageConfig.ContainerConfig", .shape = Shape::Block},
    {.path = "JupyterLabAppImageConfig.ContainerConfig.ContainerArguments", .shape = Shape::ScalarList},
    {.path = "JupyterLabAppImageConfig.ContainerConfig.ContainerEntrypoint", .shape = Shape::ScalarList},
    {.path = "JupyterLabAppImageConfig.ContainerConfig.ContainerEnvironmentVariables", .shape = Shape::KeyValues},
    {.path = "JupyterLabAppImageConfig.FileSystemConfig", .shape = Shape::Block},
    {.path = "JupyterLabAppImageConfig.FileSystemConfig.DefaultGid", .value = ValueType::Integer},
    {.path = "JupyterLabAppImageConfig.FileSystemConfig.DefaultUid", .value = ValueType::Integer},
    {.path = "KernelGatewayImageConfig", .shape = Shape::Block},
    {.path = "KernelGatewayImageConfig.FileSystemConfig", .shape = Shape::Block},
    // FileSystemConfig, DefaultGid.
    {.path = "KernelGatewayImageConfig.FileSystemConfig.DefaultGid", .value = ValueType::Integer, .api_default = "100"},
    // FileSystemConfig, DefaultUid.
    {.path = "KernelGatewayImageConfig.FileSystemConfig.DefaultUid", .value = ValueType::Integer, .api_default = "1000"},
    // FileSystemConfig, MountPath.
    {.path = "KernelGatewayImageConfig.FileSystemConfig.MountPath", .api_default = R"("/home/sagemaker-user")"},
    {.path = "KernelGatewayImageConfig.KernelSpecs", .shape = Shape::BlockList, .terraform = "kernel_spec", .api_always = true},
    {.path = "KernelGatewayImageConfig.KernelSpecs[].Name", .api_always = true},
}};

inline constexpr TypeShape kAppImageConfig = {
    .cloudformation = "AWS::SageMaker::AppImageConfig",
    .describe_operation = "DescribeAppImageConfig",
    .list_operation = "ListAppImageConfigs",
    .name_member = "AppImageConfigName",
    .arn_member = "AppImageConfigArn",
    .name_property = "AppImageConfigName",
    .config_arn_property = "AppImageConfigArn",
    .terraform_aws = "aws_sagemaker_app_image_config",
    .terraform_awscc = "awscc_sagemaker_app_image_config",
    .terraform_name = "app_image_config_name",
    .fields = kAppImageConfigFields,
};
// clang-format on

}  // namespace sagewarden::types
