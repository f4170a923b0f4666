// What is unknown, what is sensitive, and how the configuration tells them apart.
#include "source/terraform/translate.h"

#include <gtest/gtest.h>

#include "source/terraform/recording_sink.h"

namespace sagewarden::terraform {
namespace {

using Lines = std::vector<std::string>;

struct PropertiesRow {
  const char* name;
  Change change;
  const char* properties;
  Lines unknown;
};

// All rows set these three, so that each is about one thing only.
const std::string kRest = R"("root_access":"Disabled","direct_internet_access":"Disabled",)"
                          R"("platform_identifier":"notebook-al2023-v1","volume_size":5)";
const std::string kRestProperties =
    R"("RootAccess":"Disabled","DirectInternetAccess":"Disabled",)"
    R"("PlatformIdentifier":"notebook-al2023-v1","VolumeSizeInGB":5)";

void check_properties(const PropertiesRow& row) {
  SCOPED_TRACE(row.name);
  const Outcome outcome = read(plan_of(row.change));
  ASSERT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.gaps.empty());
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].properties, row.properties);
  EXPECT_EQ(outcome.sink.resources[0].unknown, row.unknown);
}

// No provider has the attribute; a control must not be talked out of asking.
TEST(Translate, AStatusIsNotBelieved) {
  check_properties({"a status",
                    {.after = R"({"notebook_instance_status":"Deleting",)" + kRest + "}"},
                    ("{" + kRestProperties + "}").c_str(),
                    {}});
}

TEST(Unknown, OfAnAttribute) {
  const std::string after = "{" + kRest + "}";
  const std::string properties = "{" + kRestProperties + "}";
  const PropertiesRow rows[] = {
      {"a reference is known to be set",
       {.after = after,
        .unknown = R"({"kms_key_id":true})",
        .expressions = R"({"kms_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}})"},
       properties.c_str(),
       {"KmsKeyId Set `kms_key_id` is known after apply: it is set from aws_kms_key.k.arn"}},
      {"an instance for each key",
       {.after = after,
        .unknown = R"({"kms_key_id":true})",
        .expressions = R"({"kms_key_id":{"references":["each.key","aws_kms_key.k"]}})"},
       properties.c_str(),
       {"KmsKeyId Set `kms_key_id` is known after apply: it is set from aws_kms_key.k"}},
      {"a variable of the root module, which is known: something else is not",
       {.after = after,
        .unknown = R"({"kms_key_id":true})",
        .expressions = R"({"kms_key_id":{"references":["var.kms_key_id"]}})"},
       properties.c_str(),
       {"KmsKeyId Nothing `kms_key_id` is known after apply and may be null: the plan does not "
        "show what var.kms_key_id is made of"}},
      {"a condition on something unknown looks like a reference",
       {.after = after,
        .unknown = R"({"kms_key_id":true})",
        .expressions =
            R"({"kms_key_id":{"references":["terraform_data.f.output","terraform_data.f"]}})"},
       properties.c_str(),
       {"KmsKeyId Nothing `kms_key_id` is known after apply and may be null: it depends on "
        "terraform_data.f.output, which may be null or make it null"}},
      {"a condition on a variable",
       {.after = after,
        .unknown = R"({"kms_key_id":true})",
        .expressions =
            R"({"kms_key_id":{"references":["var.own","aws_kms_key.k[0].arn","aws_kms_key.k[0]",
                "aws_kms_key.k","var.other"]}})"},
       properties.c_str(),
       {"KmsKeyId Nothing `kms_key_id` is known after apply and may be null: its expression "
        "refers to several things and may choose between them"}},
      {"a function call shows no references",
       {.after = after, .unknown = R"({"kms_key_id":true})", .expressions = R"({"kms_key_id":{}})"},
       properties.c_str(),
       {"KmsKeyId Nothing `kms_key_id` is known after apply and may be null: the plan does not "
        "show what it is made of"}},
      {"a choice between two objects may end in null",
       {.after = after,
        .unknown = R"({"kms_key_id":true})",
        .expressions =
            R"({"kms_key_id":{"references":["aws_kms_key.a.arn","aws_kms_key.a",
                "data.aws_kms_key.b.arn","data.aws_kms_key.b"]}})"},
       properties.c_str(),
       {"KmsKeyId Nothing `kms_key_id` is known after apply and may be null: its expression "
        "refers to several things and may choose between them"}},
      {"what the configuration does not show is not known to be set",
       {.after = after, .unknown = R"({"security_groups":true})"},
       properties.c_str(),
       {"SecurityGroupIds Nothing `security_groups` is known after apply and not configured"}},
      {"false means known",
       {.after = after, .unknown = R"({"kms_key_id":false,"security_groups":[]})"},
       properties.c_str(),
       {}},
      {"elements of a list",
       {.after = "{" + kRest + R"(,"security_groups":["sg-1",null]})",
        .unknown = R"({"security_groups":[false,true]})"},
       R"({"RootAccess":"Disabled","DirectInternetAccess":"Disabled",)"
       R"("PlatformIdentifier":"notebook-al2023-v1","VolumeSizeInGB":5,)"
       R"("SecurityGroupIds":["sg-1",null]})",
       {"SecurityGroupIds/1 Set `security_groups` is known after apply"}},
      {"parts without values",
       {.after = after, .unknown = R"({"security_groups":[true]})"},
       properties.c_str(),
       {"SecurityGroupIds Nothing parts of `security_groups` are known after apply"}},
  };
  for (const PropertiesRow& row : rows) check_properties(row);
}

