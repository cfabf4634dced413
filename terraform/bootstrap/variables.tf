variable "repository" {
  description = <<-EOT
    The repository on GitHub whose workflows deploy, as the subject of its tokens names it. Only its workflows get the roles.
    owner@123/name@456, with the numbers that GitHub gave to both, for a repository that was created, renamed or moved after
    June 18, 2026, or that has opted in. owner/name for all others. docs/deploy-aws.md, The pipeline, has the command that says both:
    https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
  EOT
  type        = string

  validation {
    # No asterisk: the trust policies compare the whole name.
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}(/[A-Za-z0-9._-]{1,100}|@[0-9]{1,20}/[A-Za-z0-9._-]{1,100}@[0-9]{1,20})$", var.repository))
    error_message = "repository must be owner/name or owner@number/name@number, such as donut-states@123456/restock@456789."
  }
}

variable "name" {
  description = "The variable name of the deployment: the names of the roles and of the bucket begin with it."
  type        = string
  default     = "restock"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,13}[a-z0-9]$", var.name))
    error_message = "name must have 2 to 15 characters of a-z, 0-9 and -, and start with a letter."
  }
}

variable "region" {
  description = "AWS region of the state."
  type        = string
  default     = "ap-northeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of an AWS region, such as ap-northeast-2."
  }
}

variable "oidc_provider_exists" {
  description = "Whether the account already has the OIDC provider of GitHub. An account can have it only once."
  type        = bool
  default     = false
}

# For the policies of the deployer. Give the first two the values that the deployment has.

variable "permissions_boundary_arn" {
  description = "The variable permissions_boundary_arn of the deployment. With it, an apply can create only roles with this boundary."
  type        = string
  default     = null
}

variable "kms_key_arn" {
  description = "The variable kms_key_arn of the deployment."
  type        = string
  default     = null
}

variable "mail_domains" {
  description = "The addresses and domains that an apply may ask SES to verify."
  type        = set(string)
  default     = ["*"]
}

variable "api_domains" {
  description = "The domain names that an apply may give to API Gateway."
  type        = set(string)
  default     = ["*"]
}
