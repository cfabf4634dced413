# Required: what only the deployer knows.

variable "factory_url" {
  description = "Base URL of the first factory, to which /api/manufactures is appended, such as https://factory.example. The first apply writes it into the database. Later, the row of the factory decides where orders go, and this variable only allows the host."
  type        = string

  validation {
    condition     = can(regex("^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~-]+)*$", var.factory_url)) && length(var.factory_url) <= 200
    error_message = "factory_url must be a URL in lower case, of at most 200 characters, without a query and without a slash at the end, such as https://factory.example."
  }
  # The same rule as in crates/domain/src/factory_url.rs.
  validation {
    condition = (
      can(regex("^(https://|http://(localhost|127[.]0[.]0[.]1)([:/]|$))", var.factory_url))
      && !can(regex("^https://(0|10|169[.]254|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.][0-9.]+([:/]|$)", var.factory_url))
    )
    error_message = "factory_url must use https and must not be a private IP address. For a factory simulator on this machine, use http://localhost or http://127.0.0.1."
  }
}

variable "mail_from" {
  description = "Sender address of the mails to operations. SES sends this address a mail with a link to verify it."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$", var.mail_from))
    error_message = "mail_from must be a mail address without a display name, such as restock@donut-states.example."
  }
}

variable "mail_to" {
  description = "Address of operations, which gets the mails and the alarms. SES and SNS each send this address a mail with a link to confirm it."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$", var.mail_to))
    error_message = "mail_to must be a mail address without a display name, such as operations@donut-states.example."
  }
}

variable "mail_identities" {
  description = <<-EOT
    SES identities that exist already in this account and region, for mail_from (from) and mail_to (to): the address itself,
    or its domain. SES allows each identity only once for each account and region, so a second deployment with the same
    addresses must name them here. Terraform creates an identity for each address that has none here.
    configuration_sets: names of the default configuration sets of these identities.
  EOT
  type = object({
    from               = optional(string)
    to                 = optional(string)
    configuration_sets = optional(set(string), [])
  })
  default = {}

  validation {
    condition = alltrue([
      for who in [[var.mail_from, var.mail_identities.from], [var.mail_to, var.mail_identities.to]] :
      who[1] == null ? true : who[1] != "" && (who[0] == who[1] || endswith(who[0], "@${who[1]}") || endswith(who[0], ".${who[1]}"))
    ])
    error_message = "mail_identities.from and mail_identities.to must be the address in mail_from or mail_to, or its domain without an @."
  }
  validation {
    condition     = alltrue([for set in var.mail_identities.configuration_sets : can(regex("^[A-Za-z0-9_-]{1,64}$", set))])
    error_message = "The names in mail_identities.configuration_sets must have 1 to 64 letters, digits, _ or -."
  }
}

# The deployment.

