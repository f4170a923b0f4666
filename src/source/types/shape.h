// How one resource type is written in each of its four shapes. One table a type, in source/types/;
// the readers for API output, Terraform and AWS Config all translate by it into CloudFormation's
// shape. Source of every row: the service's API model, the CloudFormation registry schema, the AWS
// Config resource schema and the provider's schema.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sagewarden {

// What stands at a property's place.
enum class Shape : uint8_t {
  Scalar,      // string, number, boolean
  ScalarList,  // list or set of scalars
  Block,       // one object; Terraform: a list of at most one, `[]` when absent
  BlockList,   // a list of objects in every shape
  Map,         // free keys, kept as they are
};

// One property. Only what the naming rule does not give needs a row: Terraform's snake_case becomes
// PascalCase by itself
// (`kms_key_id` → `KmsKeyId`), and a list of objects becomes a Block. Rows are needed for names
// that differ, for block lists, maps, defaults and what AWS Config leaves out.
struct Field {
  std::string_view
      path;  // CloudFormation: "PrimaryContainer.ImageConfig", "ProductionVariants[].ModelName"
  Shape shape = Shape::Scalar;
  std::string_view api;  // the Describe output's name of the last step, where it differs
  std::string_view
      terraform;  // hashicorp/aws' name of the last step, where the rule does not give it
  std::string_view api_default;  // JSON of what the API fills in when a template leaves the
                                 // property out; empty: nothing
  bool config_records =
      true;  // false: AWS Config's schema lacks it, so that absent there means unknown
  bool api_always =
      false;  // true: Describe always returns it, so that absent in an export means unknown
};

struct TypeShape {
  std::string_view cloudformation;       // "AWS::SageMaker::Model"
  std::string_view describe_operation;   // "DescribeModel"
  std::string_view list_operation;       // "ListModels"
  std::string_view name_member;          // in Describe output: "ModelName"
  std::string_view arn_member;           // in Describe output: "ModelArn"
  std::string_view name_property;        // in CloudFormation: "ModelName"
  std::string_view config_arn_property;  // in AWS Config's configuration: "Id" or "ModelArn"
  std::string_view
      terraform_aws;  // "aws_sagemaker_model"; empty: the provider has no such resource
  std::string_view terraform_awscc;     // "awscc_sagemaker_model"
  std::string_view terraform_name;      // the attribute that holds the name: "name"
  bool config_schema_published = true;  // false: no schema, so that any absent property is unknown
  std::span<const Field> fields;        // sorted by path
};

// Sorted by CloudFormation name.
std::span<const TypeShape> type_shapes();
const TypeShape* find_type_shape(std::string_view cloudformation);

}  // namespace sagewarden
