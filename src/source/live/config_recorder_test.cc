#include "source/live/config_recorder.h"

#include <gtest/gtest.h>

namespace sagewarden::live {
namespace {

constexpr std::string_view kRecordedType = "AWS::SageMaker::Model";
constexpr std::string_view kImage = "AWS::SageMaker::Image";

TEST(ConfigRecorder, WhatIsRecorded) {
  const struct {
    std::string_view why, recorder;
    bool model, image;
  } cases[] = {
      {"off", R"({"recordingGroup":{"allSupported":true}})", false, false},
      {"all", R"({"recording":true,"recordingGroup":{"allSupported":true,"resourceTypes":[]}})",
       true, true},
      {"its own item's names", R"({"Recording":true,"RecordingGroup":{"AllSupported":true}})", true,
       true},
      {"some",
       R"({"recording":true,"recordingGroup":{"allSupported":false,"resourceTypes":[)"
       R"("AWS::SageMaker::Model"]}})",
       true, false},
      {"all but some",
       R"({"recording":true,"recordingGroup":{"allSupported":false,"exclusionByResourceTypes":{)"
       R"("resourceTypes":["AWS::SageMaker::Model"]},)"
       R"("recordingStrategy":{"useOnly":"EXCLUSION_BY_RESOURCE_TYPES"}}})",
       false, true},
      {"all but some, its own item's names",
       R"({"Recording":true,"RecordingGroup":{"ExclusionByResourceTypes":{)"
       R"("ResourceTypes":["AWS::SageMaker::Image"]},)"
       R"("RecordingStrategy":{"UseOnly":"EXCLUSION_BY_RESOURCE_TYPES"}}})",
       true, false},
      {"nothing is said", R"({"recording":true})", false, false},
      {"other shapes", R"({"recording":"yes","recordingGroup":[]})", false, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const json::Document document = std::move(json::parse_document(c.recorder).value());
    const Recorder recorder = read_recorder(document.root);
    EXPECT_EQ(recorder.records(kRecordedType), c.model);
    EXPECT_EQ(recorder.records(kImage), c.image);
    // One that is off takes nothing away.
    const Recorder recorders[] = {recorder, Recorder{}};
    EXPECT_EQ(is_recorded(recorders, kRecordedType), c.model);
  }
}

TEST(ConfigRecorder, WhatCanBeRecorded) {
  EXPECT_TRUE(is_recordable(kRecordedType));
  EXPECT_TRUE(is_recordable("AWS::S3::Bucket"));
  EXPECT_FALSE(is_recordable("AWS::SageMaker::InferenceComponent"));
  EXPECT_FALSE(is_recordable("AWS::SageMaker::"));
}

}  // namespace
}  // namespace sagewarden::live
