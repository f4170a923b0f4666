// Every resource type of both providers, from the attributes to the exact properties.
#include <gtest/gtest.h>

#include "source/terraform/recording_sink.h"

namespace sagewarden::terraform {
namespace {

struct TypeRow {
  const char* name;
  const char* type;
  const char* after;
  const char* properties;
};

class TypesTest : public testing::TestWithParam<TypeRow> {};

TEST_P(TypesTest, GivesExactProperties) {
  const TypeRow& row = GetParam();
  const Outcome outcome = read(plan_of({.type = row.type, .after = row.after}));
  ASSERT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.gaps.empty());
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].properties, row.properties);
}

constexpr TypeRow kAws[] = {
    {"Notebook", "aws_sagemaker_notebook_instance",
     R"({"name":"nb","role_arn":"r","instance_type":"ml.t3.medium","volume_size":20,
         "direct_internet_access":"Disabled","root_access":"Disabled","subnet_id":"subnet-1",
         "security_groups":["sg-1"],"kms_key_id":"k","platform_identifier":"notebook-al2023-v1",
         "instance_metadata_service_configuration":[
           {"minimum_instance_metadata_service_version":"2"}],
         "lifecycle_config_name":null,"additional_code_repositories":[],"tags":null})",
     R"({"NotebookInstanceName":"nb","RoleArn":"r","InstanceType":"ml.t3.medium",)"
     R"("VolumeSizeInGB":20,"DirectInternetAccess":"Disabled","RootAccess":"Disabled",)"
     R"("SubnetId":"subnet-1","SecurityGroupIds":["sg-1"],"KmsKeyId":"k",)"
     R"("PlatformIdentifier":"notebook-al2023-v1","InstanceMetadataServiceConfiguration":)"
     R"({"MinimumInstanceMetadataServiceVersion":"2"}})"},
    {"NotebookDefaults", "aws_sagemaker_notebook_instance", R"({"name":"nb"})",
     R"({"NotebookInstanceName":"nb","DirectInternetAccess":"Enabled","RootAccess":"Enabled",)"
     R"("VolumeSizeInGB":5})"},
    {"ModelPrimaryContainer", "aws_sagemaker_model",
     R"({"name":"m","execution_role_arn":"r","enable_network_isolation":true,"primary_container":[
          {"image":"i","mode":"SingleModel","environment":{"LOG_LEVEL":"1","a.b":"c"},
           "image_config":[{"repository_access_mode":"Vpc","repository_auth_config":[
             {"repository_credentials_provider_arn":"l"}]}],"model_data_source":[],
           "multi_model_config":[{"model_cache_setting":null}]}],
          "container":[],"vpc_config":[{"subnets":["s1","s2"],"security_group_ids":["g"]}]})",
     R"({"ModelName":"m","ExecutionRoleArn":"r","EnableNetworkIsolation":true,)"
     R"("PrimaryContainer":{"Image":"i","Mode":"SingleModel",)"
     R"("Environment":{"LOG_LEVEL":"1","a.b":"c"},"ImageConfig":{"RepositoryAccessMode":"Vpc",)"
     R"("RepositoryAuthConfig":{"RepositoryCredentialsProviderArn":"l"}},)"
     R"("MultiModelConfig":{"ModelCacheSetting":"Enabled"}},)"
     R"("VpcConfig":{"Subnets":["s1","s2"],"SecurityGroupIds":["g"]}})"},
    {"ModelContainers", "aws_sagemaker_model",
     R"({"name":"m","primary_container":[],"container":[{"image":"a","image_config":[]},
         {"image":"b","image_config":[{"repository_access_mode":"Platform"}],
          "additional_model_data_source":[{"channel_name":"c","s3_data_source":[
            {"s3_uri":"s3://x","s3_data_type":"S3Prefix","compression_type":"None"}]}]}]})",
     R"({"ModelName":"m","Containers":[{"Image":"a"},)"
     R"({"Image":"b","ImageConfig":{"RepositoryAccessMode":"Platform"},)"
     R"("AdditionalModelDataSources":[{"ChannelName":"c","S3DataSource":{"S3Uri":"s3://x",)"
     R"("S3DataType":"S3Prefix","CompressionType":"None"}}]}],"EnableNetworkIsolation":false})"},
    {"EndpointConfiguration", "aws_sagemaker_endpoint_configuration",
     R"({"name":"c","name_prefix":"","kms_key_arn":"k","production_variants":[
          {"variant_name":"v","model_name":"m","initial_instance_count":2,
           "instance_type":"ml.m5.large","initial_variant_weight":0.5,"enable_ssm_access":null,
           "serverless_config":[],"volume_size_in_gb":30,"core_dump_config":[
             {"destination_s3_uri":"s3://d","kms_key_id":"k2"}]},
          {"variant_name":"s","serverless_config":[
             {"max_concurrency":5,"memory_size_in_mb":2048,"provisioned_concurrency":null}]}],
         "shadow_production_variants":[],"data_capture_config":[{"enable_capture":false,
           "initial_sampling_percentage":10,"destination_s3_uri":"s3://c","capture_options":[
             {"capture_mode":"Input"},{"capture_mode":"Output"}]}],"async_inference_config":[]})",
     R"({"EndpointConfigName":"c","KmsKeyId":"k","ProductionVariants":[{"VariantName":"v",)"
     R"("ModelName":"m","InitialInstanceCount":2,"InstanceType":"ml.m5.large",)"
     R"("InitialVariantWeight":0.5,"VolumeSizeInGB":30,)"
     R"("CoreDumpConfig":{"DestinationS3Uri":"s3://d","KmsKeyId":"k2"},"EnableSSMAccess":false},)"
     R"({"VariantName":"s","ServerlessConfig":{"MaxConcurrency":5,"MemorySizeInMB":2048},)"
     R"("EnableSSMAccess":false,"InitialVariantWeight":1}],)"
     R"("DataCaptureConfig":{"EnableCapture":false,"InitialSamplingPercentage":10,)"
     R"("DestinationS3Uri":"s3://c","CaptureOptions":[{"CaptureMode":"Input"},)"
     R"({"CaptureMode":"Output"}]}})"},
    {"Endpoint", "aws_sagemaker_endpoint",
     R"({"name":"e","endpoint_config_name":"c","deployment_config":[{"blue_green_update_policy":[
          {"traffic_routing_configuration":[{"type":"CANARY","wait_interval_in_seconds":60,
            "canary_size":[{"type":"INSTANCE_COUNT","value":1}],"linear_step_size":[]}],
           "maximum_execution_timeout_in_seconds":null,"termination_wait_in_seconds":0}],
         "auto_rollback_configuration":[{"alarms":[{"alarm_name":"a"},{"alarm_name":"b"}]}]}]})",
     R"({"EndpointName":"e","EndpointConfigName":"c","DeploymentConfig":{"BlueGreenUpdatePolicy":)"
     R"({"TrafficRoutingConfiguration":{"Type":"CANARY","WaitIntervalInSeconds":60,)"
     R"("CanarySize":{"Type":"INSTANCE_COUNT","Value":1}},"TerminationWaitInSeconds":0},)"
     R"("AutoRollbackConfiguration":{"Alarms":[{"AlarmName":"a"},{"AlarmName":"b"}]}}})"},
    {"AppImageConfig", "aws_sagemaker_app_image_config",
     R"({"app_image_config_name":"a","jupyter_lab_image_config":[{"container_config":[
          {"container_arguments":["x"],"container_environment_variables":{"K":"V","L":"W"}}],
          "file_system_config":[]}],"code_editor_app_image_config":[],
         "kernel_gateway_image_config":[{"kernel_spec":[{"name":"py","display_name":null}],
           "file_system_config":[{}]}]})",
     R"({"AppImageConfigName":"a","JupyterLabAppImageConfig":{"ContainerConfig":)"
     R"({"ContainerArguments":["x"],"ContainerEnvironmentVariables":[{"Key":"K","Value":"V"},)"
     R"({"Key":"L","Value":"W"}]}},"KernelGatewayImageConfig":{"KernelSpecs":[{"Name":"py"}],)"
     R"("FileSystemConfig":{"DefaultGid":100,"DefaultUid":1000,)"
     R"("MountPath":"/home/sagemaker-user"}}})"},
    {"Image", "aws_sagemaker_image",
     R"({"image_name":"i","role_arn":"r","display_name":"d","description":"text"})",
     R"({"ImageName":"i","ImageRoleArn":"r","ImageDisplayName":"d","ImageDescription":"text"})"},
    {"DataQuality", "aws_sagemaker_data_quality_job_definition",
     R"({"name":"d","role_arn":"r","job_resources":[{"cluster_config":[{"instance_count":2,
          "instance_type":"ml.t3.medium","volume_size_in_gb":20,"volume_kms_key_id":null}]}],
         "network_config":[{"enable_network_isolation":true,
           "enable_inter_container_traffic_encryption":null,"vpc_config":[]}],
         "data_quality_app_specification":[{"image_uri":"u","environment":{"a":"b"}}],
         "data_quality_baseline_config":[],"data_quality_job_input":[{"endpoint_input":[
           {"endpoint_name":"e","local_path":"/opt/ml/processing/input","s3_input_mode":null}],
           "batch_transform_input":[]}],"data_quality_job_output_config":[{"kms_key_id":"k",
           "monitoring_outputs":[{"s3_output":[{"s3_uri":"s3://o","local_path":"/o"}]}]}],
         "stopping_condition":[{"max_runtime_in_seconds":3600}]})",
     R"({"JobDefinitionName":"d","RoleArn":"r","JobResources":{"ClusterConfig":{"InstanceCount":2,)"
     R"("InstanceType":"ml.t3.medium","VolumeSizeInGB":20}},"NetworkConfig":)"
     R"({"EnableNetworkIsolation":true,"EnableInterContainerTrafficEncryption":false},)"
     R"("DataQualityAppSpecification":{"ImageUri":"u","Environment":{"a":"b"}},)"
     R"("DataQualityJobInput":{"EndpointInput":{"EndpointName":"e",)"
     R"("LocalPath":"/opt/ml/processing/input","S3DataDistributionType":"FullyReplicated",)"
     R"("S3InputMode":"File"}},"DataQualityJobOutputConfig":{"KmsKeyId":"k","MonitoringOutputs":)"
     R"([{"S3Output":{"S3Uri":"s3://o","LocalPath":"/o"}}]},)"
     R"("StoppingCondition":{"MaxRuntimeInSeconds":3600}})"},
    {"DataQualityWithoutNetwork", "aws_sagemaker_data_quality_job_definition",
     R"({"name":"d","network_config":[]})", R"({"JobDefinitionName":"d"})"},
    {"ModelQuality", "aws_sagemaker_model_quality_job_definition",
     R"({"name":"q","network_config":[{"enable_network_isolation":true,
          "enable_inter_container_traffic_encryption":true,"vpc_config":[]}]})",
     R"({"JobDefinitionName":"q","NetworkConfig":{"EnableNetworkIsolation":true,)"
     R"("EnableInterContainerTrafficEncryption":true}})"},
    {"ScheduleByName", "aws_sagemaker_monitoring_schedule",
     R"({"name":"s","monitoring_schedule_config":[{"monitoring_job_definition_name":"d",
          "monitoring_type":"DataQuality","schedule_config":[
            {"schedule_expression":"cron"}],"monitoring_job_definition":[]}]})",
     R"({"MonitoringScheduleName":"s","MonitoringScheduleConfig":{)"
     R"("MonitoringJobDefinitionName":"d","MonitoringType":"DataQuality",)"
     R"("ScheduleConfig":{"ScheduleExpression":"cron"}}})"},
    {"ScheduleInline", "aws_sagemaker_monitoring_schedule",
     R"({"name":"s","monitoring_schedule_config":[{"monitoring_job_definition_name":"",
          "monitoring_type":"ModelQuality","monitoring_job_definition":[{"role_arn":"r",
            "baseline":[{"baselining_job_name":"b","constraints_resource":[]}],
            "monitoring_app_specification":[{"image_uri":"u"}],"monitoring_inputs":[
              {"endpoint_input":[{"endpoint_name":"e","s3_input_mode":"File",
                "s3_data_distribution_type":"FullyReplicated"}]}],
            "monitoring_resources":[{"cluster_config":[{"instance_count":1}]}],
            "network_config":[{"enable_network_isolation":false,
              "enable_inter_container_traffic_encryption":true,"vpc_config":[]}]}]}]})",
     R"({"MonitoringScheduleName":"s","MonitoringScheduleConfig":{"MonitoringType":"ModelQuality",)"
     R"("MonitoringJobDefinition":{"RoleArn":"r","BaselineConfig":{"BaseliningJobName":"b"},)"
     R"("MonitoringAppSpecification":{"ImageUri":"u"},"MonitoringInputs":[{"EndpointInput":)"
     R"({"EndpointName":"e","S3InputMode":"File","S3DataDistributionType":"FullyReplicated"}}],)"
     R"("MonitoringResources":{"ClusterConfig":{"InstanceCount":1}},"NetworkConfig":)"
     R"({"EnableNetworkIsolation":false,"EnableInterContainerTrafficEncryption":true}}}})"},
    {"FeatureGroup", "aws_sagemaker_feature_group",
     R"({"feature_group_name":"f","record_identifier_feature_name":"id",
         "event_time_feature_name":"t","role_arn":"r","feature_definition":[
           {"feature_name":"id","feature_type":"String","collection_config":[],
            "collection_type":null}],"online_store_config":[{"enable_online_store":true,
           "storage_type":null,"security_config":[{"kms_key_id":"k"}],"ttl_duration":[]}],
         "offline_store_config":[{"s3_storage_config":[{"s3_uri":"s3://f","kms_key_id":"k"}],
           "data_catalog_config":[],"disable_glue_table_creation":null,"table_format":null}],
         "throughput_config":[]})",
     R"({"FeatureGroupName":"f","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"t",)"
     R"("RoleArn":"r","FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"}],)"
     R"("OnlineStoreConfig":{"EnableOnlineStore":true,"SecurityConfig":{"KmsKeyId":"k"},)"
     R"("StorageType":"Standard"},"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://f",)"
     R"("KmsKeyId":"k"},"DisableGlueTableCreation":false,"TableFormat":"Glue"}})"},
    {"Domain", "aws_sagemaker_domain",
     R"({"domain_name":"d","auth_mode":"IAM","vpc_id":"v","subnet_ids":["s"],
         "app_network_access_type":null,"kms_key_id":"","retention_policy":[
           {"home_efs_file_system":"Delete"}],"default_user_settings":[{"execution_role":"r",
           "custom_file_system_config":[{"efs_file_system_config":[
             {"file_system_id":"fs","file_system_path":"/"}]}],"jupyter_lab_app_settings":[
             {"custom_image":[{"app_image_config_name":"a","image_name":"i"}],
              "default_resource_spec":[{"sagemaker_image_arn":"x"}]}]}]})",
     R"({"DomainName":"d","AuthMode":"IAM","VpcId":"v","SubnetIds":["s"],)"
     R"("RetentionPolicy":{"HomeEfsFileSystem":"Delete"},"DefaultUserSettings":{)"
     R"("ExecutionRole":"r","CustomFileSystemConfigs":[{"EFSFileSystemConfig":)"
     R"({"FileSystemId":"fs","FileSystemPath":"/"}}],"JupyterLabAppSettings":{"CustomImages":)"
     R"([{"AppImageConfigName":"a","ImageName":"i"}],"DefaultResourceSpec":)"
     R"({"SageMakerImageArn":"x"}}},"AppNetworkAccessType":"PublicInternetOnly",)"
     R"("TagPropagation":"DISABLED"})"},
};
INSTANTIATE_TEST_SUITE_P(Aws, TypesTest, testing::ValuesIn(kAws),
                         [](const auto& param) { return std::string(param.param.name); });

