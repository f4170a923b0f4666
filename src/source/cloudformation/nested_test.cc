// Templates nested in others: what is handed over, in what order they are read, what is missing.
#include "source/cloudformation/nested.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "source/cloudformation/recording_sink.h"

namespace sagewarden::cloudformation {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;  // path, text

// Reads all as collect() does, but one after the other. The files need not be on disk.
struct Reading {
  RecordingSink sink;
  std::vector<std::string> order;

  explicit Reading(const Files& files, SourceOptions options = {}) {
    NestedStacks nested;
    for (size_t i = 0; i < files.size(); ++i) nested.add(i, files[i].first, files[i].second);
    options.types = kTypes;
    options.nested = &nested;
    while (true) {
      std::optional<size_t> next = nested.next();
      if (!next && nested.release_rest()) next = nested.next();
      if (!next) break;
      const auto& [path, text] = files[*next];
      order.push_back(path);
      const Result<void> read = read_cloudformation({path, text}, options, sink);
      EXPECT_TRUE(read) << path << ": " << read.error().message;
      nested.done(*next);
    }
    EXPECT_EQ(order.size(), files.size());
  }

  std::string property(const std::string& name = "P") const {
    const Seen* seen = sink.find("Child");
    return seen == nullptr ? "no such resource" : seen->property(name);
  }
};

std::string parent(std::string_view parameters, std::string_view url = "./child.yaml") {
  return fmt::format(R"(
Parameters: {{Given: {{Type: String}}, Here: {{Type: String, Default: here}}}}
Conditions: {{Maybe: !Equals [!Ref Given, a], No: !Equals [a, b]}}
Resources:
  Key: {{Type: "AWS::KMS::Key"}}
  Stack:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: "{}", Parameters: {}}}
)",
                     url, parameters);
}

constexpr std::string_view kChild = R"(
Parameters:
  P: {Type: String, Default: own}
  L: {Type: CommaDelimitedList, Default: "x"}
Resources:
  Child: {Type: AWS::SageMaker::Model, Properties: {P: !Ref P, L: !Ref L}}
)";

TEST(Nested, TheParentsParametersCount) {
  const std::string by = "the parameter P is given by the stack that this one is nested in: ";
  const struct {
    std::string parameters, want;
  } rows[] = {
      {"{P: given}", R"("given")"},
      {"{P: ''}", R"("")"},
      {"{P: true}", R"("true")"},
      {"{P: !Ref Here}", R"("here")"},
      {"{P: !Sub '${Here}-x'}", R"("here-x")"},
      {"{}", R"("own")"},
      {"{P: !Ref AWS::NoValue}", R"("own")"},
      {"{P: !GetAtt Key.Arn}", "<set: " + by + "!GetAtt Key.Arn is known only at deployment>"},
      {"{P: !Ref Given}", "<present: " + by +
                              "the parameter Given has no Default, and --parameters gives no "
                              "value>"},
      {"{P: {a: b}}", "<present: " + by + "it is no text>"},
      {"{P: [a, b]}", R"("a,b")"},
  };
  for (const auto& row : rows) {
    const Reading run(
        {{"d/parent.yaml", parent(row.parameters)}, {"d/child.yaml", std::string(kChild)}});
    EXPECT_EQ(run.property(), row.want) << row.parameters;
    EXPECT_EQ(run.sink.all_gaps(), "") << row.parameters;
  }
  const Reading list(
      Files{{"parent.yaml", parent("{L: [a, b]}")}, {"child.yaml", std::string(kChild)}});
  EXPECT_EQ(list.property("L"), R"(["a","b"])");
  // Whether a value is given at all is not known.
  const Reading maybe(Files{{"parent.yaml", parent("{P: !If [Maybe, a, !Ref AWS::NoValue]}")},
                            {"child.yaml", std::string(kChild)}});
  EXPECT_TRUE(maybe.property().starts_with("<present: ")) << maybe.property();
  const Reading all(Files{{"parent.yaml", parent("!If [Maybe, {P: a}, !Ref AWS::NoValue]")},
                          {"child.yaml", std::string(kChild)}});
  EXPECT_TRUE(all.property().starts_with("<present: ")) << all.property();
  EXPECT_TRUE(all.property("L").starts_with("<present: ")) << all.property("L");
}

TEST(Nested, AFileOfParametersIsForTheOutermost) {
  const std::string file = testing::TempDir() + "nested_parameters.json";
  std::ofstream(file) << R"({"Given": "of the file", "P": "of the file"})";
  SourceOptions options;
  options.parameter_files = {file};
  const Files files = {{"parent.yaml", parent("{P: !Ref Given}")},
                       {"child.yaml", std::string(kChild)}};
  EXPECT_EQ(Reading(files, options).property(), R"("of the file")");
  // CloudFormation gives what the parent does not name its Default.
  EXPECT_EQ(Reading(Files{{"parent.yaml", parent("{}")}, files[1]}, options).property(),
            R"("own")");
  EXPECT_EQ(Reading(Files{files[1]}, options).property(), R"("of the file")");
  std::filesystem::remove(file);
}

