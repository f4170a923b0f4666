// Resolved properties in the form in which they are judged: types, defaults, tags, lines.
#include "source/cloudformation/translate.h"

#include <gtest/gtest.h>

#include "source/cloudformation/recording_sink.h"
#include "source/cloudformation/render.h"

namespace sagewarden::cloudformation {
namespace {

Seen only(const std::string& type, const std::string& properties) {
  const Read read(R"(
Parameters: {Given: {Type: String}}
Conditions: {Maybe: !Equals [!Ref Given, a]}
Resources:
  R:
    Type: )" + type +
                  "\n    Properties: " + properties + "\n");
  EXPECT_EQ(read.error, "") << properties;
  EXPECT_EQ(read.sink.all_gaps(), "") << properties;
  return read.sink.resources.at(0);
}

constexpr std::string_view kMaybeUnknown =
    "the condition Maybe is not known: the parameter Given has no Default, and --parameters gives "
    "no value";

TEST(Translate, GivesPropertiesTheirTypes) {
  const struct {
    std::string type, properties, property, want;
  } rows[] = {
      {"AWS::SageMaker::Model", "{EnableNetworkIsolation: 'true'}", "EnableNetworkIsolation",
       "true"},
      {"AWS::SageMaker::Model", "{EnableNetworkIsolation: 'False'}", "EnableNetworkIsolation",
       "false"},
      {"AWS::SageMaker::Model", "{EnableNetworkIsolation: 'yes'}", "EnableNetworkIsolation",
       R"(<set: it is "yes", and must be true or false>)"},
      {"AWS::SageMaker::Model", "{EnableNetworkIsolation: 1}", "EnableNetworkIsolation",
       R"(<set: it is "1", and must be true or false>)"},
      {"AWS::SageMaker::Model", "{EnableNetworkIsolation: !If [Maybe, true, 'TRUE']}",
       "EnableNetworkIsolation", "<set: " + std::string(kMaybeUnknown) + ">"},
      {"AWS::SageMaker::Model", "{ModelName: 12}", "ModelName", R"("12")"},
      {"AWS::SageMaker::NotebookInstance", "{RootAccess: [Disabled]}", "RootAccess",
       "<present: it is a list, and must be one value>"},
      {"AWS::SageMaker::NotebookInstance", "{SecurityGroupIds: sg-1}", "SecurityGroupIds",
       R"(<set: it is "sg-1", and must be a list>)"},
      {"AWS::SageMaker::NotebookInstance", "{SecurityGroupIds: {a: sg-1}}", "SecurityGroupIds",
       "<present: it is a mapping, and must be a list>"},
      {"AWS::SageMaker::Model", "{PrimaryContainer: {Environment: {A: true, B: '1', C: 1}}}",
       "PrimaryContainer", R"({Environment: {A: "true", B: "1", C: "1"}})"},
      {"AWS::SageMaker::NotebookInstance", "{VolumeSizeInGB: '20'}", "VolumeSizeInGB", "20"},
      {"AWS::SageMaker::NotebookInstance", "{VolumeSizeInGB: '20 GB'}", "VolumeSizeInGB",
       R"(<set: it is "20 GB", and must be a whole number>)"},
      {"AWS::SageMaker::NotebookInstance", "{VolumeSizeInGB: 1.5}", "VolumeSizeInGB",
       R"(<set: it is "1.5", and must be a whole number>)"},
      {"AWS::SageMaker::NotebookInstance", "{VolumeSizeInGB: !If [Maybe, yes, !Ref AWS::NoValue]}",
       "VolumeSizeInGB", "<unknown: " + std::string(kMaybeUnknown) + ">"},
      {"AWS::SageMaker::EndpointConfig",
       "{ProductionVariants: [{InitialInstanceCount: '2', InitialVariantWeight: '0.5', "
       "ServerlessConfig: {MaxConcurrency: '5'}, VariantName: '1', EnableSSMAccess: 'true'}]}",
       "ProductionVariants",
       R"([{EnableSSMAccess: true, InitialInstanceCount: 2, InitialVariantWeight: 0.5, )"
       R"(ServerlessConfig: {MaxConcurrency: 5}, VariantName: "1"}])"},
      // A type that no table knows keeps what is written.
      {"AWS::SageMaker::Image", "{Custom: 'true'}", "Custom", R"("true")"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(only(row.type, row.properties).property(row.property), row.want) << row.properties;
}

// A template that says so is refused by CloudFormation; a control must not be talked out of asking.
TEST(Translate, WhatOnlyTheServiceSetsIsNotBelieved) {
  const Seen notebook = only("AWS::SageMaker::NotebookInstance",
                             "{NotebookInstanceStatus: Deleting, Id: x, RootAccess: Enabled}");
  EXPECT_EQ(notebook.property("NotebookInstanceStatus"), "absent");
  EXPECT_EQ(notebook.property("Id"), "<unknown: the service sets it>");
  EXPECT_EQ(notebook.property("RootAccess"), R"("Enabled")");
  EXPECT_EQ(only("AWS::SageMaker::Image", "{ImageStatus: DELETING}").property("ImageStatus"),
            "absent");
  EXPECT_EQ(only("AWS::SageMaker::FeatureGroup", "{FeatureGroupStatus: Deleting}")
                .property("FeatureGroupStatus"),
            "<unknown: the service sets it>");
}

TEST(Translate, FillsInWhatTheApiDoes) {
  const Seen bare = only("AWS::SageMaker::NotebookInstance", "{RoleArn: r}");
  EXPECT_EQ(bare.property("RootAccess"), R"("Enabled")");
  EXPECT_EQ(bare.property("DirectInternetAccess"), R"("Enabled")");
  EXPECT_EQ(bare.property("VolumeSizeInGB"), "5");
  EXPECT_EQ(bare.property("KmsKeyId"), "absent");
  EXPECT_EQ(bare.property("InstanceMetadataServiceConfiguration"), "absent");
  EXPECT_EQ(bare.defaulted,
            (std::vector<std::string>{"DirectInternetAccess", "RootAccess", "VolumeSizeInGB"}));
  EXPECT_FALSE(bare.lines.contains("RootAccess"));
  // The default has changed over time: what an existing stack has is not in its template.
  EXPECT_EQ(bare.property("PlatformIdentifier"),
            "<unknown: it is left out, and the service's default has changed over time; a new "
            "resource gets \"notebook-al2023-v1\">");
  EXPECT_EQ(bare.property("Id"), "<unknown: the service sets it>");

  const Seen set = only("AWS::SageMaker::NotebookInstance",
                        "{RootAccess: Disabled, PlatformIdentifier: notebook-al2-v1, "
                        "InstanceMetadataServiceConfiguration: {}}");
  EXPECT_EQ(set.property("RootAccess"), R"("Disabled")");
  EXPECT_EQ(set.property("PlatformIdentifier"), R"("notebook-al2-v1")");
  EXPECT_EQ(set.property("InstanceMetadataServiceConfiguration"),
            R"({MinimumInstanceMetadataServiceVersion: "1"})");
}

TEST(Translate, ADefaultBelowABlockNeedsTheBlock) {
  const Seen without = only("AWS::SageMaker::FeatureGroup", "{}");
  EXPECT_EQ(without.property("OnlineStoreConfig"), "absent");
  const Seen with =
      only("AWS::SageMaker::FeatureGroup", "{OnlineStoreConfig: {EnableOnlineStore: 'true'}}");
  EXPECT_EQ(with.property("OnlineStoreConfig"),
            R"({EnableOnlineStore: true, StorageType: "Standard"})");
  EXPECT_EQ(with.defaulted, (std::vector<std::string>{"OnlineStoreConfig.StorageType"}));
  const Seen opaque = only("AWS::SageMaker::FeatureGroup", "{OnlineStoreConfig: !Ref Given}");
  EXPECT_EQ(opaque.property("OnlineStoreConfig").substr(0, 9), "<present:");
  EXPECT_TRUE(opaque.defaulted.empty());

  const Seen variants = only("AWS::SageMaker::EndpointConfig",
                             "{ProductionVariants: [{VariantName: a}, !Ref Given]}");
  EXPECT_EQ(variants.defaulted,
            (std::vector<std::string>{"ProductionVariants[0].EnableSSMAccess",
                                      "ProductionVariants[0].InitialVariantWeight"}));
}

TEST(Translate, APropertyThatMayBeLeftOutMayBeTheDefault) {
  const std::string maybe(kMaybeUnknown);
  const struct {
    std::string value, want;
  } rows[] = {
      {"!If [Maybe, Enabled, !Ref AWS::NoValue]", R"("Enabled")"},
      {"!If [Maybe, Disabled, !Ref AWS::NoValue]", "<set: " + maybe + ">"},
      {"!If [Maybe, !Ref Given, !Ref AWS::NoValue]", "<unknown: " + maybe + ">"},
      {"!Ref AWS::NoValue", R"("Enabled")"},
  };
  for (const auto& row : rows) {
    const Seen seen = only("AWS::SageMaker::NotebookInstance", "{RootAccess: " + row.value + "}");
    EXPECT_EQ(seen.property("RootAccess"), row.want) << row.value;
  }
  // Whether there is a block at all is not known, and so is all that is in it.
  const Seen block = only("AWS::SageMaker::FeatureGroup",
                          "{OnlineStoreConfig: !If [Maybe, {EnableOnlineStore: true}, "
                          "!Ref AWS::NoValue]}");
  EXPECT_EQ(block.property("OnlineStoreConfig"), "<unknown: " + maybe + ">");
}

TEST(Translate, Tags) {
  const std::string maybe(kMaybeUnknown);
  const std::string given = "the parameter Given has no Default, and --parameters gives no value";
  const struct {
    std::string tags, want;
  } rows[] = {
      {"[]", "{}"},
      {"[{Key: Owner, Value: me}, {Key: Cost, Value: 12}]", R"({Cost: "12", Owner: "me"})"},
      {"[{Key: Owner}]", R"({Owner: ""})"},
      {"[{Key: A, Value: 1}, {Key: A, Value: 2}]", R"({A: "1"})"},
      {"[{Key: A, Value: [x]}]", "{A: <set: its value is no text>}"},
      {"{Owner: me}", "<unknown: Tags is no list of {Key, Value}>"},
      {"[{Key: Owner, Value: !Ref Given}]", "{Owner: <present: " + given + ">}"},
      {"[{Key: !Ref Given, Value: x}, {Key: A, Value: b}]", "<unknown: " + given + ">"},
      {"!Ref Given", "<unknown: " + given + ">"},
      {"text", "<unknown: Tags is no list of {Key, Value}>"},
      {"[text]", "<unknown: a tag is not written as {Key, Value}>"},
      {"[!If [Maybe, {Key: A, Value: x}, !Ref AWS::NoValue]]", "{A: <unknown: " + maybe + ">}"},
      {"[{Key: B, Value: y}, !If [Maybe, {Key: A, Value: x}, !Ref AWS::NoValue]]",
       "{A: <unknown: " + maybe + ">, B: \"y\"}"},
      {"!If [Maybe, [{Key: A, Value: x}], !Ref AWS::NoValue]", "<unknown: " + maybe + ">"},
      {"!If [Maybe, [{Key: A, Value: x}], [{Key: A, Value: y}]]", "{A: <set: " + maybe + ">}"},
  };
  for (const auto& row : rows) {
    const Seen seen = only("AWS::SageMaker::Image", "{Tags: " + row.tags + "}");
    EXPECT_EQ(seen.tags, row.want) << row.tags;
    EXPECT_EQ(seen.property("Tags"), "absent");
  }
  EXPECT_EQ(only("AWS::SageMaker::Image", "{}").tags, "{}");
  EXPECT_EQ(only("AWS::SageMaker::Image", "!Ref Given").tags, "<unknown: " + given + ">");
}

TEST(Translate, ManyUnknownTagsAreNotKnownAltogether) {
  for (const size_t count : {kMaxUnknownParts, kMaxUnknownParts + 1}) {
    std::string tags;
    for (size_t i = 0; i < count; ++i) tags += fmt::format(", {{Key: k{}, Value: !Ref Given}}", i);
    const Seen seen = only("AWS::SageMaker::Image", "{Tags: [{Key: a, Value: b}" + tags + "]}");
    EXPECT_EQ(seen.tags.starts_with("<unknown"), count > kMaxUnknownParts);
  }
}

TEST(Translate, ManyUnknownPartsAreNotKnownAltogether) {
  for (const size_t count : {kMaxUnknownParts, kMaxUnknownParts + 1}) {
    std::string list = "[a";
    for (size_t i = 0; i < count; ++i) list += ", !Ref Given";
    const Seen seen = only("AWS::SageMaker::Image", "{Probe: " + list + "]}");
    EXPECT_EQ(seen.property("Probe").starts_with("<set: more than 1000 parts"),
              count > kMaxUnknownParts);
  }
}

TEST(Translate, Lines) {
  const Seen seen = only("AWS::SageMaker::Model", R"(
      PrimaryContainer:
        Image: é
        ImageConfig: {RepositoryAccessMode: Vpc}
      Containers:
        - Image: x
        - {Image: y}
        - !If [Maybe, {Image: z}, {Image: z}]
      Tags:
        - {Key: Owner, Value: me})");
  EXPECT_TRUE(seen.lines_sorted);
  EXPECT_EQ(seen.lines, (std::map<std::string, std::string>{
                            {"PrimaryContainer", "8:7"},
                            {"PrimaryContainer.Image", "9:9"},
                            {"PrimaryContainer.ImageConfig", "10:9"},
                            {"PrimaryContainer.ImageConfig.RepositoryAccessMode", "10:23"},
                            {"Containers", "11:7"},
                            {"Containers[0]", "12:11"},
                            {"Containers[0].Image", "12:11"},
                            {"Containers[1]", "13:11"},
                            {"Containers[1].Image", "13:12"},
                            {"Containers[2]", "14:11"},
                            {"Containers[2].Image", "14:24"},
                            {"tags", "15:7"},
                            {"tags.Owner", "16:11"}}));
}

TEST(Translate, APathOfAnyLengthHasNoLine) {
  for (const size_t size : {kMaxPropertyPath, kMaxPropertyPath + 1}) {
    const std::string key(size, 'k');
    const Seen seen = only("AWS::SageMaker::Model", "{" + key + ": {a: b}}");
    EXPECT_EQ(seen.lines.contains(key), size <= kMaxPropertyPath);
    EXPECT_FALSE(seen.lines.contains(key + ".a"));
  }
}

}  // namespace
}  // namespace sagewarden::cloudformation