constexpr TypeRow kAwscc[] = {
    {"Notebook", "awscc_sagemaker_notebook_instance",
     R"({"notebook_instance_name":"nb","root_access":"Disabled","direct_internet_access":"Disabled",
         "security_group_ids":["g"],"volume_size_in_gb":20,"tags":[{"key":"a","value":"b"}]})",
     R"({"NotebookInstanceName":"nb","RootAccess":"Disabled","DirectInternetAccess":"Disabled",)"
     R"("SecurityGroupIds":["g"],"VolumeSizeInGB":20})"},
    {"Model", "awscc_sagemaker_model",
     R"({"model_name":"m","enable_network_isolation":true,"primary_container":{"image":"i",
          "environment":{"K":"V"},"image_config":{"repository_access_mode":"Vpc"}},
          "containers":[{"image":"b"}],"vpc_config":{"subnets":["s"],"security_group_ids":[]}})",
     R"({"ModelName":"m","EnableNetworkIsolation":true,"PrimaryContainer":{"Image":"i",)"
     R"("Environment":{"K":"V"},"ImageConfig":{"RepositoryAccessMode":"Vpc"}},)"
     R"("Containers":[{"Image":"b"}],"VpcConfig":{"Subnets":["s"]}})"},
    {"ModelBias", "awscc_sagemaker_model_bias_job_definition",
     R"({"job_definition_name":"b","network_config":{"enable_network_isolation":true,
          "enable_inter_container_traffic_encryption":null,"vpc_config":null},
          "job_resources":{"cluster_config":{"instance_count":2}}})",
     R"({"JobDefinitionName":"b","NetworkConfig":{"EnableNetworkIsolation":true,)"
     R"("EnableInterContainerTrafficEncryption":false},)"
     R"("JobResources":{"ClusterConfig":{"InstanceCount":2}}})"},
    {"ModelExplainability", "awscc_sagemaker_model_explainability_job_definition",
     R"({"network_config":{}})",
     R"({"NetworkConfig":{"EnableInterContainerTrafficEncryption":false,)"
     R"("EnableNetworkIsolation":false}})"},
    {"ModelQuality", "awscc_sagemaker_model_quality_job_definition",
     R"({"model_quality_job_output_config":{"monitoring_outputs":[{"s3_output":{"s3_uri":"o"}}]}})",
     R"({"ModelQualityJobOutputConfig":{"MonitoringOutputs":[{"S3Output":{"S3Uri":"o"}}]}})"},
    {"InferenceExperiment", "awscc_sagemaker_inference_experiment",
     R"({"name":"e","type":"ShadowMode","kms_key":"k","data_storage_config":
          {"destination":"s3://d","kms_key":"k","content_type":{"csv_content_types":["text/csv"]}},
         "model_variants":[{"model_name":"m","variant_name":"v","infrastructure_config":
          {"infrastructure_type":"RealTimeInference","real_time_inference_config":
           {"instance_type":"ml.m5.large","instance_count":"2"}}}]})",
     R"({"Name":"e","Type":"ShadowMode","KmsKey":"k","DataStorageConfig":)"
     R"({"Destination":"s3://d","KmsKey":"k","ContentType":{"CsvContentTypes":["text/csv"]}},)"
     R"("ModelVariants":[{"ModelName":"m","VariantName":"v","InfrastructureConfig":)"
     R"({"InfrastructureType":"RealTimeInference","RealTimeInferenceConfig":)"
     R"({"InstanceType":"ml.m5.large","InstanceCount":2}}}]})"},
    {"EndpointConfig", "awscc_sagemaker_endpoint_config",
     R"({"kms_key_id":"k","production_variants":[{"variant_name":"v","enable_ssm_access":true,
          "initial_instance_count":2,"initial_variant_weight":"0.25"}],
          "data_capture_config":{"capture_options":[{"capture_mode":"Input"}]}})",
     R"({"KmsKeyId":"k","ProductionVariants":[{"VariantName":"v","EnableSSMAccess":true,)"
     R"("InitialInstanceCount":2,"InitialVariantWeight":0.25}],"DataCaptureConfig":)"
     R"({"CaptureOptions":[{"CaptureMode":"Input"}],"EnableCapture":true}})"},
    {"AppImageConfig", "awscc_sagemaker_app_image_config",
     R"({"app_image_config_name":"a","jupyter_lab_app_image_config":{"container_config":
          {"container_environment_variables":[{"key":"K","value":"V"}]}}})",
     R"({"AppImageConfigName":"a","JupyterLabAppImageConfig":{"ContainerConfig":)"
     R"({"ContainerEnvironmentVariables":[{"Key":"K","Value":"V"}]}}})"},
    {"Image", "awscc_sagemaker_image", R"({"image_name":"i","image_description":"d"})",
     R"({"ImageName":"i","ImageDescription":"d"})"},
    {"FeatureGroup", "awscc_sagemaker_feature_group",
     R"({"feature_group_name":"f","feature_definitions":[{"feature_name":"a"}],
         "online_store_config":{"enable_online_store":"true","storage_type":"InMemory"}})",
     R"({"FeatureGroupName":"f","FeatureDefinitions":[{"FeatureName":"a"}],)"
     R"("OnlineStoreConfig":{"EnableOnlineStore":true,"StorageType":"InMemory"}})"},
    {"Domain", "awscc_sagemaker_domain",
     R"({"domain_name":"d","app_network_access_type":"VpcOnly","tag_propagation":"ENABLED",
         "default_user_settings":{"r_studio_server_pro_app_settings":{"access_status":"ENABLED"},
           "custom_file_system_configs":[{"efs_file_system_config":{"file_system_id":"fs"}}]}})",
     R"({"DomainName":"d","AppNetworkAccessType":"VpcOnly","TagPropagation":"ENABLED",)"
     R"("DefaultUserSettings":{"RStudioServerProAppSettings":{"AccessStatus":"ENABLED"},)"
     R"("CustomFileSystemConfigs":[{"EFSFileSystemConfig":{"FileSystemId":"fs"}}]}})"},
    {"Schedule", "awscc_sagemaker_monitoring_schedule",
     R"({"monitoring_schedule_config":{"monitoring_job_definition":{"baseline_config":{},
          "network_config":{"enable_network_isolation":true,
            "enable_inter_container_traffic_encryption":true}}}})",
     R"({"MonitoringScheduleConfig":{"MonitoringJobDefinition":{"BaselineConfig":{},)"
     R"("NetworkConfig":{"EnableNetworkIsolation":true,)"
     R"("EnableInterContainerTrafficEncryption":true}}}})"},
    {"DataQuality", "awscc_sagemaker_data_quality_job_definition",
     R"({"data_quality_job_input":{"batch_transform_input":{"dataset_format":
          {"csv":{"header":true},"parquet":true},"s3_input_mode":"Pipe",
           "s3_data_distribution_type":"ShardedByS3Key"}}})",
     R"({"DataQualityJobInput":{"BatchTransformInput":{"DatasetFormat":{"Csv":{"Header":true},)"
     R"("Parquet":true},"S3InputMode":"Pipe","S3DataDistributionType":"ShardedByS3Key"}}})"},
    {"Endpoint", "awscc_sagemaker_endpoint",
     R"({"endpoint_name":"e","retain_all_variant_properties":false})",
     R"({"EndpointName":"e","RetainAllVariantProperties":false})"},
};
INSTANTIATE_TEST_SUITE_P(Awscc, TypesTest, testing::ValuesIn(kAwscc),
                         [](const auto& param) { return std::string(param.param.name); });

