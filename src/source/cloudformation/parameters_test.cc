#include "source/cloudformation/parameters.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "source/cloudformation/recording_sink.h"

namespace sagewarden::cloudformation {
namespace {

std::string listed(const GivenParameters& given) {
  std::map<std::string, std::string> sorted;
  for (const auto& [name, value] : given) sorted[name] = value ? *value : "(previous)";
  std::string out;
  for (const auto& [name, value] : sorted) out += fmt::format("{}={};", name, value);
  return out;
}

TEST(ParameterFiles, EveryForm) {
  const struct {
    std::string text;
    std::string want;
  } rows[] = {
      {R"([{"ParameterKey": "A", "ParameterValue": "1"},
           {"ParameterKey": "B", "UsePreviousValue": true}])",
       "A=1;B=(previous);"},
      {R"(["A=1", "B=x=y", "C="])", "A=1;B=x=y;C=;"},
      {R"({"Parameters": {"A": "1", "B": ["x", "y"]}, "Tags": {"t": "u"}})", "A=1;B=x,y;"},
      {R"({"A": "1", "B": 2, "C": true})", "A=1;B=2;C=true;"},
      {"A: 1\nB: False\nC: 012\n", "A=1;B=false;C=012;"},
      {"- ParameterKey: A\n  ParameterValue: ''\n", "A=;"},
      {"Parameters: text\n", "Parameters=text;"},
      {"[]", ""},
      {"{}", ""},
  };
  for (const auto& row : rows) {
    const Result<GivenParameters> given = parse_parameters(row.text);
    ASSERT_TRUE(given) << row.text << ": " << given.error().message;
    EXPECT_EQ(listed(*given), row.want) << row.text;
  }
}

TEST(ParameterFiles, Malformed) {
  const struct {
    std::string text;
    std::string want;
  } rows[] = {
      {"text", "line 1, column 1: expected a list of parameters or a mapping of them"},
      {"[1]", "line 1, column 2: an entry needs a ParameterKey"},
      {"[{ParameterValue: x}]", "line 1, column 2: an entry needs a ParameterKey"},
      {"[{ParameterKey: x}]",
       "line 1, column 2: an entry needs a ParameterValue or UsePreviousValue: true"},
      {"['=x']", "line 1, column 2: a parameter is written KEY=VALUE"},
      {"A: {b: c}", "line 1, column 4: a parameter's value must be a text"},
      {"A: ~", "line 1, column 4: a parameter's value must be a text"},
      {"A: [x, [y]]", "line 1, column 8: a parameter's value must be a text"},
      {"A: !Ref B", "line 1, column 4: a parameter's value must be a text"},
      {"{\"A\": ", "line 1"},
  };
  for (const auto& row : rows) {
    const Result<GivenParameters> given = parse_parameters(row.text);
    ASSERT_FALSE(given) << row.text;
    EXPECT_NE(given.error().message.find(row.want), std::string::npos)
        << row.text << ": " << given.error().message;
  }
}

class Folder : public testing::Test {
 protected:
  Folder() { std::filesystem::create_directories(path_); }
  ~Folder() override { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  const std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) / fmt::format("cloudformation-{}", getpid());
};

TEST_F(Folder, TheLaterFileCounts) {
  const std::vector<std::string> files = {write("one.json", R"({"A": "1", "B": "1"})"),
                                          write("two.yaml", "B: 2\n")};
  const Result<GivenParameters> given = read_parameter_files(files);
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(listed(*given), "A=1;B=2;");
}

TEST_F(Folder, AFileThatCannotBeReadIsNamed) {
  const std::string broken = write("broken.json", "{\"A\": }");
  const std::string large = write("large.json", std::string(kMaxParameterFileBytes + 1, ' '));
  const std::string missing = (path_ / "missing.json").string();
  for (const std::string& path : {broken, large, missing}) {
    const Result<GivenParameters> given = read_parameter_files(std::span(&path, 1));
    ASSERT_FALSE(given) << path;
    EXPECT_NE(given.error().message.find(path), std::string::npos) << given.error().message;
    SourceOptions options;
    options.parameter_files = {path};
    const Read read("Resources: {}\n", options);
    EXPECT_EQ(read.error, given.error().message);
  }
}

