# What the deployer may do: the policies of whoever runs `terraform apply` in terraform/. Attach them to the role of the
# pipeline, or to people.

variable "name" {
  description = "The variable name of the deployment."
  type        = string
}

variable "region" {
  description = "AWS region of the deployment."
  type        = string
}

variable "account" {
  description = "Number of the AWS account."
  type        = string
}

variable "partition" {
  description = "Partition of AWS: aws, aws-cn or aws-us-gov."
  type        = string
  default     = "aws"
}

variable "permissions_boundary_arn" {
  description = "The variable permissions_boundary_arn of the deployment. With it, the deployer can create only roles with this boundary."
  type        = string
  default     = null
}

variable "kms_key_arn" {
  description = "The variable kms_key_arn of the deployment."
  type        = string
  default     = null
}

variable "mail_domains" {
  description = "The addresses and domains that SES may be asked to verify."
  type        = set(string)
  default     = ["*"]
}

variable "api_domains" {
  description = "The domain names that API Gateway may be given, with their APIs."
  type        = set(string)
  default     = ["*"]
}

locals {
  arn    = { for service in ["apigateway", "cloudformation", "cloudwatch", "codedeploy", "ec2", "events", "iam", "kms", "lambda", "logs", "rds", "scheduler", "secretsmanager", "ses", "sns", "sqs", "states", "xray"] : service => "arn:${var.partition}:${service}:${var.region}:${var.account}" }
  global = { for service in ["budgets", "cloudfront", "cloudwatch", "iam"] : service => "arn:${var.partition}:${service}::${var.account}" }
}
