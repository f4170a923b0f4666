// Fn::ForEach of the language extensions: in resources, properties and conditions.
#include <gtest/gtest.h>

#include "source/cloudformation/recording_sink.h"
#include "source/cloudformation/resolver.h"

namespace sagewarden::cloudformation {
namespace {

std::vector<std::string> addresses(const Read& read) {
  std::vector<std::string> out;
  for (const Seen& seen : read.sink.resources) out.push_back(seen.location.address);
  return out;
}

TEST(Loops, InResources) {
  const Read read(R"(
Transform: AWS::LanguageExtensions
Parameters:
  Teams: {Type: CommaDelimitedList, Default: "red, blue"}
Resources:
  Plain: {Type: AWS::SageMaker::Image}
  Fn::ForEach::Models:
    - Team
    - !Ref Teams
    - 'Model${Team}':
        Type: AWS::SageMaker::Model
        Properties:
          ModelName: !Sub '${Team}-model'
          Ref: {a: !Ref Team, b: c}
          Text: 'plain ${Team} ${Other} {Team}'
          Linked: !Ref 'Plain'
          Sibling: !GetAtt 'Model${Team}.ModelName'
)");
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.sink.all_gaps(), "");
  EXPECT_EQ(addresses(read), (std::vector<std::string>{"Plain", "Modelred", "Modelblue"}));
  const Seen& blue = *read.sink.find("Modelblue");
  EXPECT_EQ(blue.name, "blue-model");
  EXPECT_EQ(blue.location.line, 10U);
  EXPECT_EQ(blue.location.column, 7U);
  EXPECT_EQ(blue.property("Ref"), R"({a: "blue", b: "c"})");
  EXPECT_EQ(blue.property("Text"), R"("plain blue ${Other} {Team}")");
  EXPECT_EQ(blue.property("Sibling"),
            "<set: !GetAtt Modelblue.ModelName is known only at deployment>");
  EXPECT_EQ(blue.lines.at("ModelName"), "13:11");
}

TEST(Loops, InsideEachOther) {
  const Read read(R"(
Transform: [AWS::LanguageExtensions]
Mappings: {Sizes: {red: {list: [small, large]}, blue: {list: [huge]}}}
Resources:
  Fn::ForEach::Outer:
    - Team
    - [red, blue]
    - Fn::ForEach::Inner:
        - Size
        - !FindInMap [Sizes, !Ref Team, list]
        - '${Team}${Size}':
            Type: AWS::SageMaker::Model
            Properties: {Is: !Join ['/', [!Ref Team, !Ref Size]]}
      'Only${Team}': {Type: 'AWS::SageMaker::Image'}
)");
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.sink.all_gaps(), "");
  EXPECT_EQ(addresses(read),
            (std::vector<std::string>{"redsmall", "redlarge", "Onlyred", "bluehuge", "Onlyblue"}));
  EXPECT_EQ(read.sink.find("bluehuge")->property("Is"), R"("blue/huge")");
}

TEST(Loops, NamesLeaveOutWhatALogicalIdMayNotHold) {
  const Read read(R"(
Resources:
  Fn::ForEach::Nets:
    - Net
    - [10.0.0.0/16]
    - 'Model&{Net}':
        Type: AWS::SageMaker::Model
        Properties: {Net: !Ref Net, Short: 'x&{Net}'}
)");
  const Seen& seen = *read.sink.find("Model1000016");
  EXPECT_EQ(seen.property("Net"), R"("10.0.0.0/16")");
  EXPECT_EQ(seen.property("Short"), R"("x1000016")");
}

TEST(Loops, InPropertiesAndConditions) {
  const Read read(R"(
Conditions:
  Fn::ForEach::Is:
    - Team
    - [red, blue]
    - 'Is${Team}': !Equals [!Ref Team, red]
Resources:
  Fn::ForEach::All:
    - Team
    - [red, blue]
    - 'Model${Team}':
        Type: AWS::SageMaker::Model
        Condition: 'Is${Team}'
  Single:
    Type: AWS::SageMaker::Model
    Properties:
      EnableNetworkIsolation: !If [Isred, "true", "false"]
      Fn::ForEach::Settings:
        - Key
        - [A, B]
        - 'Setting${Key}': {Nested: !Ref Key}
)");
  EXPECT_EQ(read.sink.all_gaps(), "");
  EXPECT_EQ(addresses(read), (std::vector<std::string>{"Modelred", "Single"}));
  const Seen& single = *read.sink.find("Single");
  EXPECT_EQ(single.property("EnableNetworkIsolation"), "true");
  EXPECT_EQ(single.property("SettingA"), R"({Nested: "A"})");
  EXPECT_EQ(single.property("SettingB"), R"({Nested: "B"})");
  EXPECT_EQ(single.lines.at("SettingB"), "21:11");
}

