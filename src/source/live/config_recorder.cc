#include "source/live/config_recorder.h"

#include <algorithm>
#include <array>

namespace sagewarden::live {
namespace {

constexpr std::string_view kSageMaker = "AWS::SageMaker::";

// https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html (2026),
// without "AWS::SageMaker::".
constexpr std::array<std::string_view, 23> kRecordable = {"AppImageConfig",
                                                          "Cluster",
                                                          "CodeRepository",
                                                          "DataQualityJobDefinition",
                                                          "Domain",
                                                          "Endpoint",
                                                          "EndpointConfig",
                                                          "FeatureGroup",
                                                          "Image",
                                                          "InferenceExperiment",
                                                          "MlflowTrackingServer",
                                                          "Model",
                                                          "ModelBiasJobDefinition",
                                                          "ModelExplainabilityJobDefinition",
                                                          "ModelPackageGroup",
                                                          "ModelQualityJobDefinition",
                                                          "MonitoringSchedule",
                                                          "NotebookInstance",
                                                          "NotebookInstanceLifecycleConfig",
                                                          "Pipeline",
                                                          "StudioLifecycleConfig",
                                                          "UserProfile",
                                                          "Workteam"};
static_assert(std::ranges::is_sorted(kRecordable));

// The member under either of its names: the API's, or CloudFormation's.
json::Value either(json::Value object, std::string_view name, std::string_view other) {
  const json::Value value = object[name];
  return value.exists() ? value : object[other];
}

bool is_true(json::Value value) {
  return value.is_bool() && value.boolean();
}

std::vector<std::string> texts_of(json::Value list) {
  std::vector<std::string> texts;
  for (const json::Value element : list.elements()) texts.emplace_back(element.string_or(""));
  return texts;
}

}  // namespace

bool is_recordable(std::string_view type) {
  if (!type.starts_with(kSageMaker)) return true;
  return std::ranges::binary_search(kRecordable, type.substr(kSageMaker.size()));
}

bool Recorder::records(std::string_view type) const {
  const bool is_named = std::ranges::find(types, type) != types.end();
  return recording && is_named != all;
}

Recorder read_recorder(json::Value value) {
  Recorder out;
  out.name = either(value, "name", "Name").string_or("");
  out.recording = is_true(either(value, "recording", "Recording"));
  const json::Value group = either(value, "recordingGroup", "RecordingGroup");
  const json::Value strategy = either(group, "recordingStrategy", "RecordingStrategy");
  const std::string_view only = either(strategy, "useOnly", "UseOnly").string_or("");
  const bool all_but = only == "EXCLUSION_BY_RESOURCE_TYPES";
  out.all = all_but || is_true(either(group, "allSupported", "AllSupported"));
  const json::Value left_out =
      either(group, "exclusionByResourceTypes", "ExclusionByResourceTypes");
  if (all_but) {
    out.types = texts_of(either(left_out, "resourceTypes", "ResourceTypes"));
  } else if (!out.all) {
    out.types = texts_of(either(group, "resourceTypes", "ResourceTypes"));
  }
  return out;
}

bool is_recorded(std::span<const Recorder> recorders, std::string_view type) {
  return std::ranges::any_of(recorders,
                             [&](const Recorder& recorder) { return recorder.records(type); });
}

}  // namespace sagewarden::live
