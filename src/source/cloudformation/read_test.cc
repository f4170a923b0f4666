// Whole templates: which resources come out, where they stand, and what is told of the rest.
#include <gtest/gtest.h>

#include "source/cloudformation/problems.h"
#include "source/cloudformation/recording_sink.h"

namespace sagewarden::cloudformation {
namespace {

TEST(ReadTemplate, ResourcesWithTheirPlaces) {
  SourceOptions options;
  options.account = "111122223333";
  options.region = "us-gov-west-1";
  const Read read(R"(AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Name: {Type: String}}
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      NotebookInstanceName: research
      RootAccess: Disabled
  Unnamed:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      NotebookInstanceName: !Sub "${Name}-x"
  NoProperties: {Type: AWS::SageMaker::NotebookInstance}
  Bucket: {Type: AWS::S3::Bucket}
  Pipeline: {Type: AWS::SageMaker::Pipeline}
)",
                  options);
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.sink.all_gaps(), "");
  ASSERT_EQ(read.sink.resources.size(), 3U);
  const Seen& notebook = read.sink.resources[0];
  EXPECT_EQ(notebook.type, "AWS::SageMaker::NotebookInstance");
  EXPECT_EQ(notebook.name, "research");
  EXPECT_EQ(notebook.account, "111122223333");
  EXPECT_EQ(notebook.region, "us-gov-west-1");
  EXPECT_EQ(notebook.partition, "aws-us-gov");
  EXPECT_EQ(notebook.location, (Location{"t.yaml", 4, 3, "Notebook"}));
  EXPECT_EQ(notebook.lines.at("RootAccess"), "8:7");
  EXPECT_EQ(read.sink.resources[1].name, "Unnamed");
  EXPECT_EQ(read.sink.resources[2].location.line, 13U);
  EXPECT_EQ(read.sink.resources[2].property("RootAccess"), R"("Enabled")");
  EXPECT_EQ(read.sink.passed,
            (std::vector<std::string>{"AWS::S3::Bucket: type without a control",
                                      "AWS::SageMaker::Pipeline: type without a control"}));
}

// The answer of get-template.
TEST(ReadTemplate, InAnEnvelope) {
  const Read object(R"({
  "StagesAvailable": ["Original", "Processed"],
  "TemplateBody": {
    "Resources": {
      "N": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {"RootAccess": "Enabled"}}
    }
  }
})");
  ASSERT_EQ(object.error, "");
  ASSERT_EQ(object.sink.resources.size(), 1U);
  EXPECT_EQ(object.sink.resources[0].location, (Location{"t.yaml", 5, 7, "N"}));
  // What lies in a text has no places of its own in the file.
  for (
      const std::string_view text :
      {R"({"TemplateBody": "{\"Resources\":{\"N\":{\"Type\":\"AWS::SageMaker::Model\",\"Condition\":[]},)"
       R"(\"O\":{\"Type\":\"AWS::SageMaker::Model\",\"Condition\":[]}}}"})",
       R"({"TemplateBody": "Resources:\n  N:\n    Type: AWS::SageMaker::Model\n    Condition: []\n)"
       R"(  O:\n    Type: AWS::SageMaker::Model\n    Condition: []\n"})",
       "TemplateBody: |\n  Resources:\n    N: {Type: AWS::SageMaker::Model, Condition: []}\n"
       "    O: {Type: AWS::SageMaker::Model, Condition: []}\n"}) {
    const Read read{std::string(text)};
    ASSERT_EQ(read.error, "") << text;
    ASSERT_EQ(read.sink.resources.size(), 2U) << text;
    EXPECT_EQ(read.sink.resources[0].location, (Location{"t.yaml", 0, 0, "N"})) << text;
    EXPECT_TRUE(read.sink.resources[0].lines.empty()) << text;
    ASSERT_EQ(read.sink.gaps.size(), 2U) << text;
    EXPECT_EQ(read.sink.gaps[1].location, (Location{"t.yaml", 0, 0, "O"})) << text;
    EXPECT_TRUE(read.sink.gaps[1].message.starts_with("Condition is not")) << text;
  }
  EXPECT_TRUE(Read("{\"a\":1,\n \"TemplateBody\": \"Resources: [\"}")
                  .error.starts_with(
                      "line 2, column 18: the text in TemplateBody is no template (there, "));
  EXPECT_EQ(Read(R"({"TemplateBody":"Resources: []"})").error, "Resources is no mapping");
  EXPECT_EQ(Read(R"({"TemplateBody":{}})").error,
            "no CloudFormation template: it has no Resources");
}

