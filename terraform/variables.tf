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

# Network.

variable "vpc_cidr" {
  description = "The addresses of the VPC, which nothing leads into or out of; two subnets share them. Later it cannot be changed: the database is there."
  type        = string
  default     = "10.78.0.0/24"

  validation {
    # The address is the first of its range.
    condition     = can(regex("^[0-9.]+/(1[6-9]|2[0-6])$", var.vpc_cidr)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "An IPv4 range from /16 to /26: 10.78.0.0/24"
  }
}

variable "zones" {
  description = "The letters of the two availability zones. The database's instance class must be offered in both: in ap-northeast-2, b and d offer fewer. Later they cannot be changed: the database is there."
  type        = list(string)
  default     = ["a", "c"]

  validation {
    condition     = length(distinct(var.zones)) == 2 && length(var.zones) == 2 && alltrue([for zone in var.zones : can(regex("^[a-z]$", zone))])
    error_message = "Two letters: [\"a\", \"c\"]"
  }
}

# Database.

variable "database_instance_class" {
  description = "The size of the database. Checking IAM tokens takes up to 1 GB of memory when many log in at once, so less than db.t4g.medium (4 GB) is for trials."
  type        = string
  default     = "db.t4g.medium"

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.database_instance_class))
    error_message = "An instance class: db.t4g.medium"
  }
}

variable "database_storage_gb" {
  description = "The disk to begin with, and the one it may grow to by itself."
  type = object({
    first = optional(number, 20)
    most  = optional(number, 100)
  })
  default = {}

  validation {
    condition     = var.database_storage_gb.first >= 20 && var.database_storage_gb.most >= var.database_storage_gb.first * 1.1 && alltrue([for gb in values(var.database_storage_gb) : floor(gb) == gb && gb <= 65536])
    error_message = "Whole numbers: at least 20 GB, and a limit at least a tenth above, 65536 at most."
  }
}

variable "database_multi_az" {
  description = "Whether a standby in the second zone takes over within two minutes. Doubles what the database costs. Without it a lost zone stops the shop until the database is restored from backup."
  type        = bool
  default     = false
}

variable "database_backup_days" {
  description = "How many days back the database can be restored, to the second."
  type        = number
  default     = 7

  validation {
    condition     = var.database_backup_days >= 1 && var.database_backup_days <= 35 && floor(var.database_backup_days) == var.database_backup_days
    error_message = "1 to 35 days."
  }
}

variable "database_logs" {
  description = "Which logs of the database go to CloudWatch."
  type        = set(string)
  default     = ["error", "slowquery"]

  validation {
    # The others stay empty: general is off (database.tf), and audit needs an option group.
    condition     = length(setsubtract(var.database_logs, ["error", "iam-db-auth-error", "slowquery"])) == 0
    error_message = "error, iam-db-auth-error and slowquery are written."
  }
}

variable "database_alarms" {
  description = "Beyond what an alarm is raised: connections of some 300 that a db.t4g.medium takes, free memory of its 4 GB, CPU credits of the 576 that it saves up, free disk. An existing_database has alarms of its own."
  type = object({
    connections     = optional(number, 200)
    free_memory_mb  = optional(number, 200)
    cpu_credits     = optional(number, 50)
    free_storage_gb = optional(number, 2)
  })
  default = {}

  validation {
    condition     = alltrue([for limit in values(var.database_alarms) : limit >= 0])
    error_message = "Numbers that are not negative."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the database, and its last state is kept as a snapshot when it is deleted all the same. Turn it off, apply, and only then destroy."
  type        = bool
  default     = true
}

variable "existing_database" {
  description = <<-EOT
    An RDS MySQL 8.4 that is there already, instead of one of our own. It must let the security groups in on its
    port, have IAM authentication turned on, its parameters as in database.tf, and alarms of its own. secret_arn: the secret
    in Secrets Manager with "username" and "password" of its administrator, encrypted with the account's
    own key. The functions are put into subnet_ids, with security_group_ids.
  EOT
  type = object({
    host               = string
    port               = optional(number, 3306)
    name               = optional(string, "restock")
    resource_id        = string
    secret_arn         = string
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.existing_database == null ? true : can(regex("^db-[A-Z0-9]+$", var.existing_database.resource_id)) && length(var.existing_database.subnet_ids) > 0
    error_message = "resource_id is db- and capitals or digits (aws rds describe-db-instances: DbiResourceId); subnets are needed."
  }
  validation {
    condition     = var.existing_database == null ? true : length(var.existing_database.security_group_ids) >= 1 && length(var.existing_database.security_group_ids) <= 4
    error_message = "1 to 4 security groups: a function is in five at most, of which one is ours."
  }
  validation {
    condition     = var.existing_database == null ? true : can(regex("^[A-Za-z0-9.-]+$", var.existing_database.host)) && can(regex("^[A-Za-z0-9_]+$", var.existing_database.name)) && var.existing_database.port >= 1 && var.existing_database.port <= 65535
    error_message = "host is a name without a port, name is that of the database, and port from 1 to 65535."
  }
  validation {
    # Without its end, the ARN finds the secret, but no policy that names it does.
    condition     = var.existing_database == null ? true : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$", var.existing_database.secret_arn))
    error_message = "secret_arn is the whole ARN, with the six characters that Secrets Manager puts at its end."
  }
  validation {
    condition     = var.existing_database == null || var.database_url == null
    error_message = "Either an existing_database, with IAM logins, or a database_url, with a password: not both."
  }
}

variable "database_url" {
  description = "For trials, where the database is no RDS: mysql://user:password@host:port/database. Every function logs in as this user, outside of any VPC, and the password stands in the state."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.database_url == null ? true : can(regex("^mysql://[^:@/]+(:[^@/]*)?@[^/]+/[A-Za-z0-9_]+(\\?.*)?$", var.database_url))
    error_message = "mysql://user:password@host:port/database"
  }
}

variable "migrate" {
  description = "Whether apply brings the database to the shape that the functions need. Without, somebody else must."
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
