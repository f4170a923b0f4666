#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/resource_type.h"
#include "source/types/shape.h"

namespace sagewarden {
namespace {

std::string where(const TypeShape& shape, const Field& field) {
  return std::string(shape.cloudformation) + " " + std::string(field.path);
}

// The path of the row's parent as its own row is spelt, or empty at the top.
std::string_view parent_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return {};
  path = path.substr(0, dot);
  if (path.ends_with("[]")) path.remove_suffix(2);
  return path;
}

TEST(TypeShapes, EveryResourceTypeHasOne) {
  ASSERT_EQ(type_shapes().size(), resource_types().size());
  for (size_t i = 0; i < type_shapes().size(); ++i)
    EXPECT_EQ(type_shapes()[i].cloudformation, resource_types()[i].cloudformation);
}

TEST(TypeShapes, NamesAreFilled) {
  for (const TypeShape& shape : type_shapes()) {
    SCOPED_TRACE(shape.cloudformation);
    EXPECT_TRUE(shape.describe_operation.starts_with("Describe"));
    EXPECT_TRUE(shape.list_operation.starts_with("List"));
    EXPECT_FALSE(shape.name_member.empty());
    EXPECT_TRUE(shape.arn_member.ends_with("Arn"));
    EXPECT_FALSE(shape.name_property.empty());
    EXPECT_TRUE(shape.terraform_awscc.starts_with("awscc_sagemaker_"));
    EXPECT_FALSE(shape.terraform_name.empty());
    EXPECT_FALSE(shape.fields.empty());
  }
}

TEST(TypeShapes, PathsAreSortedAndUnique) {
  for (const TypeShape& shape : type_shapes()) {
    EXPECT_TRUE(std::ranges::is_sorted(shape.fields, {}, &Field::path)) << shape.cloudformation;
    std::set<std::string_view> seen;
    for (const Field& field : shape.fields)
      EXPECT_TRUE(seen.insert(field.path).second) << where(shape, field);
  }
}

TEST(TypeShapes, ParentsHaveRowsOfTheirShape) {
  for (const TypeShape& shape : type_shapes()) {
    for (const Field& field : shape.fields) {
      EXPECT_FALSE(field.path.ends_with("[]")) << where(shape, field);
      const std::string_view parent = parent_of(field.path);
      if (parent.empty()) continue;
      const Field* const row = find_field(shape, parent);
      ASSERT_NE(row, nullptr) << where(shape, field);
      const bool element = field.path.substr(parent.size()).starts_with("[]");
      EXPECT_EQ(row->shape, element ? Shape::BlockList : Shape::Block) << where(shape, field);
    }
  }
}

TEST(TypeShapes, NamesOfSiblingsAreUnambiguous) {
  for (const TypeShape& shape : type_shapes()) {
    std::set<std::string> api;
    std::set<std::string> terraform;
    for (const Field& field : shape.fields) {
      const std::string parent(field.path.substr(0, field.path.rfind('.') + 1));
      if (!field.api.empty()) {
        EXPECT_TRUE(api.insert(parent + std::string(field.api)).second);
      }
      if (!field.terraform.empty()) {
        EXPECT_TRUE(terraform.insert(parent + std::string(field.terraform)).second);
      }
    }
  }
}

TEST(TypeShapes, DefaultsAreJsonOfTheValueType) {
  size_t defaults = 0;
  for (const TypeShape& shape : type_shapes()) {
    for (const Field& field : shape.fields) {
      if (field.api_default.empty()) {
        EXPECT_FALSE(field.default_only_when_new) << where(shape, field);
        continue;
      }
      ++defaults;
      EXPECT_EQ(field.shape, Shape::Scalar) << where(shape, field);
      json::Parser parser;
      const auto value = parser.parse(field.api_default);
      ASSERT_TRUE(value) << where(shape, field);
      switch (field.value) {
        case ValueType::String:
          EXPECT_TRUE(value->is_string()) << where(shape, field);
          break;
        case ValueType::Boolean:
          EXPECT_TRUE(value->is_bool()) << where(shape, field);
          break;
        case ValueType::Integer:
          EXPECT_EQ(value->kind(), json::Kind::Int) << where(shape, field);
          break;
        case ValueType::Number:
          EXPECT_EQ(value->kind(), json::Kind::Double) << where(shape, field);
          break;
      }
    }
  }
  EXPECT_GE(defaults, 40U);
}

struct Row {
  std::string_view type;
  std::string_view path;
  Field expected;
};

// The rows that the controls stand on, against the API reference and the providers' documentation.
const Row kControlRows[] = {
    {"AWS::SageMaker::NotebookInstance",
     "DirectInternetAccess",
     {.api_default = R"("Enabled")", .api_always = true}},
    {"AWS::SageMaker::NotebookInstance",
     "RootAccess",
     {.api_default = R"("Enabled")", .api_always = true}},
    {"AWS::SageMaker::NotebookInstance",
     "SecurityGroupIds",
     {.shape = Shape::ScalarList, .api = "SecurityGroups", .terraform = "security_groups"}},
    {"AWS::SageMaker::NotebookInstance",
     "PlatformIdentifier",
     {.api_default = R"("notebook-al2023-v1")",
      .default_only_when_new = true,
      .config_records = false}},
    {"AWS::SageMaker::EndpointConfig", "KmsKeyId", {.terraform = "kms_key_arn"}},
    {"AWS::SageMaker::EndpointConfig",
     "ProductionVariants[].InitialInstanceCount",
     {.value = ValueType::Integer}},
    {"AWS::SageMaker::EndpointConfig",
     "ShadowProductionVariants",
     {.shape = Shape::BlockList, .config_records = false}},
    {"AWS::SageMaker::Model",
     "EnableNetworkIsolation",
     {.value = ValueType::Boolean, .api_default = "false"}},
    {"AWS::SageMaker::Model", "Containers", {.shape = Shape::BlockList, .terraform = "container"}},
    {"AWS::SageMaker::Model",
     "Containers[].ImageConfig.RepositoryAccessMode",
     {.api_always = true}},
    {"AWS::SageMaker::Image",
     "ImageDescription",
     {.api = "Description", .terraform = "description", .config_records = false}},
    {"AWS::SageMaker::AppImageConfig",
     "JupyterLabAppImageConfig",
     {.shape = Shape::Block, .terraform = "jupyter_lab_image_config", .config_records = false}},
    {"AWS::SageMaker::AppImageConfig",
     "JupyterLabAppImageConfig.ContainerConfig.ContainerEnvironmentVariables",
     {.shape = Shape::KeyValues}},
    {"AWS::SageMaker::FeatureGroup",
     "OnlineStoreConfig.StorageType",
     {.api_default = R"("Standard")", .config_records = false}},
    {"AWS::SageMaker::FeatureGroup",
     "OnlineStoreConfig.SecurityConfig",
     {.shape = Shape::Block, .config_records = false}},
    {"AWS::SageMaker::FeatureGroup",
     "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
     {.config_records = false}},
    {"AWS::SageMaker::DataQualityJobDefinition",
     "NetworkConfig.EnableNetworkIsolation",
     {.value = ValueType::Boolean, .api_default = "false"}},
    {"AWS::SageMaker::MonitoringSchedule",
     "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs",
     {.shape = Shape::BlockList, .api_always = true}},
    {"AWS::SageMaker::Domain", "AppNetworkAccessType", {.api_default = R"("PublicInternetOnly")"}},
};

TEST(TypeShapes, RowsOfTheControls) {
  for (const Row& row : kControlRows) {
    SCOPED_TRACE(std::string(row.type) + " " + std::string(row.path));
    const TypeShape* const shape = find_type_shape(row.type);
    ASSERT_NE(shape, nullptr);
    const Field* const field = find_field(*shape, row.path);
    ASSERT_NE(field, nullptr);
    EXPECT_EQ(field->shape, row.expected.shape);
    EXPECT_EQ(field->value, row.expected.value);
    EXPECT_EQ(field->api, row.expected.api);
    EXPECT_EQ(field->terraform, row.expected.terraform);
    EXPECT_EQ(field->api_default, row.expected.api_default);
    EXPECT_EQ(field->default_only_when_new, row.expected.default_only_when_new);
    EXPECT_EQ(field->config_records, row.expected.config_records);
    EXPECT_EQ(field->api_always, row.expected.api_always);
  }
}

// The ARN that Describe returns is the service's to give: a template that could set it would be a
// mistake in the table.
TEST(TypeShapes, ReadOnlyPropertiesHaveNoDefault) {
  size_t read_only = 0;
  for (const TypeShape& shape : type_shapes()) {
    for (const Field& field : shape.fields) {
      if (!field.read_only) continue;
      ++read_only;
      EXPECT_TRUE(field.api_default.empty()) << where(shape, field);
      EXPECT_NE(field.path, shape.name_property) << where(shape, field);
    }
  }
  EXPECT_GE(read_only, type_shapes().size());
}

TEST(TypeShapes, LookUpByEveryName) {
  EXPECT_EQ(find_type_shape("AWS::SageMaker::Nothing"), nullptr);
  EXPECT_EQ(find_terraform_shape(""), nullptr);
  EXPECT_EQ(find_terraform_shape("aws_s3_bucket"), nullptr);
  for (const TypeShape& shape : type_shapes()) {
    EXPECT_EQ(find_type_shape(shape.cloudformation), &shape);
    EXPECT_EQ(find_terraform_shape(shape.terraform_awscc), &shape);
    if (!shape.terraform_aws.empty()) {
      EXPECT_EQ(find_terraform_shape(shape.terraform_aws), &shape);
    }
  }
}

void expect_fields_below(const TypeShape& shape, const std::string& path) {
  const auto expected = std::ranges::count_if(
      shape.fields, [&](const Field& field) { return field.path.starts_with(path + "."); });
  const std::span<const Field> below = fields_below(shape, path);
  EXPECT_EQ(static_cast<ptrdiff_t>(below.size()), expected) << shape.cloudformation << " " << path;
  for (const Field& row : below) EXPECT_TRUE(row.path.starts_with(path + "."));
}

TEST(TypeShapes, FieldsBelowAreThoseThatBeginWithThePath) {
  for (const TypeShape& shape : type_shapes()) {
    EXPECT_EQ(fields_below(shape, "").size(), shape.fields.size());
    EXPECT_TRUE(fields_below(shape, "NoSuchProperty").empty());
    for (const Field& field : shape.fields) {
      expect_fields_below(shape, std::string(field.path));
      expect_fields_below(shape, std::string(field.path) + "[]");
    }
  }
}

}  // namespace
}  // namespace sagewarden