TEST(ReadTemplate, Json) {
  const Read read(R"({
  "Resources": {
    "Model": {
      "Type": "AWS::SageMaker::Model",
      "Properties": {
        "EnableNetworkIsolation": {"Fn::If": ["C", "true", {"Ref": "AWS::NoValue"}]},
        "Containers": [
          {"Image": {"Fn::Join": ["", ["a", {"Ref": "AWS::AccountId"}]]}}
        ]
      }
    }
  },
  "Conditions": {"C": {"Fn::Equals": ["a", "a"]}}
})");
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.sink.all_gaps(), "");
  const Seen& model = read.sink.resources.at(0);
  EXPECT_EQ(model.location, (Location{"t.yaml", 3, 5, "Model"}));
  EXPECT_EQ(model.partition, "aws");
  EXPECT_EQ(model.property("EnableNetworkIsolation"), "true");
  EXPECT_EQ(model.property("Containers"),
            "[{Image: <set: AWS::AccountId is known only at deployment>}]");
  EXPECT_EQ(model.lines.at("EnableNetworkIsolation"), "6:9");
  EXPECT_EQ(model.lines.at("Containers"), "7:9");
  EXPECT_EQ(model.lines.at("Containers[0]"), "8:11");
  EXPECT_EQ(model.lines.at("Containers[0].Image"), "8:12");
}