TEST(Unknown, OfADefaultedAttribute) {
  const std::string after =
      R"({"direct_internet_access":"Disabled","platform_identifier":"p","volume_size":5})";
  const char* const without =
      R"({"DirectInternetAccess":"Disabled","PlatformIdentifier":"p","VolumeSizeInGB":5})";
  const char* const filled =
      R"({"DirectInternetAccess":"Disabled","PlatformIdentifier":"p","VolumeSizeInGB":5,)"
      R"("RootAccess":"Enabled"})";
  const PropertiesRow rows[] = {
      {"a new resource gets the API's default",
       {.after = after, .unknown = R"({"root_access":true})"},
       filled,
       {}},
      {"null is the same as leaving out",
       {.after = after,
        .unknown = R"({"root_access":true})",
        .expressions = R"({"root_access":{"constant_value":null}})"},
       filled,
       {}},
      {"an old one keeps what it has",
       {.after = after, .unknown = R"({"root_access":true})", .actions = R"(["update"])"},
       without,
       {"RootAccess Nothing `root_access` is known after apply and not configured"}},
      {"a replaced one is new",
       {.after = after, .unknown = R"({"root_access":true})", .actions = R"(["delete","create"])"},
       filled,
       {}},
      {"a configured one is what the configuration says",
       {.after = after,
        .unknown = R"({"root_access":true})",
        .expressions = R"({"root_access":{"references":["data.http.f.body","data.http.f"]}})"},
       without,
       {"RootAccess Nothing `root_access` is known after apply and may be null: it depends on "
        "data.http.f.body, which may be null or make it null"}},
  };
  for (const PropertiesRow& row : rows) check_properties(row);
  // Which platform AWS chooses has changed, so that not even a new notebook's is known.
  check_properties(
      {"platform",
       {.after = R"({"direct_internet_access":"Disabled","root_access":"Disabled",
                       "volume_size":5})",
        .unknown = R"({"platform_identifier":true})"},
       R"({"DirectInternetAccess":"Disabled","RootAccess":"Disabled","VolumeSizeInGB":5})",
       {"PlatformIdentifier Nothing not set, and what AWS then chooses has changed over time "
        "(now \"notebook-al2023-v1\")"}});
}

