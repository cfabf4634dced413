# The database and its network.

variable "vpc_cidr" {
  description = "IPv4 range of the VPC, split between two subnets. It cannot be changed after the first apply, since the database is in it."
  type        = string
  default     = "10.78.0.0/24"

  validation {
    # The address must be the first one of its range.
    condition     = can(regex("^[0-9.]+/(1[6-9]|2[0-6])$", var.vpc_cidr)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "vpc_cidr must be an IPv4 range from /16 to /26 that starts with its first address, such as 10.78.0.0/24."
  }
}

variable "zones" {
  description = "Letters of the two availability zones. Both must offer the instance class of the database: in ap-northeast-2, b and d offer fewer classes. They cannot be changed after the first apply, since the database is in them."
  type        = list(string)
  default     = ["a", "c"]

  validation {
    condition     = length(distinct(var.zones)) == 2 && length(var.zones) == 2 && alltrue([for zone in var.zones : can(regex("^[a-z]$", zone))])
    error_message = "zones must be two different letters, such as [\"a\", \"c\"]."
  }
}

variable "database_instance_class" {
  description = "Instance class of the database. Many IAM logins at once take up to 1 GB of memory, so use a class below db.t4g.medium (4 GB) only for trials."
  type        = string
  default     = "db.t4g.medium"

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.database_instance_class))
    error_message = "database_instance_class must be an RDS instance class, such as db.t4g.medium."
  }
}

variable "database_storage_gb" {
  description = "Storage of the database: the initial size, and the maximum to which RDS enlarges it by itself."
  type = object({
    initial = optional(number, 20)
    maximum = optional(number, 100)
  })
  default = {}

  validation {
    condition     = var.database_storage_gb.initial >= 20 && var.database_storage_gb.maximum >= var.database_storage_gb.initial * 1.1 && alltrue([for gb in values(var.database_storage_gb) : floor(gb) == gb && gb <= 65536])
    error_message = "database_storage_gb must contain whole numbers: initial at least 20, maximum at least 10% above initial, and both at most 65536."
  }
}

variable "database_multi_az" {
  description = "Whether the database has a standby in the second zone, which takes over within two minutes. It doubles the cost of the database. Without a standby, the loss of a zone stops the shop until the database is restored from a backup."
  type        = bool
  default     = false
}

variable "database_backup_days" {
  description = "Days for which the database can be restored to any second."
  type        = number
  default     = 7

  validation {
    condition     = var.database_backup_days >= 1 && var.database_backup_days <= 35 && floor(var.database_backup_days) == var.database_backup_days
    error_message = "database_backup_days must be a whole number from 1 to 35."
  }
}

variable "database_logs" {
  description = "Logs of the database that RDS sends to CloudWatch: error, iam-db-auth-error, slowquery."
  type        = set(string)
  default     = ["error", "iam-db-auth-error", "slowquery"]

  validation {
    # The other logs are always empty: general is off, and audit needs an option group.
    condition     = length(setsubtract(var.database_logs, ["error", "iam-db-auth-error", "slowquery"])) == 0
    error_message = "database_logs must contain only error, iam-db-auth-error and slowquery."
  }
}

variable "database_alarms" {
  description = "Thresholds of the database alarms. The defaults suit a db.t4g.medium, which takes about 300 connections, has 4 GB of memory and saves up to 576 CPU credits. With existing_database, no database alarms are created."
  type = object({
    connections     = optional(number, 200)
    free_memory_mb  = optional(number, 200)
    cpu_credits     = optional(number, 50)
    free_storage_gb = optional(number, 2)
  })
  default = {}

  validation {
    condition     = alltrue([for limit in values(var.database_alarms) : limit >= 0])
    error_message = "The thresholds in database_alarms must not be negative."
  }
}

variable "deletion_protection" {
  description = "Whether RDS refuses to delete the database, and keeps a final snapshot if it is deleted nevertheless. To destroy the deployment, set this to false and apply first."
  type        = bool
  default     = true
}

