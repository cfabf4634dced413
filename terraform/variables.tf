# What only the deployer knows.

variable "factory_url" {
  description = "Where the factory takes orders: https://factory.example, without the path."
  type        = string

  validation {
    condition     = can(regex("^https?://[^/?#]+(/[^?#]*[^/?#])?$", var.factory_url))
    error_message = "A URL without a query and without a slash at the end: https://factory.example"
  }
  # As functions/restock/src/factory/url.rs has it.
  validation {
    condition = (
      can(regex("^(https://|http://(localhost|127[.]0[.]0[.]1|\\[::1\\])([:/]|$))", var.factory_url))
      && !can(regex("^https://(0|10|169[.]254|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.][0-9.]+([:/]|$)", var.factory_url))
    )
    error_message = "Orders go by https to a name or a public address, and by http only to the machine itself, where a stand-in may be: http://127.0.0.1:8080"
  }
}

variable "mail_from" {
  description = "Who sends the mails to operations. SES asks this address for a confirmation."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$", var.mail_from))
    error_message = "A mail address, without a name: restock@donut-states.example"
  }
}

variable "mail_to" {
  description = "Operations: who gets the mails and the alarms."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$", var.mail_to))
    error_message = "A mail address, without a name: operations@donut-states.example"
  }
}

variable "mail_identities" {
  description = <<-EOT
    What SES knows the two addresses by, where the account has them already: the address itself, or the domain
    that it is of. An account and region can have each only once, so a second deployment with the same addresses says so here.
    For an address without, an identity is made. configuration_sets: the names of those that the identities have by default.
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
    error_message = "The address itself, or its domain without an @."
  }
  validation {
    condition     = alltrue([for set in var.mail_identities.configuration_sets : can(regex("^[A-Za-z0-9_-]{1,64}$", set))])
    error_message = "The name of a configuration set: 1 to 64 of letters, digits, _ and -."
  }
}

# The deployment.

variable "name" {
  description = "Begins every name, so that several deployments fit into one account."
  type        = string
  default     = "restock"

  validation {
    # MySQL's user names have 32 characters, of which ours take up to 16.
    condition     = can(regex("^[a-z][a-z0-9-]{0,13}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "2 to 15 of a-z, 0-9 and -, beginning with a letter, without a - at the end or two together."
  }
  validation {
    condition     = var.name != "default" && !startswith(var.name, "sg-")
    error_message = "AWS keeps default (as a schedule group) and names that begin with sg- (security groups) for itself."
  }
}

variable "region" {
  description = "Where everything is."
  type        = string
  default     = "ap-northeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region: ap-northeast-2"
  }
}

variable "tags" {
  description = "Tags of everything that takes tags, besides Project and Deployment."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) <= 128 && length(value) <= 256 && !startswith(key, "aws:")])
    error_message = "At most 128 characters before the = and 256 after, and none that begins with aws:"
  }
  validation {
    condition     = alltrue([for text in concat(keys(var.tags), values(var.tags)) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", text))])
    error_message = "IAM takes letters, digits, spaces and _ . : / = + - @ in tags."
  }
}

# Functions.

variable "packages" {
  description = "The zip of each function; {function} stands for its name. As cargo lambda build makes them."
  type        = string
  default     = "../target/lambda/{function}/bootstrap.zip"

  validation {
    condition     = endswith(var.packages, ".zip")
    error_message = "The path of a zip."
  }
}

variable "architecture" {
  description = "What the zips were built for: arm64 (cargo lambda build --arm64) or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "Memory of functions, by their names, where it is to differ from system.json. It also sets the share of a processor."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for mb in values(var.memory_mb) : mb >= 128 && mb <= 10240 && floor(mb) == mb])
    error_message = "128 to 10240 MB."
  }
  validation {
    condition     = length(setsubtract(keys(var.memory_mb), keys(local.all_functions))) == 0
    error_message = "There is no such function; there are: ${join(", ", keys(local.all_functions))}."
  }
}

variable "reserved_concurrency" {
  description = "How many at once of a function, by its name. A new account has so few in all that AWS refuses to reserve any, so none are unless asked for."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for number in values(var.reserved_concurrency) : number >= 0 && floor(number) == number])
    error_message = "A whole number for each function; 0 stops it."
  }
  validation {
    condition     = length(setsubtract(keys(var.reserved_concurrency), keys(local.all_functions))) == 0
    error_message = "There is no such function; there are: ${join(", ", keys(local.all_functions))}."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "One of the numbers of days that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, ... 3653."
  }
}

variable "tracing" {
  description = "Whether X-Ray follows executions and functions."
  type        = bool
  default     = true
}

# The API.