TEST_F(Folder, GivenValuesTakeTheDefaultsPlace) {
  SourceOptions options;
  options.parameter_files = {write("p.json", R"([
      {"ParameterKey": "Text", "ParameterValue": "given"},
      {"ParameterKey": "List", "ParameterValue": "a, b"},
      {"ParameterKey": "Previous", "UsePreviousValue": "true"},
      {"ParameterKey": "Secret", "ParameterValue": "hunter2"},
      {"ParameterKey": "Elsewhere", "ParameterValue": "of another template"}])")};
  const Read read(R"(
Parameters:
  Text: {Type: String, Default: x}
  List: {Type: CommaDelimitedList}
  Previous: {Type: String, Default: x, AllowedValues: [x, y]}
  Secret: {Type: String, NoEcho: true}
Conditions:
  IsZ: !Equals [!Ref Previous, z]
Resources:
  R:
    Type: AWS::SageMaker::Model
    Properties:
      Text: !Ref Text
      List: !Ref List
      Previous: !Ref Previous
      Secret: !Ref Secret
      Z: !If [IsZ, 1, 0]
)",
                  options);
  ASSERT_EQ(read.error, "");
  const Seen& seen = read.sink.resources.at(0);
  EXPECT_EQ(seen.property("Text"), R"("given")");
  EXPECT_EQ(seen.property("List"), R"(["a","b"])");
  EXPECT_EQ(seen.property("Previous"),
            "<set: the parameter Previous keeps its previous value, which only the stack knows>");
  EXPECT_EQ(seen.property("Secret"),
            "<set: the parameter Secret is NoEcho, so its value is not looked at>");
  EXPECT_EQ(seen.property("Z"), "0");
  EXPECT_EQ(read.sink.all_gaps(), "");
}

// CloudFormation takes the empty text as a value.
TEST_F(Folder, WhatMayBeLeftEmptyIsNotKnownToBeSet) {
  SourceOptions previous;
  previous.parameter_files = {
      write("p.json", R"([{"ParameterKey": "P", "UsePreviousValue": true}])")};
  const struct {
    std::string_view declaration;
    std::string_view want;
  } rows[] = {
      {"Type: String", "present"},
      {"Type: String, MinLength: 1", "set"},
      {"Type: String, MinLength: '12'", "set"},
      {"Type: String, MinLength: 0", "present"},
      {"Type: String, MinLength: -1", "present"},
      {"Type: String, MinLength: x", "present"},
      {"Type: String, MinLength: 0, AllowedPattern: .+", "set"},
      {"Type: String, AllowedPattern: '^arn:aws[a-z-]*:kms:.*$'", "set"},
      {"Type: String, AllowedPattern: '^$|^arn:.*$'", "present"},
      {"Type: String, AllowedPattern: [a]", "present"},
      {"Type: String, AllowedValues: [a, b]", "set"},
      {"Type: String, AllowedValues: [a, '']", "present"},
      {"Type: String, AllowedValues: ['', a], MinLength: 1", "present"},
      {"Type: CommaDelimitedList", "present"},
      {"Type: CommaDelimitedList, MinLength: 1", "present"},
      {"Type: CommaDelimitedList, AllowedPattern: .+", "set"},
      {"Type: CommaDelimitedList, AllowedValues: [a]", "set"},
      {"Type: Number", "set"},
      {"Type: 'AWS::EC2::Subnet::Id'", "set"},
      {"Type: 'List<AWS::EC2::Subnet::Id>'", "set"},
      {"Type: String, NoEcho: true", "present"},
      {"Type: String, NoEcho: true, MinLength: 8", "set"},
  };
  for (const auto& row : rows) {
    // Whether there is no value at all, or the stack's own is kept.
    for (const SourceOptions& options : {SourceOptions(), previous}) {
      const Read read(
          fmt::format("Parameters:\n  P: {{{}}}\nResources:\n  R:\n"
                      "    Type: AWS::SageMaker::Model\n"
                      "    Properties: {{A: !Ref P, B: !Sub '${{P}}', C: !Sub 'x${{P}}'}}\n",
                      row.declaration),
          options);
      const Seen& seen = read.sink.resources.at(0);
      const std::string start = fmt::format("<{}: ", row.want);
      EXPECT_TRUE(seen.property("A").starts_with(start)) << row.declaration << seen.property("A");
      EXPECT_TRUE(seen.property("B").starts_with(start)) << row.declaration << seen.property("B");
      EXPECT_TRUE(seen.property("C").starts_with("<set: ")) << row.declaration;
    }
  }
}

// A Default says itself what the parameter may be.
TEST_F(Folder, ADefaultThatIsEmptyMayBeThePreviousValue) {
  SourceOptions options;
  options.parameter_files = {write("p.json", R"([{"ParameterKey": "P", "UsePreviousValue": true},
      {"ParameterKey": "Q", "UsePreviousValue": true}])")};
  const Read read(R"(
Parameters:
  P: {Type: String, Default: ""}
  Q: {Type: "AWS::EC2::Subnet::Id", Default: ""}
Resources: {R: {Type: AWS::SageMaker::Model, Properties: {P: !Ref P, Q: !Ref Q}}}
)",
                  options);
  for (const char* name : {"P", "Q"})
    EXPECT_TRUE(read.sink.resources.at(0).property(name).starts_with("<present: ")) << name;
}

