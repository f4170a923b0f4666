// AWS::SageMaker::FeatureGroup in its four shapes.
#pragma once

#include <array>

#include "source/types/shape.h"

namespace sagewarden::types {

// clang-format off
inline constexpr std::array<Field, 33> kFeatureGroupFields = {{
    {.path = "CreationTime", .config_records = false, .api_always = true, .read_only = true},
    {.path = "EventTimeFeatureName", .api_always = true},
    {.path = "FeatureDefinitions", .shape = Shape::BlockList, .terraform = "feature_definition", .api_always = true},
    {.path = "FeatureDefinitions[].CollectionConfig", .shape = Shape::Block, .config_records = false},
    {.path = "FeatureDefinitions[].CollectionConfig.VectorConfig", .shape = Shape::Block},
    {.path = "FeatureDefinitions[].CollectionConfig.VectorConfig.Dimension", .value = ValueType::Integer, .api_always = true},
    {.path = "FeatureDefinitions[].CollectionType", .config_records = false},
    {.path = "FeatureDefinitions[].FeatureName", .api_always = true},
    {.path = "FeatureDefinitions[].FeatureType", .api_always = true},
    {.path = "FeatureGroupName", .api_always = true},
    {.path = "FeatureGroupStatus", .config_records = false, .read_only = true},
    {.path = "OfflineStoreConfig", .shape = Shape::Block},
    {.path = "OfflineStoreConfig.DataCatalogConfig", .shape = Shape::Block},
    {.path = "OfflineStoreConfig.DataCatalogConfig.Catalog", .api_always = true},
    {.path = "OfflineStoreConfig.DataCatalogConfig.Database", .api_always = true},
    {.path = "OfflineStoreConfig.DataCatalogConfig.TableName", .api_always = true},
    // OfflineStoreConfig, DisableGlueTableCreation.
    {.path = "OfflineStoreConfig.DisableGlueTableCreation", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "OfflineStoreConfig.S3StorageConfig", .shape = Shape::Block, .api_always = true},
    {.path = "OfflineStoreConfig.S3StorageConfig.KmsKeyId", .config_records = false},
    {.path = "OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri", .config_records = false},
    {.path = "OfflineStoreConfig.S3StorageConfig.S3Uri", .api_always = true},
    // OfflineStoreConfig, TableFormat.
    {.path = "OfflineStoreConfig.TableFormat", .api_default = R"("Glue")"},
    {.path = "OnlineStoreConfig", .shape = Shape::Block},
    // OnlineStoreConfig, EnableOnlineStore.
    {.path = "OnlineStoreConfig.EnableOnlineStore", .value = ValueType::Boolean, .api_default = "false"},
    {.path = "OnlineStoreConfig.SecurityConfig", .shape = Shape::Block, .config_records = false},
    // SageMaker AI developer guide, online store: Standard unless InMemory is asked for.
    {.path = "OnlineStoreConfig.StorageType", .api_default = R"("Standard")", .config_records = false},
    {.path = "OnlineStoreConfig.TtlDuration", .shape = Shape::Block, .config_records = false},
    {.path = "OnlineStoreConfig.TtlDuration.Value", .value = ValueType::Integer},
    {.path = "RecordIdentifierFeatureName", .api_always = true},
    {.path = "ThroughputConfig", .shape = Shape::Block, .config_records = false},
    {.path = "ThroughputConfig.ProvisionedReadCapacityUnits", .value = ValueType::Integer},
    {.path = "ThroughputConfig.ProvisionedWriteCapacityUnits", .value = ValueType::Integer},
    {.path = "ThroughputConfig.ThroughputMode", .api_always = true},
}};

inline constexpr TypeShape kFeatureGroup = {
    .cloudformation = "AWS::SageMaker::FeatureGroup",
    .describe_operation = "DescribeFeatureGroup",
    .list_operation = "ListFeatureGroups",
    .name_member = "FeatureGroupName",
    .arn_member = "FeatureGroupArn",
    .name_property = "FeatureGroupName",
    .terraform_aws = "aws_sagemaker_feature_group",
    .terraform_awscc = "awscc_sagemaker_feature_group",
    .terraform_name = "feature_group_name",
    .fields = kFeatureGroupFields,
};
// clang-format on

}  // namespace sagewarden::types