TEST(ReadTemplate, BrokenTemplatesAreErrors) {
  const struct {
    std::string text, want;
  } rows[] = {
      {"", "no CloudFormation template: it has no Resources"},
      {"text", "no CloudFormation template: it has no Resources"},
      {"[1, 2]", "no CloudFormation template: it has no Resources"},
      {"AWSTemplateFormatVersion: 2010-09-09\n", "it has no Resources"},
      {"Resources: [a]\n", "line 1, column 12: Resources is no mapping"},
      {"Resources: !Ref A\n", "line 1, column 12: Resources is no mapping"},
      {"Resources:\n  A: {Type: x\n", "line 3, column 1"},
      {"Resources:\n  A: 1\n  A: 2\n", "line 3, column 3: \"A\" is given twice"},
      {"{\"Resources\": {\"A\": ]}}", "line 1, column"},
      {std::string("Resources:\n  A: \0\n", 17), "control characters"},
      {"Resources: {A: \xFF}\n", "line 1"},
      {"Resources: " + std::string(100'000, '['), "levels deep"},
  };
  for (const auto& row : rows) {
    const Read read(row.text);
    EXPECT_NE(read.error.find(row.want), std::string::npos)
        << row.text.substr(0, 60) << ": " << read.error;
    EXPECT_TRUE(read.sink.resources.empty());
  }
}

TEST(ReadTemplate, MalformedResourcesAreGaps) {
  const Read read(R"(Resources:
  Text: text
  NoType: {Properties: {}}
  OddType: {Type: [AWS::SageMaker::Model]}
  TaggedType: {Type: !Ref X}
  List: {Type: AWS::SageMaker::Model, Properties: [a]}
  Twice: {Type: AWS::SageMaker::Model, Properties: {A: !Sub '${', B: !Ref Nothing}}
  Good: {Type: AWS::SageMaker::Model}
)");
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(
      read.sink.all_gaps(),
      "MALFORMED line 2, column 3: the resource Text has no Type; it is not judged\n"
      "MALFORMED line 3, column 3: the resource NoType has no Type; it is not judged\n"
      "MALFORMED line 4, column 3: the Type of the resource OddType is no plain text; it is not "
      "judged\n"
      "MALFORMED line 5, column 3: the Type of the resource TaggedType is no plain text; it is not "
      "judged\n"
      "MALFORMED line 6, column 51: Properties is no mapping; the value counts as not known\n"
      "MALFORMED line 7, column 56: !Sub has a ${ without its }; the value counts as not "
      "known\n"
      "MALFORMED line 7, column 70: !Ref Nothing: there is no such parameter or resource; the "
      "value counts as not known\n");
  const Gap& gap = read.sink.gaps[5];
  EXPECT_EQ(gap.kind, Gap::Kind::Item);
  EXPECT_EQ(gap.location, (Location{"t.yaml", 7, 56, "Twice"}));
  EXPECT_EQ(gap.type, "AWS::SageMaker::Model");
  EXPECT_EQ(read.sink.resources.size(), 3U);
  EXPECT_TRUE(read.sink.find("List")->all_unknown);
  EXPECT_EQ(read.sink.find("Twice")->property("A"), "<unknown: !Sub has a ${ without its }>");
  EXPECT_FALSE(read.sink.find("Good")->all_unknown);
}

TEST(ReadTemplate, PropertiesThatAreAnExpression) {
  const Read read(R"(
Parameters: {Given: {Type: String}}
Conditions: {Maybe: !Equals [!Ref Given, a], Yes: !Equals [a, a]}
Resources:
  A: {Type: AWS::SageMaker::Model, Properties: !If [Yes, {X: 1}, {X: 2}]}
  B: {Type: AWS::SageMaker::Model, Properties: !If [Maybe, {X: 1, Y: 1}, {X: 2, Y: 1}]}
  C: {Type: AWS::SageMaker::Model, Properties: {'Fn::Transform': {Name: T}}}
  D: {Type: AWS::SageMaker::Model, Properties: {X: 1}, 'Fn::Transform': {Name: T}}
  E: {Type: AWS::SageMaker::Model, Properties: !Ref AWS::NoValue}
)");
  EXPECT_EQ(read.sink.all_gaps(), "");
  EXPECT_EQ(read.sink.find("A")->property("X"), "1");
  EXPECT_EQ(read.sink.find("B")->property("X").substr(0, 5), "<set:");
  EXPECT_EQ(read.sink.find("B")->property("Y"), "1");
  EXPECT_EQ(read.sink.find("C")->why_unknown, "the transform T is applied only at deployment");
  EXPECT_EQ(read.sink.find("D")->why_unknown, "Fn::Transform may put anything here at deployment");
  EXPECT_FALSE(read.sink.find("E")->all_unknown);
}

TEST(ReadTemplate, Transforms) {
  const struct {
    std::string transform, gap;
  } rows[] = {
      {"AWS::Serverless-2016-10-31", ""},
      {"[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]", ""},
      {"Mine",
       "TRANSFORM_NOT_APPLIED line 1, column 12: the transform Mine is not applied: it may "
       "add resources, or change those that are judged here\n"},
      {"[{Name: 'AWS::Include', Parameters: {Location: s3://b/k}}]",
       "TRANSFORM_NOT_APPLIED line 1, column 13: the transform AWS::Include"},
      {"{a: b}", "the transform (without a name) is not applied"},
  };
  for (const auto& row : rows) {
    const Read read("Transform: " + row.transform +
                    "\nResources:\n  M:\n    Type: AWS::SageMaker::Model\n"
                    "    Properties: {EnableNetworkIsolation: true}\n");
    ASSERT_EQ(read.error, "");
    EXPECT_EQ(read.sink.resources.at(0).property("EnableNetworkIsolation"), "true");
    const std::string gaps = read.sink.all_gaps();
    EXPECT_EQ(gaps.empty(), row.gap.empty()) << row.transform << ": " << gaps;
    EXPECT_NE(gaps.find(row.gap), std::string::npos) << row.transform << ": " << gaps;
  }
}

TEST(ReadTemplate, ServerlessPassesThrough) {
  const Read read(R"(
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 3}}
Resources:
  Function: {Type: AWS::Serverless::Function, Properties: {Handler: h}}
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt FunctionRole.Arn
)");
  EXPECT_EQ(read.sink.all_gaps(), "");  // the role is one that the transform makes
  EXPECT_EQ(read.sink.find("Model")->property("ExecutionRoleArn"),
            "<set: !GetAtt FunctionRole.Arn is known only at deployment>");
  EXPECT_EQ(read.sink.passed,
            (std::vector<std::string>{"AWS::Serverless::Function: type without a control"}));
}

TEST(ReadTemplate, IncludedResourcesAreAGap) {
  const Read read(R"(
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
  Model: {Type: AWS::SageMaker::Model, Properties: {A: !Ref FromInclude}}
)");
  EXPECT_EQ(
      read.sink.all_gaps(),
      "LOOP_NOT_EXPANDED line 3, column 3: some resources are not read: Fn::Transform may put "
      "anything here at deployment\n");
  EXPECT_EQ(read.sink.find("Model")->property("A"),
            "<set: !Ref FromInclude is known only at deployment>");
}

TEST(ReadTemplate, ProblemsAreBounded) {
  for (const size_t count : {kMaxProblems, kMaxProblems + 5}) {
    std::string text = "Resources:\n";
    for (size_t i = 0; i < count; ++i) text += fmt::format("  R{}: x\n", i);
    const Read read{std::string(text)};
    EXPECT_EQ(read.sink.gaps.size(), std::min(count, kMaxProblems + 1));
    EXPECT_EQ(read.sink.gaps.back().code, count == kMaxProblems ? "MALFORMED" : "LIMIT");
  }
}

// Ten letters, made ten times as many by each level.
Read tenfold(int levels) {
  std::string value = "aaaaaaaaaa";
  for (int level = 0; level < levels; ++level)
    value = fmt::format("{{'Fn::Sub': ['{}', {{X: {}}}]}}",
                        "${X}${X}${X}${X}${X}${X}${X}${X}${X}${X}", value);
  return Read(
      fmt::format("Resources:\n  R:\n    Type: AWS::SageMaker::Model\n"
                  "    Properties:\n      A: {}\n"
                  "  S:\n    Type: AWS::SageMaker::Model\n    Properties: {{B: 1}}\n",
                  value));
}

TEST(ReadTemplate, WorkIsBounded) {
  const Read within = tenfold(6);
  EXPECT_EQ(within.sink.all_gaps(), "");
  EXPECT_EQ(within.sink.find("R")->property("A").size(), 10'000'002U);
  const Read beyond = tenfold(9);
  ASSERT_EQ(beyond.error, "");
  EXPECT_NE(beyond.sink.all_gaps().find("the template takes too much work to resolve"),
            std::string::npos);
  EXPECT_TRUE(beyond.sink.find("R")->all_unknown);
  EXPECT_TRUE(beyond.sink.find("S")->all_unknown);
}

TEST(ReadTemplate, ExpressionsNestAsDeepAsTheTextMay) {
  std::string value = "a";
  for (int i = 0; i < 80; ++i) {
    value.insert(0, "{'Fn::Join': ['', [");
    value += "]]}";
  }
  const std::string head = "Resources: {R: {Type: AWS::SageMaker::Model, Properties: {A: ";
  const Read within(head + value + "}}}");
  EXPECT_EQ(within.sink.all_gaps(), "");
  EXPECT_EQ(within.sink.find("R")->property("A"), R"("a")");
  const Read beyond(head + "[[[[[[[[[[[[[[[[" + value + "]]]]]]]]]]]]]]]]}}}");
  EXPECT_NE(beyond.error.find("levels deep"), std::string::npos) << beyond.error;
}

TEST(ReadTemplate, ATypeInOtherCapitalsIsSaid) {
  const Read read("Resources:\n  R: {Type: AWS::Sagemaker::model}\n  S: {Type: AWS::S3::Bucket}\n");
  EXPECT_TRUE(read.sink.resources.empty());
  EXPECT_NE(read.sink.all_gaps().find("AWS::Sagemaker::model is no type (did you mean "
                                      "AWS::SageMaker::Model?)"),
            std::string::npos)
      << read.sink.all_gaps();
  EXPECT_EQ(read.sink.all_gaps().find("Bucket"), std::string::npos);
}

TEST(ReadTemplate, ACdkTemplate) {
  const Read read(R"({
 "Resources": {
  "TrainingNotebook4F1A2C3D": {
   "Type": "AWS::SageMaker::NotebookInstance",
   "Properties": {
    "InstanceType": "ml.t3.medium",
    "KmsKeyId": {"Fn::GetAtt": ["Key961B73FD", "Arn"]},
    "SubnetId": {"Fn::ImportValue": "Network:ExportsOutputRefSubnet"},
    "SecurityGroupIds": [{"Ref": "referencetoNetworkSecurityGroup"}]
   },
   "Metadata": {"aws:cdk:path": "Training/Notebook/Resource"}
  },
  "Key961B73FD": {"Type": "AWS::KMS::Key", "UpdateReplacePolicy": "Retain"},
  "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Condition": "CDKMetadataAvailable"}
 },
 "Conditions": {"CDKMetadataAvailable": {"Fn::Or": [
   {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
   {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}]}},
 "Parameters": {
  "referencetoNetworkSecurityGroup": {"Type": "String"},
  "BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>",
                       "Default": "/cdk-bootstrap/hnb659fds/version"}},
 "Rules": {"CheckBootstrapVersion": {"Assertions": []}}
})");
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.sink.all_gaps(), "");
  const Seen& notebook = read.sink.resources.at(0);
  EXPECT_EQ(notebook.location.address, "TrainingNotebook4F1A2C3D");
  EXPECT_EQ(notebook.property("KmsKeyId"),
            "<set: !GetAtt Key961B73FD.Arn is known only at deployment>");
  EXPECT_EQ(notebook.property("SubnetId"),
            "<set: !ImportValue Network:ExportsOutputRefSubnet is known only at deployment>");
  EXPECT_EQ(notebook.property("SecurityGroupIds").substr(0, 10), "[<present:");
}

}  // namespace
}  // namespace sagewarden::cloudformation
