// How the resources of each type are listed and described by SageMaker's API: the names that
// source/types does not have, as they only matter to whoever calls. Source: botocore 1.43's service
// model.
#pragma once

#include <span>
#include <string_view>

#include "source/types/shape.h"

namespace sagewarden::live {

struct Operations {
  std::string_view type;              // CloudFormation's name
  std::string_view list_result;       // member of List's output: "JobDefinitionSummaries"
  std::string_view summary_name;      // in its elements: what Describe is asked for
  std::string_view summary_arn = {};  // in its elements; empty: there is none
  std::string_view describe_parameter;
  // What each element says as fully as Describe does, in CloudFormation's names: a control that
  // reads nothing else needs no Describe.
  std::span<const std::string_view> summary_holds = {};
  // A list in Describe's output that comes in pages; empty: there is none.
  std::string_view paged_member = {};
};

// Sorted by type; one for each of type_shapes().
std::span<const Operations> operations();
const Operations* find_operations(std::string_view type);

}  // namespace sagewarden::live
