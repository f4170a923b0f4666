#include <gtest/gtest.h>

#include "source/terraform/recording_sink.h"

namespace sagewarden::terraform {
namespace {

using Lines = std::vector<std::string>;

// A change of `resource_changes`, with these members beside address, mode, type and name.
std::string change(const std::string& address, const std::string& members,
                   const std::string& type = "aws_sagemaker_image") {
  return R"({"address":")" + address + R"(","mode":"managed","type":")" + type +
         R"(","name":"x",)" + members + "}";
}

// `members` are those of the whole plan; they end in a comma.
std::string plan(const std::string& members, const std::string& changes) {
  return R"({"format_version":"1.2",)" + members +
         R"("planned_values":{"root_module":{}},"resource_changes":[)" + changes + "]}";
}

struct ActionRow {
  const char* actions;
  const char* after;
  bool judged;
  const char* passed;  // empty: not passed over
};

TEST(Plan, ActionsDecideWhatIsJudged) {
  const ActionRow rows[] = {
      {R"(["no-op"])", R"({"image_name":"i"})", true, ""},
      {R"(["create"])", R"({"image_name":"i"})", true, ""},
      {R"(["update"])", R"({"image_name":"i"})", true, ""},
      {R"(["delete","create"])", R"({"image_name":"i"})", true, ""},
      {R"(["create","delete"])", R"({"image_name":"i"})", true, ""},
      {R"(["create","forget"])", R"({"image_name":"i"})", true, ""},
      {R"(["delete"])", "null", false, "to be destroyed: AWS::SageMaker::Image"},
      {R"(["forget"])", "null", false, "no longer managed: AWS::SageMaker::Image"},
  };
  for (const ActionRow& row : rows) {
    SCOPED_TRACE(row.actions);
    const Outcome outcome = read(plan(
        "", change("aws_sagemaker_image.x", std::string(R"("change":{"actions":)") + row.actions +
                                                R"(,"after":)" + row.after + "}")));
    EXPECT_EQ(outcome.error, "");
    EXPECT_TRUE(outcome.sink.gaps.empty());
    EXPECT_EQ(outcome.sink.resources.size(), row.judged ? 1U : 0U);
    EXPECT_EQ(outcome.sink.passed, *row.passed == '\0' ? Lines{} : Lines{row.passed});
  }
}

TEST(Plan, DestroyPlanHasNothingToJudge) {
  const Outcome outcome = read(R"({"format_version":"1.2","planned_values":{"root_module":{}},
      "resource_changes":[
        {"address":"aws_sagemaker_endpoint_configuration.x","mode":"managed",
         "type":"aws_sagemaker_endpoint_configuration","name":"x","change":{"actions":["delete"],
         "before":{"production_variants":null,"network_config":[]},"after":null,
         "after_unknown":{},"after_sensitive":false}}]})");
  EXPECT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.resources.empty());
  EXPECT_TRUE(outcome.sink.gaps.empty());
  EXPECT_EQ(outcome.sink.passed, Lines{"to be destroyed: AWS::SageMaker::EndpointConfig"});
}

TEST(Plan, DeposedObjectDoesNotHideItsSuccessor) {
  const std::string deposed = change(
      "aws_sagemaker_image.x", R"("deposed":"0a1b","change":{"actions":["delete"],"after":null})");
  const std::string current = change(
      "aws_sagemaker_image.x", R"("change":{"actions":["no-op"],"after":{"image_name":"i"}})");
  const Outcome outcome = read(plan("", deposed + "," + current));
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].name, "i");
  EXPECT_EQ(outcome.sink.passed, Lines{"to be destroyed: AWS::SageMaker::Image"});
}