TEST(Unknown, OfBlocks) {
  const std::string model = "aws_sagemaker_model";
  const PropertiesRow rows[] = {
      {"a block's attribute",
       {.type = model,
        .after =
            R"({"enable_network_isolation":true,"primary_container":[{"mode":"SingleModel"}]})",
        .unknown = R"({"primary_container":[{"image":true}]})",
        .expressions =
            R"({"primary_container":[{"image":{"references":["aws_ecr_image.i.id"]}}]})"},
       R"({"EnableNetworkIsolation":true,"PrimaryContainer":{"Mode":"SingleModel"}})",
       {"PrimaryContainer/Image Set `image` is known after apply: it is set from "
        "aws_ecr_image.i.id"}},
      {"blocks in step with the configuration",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"container":[{"image":"a"},{"mode":"m"}]})",
        .unknown = R"({"container":[{},{"image":true}]})",
        .expressions = R"({"container":[{"image":{"constant_value":"a"}},
                           {"image":{"references":["aws_ecr_image.i.id"]}}]})"},
       R"({"EnableNetworkIsolation":true,"Containers":[{"Image":"a"},{"Mode":"m"}]})",
       {"Containers/1/Image Set `image` is known after apply: it is set from aws_ecr_image.i.id"}},
      {"dynamic blocks are not shown",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"container":[{"image":"a"},{"mode":"m"}]})",
        .unknown = R"({"container":[{},{"image":true}]})",
        .expressions = R"({"container":[{"image":{"references":["var.image"]}}]})"},
       R"({"EnableNetworkIsolation":true,"Containers":[{"Image":"a"},{"Mode":"m"}]})",
       {"Containers/1/Image Nothing `image` is known after apply"}},
      {"a dynamic block that may have no elements",
       {.type = model,
        .after = R"({"enable_network_isolation":true})",
        .unknown = R"({"vpc_config":true})"},
       R"({"EnableNetworkIsolation":true})",
       {"VpcConfig Nothing `vpc_config` is known after apply"}},
      {"a block that is unknown as a whole",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"vpc_config":[null]})",
        .unknown = R"({"vpc_config":[true]})"},
       R"({"EnableNetworkIsolation":true,"VpcConfig":null})",
       {"VpcConfig Set `vpc_config` is known after apply"}},
      {"one of several blocks",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"container":[{"image":"a"},null]})",
        .unknown = R"({"container":[{},true]})"},
       R"({"EnableNetworkIsolation":true,"Containers":[{"Image":"a"},null]})",
       {"Containers/1 Set `container` is known after apply"}},
      {"a map's entry, with a name like a path",
       {.type = model,
        .after = R"({"enable_network_isolation":true,
                     "primary_container":[{"environment":{"A":"a"}}]})",
        .unknown = R"({"primary_container":[{"environment":{"B.c[0]":true}}]})"},
       R"({"EnableNetworkIsolation":true,"PrimaryContainer":{"Environment":{"A":"a"}}})",
       {"PrimaryContainer/Environment/B.c[0] Set `environment` is known after apply"}},
      {"a map that becomes a list",
       {.type = "aws_sagemaker_app_image_config",
        .after = R"({"code_editor_app_image_config":[{"container_config":[
                     {"container_environment_variables":{"A":"a"}}]}]})",
        .unknown = R"({"code_editor_app_image_config":[{"container_config":[
                       {"container_environment_variables":{"B":true}}]}]})"},
       R"({"CodeEditorAppImageConfig":{"ContainerConfig":{"ContainerEnvironmentVariables":)"
       R"([{"Key":"A","Value":"a"},{"Key":"B","Value":null}]}}})",
       {"CodeEditorAppImageConfig/ContainerConfig/ContainerEnvironmentVariables/1/Value Set "
        "`container_environment_variables` is known after apply"}},
  };
  for (const PropertiesRow& row : rows) check_properties(row);
}

