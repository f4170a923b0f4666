// Every intrinsic function: what it comes to, what stays unknown and why, and what is malformed.
#include <gtest/gtest.h>

#include "source/cloudformation/recording_sink.h"

namespace sagewarden::cloudformation {
namespace {

// A template in which an expression stands as the property Probe of a model.
constexpr std::string_view kTemplate = R"(
Parameters:
  Name: {Type: String, Default: blue}
  Empty: {Type: String, Default: ""}
  Count: {Type: Number, Default: 2}
  Given: {Type: String}
  One: {Type: String, AllowedValues: [only]}
  Optional: {Type: String, AllowedValues: [a, ""]}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  EmptySecret: {Type: String, NoEcho: "true", Default: ""}
  Ssm: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
  SsmName: {Type: "AWS::SSM::Parameter::Name", Default: /path}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>", Default: "subnet-1, subnet-2"}
  Words: {Type: CommaDelimitedList, Default: "x,y,z"}
  NoWords: {Type: CommaDelimitedList, Default: ""}
  MoreWords: {Type: CommaDelimitedList}
  Dynamic: {Type: String, Default: "{{resolve:ssm:/a:1}}"}
  Untyped: {Default: x}
Mappings:
  Map:
    first: {Key: value, List: [a, b], Flag: true}
  Regions:
    here: {Same: x, Differs: a, Blank: "", Some: "", Here: h}
    there: {Same: x, Differs: b, Blank: "", Some: b}
  Included:
    here: {Key: a}
    Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/more.yaml}}
Conditions:
  Yes: !Equals [a, a]
  No: !Equals [a, b]
  Maybe: !Equals [!Ref Given, a]
  NotMaybe: !Not [!Condition Maybe]
  Both: !And [!Condition Maybe, !Equals [!Ref Given, b]]
Resources:
  Key: {Type: "AWS::KMS::Key"}
  Probe:
    Type: AWS::SageMaker::Model
    Properties:
      Probe: )";

struct Row {
  std::string expression;
  std::string want;      // the property, described
  std::string gap = {};  // part of the gap's message; empty: no gap
};

void check(const std::vector<Row>& rows, const SourceOptions& options = {}) {
  for (const Row& row : rows) {
    const Read read(std::string(kTemplate) + row.expression + "\n", options);
    ASSERT_EQ(read.error, "") << row.expression;
    const Seen* probe = read.sink.find("Probe");
    ASSERT_NE(probe, nullptr) << row.expression;
    EXPECT_EQ(probe->property("Probe"), row.want) << row.expression;
    const std::string gaps = read.sink.all_gaps();
    // The parameter without a type is a gap in each of these templates.
    const std::string others = gaps.substr(gaps.find('\n') + 1);
    EXPECT_EQ(others.empty(), row.gap.empty()) << row.expression << ": " << others;
    EXPECT_NE(others.find(row.gap), std::string::npos) << row.expression << ": " << others;
  }
}

