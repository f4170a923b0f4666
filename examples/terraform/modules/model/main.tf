variable "name" { type = string }
variable "isolated" { type = bool }
variable "role_arn" { type = string }
variable "subnet_ids" { type = list(string) }
variable "security_group" { type = string }
variable "registry_token" {
  type      = string
  sensitive = true
}

resource "aws_sagemaker_model" "this" {
  name                     = "${var.name}-1"
  execution_role_arn       = var.role_arn
  enable_network_isolation = var.isolated

  primary_container {
    image = "registry.example.com/${var.name}:1"
    environment = {
      LOG_LEVEL      = "info"
      REGISTRY_TOKEN = var.registry_token
    }
    image_config {
      repository_access_mode = var.isolated ? "Vpc" : "Platform"
    }
  }
  vpc_config {
    subnets            = var.subnet_ids
    security_group_ids = [var.security_group]
  }
}

output "name" {
  value = aws_sagemaker_model.this.name
}
