#include "source/recognise.h"

#include <gtest/gtest.h>

#include <chrono>

namespace sagewarden {
namespace {

TEST(Recognise, EachFormatByItsContent) {
  using enum InputFormat;
  const struct {
    std::string_view text;
    InputFormat format;
  } cases[] = {
      // AWS Config
      {R"({"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[)", ConfigList},
      {R"({"configurationItems":[],"nextToken":"x"})", ConfigList},
      {"{\n  \"configurationItems\": [\n    {\n", ConfigList},
      {R"([{"configurationItems":[]}])", ConfigItems},
      {R"({"baseConfigurationItems":[]})", ConfigItems},
      {R"({"BaseConfigurationItems":[]})", ConfigItems},
      {R"({"ConfigurationItem":{}})", ConfigItems},
      {R"({"relatedEvents":[],"configuration":{},"resourceType":"AWS::S3::Bucket"})", ConfigItems},
      {R"([{"resourceType":"AWS::S3::Bucket","configurationItemStatus":"OK"}])", ConfigItems},
      {R"({"configurationItemDiff":null,"configurationItem":{})", ConfigItems},
      {R"({"configurationItemSummary":{},"s3DeliverySummary":{}})", ConfigItems},
      {R"({"source":"aws.config","detail":{"configurationItem":{}}})", ConfigItems},
      {R"({"Type":"Notification","Message":"{\"configurationItem\":{}}"})", ConfigItems},
      {R"({"Records":[{"Sns":{"Message":"{\"configurationItem\":{}}"}}]})", ConfigItems},
      {R"({"Messages":[{"Body":"{\"configSnapshotId\":1}"}]})", ConfigItems},
      {R"({"version":"1.0","invokingEvent":"{}"})", ConfigItems},
      {R"({"Results":["{\"resourceType\":\"AWS::S3::Bucket\"}"]})", ConfigQuery},
      {R"({"Results":[],"QueryInfo":{}})", ConfigQuery},
      {R"({"source":"aws.ec2","detail":{"instance":1}})", None},
      {R"({"Type":"Notification","Message":"hello"})", None},
      {R"({"resourceType":"Patient","id":"example"})", None},
      // CloudFormation
      {R"({"Resources":{}})", CloudFormation},
      {R"({"AWSTemplateFormatVersion":"2010-09-09","Parameters":{)", CloudFormation},
      {"Resources:\n  A:\n", CloudFormation},
      {"# a comment\n---\n\nParameters:\n  Resources: {}\nResources: {}\n", CloudFormation},
      {"\"Resources\" : {}", CloudFormation},
      {"'Resources': {}", CloudFormation},
      {"  Description: x\n  Resources:\n    A:\n", CloudFormation},
      {"AWSTemplateFormatVersion: '2010-09-09'\r\nResources:\r\n", CloudFormation},
      {R"({"StagesAvailable":["Original"],"TemplateBody":{"Resources":{}}})", CloudFormation},
      {R"({"TemplateBody":"Resources:\n","ResponseMetadata":{}})", CloudFormation},
      {"StagesAvailable:\n- Original\nTemplateBody:\n  Resources: {}\n", CloudFormation},
      {R"({"StackName":"x","TemplateBody":"Resources:\n"})", None},
      {"StackName: x\nTemplateBody: y\n", None},
      {R"({"TemplateBody":null})", None},
      {"Other:\n  Resources:\n", None},
      {"ResourcesToo:\n", None},
      {"\"Resources: x\n", None},
      {"apiVersion: v1\nkind: Pod\n", None},
      // Terraform
      {R"({"format_version":"1.2","planned_values":{}})", Terraform},
      {R"({"version":4,"terraform_version":"1.9.0","lineage":"x"})", Terraform},
      // our own
      {"{\"sagewarden_inventory\":1}\n{\"type\":\"x\"}\n", Inventory},
      // API output
      {R"({"ModelName":"m","ModelArn":"arn:aws:sagemaker:eu-west-1:1:model/m"})", ApiOutput},
      {R"([{"NotebookInstanceArn": "arn:aws-us-gov:sagemaker:x:1:notebook-instance/n"}])",
       ApiOutput},
      {"{\"ImageArn\":\"arn:aws:sagemaker:x:1:image/n\"}\n{\"ModelArn\":1}", ApiOutput},
      {R"({"Models":[{"ModelArn":"arn:aws:sagemaker:eu-west-1:1:model/m"}]})", ApiOutput},
      {R"({"Models":[]})", ApiOutput},
      {R"({"Results":[{"Model":{"ModelArn":"arn:aws:sagemaker:x:1:model/m"}}]})", ApiOutput},
      {R"({"Tags":[{"Key":"a","Value":"b"}]})", ApiOutput},
      {R"({"Tags":[]})", ApiOutput},
      {R"({"ResourceTagMappingList":[]})", ApiOutput},
      {R"({"arn:aws:sagemaker:x:1:model/m":{}})", ApiOutput},
      {R"({"Error":{"Code":"AccessDenied","Message":"x"}})", ApiOutput},
      {R"({"__type":"ThrottlingException"})", ApiOutput},
      {"\nAn error occurred (AccessDeniedException) when calling the DescribeModel operation",
       ApiOutput},
      {"[]", ApiOutput},
      {" [ ]\n", ApiOutput},
      {R"({"QueueArn":"arn:aws:sqs:eu-west-1:1:q"})", None},
      {R"({"Models":[{"id":"gpt"}]})", None},
      {R"({"Results":[{"Target":"image"}]})", None},
      {R"({"Error":{"reason":"x"}})", None},
      {R"({"Tags":["a"]})", None},
      // nothing of ours
      {R"({"name":"package","version":"1.0.0"})", None},
      {R"([1,2,3])", None},
      {R"("text")", None},
      {"", None},
  };
  for (const auto& c : cases)
    EXPECT_EQ(recognise(c.text, Extent::Whole).format, c.format) << c.text;
}