// Values of another shape than the table's: a provider may change, nothing may be lost.
constexpr TypeRow kOddShapes[] = {
    {"BlockAsObject", "aws_sagemaker_model", R"({"vpc_config":{"subnets":["s"]}})",
     R"({"VpcConfig":{"Subnets":["s"]},"EnableNetworkIsolation":false})"},
    {"BlockListAsObject", "aws_sagemaker_model", R"({"container":{"image":"i"}})",
     R"({"Containers":[{"Image":"i"}],"EnableNetworkIsolation":false})"},
    {"ScalarAsList", "aws_sagemaker_model", R"({"enable_network_isolation":[true,false]})",
     R"({"EnableNetworkIsolation":[true,false]})"},
    {"BlockAsScalars", "aws_sagemaker_model", R"({"vpc_config":["a",1]})",
     R"({"VpcConfig":["a",1],"EnableNetworkIsolation":false})"},
    {"EmptyBlockIsNull", "aws_sagemaker_model", R"({"vpc_config":[null],"container":[null]})",
     R"({"VpcConfig":{},"Containers":[{}],"EnableNetworkIsolation":false})"},
    {"NullLists", "aws_sagemaker_endpoint_configuration",
     R"({"production_variants":null,"data_capture_config":null})", R"({})"},
    {"MapAsList", "aws_sagemaker_model",
     R"({"primary_container":[{"environment":[{"a":1},{"b":2}]}]})",
     R"({"PrimaryContainer":{"Environment":[{"A":1},{"B":2}]},"EnableNetworkIsolation":false})"},
    {"NumbersAsText", "aws_sagemaker_notebook_instance",
     R"({"volume_size":"20","root_access":"Disabled","direct_internet_access":"Disabled"})",
     R"({"VolumeSizeInGB":20,"RootAccess":"Disabled","DirectInternetAccess":"Disabled"})"},
    {"TextThatIsNoNumber", "aws_sagemaker_notebook_instance",
     R"({"volume_size":"20 GB","root_access":"Disabled","direct_internet_access":"Disabled"})",
     R"({"VolumeSizeInGB":"20 GB","RootAccess":"Disabled","DirectInternetAccess":"Disabled"})"},
    {"TextThatIsNoBoolean", "aws_sagemaker_model", R"({"enable_network_isolation":"yes"})",
     R"({"EnableNetworkIsolation":"yes"})"},
    {"BooleanAsText", "aws_sagemaker_model", R"({"enable_network_isolation":"true"})",
     R"({"EnableNetworkIsolation":true})"},
    {"UnknownBlocks", "aws_sagemaker_model",
     R"({"enable_network_isolation":true,"new_block":[{"a_b":1}],"new_list":[{"a":1},{"a":2}],
         "new_map":{"a_b":"c"},"new_words":["x"]})",
     R"({"EnableNetworkIsolation":true,"NewBlock":{"AB":1},"NewList":[{"A":1},{"A":2}],)"
     R"("NewMap":{"a_b":"c"},"NewWords":["x"]})"},
};
INSTANTIATE_TEST_SUITE_P(OddShapes, TypesTest, testing::ValuesIn(kOddShapes),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(Defaults, AreNamedWithTheirPaths) {
  const Outcome outcome = read(
      plan_of({.type = "aws_sagemaker_endpoint_configuration",
               .after = R"({"production_variants":[{"variant_name":"a","enable_ssm_access":true},
                    {"variant_name":"b","initial_variant_weight":1}]})"}));
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].defaulted,
            (std::vector<std::string>{"ProductionVariants[0].InitialVariantWeight",
                                      "ProductionVariants[1].EnableSSMAccess"}));
}

// A default that has changed over time may not make a notebook look supported.
TEST(Defaults, ThatHaveChangedAreUnknown) {
  const Outcome outcome = read(plan_of({.after = R"({"name":"nb"})"}));
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].unknown,
            (std::vector<std::string>{
                "PlatformIdentifier Nothing not set, and what AWS then chooses has changed over "
                "time (now \"notebook-al2023-v1\")"}));
}

TEST(Blocks, SeveralWhereThereShouldBeOneAreUnknown) {
  const Outcome outcome = read(plan_of(
      {.type = "aws_sagemaker_model", .after = R"({"vpc_config":[{"subnets":["a"]},{}]})"}));
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].unknown,
            (std::vector<std::string>{"VpcConfig Set there are 2 blocks `vpc_config` where "
                                      "CloudFormation has one"}));
}

}  // namespace
}  // namespace sagewarden::terraform
