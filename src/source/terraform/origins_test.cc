#include "source/terraform/origins.h"

#include <gtest/gtest.h>

namespace sagewarden::terraform {
namespace {

// The root module calls `a` (for each of several), and that calls `b`.
constexpr std::string_view kRoot = R"({
  "outputs":{"ignored":{"expression":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}},
  "module_calls":{"a":{
    "for_each_expression":{"references":["aws_kms_key.k"]},
    "expressions":{
      "one":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]},
      "flag":{"references":["terraform_data.f.output","terraform_data.f"]},
      "choice":{"references":["data.http.flag.body","data.http.flag","aws_kms_key.k.arn","aws_kms_key.k"]},
      "constant":{"constant_value":"k"},
      "each":{"references":["each.value"]},
      "local":{"references":["local.key"]},
      "root":{"references":["var.key"]}},
    "module":{
      "outputs":{
        "key":{"expression":{"references":["aws_kms_key.own[0].arn","aws_kms_key.own[0]","aws_kms_key.own"]}},
        "all":{"expression":{"references":["aws_subnet.own"]}},
        "flag":{"expression":{"references":["var.flag"]}},
        "choice":{"expression":{"references":["var.choice"]}}},
      "module_calls":{"b":{
        "expressions":{
          "one":{"references":["var.one"]},
          "choice":{"references":["var.choice"]},
          "again":{"references":["module.b.key"]}},
        "module":{"outputs":{"key":{"expression":{"references":["var.again"]}}}}}}}}}})";

struct OriginRow {
  std::string_view references;
  Origin want;
  std::string_view module = {};
};

Origin origin_of(const OriginRow& row) {
  const json::Document root = *json::parse_document(kRoot);
  Origins origins;
  origins.read_module(root.root, "");
  const json::Document expression =
      *json::parse_document(R"({"references":)" + std::string(row.references) + "}");
  return origins.of(expression.root, {std::string(row.module), {}});
}

// What looks like a plain reference in the plan, though it may stand in any expression.
TEST(Origins, AreSetWhereTheAttributeIs) {
  const OriginRow rows[] = {
      {R"(["aws_kms_key.k.arn","aws_kms_key.k"])", Origin::Set},
      {R"(["aws_kms_key.k.key_id","aws_kms_key.k"])", Origin::Set},
      {R"(["aws_subnet.s[0].id","aws_subnet.s[0]","aws_subnet.s"])", Origin::Set},
      {R"(["aws_subnet.s[\"a.b\"].id","aws_subnet.s[\"a.b\"]","aws_subnet.s"])", Origin::Set},
      {R"(["data.aws_kms_key.k.arn","data.aws_kms_key.k"])", Origin::Set},
      {R"(["data.aws_subnet.s[0].id","data.aws_subnet.s[0]","data.aws_subnet.s"])", Origin::Set},
      {R"(["aws_kms_alias.a.target_key_arn","aws_kms_alias.a"])", Origin::Set},
      {R"(["awscc_kms_key.k.key_id","awscc_kms_key.k"])", Origin::Set},
      {R"(["awscc_ec2_subnet.s.subnet_id","awscc_ec2_subnet.s"])", Origin::Set},
      {R"(["aws_sagemaker_image.i.image_name","aws_sagemaker_image.i"])", Origin::Set},
      {R"(["awscc_sagemaker_image.i.image_name","awscc_sagemaker_image.i"])", Origin::Set},
      // Which instance, and so which attribute, the plan does not show.
      {R"(["aws_subnet.s","each.key"])", Origin::Set},
      {R"(["count.index","aws_kms_key.k"])", Origin::Set},
      {R"(["aws_subnet.s"])", Origin::Set},
      {R"(["data.aws_subnet.s"])", Origin::Set},
      {R"(["path.module","terraform.workspace","aws_kms_key.k.arn","aws_kms_key.k"])", Origin::Set},
      {R"(["aws_db_instance.d","each.key"])", Origin::MayBeNull},
      // A condition looks the same.
      {R"(["terraform_data.f.output","terraform_data.f"])", Origin::MayBeNull},
      {R"(["terraform_data.f.output.arn","terraform_data.f.output","terraform_data.f"])",
       Origin::MayBeNull},
      {R"(["terraform_data.f.id","terraform_data.f"])", Origin::MayBeNull},
      {R"(["data.http.f.status_code","data.http.f"])", Origin::MayBeNull},
      {R"(["data.external.e.result.arn","data.external.e.result","data.external.e"])",
       Origin::MayBeNull},
      {R"(["aws_db_instance.d.kms_key_id","aws_db_instance.d"])", Origin::MayBeNull},
      {R"(["aws_ssm_parameter.p.key_id","aws_ssm_parameter.p"])", Origin::MayBeNull},
      {R"(["aws_kms_key.k.description","aws_kms_key.k"])", Origin::MayBeNull},
      {R"(["aws_eks_cluster.c.identity[0].arn","aws_eks_cluster.c.identity[0]",
           "aws_eks_cluster.c.identity","aws_eks_cluster.c"])",
       Origin::MayBeNull},
      {R"(["data.aws_subnets.s.ids[0]","data.aws_subnets.s.ids","data.aws_subnets.s"])",
       Origin::MayBeNull},
      {R"(["arn"])", Origin::MayBeNull},
      // Something beside it, and be it the same once more.
      {R"(["aws_kms_key.k.arn","aws_kms_key.k","aws_kms_key.k.arn","aws_kms_key.k"])",
       Origin::Several},
      {R"(["aws_kms_key.k","aws_kms_key.k"])", Origin::Several},
      {R"(["var.own","aws_kms_key.k.arn","aws_kms_key.k"])", Origin::Several},
      {R"(["aws_kms_key.a.arn","aws_kms_key.a","aws_kms_key.b.arn","aws_kms_key.b"])",
       Origin::Several},
      {R"(["aws_kms_key.k.arn","aws_kms_key.k","aws_kms_key.key"])", Origin::Several},
      {R"(["aws_subnet.s","each.value.az","each.value"])", Origin::Several},
      {R"(["local.key","aws_kms_key.k.arn","aws_kms_key.k"])", Origin::Several},
      // What the plan does not show.
      {R"([])", Origin::NotShown},
      {R"(["each.key"])", Origin::NotShown},
      {R"(["each.value"])", Origin::NotShown},
      {R"(["local.key"])", Origin::NotShown},
      {R"(["var.key"])", Origin::NotShown},
      {R"(["ephemeral.aws_kms_key.k.arn"])", Origin::NotShown},
  };
  for (const OriginRow& row : rows) EXPECT_EQ(origin_of(row), row.want) << row.references;
}