TEST(Recognise, SaysWhatItIsInstead) {
  const struct {
    std::string text;
    std::string_view seems;
    bool broken_json;
    bool needs_more;
  } cases[] = {
      {"", "empty", true, false},
      {" \n\t", "blank", true, false},
      {std::string("PK\x03\x04zip"), "a zip archive: unpack it first", true, false},
      {"\x1f\x8b..", "compressed twice: unpack it once", true, false},
      {"\x28\xb5\x2f\xfd..", "compressed with zstd: unpack it, or use gzip", true, false},
      {"BZh91AY", "compressed with bzip2: unpack it, or use gzip", true, false},
      {"\xfd"
       "7zXZ",
       "compressed with xz: unpack it, or use gzip", true, false},
      {std::string("\xff\xfe{\0", 4), "UTF-16 text: save it as UTF-8", true, true},
      {std::string("a\0b", 3), "binary data", true, false},
      {"%PDF-1.7", "a PDF", true, false},
      {"An error, of no format", "text of another kind", true, true},
      {"# x\nresource \"aws_sagemaker_model\" \"m\" {\n}\n",
       "Terraform configuration; scan its plan: terraform plan -out=tfplan && terraform show -json "
       "tfplan > plan.json",
       true, true},
      {"{\"message\":\"x\"}", "a message in the place of output", true, true},
      {"{\"a\":1,\"b\":{\"c\":2}}", "JSON of another kind (with a, b)", false, true},
      {"{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}", "JSON of another kind (with a, b, c, d, …)",
       false, true},
      {"{\"a\x1b[2J\":1}", "JSON of another kind (with a\\x1b[2J)", false, true},
      {"[1,2]", "JSON of another kind", false, true},
      {"{\"a\":1", "JSON that is cut off or malformed (with a)", true, true},
      {"{\"a", "JSON that is cut off or malformed", true, true},
      {"{} trailing", "JSON that is cut off or malformed", true, true},
      {"{}}", "JSON that is cut off or malformed", true, true},
      {"{}\n{}\n[]", "JSON of another kind", false, true},
  };
  for (const auto& c : cases) {
    for (const Extent extent : {Extent::Whole, Extent::Start}) {
      const Recognised as = recognise(c.text, extent);
      EXPECT_EQ(as.format, InputFormat::None) << c.text;
      // Of a start of JSON, nobody knows whether it goes on well.
      const bool may_go_on = extent == Extent::Start && c.seems.starts_with("JSON");
      EXPECT_EQ(as.broken_json, c.broken_json && !may_go_on) << c.text;
      EXPECT_TRUE(may_go_on || as.seems == c.seems) << c.text << ": " << as.seems;
      EXPECT_EQ(as.needs_more, c.needs_more && extent == Extent::Start) << c.text;
    }
  }
}