TEST(Plan, OtherTypesAndDataSourcesAreCounted) {
  const Outcome outcome = read(plan(
      "",
      change("aws_s3_bucket.x", R"("change":{"actions":["create"],"after":{}})", "aws_s3_bucket") +
          R"(,{"address":"data.aws_sagemaker_image.x","mode":"data",)"
          R"("type":"aws_sagemaker_image","name":"x","change":{"actions":["read"]}})"));
  EXPECT_TRUE(outcome.sink.resources.empty());
  EXPECT_TRUE(outcome.sink.gaps.empty());
  EXPECT_EQ(outcome.sink.passed,
            (Lines{"other type: aws_s3_bucket", "data source: aws_sagemaker_image"}));
}

struct NoNamesRow {
  const char* chosen;  // the control's type
  const char* type;    // the resource's
  const char* after;
  const char* gap;  // its address and its message's start; empty: none
  bool passed;
};

// A control of one's own may be about any type; where the plan may hold it, it says so.
TEST(Plan, TypesWithoutNamesAreGaps) {
  const char* const known = "x.x this program does not know the names of ";
  const char* const unclear = " this program does not know what ";
  const NoNamesRow rows[] = {
      {"AWS::S3::Bucket", "aws_s3_bucket", "{}", known, false},
      {"AWS::S3::Bucket", "awscc_s3_bucket", "{}", known, false},
      {"AWS::SageMaker::UserProfile", "aws_sagemaker_user_profile", "{}", known, false},
      // The provider may get a resource that our table says it lacks.
      {"AWS::SageMaker::ModelBiasJobDefinition", "aws_sagemaker_model_bias_job_definition", "{}",
       known, false},
      {"AWS::S3::Bucket", "aws_s3_bucket", "null", "", true},
      {"AWS::Logs::LogGroup", "aws_cloudwatch_log_group", "{}", unclear, true},
      {"AWS::Logs::LogGroup", "aws_cloudwatch_log_group", "null", "", true},
      // Of others their type is known.
      {"AWS::Logs::LogGroup", "awscc_s3_bucket", "{}", "", true},
      {"AWS::Logs::LogGroup", "random_id", "{}", "", true},
      {"AWS::Logs::LogGroup", "aws_sagemaker_image", "{}", "", true},
      {"AWS::SageMaker::Model", "aws_s3_bucket", "{}", "", true},
  };
  for (const NoNamesRow& row : rows) {
    SCOPED_TRACE(std::string(row.chosen) + " " + row.type + " " + row.after);
    const std::string_view types[] = {row.chosen};
    SourceOptions options;
    options.types = types;
    const std::string members =
        R"("change":{"actions":["create"],"after":)" + std::string(row.after);
    const Outcome outcome = read(plan("", change("x.x", members + "}", row.type)), options);
    EXPECT_TRUE(outcome.sink.resources.empty());
    EXPECT_EQ(outcome.sink.passed,
              row.passed ? Lines{std::string("other type: ") + row.type} : Lines{});
    ASSERT_EQ(outcome.sink.gaps.size(), *row.gap == '\0' ? 0U : 1U);
    if (outcome.sink.gaps.empty()) continue;
    const Gap& gap = outcome.sink.gaps[0];
    EXPECT_EQ(gap.code, "NO_NAMES");
    EXPECT_EQ(gap.type, row.chosen);
    const std::string said = gap.location.address + " " + gap.message;
    EXPECT_TRUE(said.starts_with(std::string(row.gap) + row.chosen)) << said;
  }
}

TEST(Plan, OnlyTheTypesThatAreAskedFor) {
  const std::string_view types[] = {"AWS::SageMaker::Model"};
  SourceOptions options;
  options.types = types;
  const Outcome outcome = read(
      plan("", change("aws_sagemaker_image.x", R"("change":{"actions":["create"],"after":{}})")),
      options);
  EXPECT_TRUE(outcome.sink.resources.empty());
  EXPECT_EQ(outcome.sink.passed, Lines{"other type: aws_sagemaker_image"});
}

