// AWS::SageMaker::NotebookInstance in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 12> kNotebookInstanceFields = {{
    {.path = "AcceleratorTypes", .shape = Shape::ScalarList},
    {.path = "AdditionalCodeRepositories", .shape = Shape::ScalarList},
    // CreateNotebookInstance: notebook instances are internet-enabled by default.
    {.path = "DirectInternetAccess", .api_default = R"("Enabled")", .api_always = true},
    {.path = "Id", .read_only = true},
    {.path = "InstanceMetadataServiceConfiguration", .shape = Shape::Block, .config_records = false},
    // CreateNotebookInstance: IMDSv1 when no value is selected.
    {.path = "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion", .api_default = R"("1")", .api_always = true},
    {.path = "LifecycleConfigName", .api = "NotebookInstanceLifecycleConfigName"},
    {.path = "NotebookInstanceName", .terraform = "name"},
    // SageMaker AI developer guide: new instances since 2026-05-15 (notebook-al2-v2 before).
    {.path = "PlatformIdentifier", .api_default = R"("notebook-al2023-v1")", .default_only_when_new = true, .config_records = false},
    // CreateNotebookInstance, RootAccess.
    {.path = "RootAccess", .api_default = R"("Enabled")", .api_always = true},
    {.path = "SecurityGroupIds", .shape = Shape::ScalarList, .api = "SecurityGroups", .terraform = "security_groups"},
    // CreateNotebookInstance, VolumeSizeInGB.
    {.path = "VolumeSizeInGB", .value = ValueType::Integer, .terraform = "volume_size", .api_default = "5"},
}};

inline constexpr TypeShape kNotebookInstance = {
    .cloudformation = "AWS::SageMaker::NotebookInstance",
    .describe_operation = "DescribeNotebookInstance",
    .list_operation = "ListNotebookInstances",
    .name_member = "NotebookInstanceName",
    .arn_member = "NotebookInstanceArn",
    .name_property = "NotebookInstanceName",
    .api_status = "NotebookInstanceStatus",
    .config_arn_property = "Id",
    .terraform_aws = "aws_sagemaker_notebook_instance",
    .terraform_awscc = "awscc_sagemaker_notebook_instance",
    .terraform_name = "name",
    .fields = kNotebookInstanceFields,
};
// clang-format on

}  // namespace sagewarden::types