variable "databases" {
  description = <<-EOT
    The databases that Terraform keeps, by name: normally one. A second one is added to restore a backup, and the first
    one is deleted only when it is no longer listed here (docs/runbook/restore.md). restored_from: what the database is
    restored from when it is created: the backups of an RDS instance (instance) at a time such as 2026-11-27T03:00:00Z, or
    the latest possible one, or else a snapshot. Later changes of restored_from have no effect.
    deletion_protection: instead of the variable of that name.
  EOT
  type = map(object({
    restored_from = optional(object({
      instance = optional(string)
      time     = optional(string)
      snapshot = optional(string)
    }))
    deletion_protection = optional(bool)
  }))
  default  = { warehouse = {} }
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.databases) : can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name)) && length(name) <= 30 && name != "existing"])
    error_message = "The names in databases must have 1 to 30 characters of a-z, 0-9 and single hyphens and start with a letter. The name existing is taken: it stands for existing_database."
  }
  validation {
    condition = alltrue([
      for source in values(var.databases)[*].restored_from :
      source == null ? true : (source.instance == null) != (source.snapshot == null) && (source.time == null || source.instance != null)
    ])
    error_message = "In databases, restored_from must have either instance (with an optional time) or snapshot."
  }
  validation {
    condition     = alltrue([for source in values(var.databases)[*].restored_from : try(source.time, null) == null ? true : can(regex("^[0-9-]{10}T[0-9:]{8}Z$", source.time))])
    error_message = "In databases, restored_from.time must be a time in UTC, such as 2026-11-27T03:00:00Z."
  }
}

variable "database_in_use" {
  description = "The database that the functions use: a name in databases, or existing for existing_database. Required only if there are several."
  type        = string
  default     = null

  validation {
    condition     = !local.iam_login || (var.database_in_use == null ? length(local.usable_databases) == 1 : contains(local.usable_databases, var.database_in_use))
    error_message = "database_in_use must be one of: ${join(", ", local.usable_databases)}. Terraform keeps all of them. To use existing_database alone, set databases = {}, which deletes the databases of Terraform."
  }
}

variable "existing_database" {
  description = <<-EOT
    An existing RDS database (MySQL 8.4), used if databases is empty or database_in_use says so. It needs IAM
    authentication, the parameters of database.tf, and alarms of your own. subnet_ids and security_group_ids: where the
    functions run; the database must accept connections from these groups. Without subnet_ids, the database is in the
    VPC of Terraform and in its security group for databases. secret_arn: the secret in Secrets Manager with the
    "username" and "password" of the administrator, encrypted with the key aws/secretsmanager
    or with kms_key_arn.
  EOT
  type = object({
    host               = string
    port               = optional(number, 3306)
    name               = optional(string, "restock")
    resource_id        = string
    secret_arn         = string
    subnet_ids         = optional(list(string), [])
    security_group_ids = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.existing_database == null ? true : can(regex("^db-[A-Z0-9]+$", var.existing_database.resource_id))
    error_message = "existing_database.resource_id must be the DbiResourceId shown by aws rds describe-db-instances, such as db-ABCDEFGHIJKL."
  }
  validation {
    condition     = var.existing_database == null ? true : length(var.existing_database.security_group_ids) <= 4 && (length(var.existing_database.security_group_ids) > 0) == (length(var.existing_database.subnet_ids) > 0)
    error_message = "existing_database.security_group_ids must contain 1 to 4 groups if there are subnet_ids: a function has at most 5, and Terraform adds one. Without subnet_ids, it must be empty."
  }
  validation {
    condition     = var.existing_database == null ? true : can(regex("^[A-Za-z0-9.-]+$", var.existing_database.host)) && can(regex("^[A-Za-z0-9_]+$", var.existing_database.name)) && var.existing_database.port >= 1 && var.existing_database.port <= 65535
    error_message = "In existing_database, host must be a host name without a port, name must contain only letters, digits and _, and port must be from 1 to 65535."
  }
  validation {
    # Secrets Manager also finds a secret by an ARN without its suffix, but IAM policies do not match such an ARN.
    condition     = var.existing_database == null ? true : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$", var.existing_database.secret_arn))
    error_message = "existing_database.secret_arn must be the full ARN, with the 6 characters that Secrets Manager appends."
  }
  validation {
    condition     = var.existing_database == null || var.database_url == null
    error_message = "Set either existing_database (IAM logins) or database_url (password), not both."
  }
}

variable "database_url" {
  description = "For trials with a database outside RDS: mysql://user:password@host:port/database. All functions log in as this user and run outside any VPC. The Terraform state contains the password."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.database_url == null ? true : can(regex("^mysql://[^:@/]+(:[^@/]*)?@[^/]+/[A-Za-z0-9_]+(\\?.*)?$", var.database_url))
    error_message = "database_url must have the form mysql://user:password@host:port/database."
  }
}

variable "migrate" {
  description = "Whether each apply migrates the database. If false, migrate it in another way before applying new functions."
  type        = bool
  default     = true
}
