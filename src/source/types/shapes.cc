#include <algorithm>
#include <array>

#include "source/types/app_image_config.h"
#include "source/types/data_quality_job_definition.h"
#include "source/types/domain.h"
#include "source/types/endpoint.h"
#include "source/types/endpoint_config.h"
#include "source/types/feature_group.h"
#include "source/types/image.h"
#include "source/types/inference_experiment.h"
#include "source/types/model.h"
#include "source/types/model_bias_job_definition.h"
#include "source/types/model_explainability_job_definition.h"
#include "source/types/model_quality_job_definition.h"
#include "source/types/monitoring_schedule.h"
#include "source/types/notebook_instance.h"
#include "source/types/shape.h"

namespace sagewarden {
namespace {

constexpr std::array<TypeShape, 14> kShapes = {{
    types::kAppImageConfig,
    types::kDataQualityJobDefinition,
    types::kDomain,
    types::kEndpoint,
    types::kEndpointConfig,
    types::kFeatureGroup,
    types::kImage,
    types::kInferenceExperiment,
    types::kModel,
    types::kModelBiasJobDefinition,
    types::kModelExplainabilityJobDefinition,
    types::kModelQualityJobDefinition,
    types::kMonitoringSchedule,
    types::kNotebookInstance,
}};
static_assert(std::ranges::is_sorted(kShapes, {}, &TypeShape::cloudformation));
static_assert(std::ranges::all_of(kShapes, [](const TypeShape& shape) {
  return std::ranges::is_sorted(shape.fields, {}, &Field::path);
}));

}  // namespace

std::span<const TypeShape> type_shapes() {
  return kShapes;
}

const TypeShape* find_type_shape(std::string_view cloudformation) {
  const auto* const found =
      std::ranges::lower_bound(kShapes, cloudformation, {}, &TypeShape::cloudformation);
  return found != kShapes.end() && found->cloudformation == cloudformation ? found : nullptr;
}

const TypeShape* find_terraform_shape(std::string_view terraform) {
  if (terraform.empty()) return nullptr;
  const auto* const found = std::ranges::find_if(kShapes, [&](const TypeShape& shape) {
    return shape.terraform_aws == terraform || shape.terraform_awscc == terraform;
  });
  return found != kShapes.end() ? found : nullptr;
}

bool is_api_status(std::string_view property) {
  return !property.empty() &&
         std::ranges::find(type_shapes(), property, &TypeShape::api_status) != type_shapes().end();
}

const Field* find_field(const TypeShape& shape, std::string_view path) {
  const auto found = std::ranges::lower_bound(shape.fields, path, {}, &Field::path);
  return found != shape.fields.end() && found->path == path ? &*found : nullptr;
}

std::span<const Field> fields_below(const TypeShape& shape, std::string_view path) {
  if (path.empty()) return shape.fields;
  // "A." sorts before "A.B", and '/' is the character after '.': so the rows below A stand
  // together.
  const auto first = std::ranges::lower_bound(
      shape.fields, path,
      [](std::string_view field, std::string_view prefix) {
        const std::string_view head = field.substr(0, prefix.size());
        if (head != prefix) return head < prefix;
        return field.size() <= prefix.size() || field[prefix.size()] < '.';
      },
      &Field::path);
  auto last = first;
  while (last != shape.fields.end() && last->path.size() > path.size() &&
         last->path.starts_with(path) && last->path[path.size()] == '.')
    ++last;
  return {first, last};
}

}  // namespace sagewarden
