#include "source/terraform/origins.h"

#include <gtest/gtest.h>

namespace sagewarden::terraform {
namespace {

// The root module calls `a` (for each of several), and that calls `b`.
constexpr std::string_view kRoot = R"({
  "outputs":{"ignored":{"expression":{"references":["aws_kms_key.k"]}}},
  "module_calls":{"a":{
    "for_each_expression":{"references":["data.http.keys.body","data.http.keys","aws_kms_key.k.arn"]},
    "expressions":{
      "one":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]},
      "choice":{"references":["data.http.flag.body","data.http.flag","aws_kms_key.k.arn","aws_kms_key.k"]},
      "constant":{"constant_value":"k"},
      "each":{"references":["each.value"]},
      "local":{"references":["local.key"]},
      "root":{"references":["var.key"]}},
    "module":{
      "outputs":{
        "key":{"expression":{"references":["aws_kms_key.own.arn","aws_kms_key.own"]}},
        "choice":{"expression":{"references":["var.choice"]}}},
      "module_calls":{"b":{
        "expressions":{
          "one":{"references":["var.one"]},
          "choice":{"references":["var.choice"]},
          "again":{"references":["module.b.key"]}},
        "module":{"outputs":{"key":{"expression":{"references":["var.again"]}}}}}}}}}})";

TEST(Origins, AreFollowedThroughModules) {
  const json::Document root = *json::parse_document(kRoot);
  Origins origins;
  origins.read_module(root.root, "");
  const struct {
    std::string_view references;
    std::string_view module;
    Origin want;
  } cases[] = {
      {R"([])", "", Origin::Single},
      {R"(["aws_kms_key.k.arn","aws_kms_key.k"])", "", Origin::Single},
      {R"(["aws_kms_key.k[0].arn","aws_kms_key.k[0]","aws_kms_key.k"])", "", Origin::Single},
      {R"(["var.own","aws_kms_key.k.arn"])", "", Origin::Single},
      {R"(["aws_kms_key.a.arn","aws_kms_key.b.arn"])", "", Origin::Several},
      {R"(["aws_kms_key.k.arn","data.aws_kms_key.k.arn"])", "", Origin::Several},
      {R"(["local.key"])", "", Origin::NotShown},
      {R"(["each.value"])", "", Origin::NotShown},
      {R"(["count.index","path.module","aws_kms_key.k"])", "", Origin::Single},
      // Into a module.
      {R"(["var.one"])", "module.a.", Origin::Single},
      {R"(["var.choice"])", "module.a.", Origin::Several},
      {R"(["var.choice[0].x"])", "module.a.", Origin::Several},
      {R"(["var.constant","aws_kms_key.k"])", "module.a.", Origin::Single},
      {R"(["var.each"])", "module.a.", Origin::Several},
      {R"(["var.local"])", "module.a.", Origin::NotShown},
      {R"(["var.root"])", "module.a.", Origin::Single},
      {R"(["var.missing"])", "module.a.", Origin::NotShown},
      {R"(["var.one"])", "module.a.module.b.", Origin::Single},
      {R"(["var.choice"])", "module.a.module.b.", Origin::Several},
      // One name in two modules is two objects.
      {R"(["var.one","aws_kms_key.k.arn"])", "module.a.", Origin::Several},
      // Out of a module.
      {R"(["module.a.key","module.a"])", "", Origin::Single},
      {R"(["module.a[\"x.y\"].key","module.a[\"x.y\"]","module.a"])", "", Origin::Single},
      {R"(["module.a.choice","module.a"])", "", Origin::Several},
      {R"(["module.a.key","module.a","aws_kms_key.k"])", "", Origin::Several},
      {R"(["module.a.other","module.a"])", "", Origin::NotShown},
      {R"(["module.a"])", "", Origin::NotShown},
      {R"(["module.x.key"])", "", Origin::NotShown},
      // In a circle, which Terraform would refuse.
      {R"(["var.again"])", "module.a.module.b.", Origin::NotShown},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.references);
    const json::Document expression =
        *json::parse_document(R"({"references":)" + std::string(c.references) + "}");
    EXPECT_EQ(origins.of(expression.root, {std::string(c.module), {}}), c.want);
  }
  const json::Document each = *json::parse_document(R"({"references":["each.value.key"]})");
  const json::Document keys = *json::parse_document(R"({"references":["aws_kms_key.k"]})");
  EXPECT_EQ(origins.of(each.root, {"", keys.root}), Origin::Single);
}

TEST(Origins, HostileGraphsEnd) {
  // Each module's variable comes twice from that of the one around it.
  std::string module = "{}";
  for (int i = 0; i < 100; ++i)
    module =
        R"({"module_calls":{"m":{"expressions":{"v":{"references":["var.v","var.v"]}},"module":)" +
        module + "}}}";
  const json::Document root = *json::parse_document(module);
  Origins origins;
  origins.read_module(root.root, "");
  std::string address;
  for (int i = 0; i < 100; ++i) address += "module.m.";
  const json::Document expression = *json::parse_document(R"({"references":["var.v"]})");
  EXPECT_EQ(origins.of(expression.root, {address, {}}), Origin::NotShown);
}

}  // namespace
}  // namespace sagewarden::terraform