// A plan with a module that is called for each of several keys, inside another one.
constexpr std::string_view kModules = R"({"format_version":"1.2","terraform_version":"1.11.4",
  "timestamp":"2026-11-20T08:00:00Z","planned_values":{"root_module":{"child_modules":[
    {"address":"module.ml[\"a.b\"]","child_modules":[{"address":"module.ml[\"a.b\"].module.in[0]",
      "resources":[{"address":"module.ml[\"a.b\"].module.in[0].aws_sagemaker_image.x[\"q\\\"]z\"]",
        "mode":"managed","type":"aws_sagemaker_image","name":"x","values":{"image_name":"i"}}]}]}]}},
  "resource_changes":[{"address":"module.ml[\"a.b\"].module.in[0].aws_sagemaker_image.x[\"q\\\"]z\"]",
    "module_address":"module.ml[\"a.b\"].module.in[0]","mode":"managed",
    "type":"aws_sagemaker_image","name":"x","index":"q\"]z","change":{"actions":["create"],
    "after":{"image_name":"i"},"after_unknown":{"role_arn":true},"after_sensitive":{}}}],
  "variables":{"region":{"value":"eu-central-1"}},
  "configuration":{"provider_config":{"aws.eu":{"name":"aws","alias":"eu","expressions":
      {"region":{"references":["var.region"]}}}},
    "root_module":{"module_calls":{"ml":{"module":{"module_calls":{"in":{
      "expressions":{"role":{"references":["aws_iam_role.r.arn","aws_iam_role.r"]}},"module":{"resources":[
      {"address":"aws_sagemaker_image.x","mode":"managed","type":"aws_sagemaker_image","name":"x",
       "provider_config_key":"aws.eu","expressions":{"role_arn":{"references":["var.role"]}}}]
    }}}}}}}}})";

TEST(Plan, ModulesAndIndices) {
  const Outcome outcome = read(std::string(kModules));
  ASSERT_EQ(outcome.error, "");
  ASSERT_EQ(outcome.sink.resources.size(), 1U);  // planned_values shows the same once more
  const Recorded& found = outcome.sink.resources[0];
  EXPECT_EQ(found.address, R"(module.ml["a.b"].module.in[0].aws_sagemaker_image.x["q\"]z"])");
  EXPECT_EQ(found.name, "i");
  EXPECT_EQ(found.type, "AWS::SageMaker::Image");
  EXPECT_EQ(found.region, "eu-central-1");
  // When the plan was made is not when anything was so.
  EXPECT_EQ(found.captured_at, "");
  EXPECT_EQ(found.unknown,
            Lines{"ImageRoleArn Set `role_arn` is known after apply: it is set from var.role"});
}

struct PlaceRow {
  const char* name;
  Change change;
  const char* arn;
  const char* account;
  const char* region;
  const char* partition;
};

TEST(Plan, AccountAndRegion) {
  const char* const arn = "arn:aws-cn:sagemaker:cn-north-1:123456789012:image/i";
  const PlaceRow rows[] = {
      {"from the ARN",
       {.type = "aws_sagemaker_image",
        .after = R"({"arn":"arn:aws-cn:sagemaker:cn-north-1:123456789012:image/i"})"},
       arn,
       "123456789012",
       "cn-north-1",
       "aws-cn"},
      {"from the resource's region",
       {.type = "aws_sagemaker_image",
        .after = R"({"region":"us-gov-west-1"})",
        .provider = R"({"aws":{"expressions":{"region":{"constant_value":"eu-west-1"}}}})"},
       "",
       "999999999999",
       "us-gov-west-1",
       "aws-us-gov"},
      {"from the provider",
       {.type = "aws_sagemaker_image",
        .provider = R"({"aws":{"expressions":{"region":{"constant_value":"eu-west-1"}}}})"},
       "",
       "999999999999",
       "eu-west-1",
       "aws"},
      {"from the options",
       {.type = "aws_sagemaker_image",
        .provider = R"({"aws":{"expressions":{"region":{"references":["local.region"]}}}})"},
       "",
       "999999999999",
       "us-west-2",
       "aws"},
      {"an ARN that is none",
       {.type = "aws_sagemaker_image", .after = R"({"arn":"image/i"})"},
       "",
       "999999999999",
       "us-west-2",
       "aws"},
      {"awscc: by CloudFormation's name",
       {.type = "awscc_sagemaker_image",
        .after = R"({"image_arn":"arn:aws-cn:sagemaker:cn-north-1:123456789012:image/i"})"},
       arn,
       "123456789012",
       "cn-north-1",
       "aws-cn"},
      {"awscc: the identifier",
       {.type = "awscc_sagemaker_image",
        .after = R"({"id":"arn:aws-cn:sagemaker:cn-north-1:123456789012:image/i"})"},
       arn,
       "123456789012",
       "cn-north-1",
       "aws-cn"},
      {"awscc: an identifier that is no ARN",
       {.type = "awscc_sagemaker_image", .after = R"({"id":"i"})"},
       "",
       "999999999999",
       "us-west-2",
       "aws"},
  };
  SourceOptions options;
  options.account = "999999999999";
  options.region = "us-west-2";
  for (const PlaceRow& row : rows) {
    SCOPED_TRACE(row.name);
    const Outcome outcome = read(plan_of(row.change), options);
    ASSERT_EQ(outcome.sink.resources.size(), 1U);
    const Recorded& found = outcome.sink.resources[0];
    EXPECT_EQ(found.arn, row.arn);
    EXPECT_EQ(found.account, row.account);
    EXPECT_EQ(found.region, row.region);
    EXPECT_EQ(found.partition, row.partition);
  }
}

