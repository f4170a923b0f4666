// Images of Studio and their configurations: tags and descriptions.
#include <fmt/core.h>

#include "remediate/family.h"
#include "remediate/plan_tags.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kImageTagControls[] = {"SageMaker.6", "SageMaker.7"};
constexpr std::string_view kImageDescriptionControls[] = {"Sagewarden.7"};

PlannedCall describe_image_call(const Target& target) {
  if (target.type == "AWS::SageMaker::Image")
    return {.operation = "DescribeImage", .input = object_of({{"ImageName", target.name}})};
  return {.operation = "DescribeAppImageConfig",
          .input = object_of({{"AppImageConfigName", target.name}})};
}

Action image_description_by_hand(const Broken& broken) {
  const std::string& name = broken.target.name;
  return left_to_people(
      broken, fmt::format("Image {} needs a description.", name),
      {"only people know what is in the image and whom it is for",
       fmt::format("aws sagemaker update-image --region {} --image-name {} --description \"…\" (up "
                   "to 512 characters; in place, at any time)",
                   broken.target.region, name)});
}

void plan_image(const Broken& broken, const Planning& planning, std::vector<Action>& actions) {
  const Broken tags = only(broken, kImageTagControls);
  const Broken description = only(broken, kImageDescriptionControls);
  if (!tags.findings.empty()) {
    Action observed;
    const auto described =
        observe(broken, describe_image_call(broken.target), observed, planning.reader);
    actions.push_back(described ? plan_tags(tags, std::move(observed), planning)
                                : not_read(tags, described.error()));
  }
  if (!description.findings.empty()) actions.push_back(image_description_by_hand(description));
  add_unknown(actions, without(without(broken, kImageTagControls), kImageDescriptionControls));
}

}  // namespace

std::vector<Action> plan_images(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_image(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
