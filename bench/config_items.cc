#include "config_items.h"

#include <array>

namespace sagewarden::bench {
namespace {

struct Type {
  std::string_view name;
  std::string_view service;
  std::string_view part;
};

constexpr std::array<Type, 13> kSageMaker = {{
    {"AWS::SageMaker::AppImageConfig", "sagemaker", "app-image-config/"},
    {"AWS::SageMaker::DataQualityJobDefinition", "sagemaker", "data-quality-job-definition/"},
    {"AWS::SageMaker::EndpointConfig", "sagemaker", "endpoint-config/"},
    {"AWS::SageMaker::FeatureGroup", "sagemaker", "feature-group/"},
    {"AWS::SageMaker::Image", "sagemaker", "image/"},
    {"AWS::SageMaker::InferenceExperiment", "sagemaker", "inference-experiment/"},
    {"AWS::SageMaker::Model", "sagemaker", "model/"},
    {"AWS::SageMaker::ModelBiasJobDefinition", "sagemaker", "model-bias-job-definition/"},
    {"AWS::SageMaker::ModelExplainabilityJobDefinition", "sagemaker",
     "model-explainability-job-definition/"},
    {"AWS::SageMaker::ModelQualityJobDefinition", "sagemaker", "model-quality-job-definition/"},
    {"AWS::SageMaker::MonitoringSchedule", "sagemaker", "monitoring-schedule/"},
    {"AWS::SageMaker::NotebookInstance", "sagemaker", "notebook-instance/"},
    {"AWS::SageMaker::Domain", "sagemaker", "domain/"},
}};

constexpr std::array<Type, 8> kOthers = {{
    {"AWS::EC2::Instance", "ec2", "instance/i-"},
    {"AWS::EC2::NetworkInterface", "ec2", "network-interface/eni-"},
    {"AWS::EC2::SecurityGroup", "ec2", "security-group/sg-"},
    {"AWS::IAM::Role", "iam", "role/"},
    {"AWS::S3::Bucket", "s3", ""},
    {"AWS::Lambda::Function", "lambda", "function:"},
    {"AWS::CloudFormation::Stack", "cloudformation", "stack/"},
    {"AWS::ECS::TaskDefinition", "ecs", "task-definition/"},
}};

constexpr std::array<std::string_view, 4> kRegions = {"eu-west-1", "us-east-1", "us-west-2",
                                                      "eu-central-1"};
constexpr std::array<std::string_view, 6> kTeams = {"fraud-detection", "recommendations", "vision",
                                                    "forecasting",     "search",          "risk"};

}  // namespace

uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31U);
}

std::string Random::hex(size_t digits) {
  std::string text(digits, '0');
  for (char& digit : text) digit = "0123456789abcdef"[below(16)];
  return text;
}

ConfigItems::Identity ConfigItems::make_identity(std::string_view type, std::string_view service,
                                                 std::string_view part) {
  Identity made;
  made.type = type;
  made.account = "1111222233" + std::to_string(10 + random_.below(40));
  made.region = kRegions[random_.below(kRegions.size())];
  made.name = std::string(kTeams[random_.below(kTeams.size())]) + "-" + std::to_string(count_) +
              "-" + random_.hex(8);
  made.arn = "arn:aws:" + std::string(service) + ":" + made.region + ":" + made.account + ":" +
             std::string(part) + made.name;
  made.id = service == "sagemaker" ? made.arn : made.name;
  return made;
}

void ConfigItems::write_relationships(json::Writer& writer) {
  constexpr std::array<std::string_view, 4> kTypes = {"AWS::IAM::Role", "AWS::EC2::Subnet",
                                                      "AWS::EC2::SecurityGroup", "AWS::KMS::Key"};
  writer.key("relationships").begin_array();
  for (uint64_t left = random_.below(4); left > 0; --left) {
    writer.begin_object()
        .member("resourceId", "r-" + random_.hex(17))
        .member("resourceType", kTypes[random_.below(kTypes.size())])
        .member("name", "Is associated with ")
        .end_object();
  }
  writer.end_array();
}

void ConfigItems::write_tags(json::Writer& writer) {
  writer.key("tags").begin_object();
  if (random_.percent(80)) {
    writer.member("Owner", kTeams[random_.below(kTeams.size())])
        .member("CostCenter", "cc-" + random_.hex(6))
        .member("Environment", random_.percent(50) ? "production" : "development")
        .member("Note", "größer als „normal“ – " + random_.hex(10));
  }
  writer.end_object();
}

void ConfigItems::write_network(json::Writer& writer) {
  writer.key("VpcConfig").begin_object().key("SecurityGroupIds").begin_array();
  writer.string("sg-" + random_.hex(17)).string("sg-" + random_.hex(17));
  writer.end_array().key("Subnets").begin_array();
  writer.string("subnet-" + random_.hex(17)).string("subnet-" + random_.hex(17));
  writer.end_array().end_object();
}

void ConfigItems::write_container(json::Writer& writer, const Identity& of) {
  writer.begin_object()
      .member("Image",
              of.account + ".dkr.ecr." + of.region + ".amazonaws.com/models:" + random_.hex(12))
      .member("Mode", "SingleModel")
      .member("ModelDataUrl", "s3://models-" + of.account + "/" + of.name + "/model.tar.gz");
  writer.key("ImageConfig").begin_object();
  writer.member("RepositoryAccessMode", random_.percent(50) ? "Vpc" : "Platform").end_object();
  writer.key("Environment").begin_object();
  for (uint64_t number = 0; number < 8 + random_.below(8); ++number)
    writer.member("SAGEMAKER_SETTING_" + std::to_string(number), "value \"" + random_.hex(24));
  writer.end_object().end_object();
}