TEST(Nested, SeveralParentsLeaveWhatTheyHaveInCommon) {
  const struct {
    std::string one, two, want;
  } rows[] = {
      {"{P: a}", "{P: a}", R"("a")"},
      {"{P: a}", "{P: b}",
       "<set: the parameter P is given by the stack that this one is nested in: the stacks that it "
       "is nested in give it different values>"},
      {"{P: a}", "{P: ''}",
       "<present: the parameter P is given by the stack that this one is nested in: the stacks "
       "that it is nested in give it different values>"},
      {"{P: a}", "{P: !GetAtt Key.Arn}",
       "<set: the parameter P is given by the stack that this one is nested in: !GetAtt Key.Arn is "
       "known only at deployment>"},
      {"{P: a}", "{}",
       "<present: the parameter P is given by the stack that this one is nested in: not all stacks "
       "that it is nested in give it a value>"},
      {"{}", "{P: a}",
       "<present: the parameter P is given by the stack that this one is nested in: not all stacks "
       "that it is nested in give it a value>"},
  };
  for (const auto& row : rows) {
    const Reading run(Files{{"child.yaml", std::string(kChild)},
                            {"one.yaml", parent(row.one)},
                            {"two.yaml", parent(row.two)}});
    EXPECT_EQ(run.property(), row.want) << row.one << row.two;
  }
}

TEST(Nested, ParentsAreReadFirstToAnyDepth) {
  const std::string middle = R"(
Parameters: {P: {Type: String, Default: own}}
Resources:
  S: {Type: AWS::Serverless::Application, Properties: {Location: sub/child.yaml, Parameters: {P: !Ref P}}}
)";
  const Reading run(Files{{"a/sub/child.yaml", std::string(kChild)},
                          {"a/child.yaml", middle},
                          {"a/top.yaml", parent("{P: top}", "file://child.yaml")}});
  EXPECT_EQ(run.order,
            (std::vector<std::string>{"a/top.yaml", "a/child.yaml", "a/sub/child.yaml"}));
  EXPECT_EQ(run.property(), R"("top")");
  EXPECT_EQ(run.sink.all_gaps(), "");
}

TEST(Nested, TheCdkNamesTheFileInTheMetadata) {
  const Reading run(Files{{"cdk.out/Main.template.json", R"({"Resources":{"N":{
      "Type":"AWS::CloudFormation::Stack",
      "Properties":{"TemplateURL":{"Fn::Join":["",["https://s3.",{"Ref":"AWS::Region"}]]},
                    "Parameters":{"P":"given"}},
      "Metadata":{"aws:asset:path":"MainN.nested.template.json"}}}})"},
                          {"cdk.out/MainN.nested.template.json", std::string(kChild)}});
  EXPECT_EQ(run.property(), R"("given")");
  EXPECT_EQ(run.sink.all_gaps(), "");
}

TEST(Nested, WhatIsNotAmongTheInputsIsAGap) {
  for (const char* url : {"https://s3.amazonaws.com/b/child.yaml", "other.yaml", "s3://b/c.yaml"}) {
    const Reading run(
        Files{{"parent.yaml", parent("{}", url)}, {"child.yaml", std::string(kChild)}});
    EXPECT_EQ(run.sink.all_gaps(),
              fmt::format("NESTED_STACK_NOT_READ line 6, column 3: the nested stack Stack is not "
                          "read: its template ({}) is not among the inputs; scan that as well{}\n",
                          url,
                          std::string_view(url).find("://") == std::string_view::npos
                              ? ""
                              : ", with --parameters for what it is given here"));
    EXPECT_EQ(run.property(), R"("own")") << url;
  }
  const Read alone(parent("{}"));
  EXPECT_EQ(alone.sink.gaps.at(0).code, "NESTED_STACK_NOT_READ");
  EXPECT_EQ(alone.sink.gaps.at(0).type, "AWS::CloudFormation::Stack");
}

TEST(Nested, AStackSetsTemplateIsReadAndItsParametersAreNotKnown) {
  const std::string stack_set = R"(
Resources:
  S:
    Type: AWS::CloudFormation::StackSet
    Properties: {TemplateURL: child.yaml, Parameters: [{ParameterKey: P, ParameterValue: x}]}
)";
  const Reading run(Files{{"child.yaml", std::string(kChild)}, {"parent.yaml", stack_set}});
  EXPECT_EQ(run.property(),
            "<present: the parameter P is not known: each instance of a stack set may give it a "
            "value of its own>");
  EXPECT_EQ(run.sink.all_gaps(), "");
}

