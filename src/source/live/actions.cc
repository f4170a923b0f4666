#include "source/live/actions.h"

#include <set>

#include "source/live/visit.h"

namespace sagewarden::live {

std::vector<std::string> actions_of(std::span<const TypeNeeds> needs) {
  std::set<std::string> actions;
  const auto add = [&](std::string_view operation) {
    actions.insert("sagemaker:" + std::string(operation));
  };
  for (const TypeNeeds& need : needs) {
    const Operations* const operations = find_operations(need.type);
    const TypeShape* const shape = find_type_shape(need.type);
    if (operations == nullptr || shape == nullptr) continue;
    const TypePlan plan = plan_of(need, *operations, *shape);
    add(shape->list_operation);
    if (plan.describe) add(shape->describe_operation);
    if (plan.tags) add("ListTags");
  }
  return {actions.begin(), actions.end()};
}

}  // namespace sagewarden::live