// hashicorp/awscc marks every optional property that is left out as unknown.
TEST(Unknown, OfAwscc) {
  const std::string job = "awscc_sagemaker_model_bias_job_definition";
  const PropertiesRow rows[] = {
      {"left out of a new resource",
       {.type = job,
        .after = "{}",
        .unknown = R"({"network_config":true,"stopping_condition":true})"},
       "{}",
       {}},
      {"left out of an old resource",
       {.type = job,
        .after = "{}",
        .unknown = R"({"network_config":true})",
        .actions = R"(["update"])"},
       "{}",
       {"NetworkConfig Nothing `network_config` is known after apply and not configured"}},
      {"what AWS sets is not absent",
       {.type = "awscc_sagemaker_domain",
        .after = R"({"app_network_access_type":"VpcOnly","tag_propagation":"ENABLED"})",
        .unknown = R"({"url":true,"kms_key_id":true})"},
       R"({"AppNetworkAccessType":"VpcOnly","TagPropagation":"ENABLED"})",
       {"Url Nothing `url` is known after apply and not configured"}},
      {"an object that is constant shows what it leaves out",
       {.type = job,
        .after = R"({"network_config":{"enable_network_isolation":true}})",
        .unknown =
            R"({"network_config":{"enable_inter_container_traffic_encryption":true,"vpc_config":true}})",
        .expressions =
            R"({"network_config":{"constant_value":{"enable_network_isolation":true}}})"},
       R"({"NetworkConfig":{"EnableNetworkIsolation":true,)"
       R"("EnableInterContainerTrafficEncryption":false}})",
       {}},
      {"an object with references does not",
       {.type = job,
        .after = R"({"network_config":{"enable_network_isolation":true}})",
        .unknown =
            R"({"network_config":{"enable_inter_container_traffic_encryption":true,
                "vpc_config":{"subnets":[true]}}})",
        .expressions = R"({"network_config":{"references":["aws_subnet.a.id","aws_subnet.a"]}})"},
       R"({"NetworkConfig":{"EnableNetworkIsolation":true}})",
       {"NetworkConfig/EnableInterContainerTrafficEncryption Nothing "
        "`enable_inter_container_traffic_encryption` is known after apply",
        "NetworkConfig/VpcConfig Nothing parts of `vpc_config` are known after apply"}},
  };
  for (const PropertiesRow& row : rows) check_properties(row);
}