variable "name" {
  description = "Prefix of all resource names. Each deployment in an account needs its own name, also in another region."
  type        = string
  default     = "restock"

  validation {
    # MySQL limits user names to 32 characters, and the name of a function takes up to 17 of them with its separator.
    condition     = can(regex("^[a-z][a-z0-9-]{0,13}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must have 2 to 15 characters of a-z, 0-9 and -. It must start with a letter, and must not end with - or contain --."
  }
  validation {
    condition     = var.name != "default" && !startswith(var.name, "sg-")
    error_message = "name must not be default and must not start with sg-: AWS reserves these names for schedule groups and security groups."
  }
}

variable "region" {
  description = "AWS region of the deployment."
  type        = string
  default     = "ap-northeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of an AWS region, such as ap-northeast-2."
  }
}

variable "tags" {
  description = "Tags of all resources, in addition to Project and Deployment."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) <= 128 && length(value) <= 256 && !startswith(key, "aws:")])
    error_message = "Tag keys must have at most 128 characters and must not start with aws:. Tag values must have at most 256 characters."
  }
  validation {
    condition     = alltrue([for text in concat(keys(var.tags), values(var.tags)) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", text))])
    error_message = "Tag keys and values must contain only letters, digits, spaces and _ . : / = + - @, since IAM accepts no others."
  }
}

# Functions.

variable "packages" {
  description = "Path of the zip file of each function, relative to terraform/. {function} is replaced by the name of the function. The default is where restock package writes them."
  type        = string
  default     = "../target/lambda/{function}/bootstrap.zip"

  validation {
    condition     = endswith(var.packages, ".zip")
    error_message = "packages must be a path that ends with .zip."
  }
}

variable "architecture" {
  description = "Architecture that the zip files were built for: arm64, or x86_64 (restock package --architecture x86_64)."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "Memory of functions in MB, by function name, where it must differ from system.json. Lambda gives a function CPU time in proportion to its memory."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for mb in values(var.memory_mb) : mb >= 128 && mb <= 10240 && floor(mb) == mb])
    error_message = "Each value of memory_mb must be a whole number from 128 to 10240."
  }
  validation {
    condition     = length(setsubtract(keys(var.memory_mb), keys(local.all_functions))) == 0
    error_message = "memory_mb names a function that does not exist. The functions are: ${join(", ", keys(local.all_functions))}."
  }
}

variable "reserved_concurrency" {
  description = "Reserved concurrency of functions, by function name, in addition to the defaults in concurrency.tf or instead of them. -1 reserves nothing. A new account is too small to reserve any; the defaults are left out then, with a warning."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for number in values(var.reserved_concurrency) : number >= -1 && floor(number) == number])
    error_message = "Each value of reserved_concurrency must be a whole number of -1 or more. 0 stops the function, and -1 reserves nothing."
  }
  validation {
    condition     = length(setsubtract(keys(var.reserved_concurrency), keys(local.all_functions))) == 0
    error_message = "reserved_concurrency names a function that does not exist. The functions are: ${join(", ", keys(local.all_functions))}."
  }
}

variable "requester" {
  description = "Name of the customer in orders to the factory (MessageAttributeRequester)."
  type        = string
  default     = "Donut-States"

  validation {
    condition     = length(var.requester) >= 1 && length(var.requester) <= 100
    error_message = "requester must have 1 to 100 characters."
  }
}

variable "redrive_command" {
  description = "Command to redrive dead letters, as shown to operations in mails and alarms. They append --reason, --sku or --dry-run."
  type        = string
  default     = "cargo run -- dead-letters redrive --deployment outputs.json"

  validation {
    # The description of an alarm contains the command and is limited to 1,024 characters.
    condition     = length(var.redrive_command) >= 1 && length(var.redrive_command) <= 300
    error_message = "redrive_command must have 1 to 300 characters."
  }
}

variable "alarm_topic_arns" {
  description = "ARNs of further SNS topics that get the alarms, in addition to the mail to operations."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:[^:]+:sns:", arn))]) && length(var.alarm_topic_arns) <= 4
    error_message = "alarm_topic_arns must contain at most 4 ARNs of SNS topics: an alarm has at most 5 actions."
  }
}

variable "endpoint_url" {
  description = "URL of a local AWS (emulator), for deployments to it. It becomes an output, and settings that emulators do not store are left out: tracing of executions and export of database logs. The provider itself reads the environment variable AWS_ENDPOINT_URL."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint_url == null ? true : can(regex("^https?://[^/]+$", var.endpoint_url))
    error_message = "endpoint_url must be a URL without a path, such as http://127.0.0.1:4566."
  }
}

variable "runbook_url" {
  description = "Where operations find the runbook, for mails and alarms: a URL of the folder docs/runbook, or its path in a checkout."
  type        = string
  default     = "docs/runbook"

  validation {
    # The description of an alarm contains it and is limited to 1,024 characters.
    condition     = can(regex("^[!-~]{1,100}$", var.runbook_url)) && !endswith(var.runbook_url, "/")
    error_message = "runbook_url must have 1 to 100 visible ASCII characters and no slash at its end."
  }
}
