// AWS::SageMaker::Image in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 4> kImageFields = {{
    {.path = "ImageArn", .read_only = true},
    {.path = "ImageDescription", .api = "Description", .terraform = "description", .config_records = false},
    {.path = "ImageDisplayName", .api = "DisplayName", .terraform = "display_name"},
    {.path = "ImageRoleArn", .api = "RoleArn", .terraform = "role_arn", .api_always = true},
}};

inline constexpr TypeShape kImage = {
    .cloudformation = "AWS::SageMaker::Image",
    .describe_operation = "DescribeImage",
    .list_operation = "ListImages",
    .name_member = "ImageName",
    .arn_member = "ImageArn",
    .name_property = "ImageName",
    .config_arn_property = "ImageArn",
    .terraform_aws = "aws_sagemaker_image",
    .terraform_awscc = "awscc_sagemaker_image",
    .terraform_name = "image_name",
    .fields = kImageFields,
};
// clang-format on

}  // namespace sagewarden::types