TEST(Nested, WhatAStackSetOrAModuleBringsIsAGap) {
  const std::string set = "Type: AWS::CloudFormation::StackSet, Properties: ";
  const std::string body =
      "NESTED_STACK_NOT_READ line 4, column 6: the stack set S is not read: its template is a text "
      "inside of this one; save that as a file and scan it as well\n";
  const std::string module =
      "MODULE_NOT_READ line 4, column 6: the module S is not read: what it puts in its place "
      "stands in the registry; scan the processed template\n";
  const struct {
    std::string resource, want;
  } rows[] = {
      {set + R"({TemplateBody: "{Resources: {M: {Type: 'AWS::SageMaker::Model'}}}"})", body},
      {set + R"({TemplateBody: "{\"Resources\": {\"M\": {\"Type\": \"AWS::SageMaker::Model\"}}}"})",
       body},
      {set + R"({TemplateBody: "{Resources: {M: {Type: 'AWS::S3::Bucket'}}}"})", ""},
      {set + R"({TemplateBody: "{Transform: Mine, Resources: {M: {Type: 'AWS::S3::Bucket'}}}"})",
       body},
      {set + R"({TemplateBody: "{Resources: {M: {Type: 'AWS::CloudFormation::Stack'}}}"})", body},
      {set + R"({TemplateBody: "{Resources: {M: {Type: 'A::B::C::MODULE'}}}"})", body},
      {set +
           R"({TemplateBody: "{Resources: {'Fn::ForEach::X': [I, [a], {'M${I}': {Type: 'AWS::S3::Bucket'}}]}}"})",
       ""},
      {set +
           R"({TemplateBody: "{Resources: {'Fn::ForEach::X': [I, [a], {'M${I}': {Type: 'AWS::SageMaker::Model'}}]}}"})",
       body},
      {set + R"({TemplateBody: "no template"})", body},
      {set + "{TemplateBody: !Ref Given}", body},
      {set + "{TemplateBody: !If [Maybe, '{Resources: {}}', !Ref AWS::NoValue]}", body},
      {set + R"({TemplateURL: "https://x/y.yaml"})",
       "NESTED_STACK_NOT_READ line 4, column 6: the stack set S is not read: its template "
       "(https://x/y.yaml) is not among the inputs; scan that as well, with --parameters for what "
       "it is given here\n"},
      {"Type: 'AWS::CloudFormation::StackSet'",
       "NESTED_STACK_NOT_READ line 4, column 6: the stack set S is not read: its template is not "
       "among the inputs; scan that as well, with --parameters for what it is given here\n"},
      {"Type: 'Acme::ML::Notebook::MODULE', Properties: {RootAccess: Enabled}", module},
      {"Type: 'Acme::ML::Notebook::MODULE', Condition: No", ""},
      {set + "{TemplateBody: x}, Condition: No", ""},
      // What runs code of one's own is no template.
      {"Type: 'AWS::CloudFormation::CustomResource'", ""},
      {"Type: 'Custom::Notebook'", ""},
  };
  for (const auto& row : rows) {
    const Reading run(Files{{"t.yaml", R"(Parameters: {Given: {Type: String}}
Conditions: {Maybe: !Equals [!Ref Given, a], No: !Equals [a, b]}
Resources:
     S: {)" + row.resource + "}\n"}});
    EXPECT_EQ(run.sink.all_gaps(), row.want) << row.resource;
    EXPECT_TRUE(run.sink.resources.empty());
  }
}

TEST(Nested, AStackThatIsNotMadeGivesNothing) {
  const Reading run(Files{{"parent.yaml", R"(
Conditions: {No: !Equals [a, b]}
Resources:
  S: {Type: AWS::CloudFormation::Stack, Condition: No, Properties: {TemplateURL: child.yaml, Parameters: {P: x}}}
  R: {Type: AWS::CloudFormation::Stack, Condition: No, Properties: {TemplateURL: "https://x"}}
)"},
                          {"child.yaml", std::string(kChild)}});
  EXPECT_EQ(run.property(), R"("own")");
  EXPECT_EQ(run.sink.all_gaps(), "");
}

TEST(Nested, LoopsEnd) {
  const std::string itself = R"(
Parameters: {P: {Type: String, Default: own}}
Resources:
  Child: {Type: AWS::SageMaker::Model, Properties: {P: !Ref P}}
  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: b.yaml, Parameters: {P: x}}}
)";
  const Reading run(Files{{"a.yaml", parent("{P: a}", "b.yaml")}, {"b.yaml", itself}});
  EXPECT_EQ(run.property(),
            "<present: the parameter P is not known: the template is nested in itself>");
  EXPECT_NE(run.sink.all_gaps().find("read without the parameters"), std::string::npos);
}

TEST(Nested, ANameThatAFunctionMakesMayComeTooLate) {
  const std::string late = R"(
Resources:
  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub child.yaml, Parameters: {P: x}}}
)";
  const Reading run(Files{{"child.yaml", std::string(kChild)}, {"late.yaml", late}});
  EXPECT_NE(run.sink.all_gaps().find("NESTED_STACK_NOT_READ"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden::cloudformation
