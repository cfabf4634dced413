# What the pipeline needs before it can deploy: a place for the state, and three roles. Apply it once for each account, from a
# machine of an administrator: docs/deploy-aws.md#the-pipeline. Its own state stays with the administrator, and holds no secret.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.47"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = "restock", Deployment = "${var.name}-pipeline" }
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
}
