terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.47"
    }
    # Makes the keys that sign callback URLs.
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }
}

# Where the state is kept is the deployer's choice: a backend goes into a file backend.tf of their own.
# It holds the callback keys, so it must be kept as such: encrypted, and for few to read.
provider "aws" {
  region = var.region

  default_tags {
    tags = merge({ Project = "restock", Deployment = var.name }, var.tags)
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  # Every function, route, queue and number, once for the local cloud and for AWS alike.
  system = jsondecode(file("${path.module}/../system.json"))

  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition

  # Whether a local stand-in for AWS is deployed to. It keeps not all that it is told, and each apply would find that
  # missing. No account of AWS has this number.
  stand_in = var.endpoint_url != null || local.account == "000000000000"
}
