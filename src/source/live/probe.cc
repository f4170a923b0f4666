#include "source/live/probe.h"

#include <fmt/core.h>

#include "base/json_writer.h"
#include "model/resource_type.h"
#include "source/live/gaps.h"
#include "source/live/visit.h"

namespace sagewarden::live {
namespace {

// What nobody has, in the form of a domain's id where it must be one.
constexpr std::string_view kName = "sagewarden-doctor";
constexpr std::string_view kDomainId = "d-sagewardendoctor";

std::string_view name_for(const TypePlan& plan) {
  return plan.operations->describe_parameter == "DomainId" ? kDomainId : kName;
}

std::string object(std::string_view name, std::string_view text) {
  std::string json;
  json::Writer(json).begin_object().member(name, text).end_object();
  return json;
}

std::string arn_for(const TypePlan& plan, const Scope& scope, const std::string& region) {
  const ResourceType* const type = find_resource_type(plan.shape->cloudformation);
  return fmt::format("arn:{}:sagemaker:{}:{}:{}/{}", scope.partition, region, scope.account,
                     type == nullptr ? std::string_view() : type->arn_part, name_for(plan));
}

}  // namespace

std::vector<aws::Call> probes_of(std::span<const TypeNeeds> needs, const Scope& scope,
                                 const std::string& region) {
  std::vector<aws::Call> calls;
  const auto add = [&](std::string_view operation, std::string input) {
    aws::Call call{"sagemaker", std::string(operation), region, scope.account};
    call.input = std::move(input);
    call.credentials = scope.credentials;
    calls.push_back(std::move(call));
  };
  for (const TypeNeeds& need : needs) {
    const Operations* const operations = find_operations(need.type);
    const TypeShape* const shape = find_type_shape(need.type);
    if (operations == nullptr || shape == nullptr) continue;
    const TypePlan plan = plan_of(need, *operations, *shape);
    add(shape->list_operation, R"({"MaxResults":1})");
    if (plan.describe)
      add(shape->describe_operation, object(operations->describe_parameter, name_for(plan)));
    if (plan.tags) add("ListTags", object("ResourceArn", arn_for(plan, scope, region)));
  }
  return calls;
}

Permission permission_of(const aws::Answer& answer) {
  if (answer || is_gone(answer.error())) return Permission::Allowed;
  return answer.error().kind == aws::CallError::Kind::Denied ? Permission::Denied
                                                             : Permission::Unclear;
}

}  // namespace sagewarden::live
