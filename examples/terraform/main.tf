# An invented team's SageMaker resources, some of them careless. plan.json is what
#   terraform plan -out=tfplan && terraform show -json tfplan
# prints for this folder, indented for reading.
terraform {
  required_version = ">= 1.9"
  required_providers {
    aws   = { source = "hashicorp/aws", version = "~> 6.0" }
    awscc = { source = "hashicorp/awscc", version = "~> 1.0" }
  }
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "subnet_ids" {
  type    = list(string)
  default = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60729"]
}

variable "registry_token" {
  type      = string
  sensitive = true
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { Project = "churn" }
  }
}

provider "awscc" {
  region = var.region
}

data "aws_caller_identity" "current" {}

resource "aws_kms_key" "ml" {
  description         = "Everything that the churn project stores"
  enable_key_rotation = true
}

resource "aws_iam_role" "ml" {
  name               = "churn-sagemaker"
  assume_role_policy = file("${path.module}/assume-role.json")
}

resource "aws_security_group" "ml" {
  name   = "churn-sagemaker"
  vpc_id = "vpc-0f1e2d3c4b5a69788"
}

# Good: no internet, no root, in the VPC, with a key of its own. The key does not exist yet, so that
# its ARN is known only after apply, but that there is one is known now.
resource "aws_sagemaker_notebook_instance" "secure" {
  name                   = "churn-secure"
  role_arn               = aws_iam_role.ml.arn
  instance_type          = "ml.t3.xlarge"
  platform_identifier    = "notebook-al2023-v1"
  direct_internet_access = "Disabled"
  root_access            = "Disabled"
  subnet_id              = var.subnet_ids[0]
  security_groups        = [aws_security_group.ml.id]
  kms_key_id             = aws_kms_key.ml.arn
  volume_size            = 50
}

# Bad: everything that is left out stands at the API's default.
resource "aws_sagemaker_notebook_instance" "quick" {
  name          = "churn-quick"
  role_arn      = aws_iam_role.ml.arn
  instance_type = "ml.t3.medium"
}

module "model" {
  source   = "./modules/model"
  for_each = { churn = true, fraud = false }

  name           = each.key
  isolated       = each.value
  role_arn       = aws_iam_role.ml.arn
  subnet_ids     = var.subnet_ids
  security_group = aws_security_group.ml.id
  registry_token = var.registry_token
}

resource "aws_sagemaker_endpoint_configuration" "churn" {
  name        = "churn-2"
  kms_key_arn = aws_kms_key.ml.arn

  production_variants {
    variant_name           = "main"
    model_name             = module.model["churn"].name
    instance_type          = "ml.m6i.large"
    initial_instance_count = 2
  }
  production_variants {
    variant_name = "rare"
    model_name   = module.model["fraud"].name
    serverless_config {
      max_concurrency   = 5
      memory_size_in_mb = 2048
    }
  }
}

resource "aws_sagemaker_feature_group" "customers" {
  feature_group_name             = "customers"
  record_identifier_feature_name = "customer_id"
  event_time_feature_name        = "event_time"
  role_arn                       = aws_iam_role.ml.arn

  feature_definition {
    feature_name = "customer_id"
    feature_type = "String"
  }
  feature_definition {
    feature_name = "event_time"
    feature_type = "String"
  }
  # Bad: no key for the online store.
  online_store_config {
    enable_online_store = true
  }
  offline_store_config {
    s3_storage_config {
      s3_uri     = "s3://churn-features/"
      kms_key_id = aws_kms_key.ml.arn
    }
  }
}

# Bad: two instances that speak with one another in the clear.
resource "aws_sagemaker_data_quality_job_definition" "churn" {
  name     = "churn-data-quality"
  role_arn = aws_iam_role.ml.arn

  data_quality_app_specification {
    image_uri = "468650794304.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-model-monitor-analyzer"
  }
  data_quality_job_input {
    endpoint_input {
      endpoint_name = "churn"
    }
  }
  data_quality_job_output_config {
    monitoring_outputs {
      s3_output {
        s3_uri = "s3://churn-monitoring/data-quality"
      }
    }
  }
  job_resources {
    cluster_config {
      instance_count    = 2
      instance_type     = "ml.m5.large"
      volume_size_in_gb = 20
    }
  }
  network_config {
    enable_network_isolation = true
  }
}

resource "aws_sagemaker_image" "studio" {
  image_name = "churn-studio"
  role_arn   = aws_iam_role.ml.arn
  tags       = { Owner = "data-science" }
}

resource "awscc_sagemaker_model_bias_job_definition" "fraud" {
  job_definition_name = "fraud-bias"
  role_arn            = aws_iam_role.ml.arn
  network_config = {
    enable_network_isolation                  = true
    enable_inter_container_traffic_encryption = true
  }
  job_resources = {
    cluster_config = { instance_count = 2, instance_type = "ml.m5.large", volume_size_in_gb = 20 }
  }
  model_bias_app_specification = {
    image_uri  = "131013547314.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-clarify-processing:1.0"
    config_uri = "s3://churn-monitoring/bias/analysis_config.json"
  }
  model_bias_job_input = {
    endpoint_input        = { endpoint_name = "fraud", local_path = "/opt/ml/processing/input" }
    ground_truth_s3_input = { s3_uri = "s3://churn-monitoring/truth" }
  }
  model_bias_job_output_config = {
    monitoring_outputs = [{
      s3_output = { s3_uri = "s3://churn-monitoring/bias", local_path = "/opt/ml/processing/output" }
    }]
  }
}
