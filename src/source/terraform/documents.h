// The three documents that hold Terraform resources. Each reader takes the parsed document and
// fails only where it cannot be one; what is wrong with a part becomes a gap.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "source/terraform/emitter.h"

namespace sagewarden::terraform {

// `terraform show -json PLANFILE`
Result<void> read_plan(json::Value document, Emitter& emitter);
// `terraform show -json`
Result<void> read_state(json::Value document, Emitter& emitter);
// `terraform.tfstate`, version 4
Result<void> read_state_file(json::Value document, Emitter& emitter);

// One resource of a module of `planned_values` or of a state's `values`.
struct ModuleResource {
  json::Value resource;
  std::string_view module_address;  // empty in the root module
};
// Calls `visit(ModuleResource)` for every resource of a module and of those below it.
template <class Visit>
void for_each_resource(json::Value module, const Visit& visit) {  // NOLINT(misc-no-recursion)
  const std::string_view address = module["address"].string_or({});
  for (const json::Value resource : module["resources"].elements()) visit({resource, address});
  for (const json::Value child : module["child_modules"].elements())
    for_each_resource(child, visit);
}

// Whether it is a list, or not there at all.
bool is_list_or_absent(json::Value value);
Provider provider_of(std::string_view terraform_type);

}  // namespace sagewarden::terraform
