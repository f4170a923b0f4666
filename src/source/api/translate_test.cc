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

// All unknown places as paths.
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
  const std::string experiment =
      R"({"Name":"n","DataStorageConfig":{},"ModelVariants":[)"
      R"({"ModelName":"m","InfrastructureConfig":{"InfrastructureType":"RealTimeInference"}},)"
      R"({"VariantName":"w","InfrastructureConfig":{"RealTimeInferenceConfig":{}}}]})";
  const std::string variant = "ModelVariants.";
  const struct {
    std::string_view type;
    std::string properties, path;
    bool unknown;
  } cases[] = {
      {"NotebookInstance", R"({"RootAccess":"Disabled"})", "RootAccess", false},
      {"NotebookInstance", R"({"RootAccess":"Disabled"})", "DirectInternetAccess", true},
      {"NotebookInstance", R"({"DirectInternetAccess":"Enabled"})", "RootAccess", true},
      // What Describe leaves out when it is not set.
      {"NotebookInstance", R"({})", "KmsKeyId", false},
      {"NotebookInstance", R"({})", "SubnetId", false},
      {"Model", R"({})", "PrimaryContainer", false},
      // ListImages gives all but this.
      {"Image", R"({})", "ImageRoleArn", true},
      {"Image", R"({"ImageRoleArn":"r"})", "ImageRoleArn", false},
      // Below what is not there, nothing is missing.
      {"NotebookInstance", R"({})",
       "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion", false},
      {"NotebookInstance", R"({"InstanceMetadataServiceConfiguration":{}})",
       "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion", true},
      {"InferenceExperiment", experiment, "Name", false},
      {"InferenceExperiment", experiment, "DataStorageConfig.Destination", true},
      // Below a list, each element for itself.
      {"InferenceExperiment", experiment, variant + "0.ModelName", false},
      {"InferenceExperiment", experiment, variant + "1.ModelName", true},
      {"InferenceExperiment", experiment, variant + "0.VariantName", true},
      {"InferenceExperiment", experiment, variant + "1.VariantName", false},
      {"InferenceExperiment", experiment,
       variant + "0.InfrastructureConfig.RealTimeInferenceConfig", true},
      {"InferenceExperiment", experiment,
       variant + "1.InfrastructureConfig.RealTimeInferenceConfig.InstanceCount", true},
      // Another kind of value than the table's is there all the same.
      {"InferenceExperiment", R"({"ModelVariants":"?"})", "ModelVariants", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path + " of " + c.properties);
    const auto document = json::parse_document(c.properties);
    ASSERT_TRUE(document);
    UnknownNode unknown;
    mark_left_out(unknown, document->root, shape_of(c.type));
    std::vector<std::string> places;
    collect_places(unknown, "", places);
    EXPECT_EQ(std::ranges::count(places, c.path), c.unknown ? 1 : 0);
  }
}

TEST(Translate, WhatIsLeftOutIsMarkedUpToALimit) {
  const auto marked = [](size_t variants) {
    std::string text = R"({"ModelVariants":[)";
    for (size_t i = 0; i < variants; ++i) text += i == 0 ? "{}" : ",{}";
    const auto document = json::parse_document(text + "]}");
    UnknownNode unknown;
    mark_left_out(unknown, document->root, shape_of("InferenceExperiment"));
    return unknown;
  };
  EXPECT_FALSE(marked(1000).unknown);
  // Each lacks three.
  const UnknownNode more = marked(100'000);
  EXPECT_TRUE(more.unknown);
  EXPECT_NE(more.reason.find("more than 4096"), std::string::npos);
  EXPECT_LT(more.find("ModelVariants")->children().size(), 2 * kMostLeftOut);
}

}  // namespace
}  // namespace sagewarden::api
