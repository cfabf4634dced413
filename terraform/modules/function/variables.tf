variable "name" {
  description = "Name of the function."
  type        = string
}

variable "description" {
  description = "Description of the function."
  type        = string
}

variable "role_arn" {
  description = "Role of the function. Its policy must exist already: Lambda checks it."
  type        = string
}

variable "package" {
  description = "Path of the zip file."
  type        = string
}

variable "architecture" {
  description = "Architecture that the zip file was built for."
  type        = string
}

variable "publish" {
  description = "Whether each change publishes a version. Lambda keeps earlier versions, for those who invoke them."
  type        = bool
}

variable "timeout_seconds" {
  description = "Time-out of an invocation."
  type        = number
}

variable "memory_mb" {
  description = "Memory, which also determines the share of a processor."
  type        = number
}

variable "reserved_concurrency" {
  description = "Number of invocations at the same time; -1 for no limit of its own."
  type        = number
}

variable "environment" {
  description = "Environment variables."
  type        = map(string)
}

variable "vpc" {
  description = "Where the function runs in the VPC; null outside."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
}

variable "log_retention_days" {
  description = "Days for which CloudWatch keeps the log."
  type        = number
}

variable "kms_key_arn" {
  description = "Key that encrypts the log; null for a key of CloudWatch Logs."
  type        = string
}

variable "platform_log_level" {
  description = "Level of what Lambda itself logs about each invocation: DEBUG, INFO or WARN."
  type        = string
}

variable "traced" {
  description = "Whether X-Ray decides for each invocation if it is traced. Otherwise the caller decides."
  type        = bool
}
