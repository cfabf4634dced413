# The database and the network around it.

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