// CloudFormation would not deploy with it: a typing error must not switch a resource off unseen.
TEST_F(Folder, WhatADeclarationRefusesIsNotKnown) {
  const struct {
    std::string_view declaration;
    std::string_view value;
    std::string_view why;  // empty: it is taken
  } rows[] = {
      {"Type: String, AllowedValues: [dev, prod]", "prod", ""},
      {"Type: String, AllowedValues: [dev, prod]", "Prod", "is none of its AllowedValues"},
      {"Type: String, AllowedValues: [dev, prod]", " prod", "is none of its AllowedValues"},
      {"Type: String, AllowedValues: [dev, !Ref X]", "Prod", ""},
      {"Type: String, AllowedValues: ['true', false]", "false", ""},
      {"Type: Number, AllowedValues: [1, 2.0]", "2", ""},
      {"Type: Number, AllowedValues: [1, 2.0]", "3", "is none of its AllowedValues"},
      {"Type: CommaDelimitedList, AllowedValues: [a, b]", "a, b", ""},
      {"Type: CommaDelimitedList, AllowedValues: [a, b]", "a,c", "is none of its AllowedValues"},
      {"Type: Number, MinValue: 2, MaxValue: '4.5'", "4.5", ""},
      {"Type: Number, MinValue: 2", "1", "is below its MinValue"},
      {"Type: Number, MaxValue: 4", "5", "is above its MaxValue"},
      {"Type: String, MinLength: 2, MaxLength: 3", "abc", ""},
      {"Type: String, MinLength: 2", "a", "is shorter than its MinLength"},
      {"Type: String, MaxLength: 3", "abcd", "is longer than its MaxLength"},
      {"Type: String, NoEcho: true, MinLength: 8", "hunter2", "is shorter than its MinLength"},
      {"Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: [a]", "b", ""},
  };
  for (const auto& row : rows) {
    SourceOptions given;
    given.parameter_files = {write("p.json", fmt::format(R"({{"P": "{}"}})", row.value))};
    const struct {
      std::string declaration;
      SourceOptions options;
    } ways[] = {{std::string(row.declaration), given},
                {fmt::format("{}, Default: '{}'", row.declaration, row.value), SourceOptions()}};
    for (const auto& [declaration, options] : ways) {
      const Read read(
          fmt::format("Parameters:\n  P: {{{}}}\nConditions: {{C: !Equals [!Ref P, x]}}\n"
                      "Resources:\n  R: {{Type: AWS::SageMaker::Model, Condition: C, "
                      "Properties: {{A: !Ref P}}}}\n",
                      declaration),
          options);
      const std::string gaps = read.sink.all_gaps();
      EXPECT_EQ(gaps.find("MALFORMED") != std::string::npos, !row.why.empty()) << declaration;
      EXPECT_NE(gaps.find(row.why), std::string::npos) << declaration << ": " << gaps;
      EXPECT_EQ(gaps.find("hunter2"), std::string::npos) << gaps;
      // The condition is not known either, so that the resource is not left out.
      EXPECT_TRUE(row.why.empty() || read.sink.resources.size() == 1) << declaration;
    }
  }
}

TEST(Parameters, MalformedDeclarations) {
  const Read read(R"(
Parameters:
  NoType: {Default: x}
  ListDefault: {Type: String, Default: [a]}
  NullDefault:
    Type: String
    Default:
  Scalar: text
Resources:
  R:
    Type: AWS::SageMaker::Model
    Properties:
      A: !Ref NoType
      B: !Ref ListDefault
      C: !Ref NullDefault
      D: !Ref Scalar
)");
  const Seen& seen = read.sink.resources.at(0);
  for (const char* name : {"A", "B", "C", "D"})
    EXPECT_EQ(seen.property(name)[0], '<') << seen.property(name);
  const std::string gaps = read.sink.all_gaps();
  EXPECT_NE(gaps.find("line 3, column 11: the parameter NoType has no Type"), std::string::npos);
  EXPECT_NE(gaps.find("line 4, column 40: the Default of the parameter ListDefault is not a text"),
            std::string::npos);
  EXPECT_NE(gaps.find("line 7, column 13: the Default of the parameter NullDefault"),
            std::string::npos);
  EXPECT_NE(gaps.find("line 8, column 11: the parameter Scalar has no Type"), std::string::npos);
}

TEST(Parameters, AValueHasCloudFormationsLength) {
  for (const size_t size : {kMaxParameterBytes, kMaxParameterBytes + 1}) {
    const std::string value(size, 'x');
    const Read read("Parameters: {P: {Type: String, Default: " + value + "}}\n" +
                    "Resources: {R: {Type: AWS::SageMaker::Model, Properties: {A: !Ref P}}}\n");
    const std::string property = read.sink.resources.at(0).property("A");
    if (size == kMaxParameterBytes) {
      EXPECT_EQ(property, '"' + value + '"');
    } else {
      EXPECT_EQ(property, "<unknown: the value of the parameter P is longer than 4096 bytes>");
      EXPECT_EQ(read.sink.gaps.at(0).code, "LIMIT");
    }
  }
}

}  // namespace
}  // namespace sagewarden::cloudformation
