#include "source/api/translate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace sagewarden::api {
namespace {

const TypeShape& shape_of(std::string_view name) {
  return *find_type_shape("AWS::SageMaker::" + std::string(name));
}

TEST(Translate, NamesBecomeCloudFormations) {
  const struct {
    std::string_view type, describe, want;
  } cases[] = {
      {"NotebookInstance",
       R"({"SecurityGroups":["sg-1"],"NotebookInstanceLifecycleConfigName":"l"})",
       R"({"SecurityGroupIds":["sg-1"],"LifecycleConfigName":"l"})"},
      {"Image", R"({"RoleArn":"r","DisplayName":"d","Description":"t"})",
       R"({"ImageRoleArn":"r","ImageDisplayName":"d","ImageDescription":"t"})"},
      // Only where the table says so: elsewhere the same name is another thing.
      {"Model", R"({"Description":"t","PrimaryContainer":{"SecurityGroups":[1]}})",
       R"({"Description":"t","PrimaryContainer":{"SecurityGroups":[1]}})"},
      {"NotebookInstance", R"({"X":{"SecurityGroups":["sg-1"]}})",
       R"({"X":{"SecurityGroups":["sg-1"]}})"},
      // An API map that is a list in CloudFormation.
      {"AppImageConfig",
       R"({"CodeEditorAppImageConfig":{"ContainerConfig":{"ContainerEnvironmentVariables":{"A":"1"}}}})",
       R"({"CodeEditorAppImageConfig":{"ContainerConfig":{"ContainerEnvironmentVariables":[{"Key":"A","Value":"1"}]}}})"},
      // Null is not set; what is no property is left out; everything else stays.
      {"Model",
       R"({"ModelName":"m","EnableNetworkIsolation":null,"Tags":[],"ResponseMetadata":{},"New":[null,{"a":null,"b":1.5}]})",
       R"({"ModelName":"m","New":[null,{"b":1.5}]})"},
      {"Model", R"({"PrimaryContainer":{"Environment":{"Tags":"x","Null":null}}})",
       R"({"PrimaryContainer":{"Environment":{"Tags":"x"}}})"},
      {"Model", R"({})", R"({})"},
  };
  for (const auto& c : cases) {
    const auto document = json::parse_document(c.describe);
    ASSERT_TRUE(document);
    std::string out;
    append_properties(out, document->root, shape_of(c.type));
    EXPECT_EQ(out, c.want);
  }
}

// All unknown places as paths, sorted.
// NOLINTNEXTLINE(misc-no-recursion)
void collect_places(const UnknownNode& node, const std::string& path,
                    std::vector<std::string>& out) {
  if (node.unknown) {
    EXPECT_EQ(node.known, Known::Nothing);
    EXPECT_EQ(node.cause, UnknownCause::NotExported);
    EXPECT_NE(node.reason.find("which SageMaker always returns"), std::string::npos);
    out.push_back(path);
  }
  for (const auto& [name, child] : node.children())
    collect_places(*child, path.empty() ? name : path + "." + name, out);
}

TEST(Translate, WhatIsAlwaysReturnedAndMissingIsUnknown) {
  const struct {
    std::string_view type, properties;
    std::vector<std::string> unknown;
  } cases[] = {
      {"NotebookInstance", R"({"DirectInternetAccess":"Enabled","RootAccess":"Disabled"})", {}},
      {"NotebookInstance", R"({"RootAccess":"Disabled"})", {"DirectInternetAccess"}},
      {"NotebookInstance",
       R"({"DirectInternetAccess":"Enabled","RootAccess":"Disabled","InstanceMetadataServiceConfiguration":{}})",
       {"InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion"}},
      // Below a list, for each element; below what is not there, nothing.
      {"InferenceExperiment",
       R"({"Name":"n","Type":"ShadowMode","DataStorageConfig":{},"ModelVariants":[{"ModelName":"m","VariantName":"v","InfrastructureConfig":{"InfrastructureType":"RealTimeInference"}},{"VariantName":"w","InfrastructureConfig":{"InfrastructureType":"RealTimeInference"}}]})",
       {"DataStorageConfig.Destination",
        "ModelVariants.0.InfrastructureConfig.RealTimeInferenceConfig",
        "ModelVariants.1.InfrastructureConfig.RealTimeInferenceConfig",
        "ModelVariants.1.ModelName"}},
      {"InferenceExperiment", R"({"Name":"n","Type":"ShadowMode","ModelVariants":"?"})", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.properties);
    const auto document = json::parse_document(c.properties);
    ASSERT_TRUE(document);
    UnknownNode unknown;
    mark_left_out(unknown, document->root, shape_of(c.type));
    std::vector<std::string> places;
    collect_places(unknown, "", places);
    std::ranges::sort(places);
    EXPECT_EQ(places, c.unknown);
  }
}

}  // namespace
}  // namespace sagewarden::api
