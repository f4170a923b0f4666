// What carrying a plan out needs to be allowed, and on what: the least. Of any repair of a control,
// before there is a plan: permissions.h.
#pragma once

#include <string>
#include <vector>

#include "remediate/plan.h"

namespace sagewarden::remediate {

// Allows each of the actions on each of the resources.
struct Permission {
  std::string name;  // letters and digits, unique: "ChangeEndpointConfig", "ChangeModel2"
  std::vector<std::string> actions;    // of IAM, sorted
  std::vector<std::string> resources;  // ARNs, sorted; or "*" alone
};

// Its undo and its clean-up included. What is changed in SageMaker, read from S3 and which roles
// are passed on is named; of more than some twenty resources of a kind only the kind, in each
// account and Region. Empty: nothing of the plan can be carried out.
std::vector<Permission> permissions_of(const Plan& plan);

}  // namespace sagewarden::remediate