variable "route_limits" {
  description = "Requests per second, and how many at once in a burst, by route; 100 and 200 where a route is missing. Above, customers are answered 429."
  type = map(object({
    rate  = number
    burst = number
  }))
  default = {
    "POST /checkout"                               = { rate = 500, burst = 1000 }
    "GET /products/{sku}"                          = { rate = 500, burst = 1000 }
    "POST /factory/completions/{production_order}" = { rate = 20, burst = 40 }
  }

  validation {
    condition     = alltrue([for limit in values(var.route_limits) : limit.rate > 0 && limit.burst >= 1 && floor(limit.burst) == limit.burst])
    error_message = "Both above zero, and a burst is a whole number."
  }
  validation {
    condition     = length(setsubtract(keys(var.route_limits), keys(local.system.routes))) == 0
    error_message = "There is no such route; there are: ${join(", ", keys(local.system.routes))}."
  }
}

variable "checkout_authorization" {
  description = "Who may check out: NONE (everybody), AWS_IAM (signed requests) or JWT (bearers of a token, see jwt)."
  type        = string
  default     = "NONE"

  validation {
    condition     = contains(["NONE", "AWS_IAM", "JWT"], var.checkout_authorization)
    error_message = "NONE, AWS_IAM or JWT."
  }
  validation {
    condition     = var.checkout_authorization != "JWT" || var.jwt != null
    error_message = "JWT needs an issuer and an audience: set jwt."
  }
}

variable "jwt" {
  description = "Whose tokens are taken, where checkout_authorization is JWT."
  type = object({
    issuer   = string
    audience = set(string)
  })
  default = null

  validation {
    condition     = var.jwt == null ? true : can(regex("^https://[^/?#]+", var.jwt.issuer)) && length(var.jwt.audience) > 0
    error_message = "The issuer is an https URL, and there is at least one audience."
  }
}

variable "public_url" {
  description = "Where customers and the factory reach the API, if not at the address that AWS gives it: a name of your own that leads there. {api_id} stands for the API's id."
  type        = string
  default     = null

  validation {
    condition     = var.public_url == null ? true : can(regex("^https?://[^/?#]+(/[^?#]*[^/?#])?$", var.public_url))
    error_message = "A URL without a query and without a slash at the end: https://api.donut-states.example"
  }
  validation {
    condition     = var.public_url == null ? true : var.endpoint_url != null || can(regex("^(https://|http://(localhost|127[.]0[.]0[.]1)([:/]|$))", var.public_url))
    error_message = "Callbacks and their signatures come by https, and by http only to this machine or to a stand-in for AWS (endpoint_url)."
  }
}

variable "callback_key_generation" {
  description = "Raise it by one to rotate the key that signs callback URLs. URLs of the generation before stay good."
  type        = number
  default     = 1

  validation {
    condition     = var.callback_key_generation >= 1 && floor(var.callback_key_generation) == var.callback_key_generation
    error_message = "1, 2, 3 and so on."
  }
}

# The factory and operations.

variable "requester" {
  description = "Who orders, as the factory is told."
  type        = string
  default     = "Donut-States"

  validation {
    condition     = length(var.requester) >= 1 && length(var.requester) <= 100
    error_message = "1 to 100 characters."
  }
}

variable "redrive_command" {
  description = "The command that the mails tell operations to redrive dead letters with."
  type        = string
  default     = "cargo run -- redrive --outputs outputs.json"

  validation {
    # It stands in the description of an alarm, which has 1,024 characters.
    condition     = length(var.redrive_command) >= 1 && length(var.redrive_command) <= 500
    error_message = "1 to 500 characters."
  }
}

variable "alarm_topic_arns" {
  description = "Topics that are told of alarms, besides the one that mails them to operations."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:[^:]+:sns:", arn))]) && length(var.alarm_topic_arns) <= 4
    error_message = "ARNs of SNS topics, at most four: an alarm has five actions."
  }
}

variable "purchase_log" {
  description = <<-EOT
    What is logged of each purchase: level ALL (every step: the console then shows purchases with their
    history), ERROR, FATAL or OFF; and whether with data (SKU, quantity, idempotency key; nothing secret).
    ALL with data is about 10 KB a purchase: a million purchases cost some 8 USD to take in.
  EOT
  type = object({
    level = optional(string, "ALL")
    data  = optional(bool, true)
  })
  default = {}

  validation {
    condition     = contains(["ALL", "ERROR", "FATAL", "OFF"], var.purchase_log.level)
    error_message = "ALL, ERROR, FATAL or OFF."
  }
}

variable "endpoint_url" {
  description = "Where AWS is, if it is not AWS but a local stand-in: for what reads the outputs. What a stand-in does not keep, tracing of executions and exports of the database's logs, is then not asked for. The provider itself is told by AWS_ENDPOINT_URL."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint_url == null ? true : can(regex("^https?://[^/]+$", var.endpoint_url))
    error_message = "http://127.0.0.1:4566"
  }
}
