// The SageMaker resource types that the 25 controls and the ten of ours are about, under each of
// their names.
#pragma once

#include <span>
#include <string_view>

namespace sagewarden {

struct ResourceType {
  std::string_view cloudformation;  // "AWS::SageMaker::Model"; also AWS Config's name
  std::string_view
      asff;  // "AwsSageMakerNotebookInstance", or "Other" where ASFF has no name of its own
  std::string_view label;     // for people: "model"
  std::string_view plural;    // "models"
  std::string_view arn_part;  // "model" in arn:…:model/NAME
};

// Sorted by CloudFormation name.
std::span<const ResourceType> resource_types();
// Null for a type that is not in the table (a user's control may be about any type).
const ResourceType* find_resource_type(std::string_view cloudformation);

}  // namespace sagewarden