TEST(Loops, WhatCannotBeUnrolledIsAGap) {
  const struct {
    std::string loop;  // under Resources
    std::string gap;   // part of it; empty: none
  } rows[] = {
      {"[X, !Ref Given, {'M${X}': {Type: AWS::SageMaker::Model}}]",
       "LOOP_NOT_EXPANDED line 5, column 3: some resources are not read: Fn::ForEach::L: the "
       "parameter Given has no Default"},
      {"[X, !Ref Given, {'M${X}': {Type: !Sub a}}]", "LOOP_NOT_EXPANDED"},
      {"[X, !Ref Given, {'M${X}': {Type: 'AWS::SageMaker::${X}'}}]", "LOOP_NOT_EXPANDED"},
      {"[X, !Ref Given, {'Fn::ForEach::In': [Y, [a], {'M${Y}': {Type: AWS::SageMaker::Model}}]}]",
       "LOOP_NOT_EXPANDED"},
      // A loop that makes nothing that is judged takes nothing away.
      {"[X, !Ref Given, {'M${X}': {Type: AWS::S3::Bucket}}]", ""},
      {"[X, [a], {'M${X}': {Type: AWS::SageMaker::Model}, 'N${X}': {Type: AWS::S3::Bucket}}]", ""},
      {"[X, [a, a], {'M${X}': {Type: AWS::SageMaker::Model}}]",
       "Fn::ForEach makes Ma more than once"},
      {"[X, [[a]], {'M${X}': {Type: AWS::SageMaker::Model}}]", "a loop goes over texts only"},
      {"[X, text, {'M${X}': {Type: AWS::SageMaker::Model}}]", "a loop goes over a list"},
      {"[X, [!Ref Given], {'M${X}': {Type: AWS::SageMaker::Model}}]", "LOOP_NOT_EXPANDED"},
      {"[X, [a]]", "a loop takes a name, a collection and a mapping"},
      {"text", "a loop takes a name, a collection and a mapping"},
  };
  for (const auto& row : rows) {
    const Read read(R"(
Parameters:
  Given: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::L: )" +
                    row.loop + R"(
  Other: {Type: AWS::SageMaker::Model, Properties: {A: !Ref MayComeFromTheLoop}}
)");
    ASSERT_EQ(read.error, "") << row.loop;
    EXPECT_NE(read.sink.find("Other"), nullptr) << row.loop;
    std::string gaps = read.sink.all_gaps();
    if (row.gap.empty()) {
      // Only the reference to a resource that is not there may be told.
      EXPECT_EQ(gaps.find("LOOP"), std::string::npos) << row.loop << ": " << gaps;
    } else {
      EXPECT_NE(gaps.find(row.gap), std::string::npos) << row.loop << ": " << gaps;
    }
  }
}

TEST(Loops, OfPropertiesThatCannotBeUnrolledLeaveThemUnknown) {
  const Read read(R"(
Parameters: {Given: {Type: CommaDelimitedList}}
Resources:
  M:
    Type: AWS::SageMaker::Model
    Properties:
      EnableNetworkIsolation: true
      Fn::ForEach::L: [X, !Ref Given, {'A${X}': 1}]
  N:
    Type: AWS::SageMaker::Model
    Properties:
      EnableNetworkIsolation: true
      PrimaryContainer:
        Fn::ForEach::L: [X, !Ref Given, {'A${X}': 1}]
)");
  EXPECT_TRUE(read.sink.find("M")->all_unknown);
  EXPECT_NE(read.sink.find("M")->why_unknown.find("parameter Given"), std::string::npos);
  EXPECT_EQ(read.sink.find("N")->property("EnableNetworkIsolation"), "true");
  EXPECT_EQ(read.sink.find("N")->property("PrimaryContainer").substr(0, 9), "<present:");
}

// `turns` goes in three loops inside each other.
std::string three_loops(size_t turns) {
  std::string list;
  for (size_t i = 0; i < turns; ++i) list += fmt::format("{}'{}'", i == 0 ? "" : ",", i);
  return fmt::format(
      "Resources:\n  Fn::ForEach::A: [X, [{0}], {{'Fn::ForEach::B': [Y, [{0}], "
      "{{'Fn::ForEach::C': [Z, [{0}], {{'R${{X}}x${{Y}}x${{Z}}': "
      "{{Type: AWS::SageMaker::Image}}}}]}}]}}]\n",
      list);
}

TEST(Loops, TurnsAreBounded) {
  // n + n² + n³ turns: 21 gives 9723, 22 gives 11154.
  const Read within(three_loops(21));
  EXPECT_EQ(within.sink.resources.size(), 9261U);
  EXPECT_EQ(within.sink.all_gaps(), "");
  const Read beyond(three_loops(22));
  EXPECT_LE(beyond.sink.resources.size(), kMaxIterations);
  EXPECT_NE(beyond.sink.all_gaps().find("LIMIT line 2, column"), std::string::npos);
  EXPECT_NE(beyond.sink.all_gaps().find("more than 10000 turns of loops"), std::string::npos);
  EXPECT_NE(beyond.sink.all_gaps().find("LOOP_NOT_EXPANDED"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden::cloudformation
