#include "model/resource_type.h"

#include <algorithm>
#include <array>

namespace sagewarden {
namespace {

// ASFF names only the notebook instance; whether Security Hub uses names such as AwsSageMakerModel
// in its own findings is not documented, and "Other" is what its user guide says to send then.
// clang-format off
constexpr std::array<ResourceType, 14> kTypes = {{
    {"AWS::SageMaker::AppImageConfig", "Other", "app image config", "app image configs", "app-image-config"},
    {"AWS::SageMaker::DataQualityJobDefinition", "Other", "data quality job definition", "data quality job definitions", "data-quality-job-definition"},
    {"AWS::SageMaker::Domain", "Other", "domain", "domains", "domain"},
    {"AWS::SageMaker::Endpoint", "Other", "endpoint", "endpoints", "endpoint"},
    {"AWS::SageMaker::EndpointConfig", "Other", "endpoint config", "endpoint configs", "endpoint-config"},
    {"AWS::SageMaker::FeatureGroup", "Other", "feature group", "feature groups", "feature-group"},
    {"AWS::SageMaker::Image", "Other", "image", "images", "image"},
    {"AWS::SageMaker::InferenceExperiment", "Other", "inference experiment", "inference experiments", "inference-experiment"},
    {"AWS::SageMaker::Model", "Other", "model", "models", "model"},
    {"AWS::SageMaker::ModelBiasJobDefinition", "Other", "model bias job definition", "model bias job definitions", "model-bias-job-definition"},
    {"AWS::SageMaker::ModelExplainabilityJobDefinition", "Other", "model explainability job definition", "model explainability job definitions", "model-explainability-job-definition"},
    {"AWS::SageMaker::ModelQualityJobDefinition", "Other", "model quality job definition", "model quality job definitions", "model-quality-job-definition"},
    {"AWS::SageMaker::MonitoringSchedule", "Other", "monitoring schedule", "monitoring schedules", "monitoring-schedule"},
    {"AWS::SageMaker::NotebookInstance", "AwsSageMakerNotebookInstance", "notebook instance", "notebook instances", "notebook-instance"},
}};
// clang-format on
static_assert(std::ranges::is_sorted(kTypes, {}, &ResourceType::cloudformation));

}  // namespace

std::span<const ResourceType> resource_types() {
  return kTypes;
}

const ResourceType* find_resource_type(std::string_view cloudformation) {
  const auto* const found =
      std::ranges::lower_bound(kTypes, cloudformation, {}, &ResourceType::cloudformation);
  return found != kTypes.end() && found->cloudformation == cloudformation ? found : nullptr;
}

}  // namespace sagewarden