std::string utf16(std::string_view text, bool big, bool marked) {
  std::string out;
  if (marked) out = big ? "\xfe\xff" : "\xff\xfe";
  for (const char c : text) out += big ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

// In the time of each member's value, and not of all that comes behind it.
TEST(Recognise, ManyMembersTakeLinearTime) {
  for (const std::string_view member : {R"("Tags":1,)", R"("Domains":[1],)", R"("Error":1,)"}) {
    std::string text = "{";
    for (int i = 0; i < 200'000; ++i) text += member;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(recognise(text + "\"z\":1}", Extent::Whole).format, InputFormat::None);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30)) << member;
  }
}

TEST(Recognise, JsonWhoseNamesAreBareIsNone) {
  const struct {
    std::string_view text;
    bool broken;
  } cases[] = {
      {"{'a': 1}", true},
      {"[ {'a': 1} ]", true},
      {"{a: 1}", true},
      {R"({"a": '1'})", false},
      {"{}", false},
      {"[{}]", false},
      {"{ // a comment\n\"a\": 1}", false},
      {"{{ template }}", false},
  };
  for (const auto& c : cases)
    EXPECT_EQ(recognise(c.text, Extent::Whole).broken_json, c.broken) << c.text;
}

TEST(Recognise, WhatIsPlainlyMeantAsInput) {
  const std::string arn = "arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/n";
  const struct {
    std::string text;
    std::string_view seems;  // empty: it is not meant as input
  } cases[] = {
      // parts of API output
      {R"({"NotebookInstanceName":"x","RootAccess":"Enabled"})", "without --query"},
      {R"([{"NotebookInstanceName":"x"},{}])", "without --query"},
      {R"({"NotebookInstances":[{"Name":"x","DirectInternetAccess":"Enabled"}]})",
       "without --query"},
      {R"({"a":{"NotebookInstanceName":"x"}})", ""},
      {R"({"ModelName":"gpt","EndpointName":"e"})", ""},
      {R"([{"ParameterKey":"NotebookInstanceName","ParameterValue":"x"}])", ""},
      // names of resources
      {R"({"a":[{"b":")" + arn + R"("}]})", "JSON of another kind"},
      {R"({"a":"AWS::SageMaker::Model"})", "JSON of another kind"},
      {R"({"a":"arn:aws:sagemaker:*:*:model/*","b":"arn:aws:sagemaker:eu-west-1:${A}:model/m"})",
       ""},
      {R"({"a":"arn:aws:states:::sagemaker:createModel"})", ""},
      {R"({"a":"kernel__)" + arn + R"("})", ""},
      {R"({"cells":[")" + arn + R"("],"nbformat":4})", ""},
      {R"({"version":1,"exceptions":[{"resources":[")" + arn + R"("]}]})", ""},
      {R"({"format":"sagewarden-report/1","a":")" + arn + R"("})", ""},
      // as Python prints it
      {"{'NotebookInstanceArn': '" + arn + "'}", "json.dumps"},
      {"[{'a': '" + arn + "'}]", "json.dumps"},
      // the same as YAML
      {"NotebookInstanceArn: " + arn + "\nRootAccess: Enabled\n", "--output json"},
      {"'NotebookInstanceArn': \"" + arn + "\"\n", "--output json"},
      {"Models:\n- CreationTime: x\n  ModelArn: " + arn + "\n", "--output json"},
      {"- " + arn + "\n- x: 1\n", ""},
      {"env:\n  ENDPOINT_ARN: " + arn + "\n", ""},
      {"ENDPOINT: " + arn + "\n", ""},
      {"NotebookInstances:\n- InstanceType: x\n  NotebookInstanceName: n\n", "--output json"},
      {"- - NotebookInstanceName: n\n", "--output json"},
      {"a:\n  Type: AWS::SageMaker::Model\n", "--output json"},
      {"a:\n  NotebookInstanceName: n\n", ""},
      {"Statement:\n- Resource: " + arn + "\n", ""},
      {"version: 1\nexceptions:\n- resources: [x]\n  at: " + arn + "\n", ""},
      {"id: Acme.1\nresource: AWS::SageMaker::Model\npasses: 'true'\n", ""},
      {"Resource: arn:aws:sagemaker:*:*:model/*\n", ""},
      // text and code
      {"# Models\n\nOf each `AWS::SageMaker::Model`:\n\n- " + arn + "\n", ""},
      {"import boto3\narn = '" + arn + "'\n", ""},
      {"all:\n\techo " + arn + "\n", ""},
      // Terraform
      {R"({"@level":"info","@module":"terraform.ui","type":"version"})", "terraform show -json"},
      {R"({"@level":"info","@module":"tofu.ui","type":"version"})", "terraform show -json"},
      {R"({"@level":"info","@module":"other"})", ""},
      {R"({"remote_plan_format":1,"run_id":"run-x","hostname":"app.terraform.io"})",
       "a saved Terraform plan"},
      {"PK\x03\x04" + std::string(26, '\1') + "tfplan..", "a saved Terraform plan"},
      {"PK\x03\x04" + std::string(26, '\1') + "main.py", ""},
      {"resource \"aws_sagemaker_model\" \"m\" {\n}\n", ""},
      // UTF-16
      {utf16("Resources:\n", false, true), "UTF-16"},
      {utf16("Resources:\n", true, true), "UTF-16"},
      {utf16("{\"ModelArn\":\"" + arn + "\"}", false, false), "UTF-16"},
      {utf16("{\"ModelArn\":\"" + arn + "\"}", true, false), "UTF-16"},
      {utf16("NotebookInstanceName: n\n", false, true), "UTF-16"},
      {utf16("Dear all,\n", false, true), ""},
  };
  for (const auto& c : cases) {
    const Recognised as = recognise(c.text, Extent::Whole);
    EXPECT_EQ(as.format, InputFormat::None) << c.text;
    EXPECT_EQ(as.evident, !c.seems.empty()) << c.text;
    EXPECT_NE(as.seems.find(c.seems), std::string::npos) << c.text << ": " << as.seems;
  }
}

TEST(Recognise, OuterNames) {
  const struct {
    std::string_view text;
    std::string_view names;
    bool list;
    bool complete;
  } cases[] = {
      {R"({"a":1,"b":{"c":[{"d":1}]},"e":"{\"f\":1}"})", "a b e", false, true},
      {R"({"a\"b":"x:y","c" : [1]})", R"(a\"b c)", false, true},
      {R"([{"a":{"x":1}},{"b":2}])", "a", true, true},
      {R"([[{"a":1}]])", "", true, true},
      {R"([1,{"a":1}])", "a", true, true},
      {"{\"a\":1}\n{\"b\":2}", "a", false, true},
      {R"({"a":1,"b)", "a", false, false},
      {R"({"a":"x\)", "a", false, false},
      {R"({"a":[)", "a", false, false},
      {"{", "", false, false},
  };
  for (const auto& c : cases) {
    const OuterJson outer = outer_json(c.text);
    std::string names;
    for (const OuterMember& member : outer.members)
      names += (names.empty() ? "" : " ") + std::string(member.name);
    EXPECT_EQ(names, c.names) << c.text;
    EXPECT_EQ(outer.list, c.list) << c.text;
    EXPECT_EQ(outer.complete, c.complete) << c.text;
  }
  EXPECT_EQ(outer_json(R"({"a" :  [1]})").members[0].value, "[1]}");
}

TEST(Recognise, DeepNestingIsNoTrouble) {
  const std::string deep(1'000'000, '[');
  EXPECT_EQ(recognise(deep, Extent::Whole).format, InputFormat::None);
  EXPECT_EQ(recognise("{\"Resources\":" + deep, Extent::Whole).format, InputFormat::CloudFormation);
}

}  // namespace
}  // namespace sagewarden
