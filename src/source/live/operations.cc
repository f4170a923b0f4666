#include "source/live/operations.h"

#include <algorithm>
#include <array>

namespace sagewarden::live {
namespace {

// AppImageConfigDetails has every member of DescribeAppImageConfig's output; Image lacks RoleArn.
constexpr std::string_view kAppImageConfigSummary[] = {
    "AppImageConfigArn", "AppImageConfigName", "CodeEditorAppImageConfig",
    "JupyterLabAppImageConfig", "KernelGatewayImageConfig"};
constexpr std::string_view kImageSummary[] = {"ImageArn", "ImageDescription", "ImageDisplayName",
                                              "ImageName"};

// clang-format off
constexpr std::array<Operations, 14> kOperations = {{
    {"AWS::SageMaker::AppImageConfig", "AppImageConfigs", "AppImageConfigName", "AppImageConfigArn", "AppImageConfigName", kAppImageConfigSummary},
    {"AWS::SageMaker::DataQualityJobDefinition", "JobDefinitionSummaries", "MonitoringJobDefinitionName", "MonitoringJobDefinitionArn", "JobDefinitionName"},
    {"AWS::SageMaker::Domain", "Domains", "DomainId", "DomainArn", "DomainId"},
    {"AWS::SageMaker::Endpoint", "Endpoints", "EndpointName", "EndpointArn", "EndpointName"},
    {"AWS::SageMaker::EndpointConfig", "EndpointConfigs", "EndpointConfigName", "EndpointConfigArn", "EndpointConfigName"},
    {"AWS::SageMaker::FeatureGroup", "FeatureGroupSummaries", "FeatureGroupName", "FeatureGroupArn", "FeatureGroupName", {}, "FeatureDefinitions"},
    {"AWS::SageMaker::Image", "Images", "ImageName", "ImageArn", "ImageName", kImageSummary},
    {"AWS::SageMaker::InferenceExperiment", "InferenceExperiments", "Name", "", "Name"},
    {"AWS::SageMaker::Model", "Models", "ModelName", "ModelArn", "ModelName"},
    {"AWS::SageMaker::ModelBiasJobDefinition", "JobDefinitionSummaries", "MonitoringJobDefinitionName", "MonitoringJobDefinitionArn", "JobDefinitionName"},
    {"AWS::SageMaker::ModelExplainabilityJobDefinition", "JobDefinitionSummaries", "MonitoringJobDefinitionName", "MonitoringJobDefinitionArn", "JobDefinitionName"},
    {"AWS::SageMaker::ModelQualityJobDefinition", "JobDefinitionSummaries", "MonitoringJobDefinitionName", "MonitoringJobDefinitionArn", "JobDefinitionName"},
    {"AWS::SageMaker::MonitoringSchedule", "MonitoringScheduleSummaries", "MonitoringScheduleName", "MonitoringScheduleArn", "MonitoringScheduleName"},
    {"AWS::SageMaker::NotebookInstance", "NotebookInstances", "NotebookInstanceName", "NotebookInstanceArn", "NotebookInstanceName"},
}};
// clang-format on
static_assert(std::ranges::is_sorted(kOperations, {}, &Operations::type));

}  // namespace

std::span<const Operations> operations() {
  return kOperations;
}

const Operations* find_operations(std::string_view type) {
  const auto* const found = std::ranges::lower_bound(kOperations, type, {}, &Operations::type);
  return found != kOperations.end() && found->type == type ? found : nullptr;
}

}  // namespace sagewarden::live
