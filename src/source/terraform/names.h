// The names of one resource type's properties, as a Terraform provider spells them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "source/types/shape.h"

namespace sagewarden::terraform {

// hashicorp/aws writes an object as a list of at most one and has names of its own; hashicorp/awscc
// is made from CloudFormation's schemas and keeps their objects and names.
enum class Provider : uint8_t { Aws, Awscc };

// A property that the table has a row for, and those below it.
struct NameNode {
  std::string key;                 // the provider's name, without underscores, in lower case
  std::string_view name;           // CloudFormation's name
  const Field* field = nullptr;    // null at the root only
  std::vector<NameNode> children;  // sorted by key

  // The property that the provider calls so, or null when the table has no row for it.
  const NameNode* find(std::string_view provider_name) const;
};

NameNode name_tree(const TypeShape& shape, Provider provider);

// The table of a Terraform resource type, or null when it is about none of these (sorted)
// CloudFormation types.
const TypeShape* wanted_shape(std::string_view terraform_type,
                              std::span<const std::string_view> types);

// Those of these CloudFormation types that no table has Terraform's names of.
std::vector<std::string_view> types_without_names(std::span<const std::string_view> types);
// What a type of Terraform's and one of CloudFormation's have in common where the one is called as
// the other is: always in hashicorp/awscc, often in hashicorp/aws. `aws_s3_bucket`,
// AWS::S3::Bucket.
std::string common_name(std::string_view type);

// The naming rule for what has no row: "kms_key_id" → "KmsKeyId".
std::string pascal_case(std::string_view provider_name);

}  // namespace sagewarden::terraform