TEST(Intrinsics, Literals) {
  check({{"text", R"("text")"},
         {"2", "2"},
         {"2.5", "2.5"},
         {"true", "true"},
         {"0x1F", "31"},
         {"+7", "7"},
         {"99999999999999999999", "1e+20"},
         {"[a, 1, {b: c}]", R"(["a",1,{b: "c"}])"},
         {"~", "<unknown: null is not allowed in a template>", "null is not allowed"},
         {R"("{{resolve:secretsmanager:db:SecretString:password}}")",
          "<set: {{resolve:secretsmanager:…}} is read only at deployment>"},
         {R"("{{resolve:open")", R"("{{resolve:open")"}});
}

TEST(Intrinsics, Ref) {
  check({{"!Ref Name", R"("blue")"},
         {"{Ref: Name}", R"("blue")"},
         {"!Ref Count", "2"},
         {"!Ref Empty", R"("")"},
         {"!Ref One", R"("only")"},
         {"!Ref SsmName", R"("/path")"},
         {"!Ref Subnets", R"(["subnet-1","subnet-2"])"},
         {"!Ref NoWords", R"([""])"},
         {"!Ref Key", "<set: !Ref Key is known only at deployment>"},
         {"!Ref Given",
          "<present: the parameter Given has no Default, and --parameters gives no value>"},
         {"!Ref MoreWords",
          "<present: the parameter MoreWords has no Default, and --parameters gives no value>"},
         {"!Ref Optional",
          "<present: the parameter Optional has no Default, and --parameters gives no value>"},
         {"!Ref Secret", "<set: the parameter Secret is NoEcho, so its value is not looked at>"},
         {"!Ref EmptySecret",
          "<present: the parameter EmptySecret is NoEcho, so its value is not looked at>"},
         {"!Ref Ssm", "<set: the parameter Ssm is read from Parameter Store at deployment>"},
         {"!Ref Dynamic", "<set: {{resolve:ssm:…}} is read only at deployment>"},
         {"!Ref Untyped", "<unknown: the parameter Untyped has no Type>"},
         {"!Ref Nothing", "<unknown: !Ref Nothing: there is no such parameter or resource>",
          "MALFORMED line 39, column 14: !Ref Nothing: there is no such parameter or resource; the "
          "value counts as not known"},
         {"{Ref: [a]}", "<unknown: Ref takes a name>", "Ref takes a name"},
         {"{Ref: !Sub '${Name}'}", "<unknown: !Ref blue: there is no such parameter or resource>",
          "no such parameter"}});
}

TEST(Intrinsics, PseudoParameters) {
  check(
      {{"!Ref AWS::NoValue", "absent"},
       {"[a, !Ref AWS::NoValue, b]", R"(["a","b"])"},
       {"{a: !Ref AWS::NoValue}", "{}"},
       {"!Ref AWS::Region", "<set: AWS::Region is known only at deployment>"},
       {"!Ref AWS::AccountId", "<set: AWS::AccountId is known only at deployment>"},
       {"!Ref AWS::Partition", "<set: AWS::Partition is known only at deployment>"},
       {"!Ref AWS::URLSuffix", "<set: AWS::URLSuffix is known only at deployment>"},
       {"!Ref AWS::StackName", "<set: AWS::StackName is known only at deployment>"},
       {"!Ref AWS::StackId", "<set: AWS::StackId is known only at deployment>"},
       {"!Ref AWS::NotificationARNs", "<set: AWS::NotificationARNs is known only at deployment>"}});
  SourceOptions options;
  options.region = "cn-north-1";
  options.account = "111122223333";
  check({{"!Ref AWS::Region", R"("cn-north-1")"},
         {"!Ref AWS::AccountId", R"("111122223333")"},
         {"!Ref AWS::Partition", R"("aws-cn")"},
         {"!Ref AWS::URLSuffix", R"("amazonaws.com.cn")"},
         {"!Sub 'arn:${AWS::Partition}:s3:::b'", R"("arn:aws-cn:s3:::b")"}},
        options);
}

TEST(Intrinsics, GetAttAndImportValue) {
  check({{"!GetAtt Key.Arn", "<set: !GetAtt Key.Arn is known only at deployment>"},
         {"!GetAtt [Key, Arn]", "<set: !GetAtt Key.Arn is known only at deployment>"},
         {"{'Fn::GetAtt': Key.Arn}", "<set: !GetAtt Key.Arn is known only at deployment>"},
         {"{'Fn::GetAtt': [Key, Outputs.Arn]}",
          "<set: !GetAtt Key.Outputs.Arn is known only at deployment>"},
         {"!GetAtt Other.Arn", "<unknown: !GetAtt Other.Arn: there is no such resource>",
          "no such resource"},
         {"!GetAtt Key", "<unknown: !GetAtt takes RESOURCE.ATTRIBUTE>", "takes RESOURCE.ATTRIBUTE"},
         {"{'Fn::GetAtt': {a: b}}", "<unknown: Fn::GetAtt takes a resource and an attribute>",
          "takes a resource"},
         {"!ImportValue shared-key", "<set: !ImportValue shared-key is known only at deployment>"},
         {"{'Fn::ImportValue': !Sub '${Name}-key'}",
          "<set: !ImportValue blue-key is known only at deployment>"},
         {"{'Fn::ImportValue': !Sub '${Given}-key'}",
          "<set: !ImportValue is known only at deployment>"}});
}

TEST(Intrinsics, Sub) {
  check({{"!Sub plain", R"("plain")"},
         {"!Sub 'a-${Name}-${ Count }'", R"("a-blue-2")"},
         {"{'Fn::Sub': '${Name}'}", R"("blue")"},
         {"!Sub ['${Own}/${Name}', {Own: !Ref One}]", R"("only/blue")"},
         {"!Sub ['${Name}', {Name: mine}]", R"("mine")"},
         {"!Sub '${!Literal} $x {y}'", R"("${Literal} $x {y}")"},
         {"!Sub 'arn:${Key}'", "<set: !Ref Key is known only at deployment>"},
         {"!Sub '${Key.Arn}'", "<set: !GetAtt Key.Arn is known only at deployment>"},
         {"!Sub '{{resolve:ssm:${Name}}}'", "<set: {{resolve:ssm:…}} is read only at deployment>"},
         {"!Sub '${Name'", "<unknown: !Sub has a ${ without its }>", "without its }"},
         {"!Sub '${}'", "<unknown: !Sub cannot put in ${}>", "cannot put in ${}"},
         {"!Sub '${a-b}'", "<unknown: !Sub cannot put in ${a-b}>", "cannot put in ${a-b}"},
         {"!Sub '${Words}'", "<unknown: !Sub cannot put in ${Words}: no text>", "no text"},
         {"!Sub '${Nothing}'", "<unknown: !Ref Nothing: there is no such parameter or resource>",
          "no such parameter"},
         {"!Sub [a]", "<unknown: !Sub takes a text, or a text and a mapping of variables>",
          "takes a text"},
         {"!Sub [a, b]", "<unknown: !Sub takes a mapping of variables>", "takes a mapping"},
         {"!Sub [!Ref Name, {}]",
          "<unknown: !Sub takes a text, or a text and a mapping of variables>", "takes a text"}});
}

TEST(Intrinsics, TextsAndLists) {
  check({{"!Join ['-', [a, !Ref Name, 3, true]]", R"("a-blue-3-true")"},
         {"!Join ['', []]", R"("")"},
         {"!Join [',', !Ref Words]", R"("x,y,z")"},
         {"!Join [',', [a, !Ref AWS::NoValue]]", R"("a")"},
         {"!Join [',', [a, !Ref Key]]", "<set: !Ref Key is known only at deployment>"},
         {"!Join [',', !GetAZs '']", "<set: !GetAZs is known only at deployment>"},
         {"!Join [',']", "<unknown: !Join takes a separator and a list>", "takes a separator"},
         {"!Join [',', [[a]]]", "<unknown: !Join joins texts only>", "joins texts only"},
         {"!Split ['-', a-b--c]", R"(["a","b","","c"])"},
         {"!Split ['-', !Ref Key]", "<set: !Ref Key is known only at deployment>"},
         {"!Split ['', a]", "<unknown: !Split takes a separator and a text>", "takes a separator"},
         {"!Select [1, [a, b]]", R"("b")"},
         {"!Select ['1', !Split ['/', a/b]]", R"("b")"},
         {"!Select [!Ref Count, !Ref Words]", R"("z")"},
         {"!Select [0, [a, !Ref Key]]", R"("a")"},
         {"!Select [1, [a, !Ref Key]]", "<set: !Ref Key is known only at deployment>"},
         {"!Select [0, !GetAZs '']", "<set: !GetAZs is known only at deployment>"},
         {"!Select [!Ref Given, [a]]", R"("a")"},
         {"!Select [!Ref AWS::Region, [a, b]]", "<set: AWS::Region is known only at deployment>"},
         {"!Select [!Ref AWS::Region, [a, '']]",
          "<present: AWS::Region is known only at deployment>"},
         {"!Select [2, [a, b]]", "<unknown: !Select takes element 2 of a list of 2>",
          "element 2 of a list of 2"},
         {"!Select [-1, [a]]", "<unknown: !Select takes a number and a list>", "takes a number"},
         {"!Base64 hello", R"("aGVsbG8=")"},
         {"{'Fn::Base64': !Sub '${Name}!!'}", R"("Ymx1ZSEh")"},
         {"!Base64 ''", R"("")"},
         {"{'Fn::Base64': !Ref Key}", "<set: !Ref Key is known only at deployment>"},
         {"!Cidr [10.0.0.0/16, 4, 8]", "<set: !Cidr is known only at deployment>"},
         {"!GetAZs eu-west-1", "<set: !GetAZs is known only at deployment>"},
         {"{'Fn::Length': !Ref Words}", "3"},
         {"{'Fn::Length': [a, !Ref Key]}", "2"},
         {"{'Fn::Length': !GetAZs ''}", "<set: !GetAZs is known only at deployment>"},
         {"{'Fn::Length': text}", "<unknown: Fn::Length takes a list>", "takes a list"},
         {"{'Fn::ToJsonString': {a: [1, true, !Ref Name]}}", R"("{\"a\":[1,true,\"blue\"]}")"},
         {"{'Fn::ToJsonString': {a: !Ref Key}}", "<set: !Ref Key is known only at deployment>"},
         {"{'Fn::ToJsonString': text}", "<unknown: Fn::ToJsonString takes a mapping or a list>",
          "takes a mapping"}});
}

TEST(Intrinsics, FindInMap) {
  check({{"!FindInMap [Map, first, Key]", R"("value")"},
         {"!FindInMap [Map, first, List]", R"(["a","b"])"},
         {"!FindInMap [Map, !Sub first, Flag]", "true"},
         // A key that is not known leaves what all that it may be have in common.
         {"!FindInMap [Map, !Ref AWS::Region, Key]", R"("value")"},
         {"!FindInMap [Regions, !Ref AWS::Region, Same]", R"("x")"},
         {"!FindInMap [Regions, !Ref AWS::Region, Here]", R"("h")"},
         {"!FindInMap [Regions, !Ref AWS::Region, Differs]",
          "<set: AWS::Region is known only at deployment>"},
         {"!FindInMap [Regions, !Ref AWS::Region, Blank]", R"("")"},
         {"!FindInMap [Regions, !Ref AWS::Region, Some]",
          "<present: AWS::Region is known only at deployment>"},
         {"!FindInMap [Regions, here, !Ref AWS::Region]",
          "<present: AWS::Region is known only at deployment>"},
         {"!FindInMap [!Ref AWS::Region, first, Key]", R"("value")"},
         {"!FindInMap [Regions, !Ref AWS::Region, Same, {DefaultValue: ''}]",
          "<present: AWS::Region is known only at deployment>"},
         {"!FindInMap [Regions, !Ref AWS::Region, None]",
          "<present: AWS::Region is known only at deployment>"},
         {"!FindInMap [Included, !Ref AWS::Region, Key]",
          "<present: AWS::Region is known only at deployment>"},
         {"!FindInMap [Map, first, Other]", "<unknown: !FindInMap finds no Map.first.Other>",
          "finds no Map.first.Other"},
         {"!FindInMap [Other, first, Key]", "<unknown: !FindInMap finds no Other.first.Key>",
          "finds no Other.first.Key"},
         {"!FindInMap [Map, second, Key, {DefaultValue: !Ref Name}]", R"("blue")"},
         {"!FindInMap [Map, first, Key, {DefaultValue: x}]", R"("value")"},
         {"!FindInMap [Map, first, Key, x]",
          "<unknown: !FindInMap takes DefaultValue as a fourth part>", "DefaultValue"},
         {"!FindInMap [Map, first]", "<unknown: !FindInMap takes a map and two keys>", "two keys"},
         {"!FindInMap [Map, [a], Key]", "<unknown: !FindInMap takes texts as map and keys>",
          "takes texts"}});
}

constexpr std::string_view kMaybe =
    "the condition Maybe is not known: the parameter Given has no Default, and --parameters gives "
    "no value";

TEST(Intrinsics, If) {
  const std::string maybe(kMaybe);
  check({
      {"!If [Yes, a, b]", R"("a")"},
      {"!If [No, a, b]", R"("b")"},
      {"{'Fn::If': [No, a, !Ref AWS::NoValue]}", "absent"},
      {"!If [Maybe, a, a]", R"("a")"},
      {"!If [Maybe, true, 'true']", "true"},
      {"!If [Maybe, a, b]", "<set: " + maybe + ">"},
      {"!If [Maybe, a, !Ref AWS::NoValue]", "<unknown: " + maybe + ">"},
      // What one side leaves empty may be empty.
      {"!If [Maybe, a, '']", "<present: " + maybe + ">"},
      {"!If [Maybe, '', !GetAtt Key.Arn]", "<present: " + maybe + ">"},
      {"!If [Maybe, '', '']", R"("")"},
      {"!If [Maybe, [], [a]]", "<present: " + maybe + ">"},
      {"!If [Maybe, [a, b], [!If [Both, a, !Ref AWS::NoValue]]]", "<present: " + maybe + ">"},
      {"!If [Maybe, [a, b], [!If [Both, a, !Ref AWS::NoValue], b, c]]", "<set: " + maybe + ">"},
      {"!If [Maybe, a, {}]", "<present: " + maybe + ">"},
      {"!If [Maybe, a, !If [Both, b, '']]", "<present: " + maybe + ">"},
      {"!Sub ['${X}', {X: !If [Maybe, a, '']}]", "<present: " + maybe + ">"},
      {"!Sub ['x${X}', {X: !If [Maybe, a, '']}]", "<set: " + maybe + ">"},
      {"!Join ['', [!If [Maybe, a, ''], '']]", "<present: " + maybe + ">"},
      {"!Join ['/', [!If [Maybe, a, ''], '']]", "<set: " + maybe + ">"},
      {"!Join ['/', [!If [Maybe, a, !Ref AWS::NoValue], '']]", "<unknown: " + maybe + ">"},
      {"!Join ['', [!If [Maybe, a, ''], !Ref Key]]", "<set: " + maybe + ">"},
      {"[!If [Maybe, a, '']]", "[<present: " + maybe + ">]"},
      {"!If [Maybe, !Ref AWS::NoValue, !Ref Key]", "<unknown: " + maybe + ">"},
      {"!If [Maybe, !Ref AWS::NoValue, !Ref AWS::NoValue]", "absent"},
      // What the branches have in common is known.
      {"!If [Maybe, {x: 1, y: 2}, {x: 1, y: 3, z: 4}]",
       "{x: 1, y: <set: " + maybe + ">, z: <unknown: " + maybe + ">}"},
      {"!If [Maybe, [a, b], [a, c]]", "[\"a\",<set: " + maybe + ">]"},
      {"!If [Maybe, [a, b], [a]]", "<set: " + maybe + ">"},
      {"!If [Maybe, !GetAtt Key.Arn, !GetAtt Key.Arn]",
       "<set: !GetAtt Key.Arn is known only at deployment>"},
      // In a branch, its side of the condition holds.
      {"!If [Maybe, !If [Maybe, a, b], a]", R"("a")"},
      {"!If [Maybe, a, !If [NotMaybe, a, b]]", "<set: " + maybe + ">"},
      {"!If [NotMaybe, !If [Maybe, b, a], a]", R"("a")"},
      {"!If [Both, !If [Maybe, a, b], a]", R"("a")"},
      // An element that may be missing is not known; the others are.
      {"[a, !If [Maybe, b, !Ref AWS::NoValue]]", "[\"a\",<unknown: " + maybe + ">]"},
      {"[a, !If [No, b, !Ref AWS::NoValue]]", R"(["a"])"},
      {"{'Fn::Length': [!If [Maybe, b, !Ref AWS::NoValue]]}", "<unknown: " + maybe + ">"},
      {"!Select [0, [!If [Maybe, b, !Ref AWS::NoValue], c]]", "<unknown: " + maybe + ">"},
      {"!Join ['', [!If [Maybe, b, !Ref AWS::NoValue]]]", "<unknown: " + maybe + ">"},
      {"!If [Nothing, a, b]",
       "<set: the condition Nothing is not known: there is no condition "
       "Nothing>",
       "there is no condition Nothing"},
      {"!If [Yes, a]", "<unknown: !If takes a condition's name and two values>", "two values"},
      {"!If [[Yes], a, b]", "<unknown: !If takes a condition's name and two values>", "two values"},
  });
}

TEST(Intrinsics, WhatIsNoFunction) {
  check({{"{'Fn::Transform': {Name: Mine, Parameters: {}}}",
          "<unknown: the transform Mine is applied only at deployment>"},
         {"!Transform {Name: Mine}", "<unknown: the transform Mine is applied only at deployment>"},
         {"{'Fn::Transform': {Name: Mine}, a: b}",
          "<present: Fn::Transform may put anything here at deployment>"},
         {"{'Fn::Frobnicate': a}",
          "<unknown: there is no function Fn::Frobnicate for a property's value>", "no function"},
         {"!Frobnicate a", "<unknown: there is no function !Frobnicate for a property's value>",
          "no function !Frobnicate"},
         {"!Equals [a, a]", "<unknown: there is no function !Equals for a property's value>",
          "no function !Equals"},
         {"{'Fn::Join': ['', [a]], b: c}", "<unknown: Fn::Join must stand alone in its mapping>",
          "must stand alone"},
         // A property may be named like a condition or like a part of one.
         {"{Condition: Yes}", R"({Condition: "Yes"})"}});
}

}  // namespace
}  // namespace sagewarden::cloudformation