TEST(Origins, AreFollowedThroughModules) {
  const OriginRow rows[] = {
      // Into a module.
      {R"(["var.one"])", Origin::Set, "module.a."},
      {R"(["var.one.arn","var.one"])", Origin::Set, "module.a."},
      {R"(["var.flag"])", Origin::MayBeNull, "module.a."},
      {R"(["var.choice"])", Origin::Several, "module.a."},
      {R"(["var.choice[0].x","var.choice[0]","var.choice"])", Origin::Several, "module.a."},
      {R"(["var.each"])", Origin::Set, "module.a."},
      {R"(["var.local"])", Origin::NotShown, "module.a."},
      {R"(["var.root"])", Origin::NotShown, "module.a."},
      {R"(["var.missing"])", Origin::NotShown, "module.a."},
      {R"(["var.constant"])", Origin::NotShown, "module.a."},
      {R"(["var.one"])", Origin::Set, "module.a.module.b."},
      {R"(["var.choice"])", Origin::Several, "module.a.module.b."},
      // A choice between two of which one is a constant.
      {R"(["var.flag","var.constant"])", Origin::Several, "module.a."},
      {R"(["var.constant","aws_kms_key.k.arn","aws_kms_key.k"])", Origin::Several, "module.a."},
      // Out of a module.
      {R"(["module.a.key","module.a"])", Origin::Set},
      {R"(["module.a[\"x.y\"].key","module.a[\"x.y\"]","module.a"])", Origin::Set},
      {R"(["module.a.all[0]","module.a.all","module.a"])", Origin::Set},
      {R"(["module.a.flag","module.a"])", Origin::MayBeNull},
      {R"(["module.a.choice","module.a"])", Origin::Several},
      {R"(["module.a.key","module.a","aws_kms_key.k"])", Origin::Several},
      {R"(["module.a.other","module.a"])", Origin::NotShown},
      {R"(["module.a"])", Origin::NotShown},
      {R"(["module.x.key","module.x"])", Origin::NotShown},
      // In a circle, which Terraform would refuse.
      {R"(["var.again"])", Origin::NotShown, "module.a.module.b."},
  };
  for (const OriginRow& row : rows) EXPECT_EQ(origin_of(row), row.want) << row.references;
}

TEST(Origins, OfOtherExpressions) {
  const Origins origins;
  const json::Document keys = *json::parse_document(R"({"references":["aws_kms_key.k"]})");
  const struct {
    std::string_view reference;
    Origin want;
  } rows[] = {
      {R"("each.value")", Origin::Set},
      {R"("each.value.arn")", Origin::Set},
      {R"("each.value[\"key_id\"]")", Origin::Set},
      {R"("each.value.policy")", Origin::MayBeNull},
      {R"("each.value[\"x\"]")", Origin::MayBeNull},
      {R"("each.value.subnet_id")", Origin::MayBeNull},
  };
  for (const auto& row : rows) {
    const json::Document each =
        *json::parse_document(R"({"references":[)" + std::string(row.reference) + "]}");
    EXPECT_EQ(origins.of(each.root, {"", keys.root}), row.want) << row.reference;
  }
  std::string many = R"({"references":["aws_kms_key.k.arn")";
  for (int i = 0; i < 300; ++i) many += R"(,"each.key")";
  const json::Document hostile = *json::parse_document(many + "]}");
  EXPECT_EQ(origins.of(hostile.root, {}), Origin::Several);
  const json::Document blocks = *json::parse_document(R"([{"image":{"references":["var.i"]}}])");
  EXPECT_EQ(origins.of(blocks.root, {}), Origin::Set);
  const json::Document none = *json::parse_document("[]");
  EXPECT_EQ(origins.of(none.root, {}), Origin::NotShown);
}

}  // namespace
}  // namespace sagewarden::terraform
