// How one resource type is written in each of its four shapes. One table a type, in source/types/;
// the readers for API output, Terraform and AWS Config all translate by it into CloudFormation's
// shape. Source of every row: the service's API model (botocore 1.43), the CloudFormation registry
// schema, the AWS Config resource schema (2025-03) and the provider's schema (hashicorp/aws 6.25
// and, where they add something, later releases).
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
  KeyValues,   // CloudFormation: a list of {Key, Value}; API and Terraform: a map
};

// What a scalar, or each scalar of a ScalarList, is. Templates and Terraform may write "true" and
// "2" where a boolean and a number are meant.
enum class ValueType : uint8_t { String, Boolean, Integer, Number };

// One property. Only what the naming rule does not give needs a row: the same words whatever their
// case and underscores (`volume_size_in_gb` is `VolumeSizeInGB`), and for a name without a row
// Terraform's snake_case becomes PascalCase by itself (`kms_key_id` → `KmsKeyId`), a list of
// objects becomes a Block, a scalar is a String. Rows are needed for names that differ, for block
// lists, maps, types, defaults and what AWS Config leaves out. A row's parents always have rows.
struct Field {
  // CloudFormation: "PrimaryContainer.ImageConfig", "ProductionVariants[].ModelName"
  std::string_view path = {};
  Shape shape = Shape::Scalar;
  ValueType value = ValueType::String;
  // The Describe output's name of the last step, where it differs.
  std::string_view api = {};
  // hashicorp/aws' name of the last step, where the rule does not give it.
  std::string_view terraform = {};
  // JSON of what the API fills in when a template leaves the property out (of a parent that is
  // there); empty: nothing.
  std::string_view api_default = {};
  // true: the default has changed over time, so that absent in a template or plan means unknown
  // (its stack may have stood for years); api_default says what a new resource gets now.
  bool default_only_when_new = false;
  // false: AWS Config's schema lacks it, so that absent there means unknown. Said of the topmost
  // property that is lacking; what lies below it follows.
  bool config_records = true;
  // true: Describe always returns it when its parent is there, so that absent in an export means
  // unknown.
  bool api_always = false;
  // true: the service sets it (an ARN, a status). A template or plan leaves it out always, so that
  // absent there means unknown.
  bool read_only = false;
  // The property beside it that may be given instead, never both: where that is set, this one is
  // not.
  std::string_view instead_of = {};
};

struct TypeShape {
  std::string_view cloudformation = {};      // "AWS::SageMaker::Model"
  std::string_view describe_operation = {};  // "DescribeModel"
  std::string_view list_operation = {};      // "ListModels"
  std::string_view name_member = {};         // in Describe output: "ModelName"
  std::string_view arn_member = {};          // in Describe output: "ModelArn"
  std::string_view name_property = {};       // in CloudFormation: "ModelName"
  // In AWS Config's configuration: "Id" or "ModelArn"; empty where its schema has none.
  std::string_view config_arn_property = {};
  // In CloudFormation: what the ARN ends in, where that is not the name: "DomainId".
  std::string_view arn_id_property = {};
  // "aws_sagemaker_model"; empty: the provider has no such resource.
  std::string_view terraform_aws = {};
  std::string_view terraform_awscc = {};  // "awscc_sagemaker_model"
  std::string_view terraform_name = {};   // hashicorp/aws' attribute that holds the name: "name"
  bool config_schema_published = true;  // false: no schema, so that any absent property is unknown
  std::span<const Field> fields = {};   // sorted by path
};

// Sorted by CloudFormation name.
std::span<const TypeShape> type_shapes();
const TypeShape* find_type_shape(std::string_view cloudformation);
// By the resource type of either Terraform provider ("aws_sagemaker_model",
// "awscc_sagemaker_model").
const TypeShape* find_terraform_shape(std::string_view terraform);

// The row of that path, or null where there is none and the naming rule holds.
const Field* find_field(const TypeShape& shape, std::string_view path);
// The rows of what lies directly or deeper below a property, named by its row's path, or of all
// when the path is empty. An element of a block list is named with its brackets:
// "ProductionVariants[]".
std::span<const Field> fields_below(const TypeShape& shape, std::string_view path);

}  // namespace sagewarden