TEST(Plan, PartitionFromTheOptionsWhenNoRegionIsKnown) {
  SourceOptions options;
  options.partition = "aws-cn";
  const Outcome outcome = read(plan_of({}), options);
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].partition, "aws-cn");
  EXPECT_EQ(read(plan_of({})).sink.resources.at(0).partition, "aws");
}

TEST(Plan, NameOrElseTheAddress) {
  EXPECT_EQ(read(plan_of({.after = R"({"name":"nb"})"})).sink.resources.at(0).name, "nb");
  EXPECT_EQ(read(plan_of({.unknown = R"({"name":true})"})).sink.resources.at(0).name,
            "aws_sagemaker_notebook_instance.x");
}

TEST(Plan, RefreshOnlyShowsWhatThereIs) {
  const Outcome outcome = read(R"({"format_version":"1.2","planned_values":{"root_module":{
    "resources":[{"address":"aws_sagemaker_image.x","mode":"managed","type":"aws_sagemaker_image",
      "name":"x","values":{"image_name":"i","description":"SECRET"},
      "sensitive_values":{"description":true}},
     {"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b","values":{}}
    ]}}})");
  ASSERT_EQ(outcome.error, "");
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].properties, R"({"ImageName":"i"})");
  EXPECT_EQ(outcome.sink.passed, Lines{"other type: aws_s3_bucket"});
}

TEST(Plan, WhatItDoesNotHoldIsAGap) {
  struct Row {
    const char* members;
    Lines codes;
  };
  const Row rows[] = {
      {R"("errored":true,"complete":false,)", {"PLAN_ERRORED"}},
      {R"("errored":false,"complete":false,)", {"PLAN_INCOMPLETE"}},
      {R"("errored":false,"complete":true,"applyable":false,)", {}},
      {R"("complete":false,"deferred_changes":[{"reason":"provider_config_unknown",
          "resource_change":{"address":"aws_sagemaker_image.later","mode":"managed",
          "type":"aws_sagemaker_image","name":"later"}},{"reason":"x","resource_change":{
          "address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket"}}],)",
       {"DEFERRED", "PLAN_INCOMPLETE"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.members);
    const Outcome outcome = read(
        plan(row.members, change("aws_sagemaker_image.x",
                                 R"("change":{"actions":["create"],"after":{"image_name":"i"}})")));
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.sink.resources.size(), 1U);
    Lines codes;
    for (const Gap& gap : outcome.sink.gaps) {
      codes.push_back(gap.code);
      EXPECT_EQ(gap.location.file, "plan.json");
      EXPECT_EQ(gap.kind, gap.code == "DEFERRED" ? Gap::Kind::Item : Gap::Kind::File);
    }
    EXPECT_EQ(codes, row.codes);
  }
}

