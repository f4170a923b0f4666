// Which documents are read at all, and how those that are not are refused.
#include <gtest/gtest.h>

#include <chrono>

#include "source/terraform/configuration.h"
#include "source/terraform/lookup.h"
#include "source/terraform/names.h"
#include "source/terraform/recording_sink.h"
#include "source/terraform/translate.h"

namespace sagewarden::terraform {
namespace {

struct ErrorRow {
  const char* text;
  const char* part;  // of the message
};

TEST(ReadTerraform, RefusesWhatItDoesNotKnow) {
  const ErrorRow rows[] = {
      {"", "plan.json: JSON: empty"},
      {"{", "line 1, column 2"},
      {"[]", "neither a plan nor a state"},
      {"7", "neither a plan nor a state"},
      {"{}", "neither a plan nor a state: run `terraform show -json PLANFILE`"},
      {R"({"format_version":"2.0","planned_values":{}})", "format_version 2.0 is none"},
      {R"({"format_version":"10.1","planned_values":{}})", "format_version 10.1 is none"},
      {R"({"format_version":"","planned_values":{}})", "format_version  is none"},
      {R"({"format_version":1,"planned_values":{}})", "neither a plan nor a state"},
      {R"({"format_version":"1.0","provider_schemas":{}})", "it has `provider_schemas`"},
      {R"({"format_version":"1.2","configuration":{}})", "it was cut"},
      {R"({"format_version":"1.2","resource_changes":{}})", "resource_changes is not a list"},
      {R"({"format_version":"1.2","resource_changes":[],"deferred_changes":7})",
       "deferred_changes is not a list"},
      {R"({"format_version":"1.2","planned_values":[]})", "planned_values is not an object"},
      {R"({"format_version":"1.0","values":[]})", "no root_module"},
      {R"({"format_version":"1.0","values":{},"values":{}})", "`values` is given twice"},
      {R"({"version":3,"lineage":"l","modules":[]})", "a state file of version 3"},
      {R"({"version":5,"lineage":"l"})", "run `terraform show -json`"},
      {R"({"version":4,"lineage":"l","resources":{}})", "resources are not a list"},
      {R"({"version":4})", "neither a plan nor a state"},
      {"{\"format_version\":\"1.0\",\"values\":{\"root_module\":{\"a\":1e999}}}", "Number too big"},
      {"{\"format_version\":\"1.0\",\"a\":\"\xFF\"}", "JSON"},
  };
  for (const ErrorRow& row : rows) {
    SCOPED_TRACE(row.text);
    const Outcome outcome = read(row.text);
    EXPECT_NE(outcome.error.find(row.part), std::string::npos) << outcome.error;
    EXPECT_TRUE(outcome.error.starts_with("plan.json: ")) << outcome.error;
    EXPECT_TRUE(outcome.sink.resources.empty());
  }
}

TEST(ReadTerraform, KnowsOldAndNewMinorVersions) {
  for (const char* version : {"0.1", "0.2", "1.0", "1.2", "1.99"}) {
    const Outcome outcome =
        read(std::string(R"({"format_version":")") + version +
             R"(","values":{"root_module":{"resources":[{"address":"aws_sagemaker_image.x",)"
             R"("mode":"managed","type":"aws_sagemaker_image","values":{}}]}}})");
    EXPECT_EQ(outcome.error, "") << version;
    EXPECT_EQ(outcome.sink.resources.size(), 1U) << version;
  }
}

TEST(ReadTerraform, RefusesDeepNesting) {
  std::string deep = R"({"format_version":"1.0","values":)";
  deep += std::string(100'000, '[') + std::string(100'000, ']') + "}";
  const Outcome outcome = read(deep);
  EXPECT_NE(outcome.error.find("nested more than 512 levels"), std::string::npos) << outcome.error;
}

// The deepest value that the parser takes must still come through, with what is written around it.
TEST(ReadTerraform, NestingUpToTheLimitIsRead) {
  for (const size_t depth : {100U, 480U, 500U}) {
    std::string value = "1";
    for (size_t i = 0; i < depth; ++i) value = R"([{"a":)" + value + "}]";
    const Outcome outcome =
        read(plan_of({.type = "aws_sagemaker_image", .after = R"({"x":)" + value + "}"}));
    const size_t nested = 2 * depth + 8;
    EXPECT_EQ(outcome.sink.resources.size(), nested < json::kMaxDepth ? 1U : 0U) << depth;
    EXPECT_EQ(outcome.error.empty(), nested < json::kMaxDepth) << outcome.error;
  }
}

// Quadratic work would take minutes here.
TEST(ReadTerraform, WideObjectsTakeLinearTime) {
  std::string values;
  std::string marks;
  for (int i = 0; i < 40'000; ++i) {
    const std::string name = (i == 0 ? "\"a" : ",\"a") + std::to_string(i);
    values += name + "\":1";
    marks += name + "x\":true";
  }
  const auto start = std::chrono::steady_clock::now();
  const Outcome outcome = read(plan_of({.type = "aws_sagemaker_image",
                                        .after = "{" + values + "}",
                                        .unknown = "{" + marks + "}",
                                        .sensitive = "{" + marks + "}",
                                        .expressions = "{" + values + "}"}));
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

// Beyond the limit the whole resource is unknown instead of single parts of it.
TEST(ReadTerraform, UnknownPartsAreNamedUpToALimit) {
  const auto with = [](size_t count, const std::string& head, const std::string& tail) {
    std::string marks;
    for (size_t i = 0; i < count; ++i)
      marks += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + "\":true";
    return read(plan_of({.type = "aws_sagemaker_image", .unknown = head + marks + tail}));
  };
  const Outcome most = with(kMostUnknown - 1, "{", "}");  // and the ARN, which AWS sets
  EXPECT_EQ(most.sink.resources.at(0).unknown.size(), kMostUnknown - 1);
  const Outcome more = with(kMostUnknown, "{", "}");
  EXPECT_EQ(more.sink.resources.at(0).unknown.size(), kMostUnknown + 1);
  EXPECT_EQ(more.sink.resources.at(0).unknown[0],
            " Nothing more than 4096 of its parts are unknown");
  const Outcome tags = with(kMostUnknown + 1, R"({"tags_all":{)", "}}");
  EXPECT_EQ(tags.sink.resources.at(0).unknown_tags.size(), kMostUnknown + 1);
  EXPECT_EQ(tags.sink.resources.at(0).unknown_tags[0], " Nothing more than 4096 tags are unknown");
}

TEST(Lookup, FindsTheFirstOfAName) {
  for (const size_t count : {1U, 32U, 33U, 200U}) {
    std::string text = R"({"twice":1,"twice":2)";
    for (size_t i = 2; i < count; ++i)
      text += ",\"k" + std::to_string(i) + "\":" + std::to_string(i);
    const Result<json::Document> document = json::parse_document(text + "}");
    ASSERT_TRUE(document);
    const Lookup lookup(document->root);
    EXPECT_EQ(lookup["twice"].integer(), 1) << count;
    EXPECT_FALSE(lookup["none"].exists());
    EXPECT_EQ(lookup["k2"].exists(), count > 2);
    EXPECT_EQ(repeated_name(document->root), "twice") << count;
  }
  EXPECT_FALSE(Lookup(json::Value())["a"].exists());
  EXPECT_EQ(repeated_name(json::Value()), "");
}

TEST(Lookup, HoldsTrueAnywhere) {
  const std::pair<const char*, bool> rows[] = {
      {"true", true},
      {"false", false},
      {"{}", false},
      {"[]", false},
      {"[false]", false},
      {"\"true\"", false},
      {"[{\"a\":[true]}]", true},
      {"{\"a\":{}}", false},
  };
  for (const auto& [text, expected] : rows) {
    const Result<json::Document> document = json::parse_document(text);
    ASSERT_TRUE(document);
    EXPECT_EQ(holds_true(document->root), expected) << text;
  }
  EXPECT_FALSE(holds_true(json::Value()));
}

TEST(Configuration, AddressesWithoutIndices) {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},
      {"module.a", "module.a"},
      {"module.a[0].module.b", "module.a.module.b"},
      {R"(module.a["x.y"].module.b["]"])", "module.a.module.b"},
      {R"(module.a["q\"]z"].module.b)", "module.a.module.b"},
      {R"(module.a["\\"].module.b)", "module.a.module.b"},
      {"module.a[", "module.a"},
      {R"(module.a["\)", "module.a"},
  };
  for (const auto& [address, expected] : rows) EXPECT_EQ(without_indices(address), expected);
}

TEST(Names, PascalCase) {
  const std::pair<const char*, const char*> rows[] = {
      {"kms_key_id", "KmsKeyId"}, {"s3_uri", "S3Uri"}, {"", ""}, {"_", ""}, {"a__b", "AB"},
      {"Already", "Already"},     {"x_9y", "X9y"},
  };
  for (const auto& [name, expected] : rows) EXPECT_EQ(pascal_case(name), expected) << name;
}

TEST(Names, CommonName) {
  const std::pair<const char*, const char*> rows[] = {
      {"AWS::S3::Bucket", "awss3bucket"},
      {"aws_s3_bucket", "awss3bucket"},
      {"awscc_s3_bucket", "awss3bucket"},
      {"AWS::EC2::VPC", "awsec2vpc"},
      {"awscc_ec2_vpc", "awsec2vpc"},
      {"aws_vpc", "awsvpc"},
      {"awsccx", "awsccx"},
      {"", ""},
  };
  for (const auto& [type, expected] : rows) EXPECT_EQ(common_name(type), expected) << type;
}

// The tree has a node for each row, found by the provider's name.
TEST(Names, TreeHoldsEveryRow) {
  const auto count = [](const auto& self, const NameNode& node) -> size_t {
    size_t nodes = node.children.size();
    for (const NameNode& child : node.children) {
      EXPECT_EQ(node.find(child.key), &child);
      nodes += self(self, child);
    }
    return nodes;
  };
  for (const TypeShape& shape : type_shapes()) {
    for (const Provider provider : {Provider::Aws, Provider::Awscc}) {
      const NameNode tree = name_tree(shape, provider);
      EXPECT_EQ(count(count, tree), shape.fields.size()) << shape.cloudformation;
      EXPECT_EQ(tree.find("no_such_property"), nullptr);
    }
  }
  const TypeShape* const notebook = find_type_shape("AWS::SageMaker::NotebookInstance");
  ASSERT_NE(notebook, nullptr);
  const NameNode aws = name_tree(*notebook, Provider::Aws);
  EXPECT_EQ(aws.find("volume_size")->name, "VolumeSizeInGB");
  EXPECT_EQ(aws.find("volume_size_in_gb"), nullptr);
  const NameNode awscc = name_tree(*notebook, Provider::Awscc);
  EXPECT_EQ(awscc.find("volume_size_in_gb")->name, "VolumeSizeInGB");
  EXPECT_EQ(awscc.find("volume_size"), nullptr);
}

}  // namespace
}  // namespace sagewarden::terraform
