# What the rules of an account may demand.

variable "kms_key_arn" {
  description = <<-EOT
    ARN of a customer-managed KMS key in this region, for queues, topics, logs, secrets and new databases. Without it, the
    services use their own keys, at no cost. The key policy must allow the services to use the key: docs/account.md, "A key of your
    own". A database keeps the key that it was created with.
  EOT
  type        = string
  default     = null

  validation {
    # Not an alias: policies name the key.
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[a-z-]+:kms:${var.region}:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key in the region, with :key/ and its id, and not of an alias."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of an IAM policy that becomes the permissions boundary of every role."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy."
  }
}

variable "flow_logs" {
  description = "Which connections in the VPC of Terraform are logged: ALL, or REJECT for those that were refused. Without it, none: functions reach only the database."
  type        = string
  default     = null

  validation {
    condition     = var.flow_logs == null ? true : contains(["ALL", "REJECT"], var.flow_logs)
    error_message = "flow_logs must be ALL or REJECT."
  }
}