TEST(Sensitive, ValuesNeverComeThrough) {
  const std::string model = "aws_sagemaker_model";
  const PropertiesRow rows[] = {
      {"an attribute",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"execution_role_arn":"SECRET"})",
        .sensitive = R"({"execution_role_arn":true})"},
       R"({"EnableNetworkIsolation":true})",
       {"ExecutionRoleArn Set `execution_role_arn` is marked sensitive"}},
      {"null is no secret",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"execution_role_arn":null})",
        .sensitive = R"({"execution_role_arn":true})"},
       R"({"EnableNetworkIsolation":true})",
       {}},
      {"a map's entry",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"primary_container":[
                     {"environment":{"TOKEN":"SECRET","B":"b"}}]})",
        .sensitive = R"({"primary_container":[{"environment":{"TOKEN":true}}]})"},
       R"({"EnableNetworkIsolation":true,"PrimaryContainer":{"Environment":)"
       R"({"TOKEN":null,"B":"b"}}})",
       {"PrimaryContainer/Environment/TOKEN Set `environment` is marked sensitive"}},
      {"a list's element",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"vpc_config":[{"subnets":["a","SECRET"]}]})",
        .sensitive = R"({"vpc_config":[{"subnets":[false,true]}]})"},
       R"({"EnableNetworkIsolation":true,"VpcConfig":{"Subnets":["a",null]}})",
       {"VpcConfig/Subnets/1 Set `subnets` is marked sensitive"}},
      {"a block as a whole",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"vpc_config":[{"subnets":["SECRET"]}],
                     "container":[{"image":"SECRET"},{"image":"b"}]})",
        .sensitive = R"({"vpc_config":[true],"container":[true,{}]})"},
       R"({"EnableNetworkIsolation":true,"VpcConfig":null,"Containers":[null,{"Image":"b"}]})",
       {"VpcConfig Set `vpc_config` is marked sensitive",
        "Containers/0 Set `container` is marked sensitive"}},
      {"a map that becomes a list",
       {.type = "aws_sagemaker_app_image_config",
        .after = R"({"code_editor_app_image_config":[{"container_config":[
                     {"container_environment_variables":{"A":"SECRET"}}]}]})",
        .sensitive = R"({"code_editor_app_image_config":[{"container_config":[
                         {"container_environment_variables":{"A":true}}]}]})"},
       R"({"CodeEditorAppImageConfig":{"ContainerConfig":{"ContainerEnvironmentVariables":)"
       R"([{"Key":"A","Value":null}]}}})",
       {"CodeEditorAppImageConfig/ContainerConfig/ContainerEnvironmentVariables/0/Value Set "
        "`container_environment_variables` is marked sensitive"}},
      {"a value inside an entry",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"new_map":{"a":{"b":"SECRET"}},
                     "new_list":[["SECRET"]]})",
        .sensitive = R"({"new_map":{"a":{"b":true}},"new_list":[[true]]})"},
       R"({"EnableNetworkIsolation":true,"NewMap":{"a":null},"NewList":[null]})",
       {"NewMap/a Set `new_map` is marked sensitive",
        "NewList/0 Set `new_list` is marked sensitive"}},
      {"a mark of another shape than the value",
       {.type = model,
        .after = R"({"enable_network_isolation":true,"execution_role_arn":"SECRET"})",
        .sensitive = R"({"execution_role_arn":{"x":[true]}})"},
       R"({"EnableNetworkIsolation":true,"ExecutionRoleArn":null})",
       {"ExecutionRoleArn Set `execution_role_arn` is marked sensitive"}},
  };
  for (const PropertiesRow& row : rows) check_properties(row);
}

TEST(Sensitive, WholeResource) {
  const Outcome outcome =
      read(plan_of({.after = R"({"name":"SECRET","arn":"SECRET","region":"SECRET",
                                  "tags":{"a":"SECRET"},"root_access":"SECRET"})",
                    .sensitive = "true"}));
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  const Recorded& found = outcome.sink.resources[0];
  EXPECT_EQ(found.properties, "{}");
  EXPECT_EQ(found.tags, "{}");
  EXPECT_EQ(found.name, "aws_sagemaker_notebook_instance.x");
  EXPECT_EQ(found.region + found.arn, "");
  EXPECT_EQ(found.unknown, Lines{" Nothing the whole resource is marked sensitive"});
  EXPECT_EQ(found.unknown_tags, Lines{" Nothing the whole resource is unknown or sensitive"});
}

TEST(Repeated, AttributesMakeAGap) {
  const std::string bodies[] = {
      R"({"root_access":"Disabled","root_access":"Enabled"})",
      R"({"root_access":"Disabled","rootaccess":"Enabled"})",
      R"({"instance_metadata_service_configuration":[{"a":1,"a":2}]})",
      R"({"tags":{"a":"1","a":"2"}})",
      R"({"tags_all":{"a":"1","a":"2"}})",
      R"({"new_map":{"a":"1","a":"2"}})",
  };
  for (const std::string& body : bodies) {
    SCOPED_TRACE(body);
    const Outcome outcome = read(plan_of({.after = body}));
    EXPECT_EQ(outcome.error, "");
    EXPECT_TRUE(outcome.sink.resources.empty());
    ASSERT_EQ(outcome.sink.gaps.size(), 1U);
    EXPECT_EQ(outcome.sink.gaps[0].code, "PARSE_ERROR");
    EXPECT_EQ(outcome.sink.gaps[0].location.address, "aws_sagemaker_notebook_instance.x");
    EXPECT_NE(outcome.sink.gaps[0].message.find("given twice"), std::string::npos);
  }
}

}  // namespace
}  // namespace sagewarden::terraform
