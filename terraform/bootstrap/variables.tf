variable "repository" {
  description = "The repository on GitHub whose workflows deploy: owner/name. Only its workflows get the roles."
  type        = string

  validation {
    # No asterisk: the trust policies compare the whole name.
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.repository))
    error_message = "repository must be owner/name, such as donut-states/restock."
  }
}

variable "branch" {
  description = "The branch that is deployed. Only its workflows may refresh the state."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]{1,100}$", var.branch))
    error_message = "branch must be the name of a branch, such as main."
  }
}

variable "environment" {
  description = "The environment of GitHub whose jobs may apply. Give it required reviewers: they approve each apply."
  type        = string
  default     = "production"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.environment))
    error_message = "environment must have 1 to 100 letters, digits, _ or -."
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
