#include "source/cloudformation/suppressions.h"

#include <gtest/gtest.h>

#include "source/cloudformation/recording_sink.h"

namespace sagewarden::cloudformation {
namespace {

Read with_metadata(const std::string& metadata) {
  return Read("Resources:\n  R:\n    Type: AWS::SageMaker::Model\n    Metadata: " + metadata +
              "\n");
}

TEST(Suppressions, WrittenInFull) {
  const Read read = with_metadata(R"(
      aws:cdk:path: Stack/R
      sagewarden:
        suppress:
          - {control: SageMaker.5, reason: "  isolated otherwise ", expires: 2027-01-31}
          - control: "SageMaker.1*"
            reason: sandbox
)");
  EXPECT_EQ(read.sink.all_gaps(), "");
  const std::vector<InlineSuppression>& seen = read.sink.resources.at(0).suppressions;
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].control, "SageMaker.5");
  EXPECT_EQ(seen[0].reason, "isolated otherwise");
  EXPECT_EQ(seen[0].expires, "2027-01-31");
  EXPECT_EQ(seen[0].line, 8U);
  EXPECT_EQ(seen[1].control, "SageMaker.1*");
  EXPECT_EQ(seen[1].expires, "");
}

TEST(Suppressions, AnythingElseSuppressesNothingAndIsTold) {
  const struct {
    std::string suppress, gap;
  } rows[] = {
      {"[{control: A, reason: ''}]", "line 4, column 40: a suppression needs a reason"},
      {"[{control: A, reason: '  '}]", "a suppression needs a reason"},
      {"[{control: A}]", "a suppression needs a reason"},
      {"[{control: '*', reason: all}]", "* accepts whatever there is"},
      {"[{control: '?*', reason: all}]", "?* accepts whatever there is"},
      {"[{control: 'Sage*', reason: all}]", "Sage* accepts whatever there is"},
      {"[{control: " + std::string(1025, 'A') + ", reason: all}]", "longer than 1024 bytes"},
      {"[{control: A, reason: [x]}]", "a suppression needs a reason"},
      {"[{control: A, reason: !Ref X}]", "a suppression needs a reason"},
      {"[{reason: x}]", "a suppression needs a control"},
      {"[{control: [A], reason: x}]", "a suppression needs a control"},
      {"[{control: A, reason: x, expires: 2027-02-30}]", "expires is a day, written YYYY-MM-DD"},
      {"[{control: A, reason: x, expires: ''}]", "expires is a day, written YYYY-MM-DD"},
      {"[{control: A, reason: x, expires: 2027}]", "expires is a day, written YYYY-MM-DD"},
      {"[{control: A, reason: x, expire: 2027-01-01}]", "a suppression has no field expire"},
      {"[SageMaker.5]", "a suppression is a mapping of control and reason"},
      {"{control: A, reason: x}", "Metadata.sagewarden holds a list named suppress"},
      {"~", "Metadata.sagewarden holds a list named suppress"},
      {"[], supress: []", "Metadata.sagewarden holds a list named suppress"},
  };
  for (const auto& row : rows) {
    const Read read = with_metadata("{sagewarden: {suppress: " + row.suppress + "}}");
    ASSERT_EQ(read.error, "") << row.suppress;
    EXPECT_TRUE(read.sink.resources.at(0).suppressions.empty()) << row.suppress;
    ASSERT_EQ(read.sink.gaps.size(), 1U) << row.suppress << ": " << read.sink.all_gaps();
    EXPECT_EQ(read.sink.gaps[0].code, "SUPPRESSION_INVALID");
    EXPECT_EQ(read.sink.gaps[0].location.address, "R");
    EXPECT_NE(read.sink.gaps[0].message.find(row.gap), std::string::npos)
        << row.suppress << ": " << read.sink.gaps[0].message;
  }
}

TEST(Suppressions, PatternsThatLeaveSomethingOutAreTaken) {
  for (const std::string& control :
       {std::string("SageMaker.*"), std::string("*.3"), std::string("SageMaker.1?"),
        std::string(kMaxPatternBytes, 'A')}) {
    const Read read =
        with_metadata("{sagewarden: {suppress: [{control: '" + control + "', reason: x}]}}");
    EXPECT_EQ(read.sink.all_gaps(), "") << control;
    EXPECT_EQ(read.sink.resources.at(0).suppressions.size(), 1U) << control;
  }
}

TEST(Suppressions, AGoodOneBesideABadOneCounts) {
  const Read read =
      with_metadata("{sagewarden: {suppress: [{control: A, reason: x}, {control: B}]}}");
  EXPECT_EQ(read.sink.resources.at(0).suppressions.size(), 1U);
  EXPECT_EQ(read.sink.gaps.size(), 1U);
}

TEST(Suppressions, OtherMetadataIsLeftAlone) {
  for (const char* metadata : {"{a: b}", "text", "[a]", "{Sagewarden: {}}"}) {
    const Read read = with_metadata(metadata);
    EXPECT_EQ(read.sink.all_gaps(), "") << metadata;
    EXPECT_TRUE(read.sink.resources.at(0).suppressions.empty());
  }
}

}  // namespace
}  // namespace sagewarden::cloudformation