TEST(Plan, MalformedResourcesAreGaps) {
  const std::string good = change("aws_sagemaker_image.x",
                                  R"("change":{"actions":["create"],"after":{"image_name":"i"}})");
  const std::string bad[] = {
      "7",
      "{}",
      R"({"address":"a","mode":"managed"})",
      change("aws_sagemaker_image.y", R"("change":{"actions":["create"],"after":null})"),
      change("aws_sagemaker_image.y", R"("change":{"actions":["create"],"after":[]})"),
      change("aws_sagemaker_image.y", R"("change":{"actions":"create"})"),
      change("aws_sagemaker_image.y", R"("change":null)"),
      change("aws_sagemaker_image.y", R"("index":0,"index":1)"),
      change("aws_sagemaker_image.y",
             R"("change":{"actions":["create"],"after":{},"after":{"image_name":"j"}})"),
  };
  for (const std::string& text : bad) {
    SCOPED_TRACE(text);
    std::string changes = text;
    const Outcome outcome = read(plan("", (changes += ',') += good));
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.sink.resources.size(), 1U);
    ASSERT_EQ(outcome.sink.gaps.size(), 1U);
    EXPECT_EQ(outcome.sink.gaps[0].code, "PARSE_ERROR");
  }
  const Outcome planned = read(R"({"format_version":"1.2","planned_values":{"root_module":{
    "resources":[{"address":"aws_sagemaker_image.x","mode":"managed",
                  "type":"aws_sagemaker_image","name":"x"}]}}})");
  EXPECT_EQ(planned.sink.gaps.size(), 1U);
}

// planned_values repeats a resource without what is unknown of it.
TEST(Plan, ABrokenChangeIsNotJudgedFromThePlannedValues) {
  const std::string planned =
      R"("planned_values":{"root_module":{"resources":[{"address":"aws_sagemaker_image.x",)"
      R"("mode":"managed","type":"aws_sagemaker_image","name":"x","values":{"image_name":"i"}}]}},)";
  const std::string bad[] = {
      change("aws_sagemaker_image.x", R"("index":0,"index":1)"),
      change("aws_sagemaker_image.x", R"("change":{"after":{},"after":{"image_name":"j"}})"),
      R"({"address":"aws_sagemaker_image.x","mode":"managed"})",
      (R"({"address":"other","address":"aws_sagemaker_image.x","mode":"managed",)"
       R"("type":"aws_sagemaker_image"})"),
      (R"({"address":"aws_sagemaker_image.x","mode":"managed","type":"aws_s3_bucket",)"
       R"("type":"aws_sagemaker_image"})"),
  };
  for (const std::string& text : bad) {
    const Outcome outcome =
        read(R"({"format_version":"1.2",)" + planned + R"("resource_changes":[)" + text + "]}");
    EXPECT_EQ(outcome.error, "") << text;
    EXPECT_TRUE(outcome.sink.resources.empty()) << text;
    EXPECT_EQ(outcome.sink.gaps.size(), 1U) << text;
  }
}

TEST(Plan, GapsAreNamedUpToALimit) {
  const auto with = [](size_t count) {
    std::string changes;
    for (size_t i = 0; i < count; ++i) changes += i == 0 ? "7" : ",7";
    return read(plan("", changes));
  };
  EXPECT_EQ(with(100).sink.gaps.size(), 100U);
  EXPECT_EQ(with(100).sink.gaps.back().code, "PARSE_ERROR");
  const Outcome more = with(102);
  ASSERT_EQ(more.sink.gaps.size(), 101U);
  EXPECT_EQ(more.sink.gaps.back().code, "MORE_GAPS");
  EXPECT_EQ(more.sink.gaps.back().message,
            "2 more parts of this file could not be read, for reasons like those named above");
}

}  // namespace
}  // namespace sagewarden::terraform
