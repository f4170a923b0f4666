#include "control/type_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace sagewarden {
namespace {

constexpr std::string_view kSageMaker = "AWS::SageMaker::";

// What CloudFormation knows of SageMaker (its registry, 2026-11). Others are taken as well, as the
// API has more and new ones come; those of the API are far from each of these.
constexpr std::string_view kSageMakerTypes[] = {"App",
                                                "AppImageConfig",
                                                "Cluster",
                                                "CodeRepository",
                                                "DataQualityJobDefinition",
                                                "Device",
                                                "DeviceFleet",
                                                "Domain",
                                                "Endpoint",
                                                "EndpointConfig",
                                                "FeatureGroup",
                                                "Image",
                                                "ImageVersion",
                                                "InferenceComponent",
                                                "InferenceExperiment",
                                                "MlflowApp",
                                                "MlflowTrackingServer",
                                                "Model",
                                                "ModelBiasJobDefinition",
                                                "ModelCard",
                                                "ModelExplainabilityJobDefinition",
                                                "ModelPackage",
                                                "ModelPackageGroup",
                                                "ModelQualityJobDefinition",
                                                "MonitoringSchedule",
                                                "NotebookInstance",
                                                "NotebookInstanceLifecycleConfig",
                                                "PartnerApp",
                                                "Pipeline",
                                                "ProcessingJob",
                                                "Project",
                                                "Space",
                                                "StudioLifecycleConfig",
                                                "UserProfile",
                                                "Workteam"};

// CloudFormation's names: Vendor::Service::Thing, Vendor::Service::Thing::MODULE, Custom::Thing
bool has_shape_of_type(std::string_view type) {
  size_t parts = 0;
  bool well_formed = true;
  for (size_t start = 0; start <= type.size(); ++parts) {
    const size_t end = std::min(type.find("::", start), type.size());
    const std::string_view part = type.substr(start, end - start);
    well_formed = well_formed && !part.empty() && std::ranges::all_of(part, [](char byte) {
                    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= '0' && byte <= '9') || byte == '_' || byte == '@' ||
                           byte == '-';
                  });
    start = end + 2;
  }
  return well_formed && (parts == 3 || (parts == 4 && type.ends_with("::MODULE")) ||
                         (parts == 2 && type.starts_with("Custom::")));
}

// "NotebokInstance" and "Notebook" → "NotebookInstance"
std::string_view probably_meant(std::string_view name) {
  const std::string_view near = nearest(name, kSageMakerTypes);
  if (!near.empty()) return near;
  const auto* const longer = std::ranges::find_if(
      kSageMakerTypes, [&](std::string_view known) { return known.starts_with(name); });
  return longer == std::end(kSageMakerTypes) ? std::string_view() : *longer;
}

}  // namespace

std::string type_problem(std::string_view type) {
  if (!has_shape_of_type(type))
    return fmt::format("\"{}\" is no CloudFormation type such as AWS::SageMaker::Model",
                       printable(type));
  const std::string_view service = type.substr(0, kSageMaker.size());
  if (lower(service) != lower(kSageMaker)) return {};
  const std::string_view name = type.substr(service.size());
  const std::string_view meant = probably_meant(name);
  const bool is_right = service == kSageMaker && (meant.empty() || meant == name);
  if (is_right || name.ends_with("::MODULE")) return {};
  return fmt::format("no type is called {}; did you mean {}{}?", type, kSageMaker,
                     meant.empty() ? name : meant);
}

}  // namespace sagewarden
