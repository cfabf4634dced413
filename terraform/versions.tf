terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.47"
    }
    # Generates the keys that sign callback URLs, which are not in the state.
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }
}

# No backend is configured here: copy backend.tf.example to backend.tf. The state contains no secret unless database_url
# or cdn is set. It says how everything is built, so store it encrypted and limit who can read it.
provider "aws" {
  region = var.region

  default_tags {
    tags = merge({ Project = "restock", Deployment = var.name }, var.tags)
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  # Functions, routes, queues and settings, shared with the local cloud.
  system = jsondecode(file("${path.module}/../system.json"))

  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition

  # Whether the target is a local AWS (an emulator). It does not store every setting, and each plan would show the missing
  # ones as changes. No account of AWS has the number 000000000000.
  on_emulator = var.endpoint_url != null || local.account == "000000000000"
}