void ConfigItems::write_policy(json::Writer& writer, std::string_view key, const Identity& of) {
  writer.member(
      key, R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":")" +
               of.arn + R"("},"Action":["s3:GetObject","s3:ListBucket"],"Resource":")" + of.arn +
               R"(/*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-)" + random_.hex(17) +
               R"("}}}]})");
}

void ConfigItems::write_sagemaker(json::Writer& writer, const Identity& of) {
  const std::string kind = of.type.substr(of.type.rfind(':') + 1);
  const bool job = kind.ends_with("JobDefinition");
  const std::string key = "arn:aws:kms:" + of.region + ":" + of.account + ":key/" + random_.hex(32);
  writer.key("configuration").begin_object();
  writer.member("Id", of.arn)
      .member((job ? "JobDefinition" : kind) + "Name", of.name)
      .member("RoleArn", "arn:aws:iam::" + of.account + ":role/service-role/AmazonSageMaker-" +
                             random_.hex(12));
  if (random_.percent(60)) writer.member("KmsKeyId", key);
  if (kind == "NotebookInstance") {
    writer.member("DirectInternetAccess", random_.percent(50) ? "Enabled" : "Disabled")
        .member("RootAccess", random_.percent(50) ? "Enabled" : "Disabled")
        .member("InstanceType", "ml.t3.medium")
        .member("SubnetId", "subnet-" + random_.hex(17));
    writer.key("VolumeSizeInGB").integer(5 + static_cast<int64_t>(random_.below(100)));
  }
  if (kind == "EndpointConfig") {
    writer.key("ProductionVariants").begin_array();
    for (uint64_t number = 0; number <= random_.below(3); ++number) {
      writer.begin_object()
          .member("VariantName", "variant-" + std::to_string(number))
          .member("ModelName", of.name)
          .member("InstanceType", "ml.m5.xlarge");
      writer.key("InitialInstanceCount").integer(1 + static_cast<int64_t>(random_.below(3)));
      writer.key("InitialVariantWeight").real(0.25 + static_cast<double>(number)).end_object();
    }
    writer.end_array();
  }
  writer.key("EnableNetworkIsolation").boolean(random_.percent(50));
  writer.key("PrimaryContainer");
  write_container(writer, of);
  writer.key("NetworkConfig").begin_object();
  writer.key("EnableInterContainerTrafficEncryption").boolean(random_.percent(50));
  writer.key("EnableNetworkIsolation").boolean(random_.percent(50));
  write_network(writer);
  writer.end_object();
  writer.key("JobResources").begin_object().key("ClusterConfig").begin_object();
  writer.member("InstanceType", "ml.m5.large").member("VolumeKmsKeyId", key);
  writer.key("InstanceCount").integer(1 + static_cast<int64_t>(random_.below(3)));
  writer.key("VolumeSizeInGB").integer(20).end_object().end_object();
  write_network(writer);
  writer.end_object();
}

void ConfigItems::write_other(json::Writer& writer, const Identity& of) {
  writer.key("configuration").begin_object();
  writer.member("arn", of.arn).member("id", of.id).member("ownerId", of.account);
  write_policy(writer, "policyText", of);
  writer.key("interfaces").begin_array();
  for (uint64_t number = 0; number < 2 + random_.below(3); ++number) {
    writer.begin_object()
        .member("attachTime", "2026-03-01T10:20:30.000Z")
        .member("description", "ELB app/" + of.name + "/" + random_.hex(16))
        .member("macAddress", "0a:" + random_.hex(2) + ":" + random_.hex(2) + ":11:22:33")
        .member("privateIpAddress", "10.0." + std::to_string(random_.below(256)) + ".7");
    writer.key("deleteOnTermination").boolean(true);
    writer.key("deviceIndex").integer(static_cast<int64_t>(number));
    writer.key("publicIp").null();
    writer.key("groups").begin_array().begin_object();
    writer.member("groupId", "sg-" + random_.hex(17)).member("groupName", of.name);
    writer.end_object().end_array().end_object();
  }
  writer.end_array().end_object();
}

void ConfigItems::append(std::string& out) {
  const bool sagemaker = random_.percent(sagemaker_percent_);
  const Type& type =
      sagemaker ? kSageMaker[count_ % kSageMaker.size()] : kOthers[count_ % kOthers.size()];
  const Identity of = make_identity(type.name, type.service, type.part);
  ++count_;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("relatedEvents").begin_array().end_array();
  write_relationships(writer);
  if (sagemaker) {
    write_sagemaker(writer, of);
  } else {
    write_other(writer, of);
  }
  writer.key("supplementaryConfiguration").begin_object();
  if (!sagemaker) write_policy(writer, "Policy", of);
  writer.end_object();
  write_tags(writer);
  writer.member("configurationItemVersion", "1.3")
      .member("configurationItemCaptureTime", "2026-03-01T10:20:30.456Z");
  writer.key("configurationStateId").integer(1'772'000'000'000 + static_cast<int64_t>(count_));
  writer.member("awsAccountId", of.account)
      .member("configurationItemStatus", random_.percent(3) ? "ResourceDeleted" : "OK")
      .member("resourceType", of.type)
      .member("resourceId", of.id)
      .member("resourceName", of.name)
      .member("ARN", of.arn)
      .member("awsRegion", of.region)
      .member("availabilityZone", "Not Applicable")
      .member("configurationStateMd5Hash", "")
      .member("resourceCreationTime", "2025-11-02T08:15:00.123Z");
  writer.end_object();
}

}  // namespace sagewarden::bench
