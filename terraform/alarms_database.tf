# Alarms on the database that Terraform created. Each warns of a limit, may last for days, and has its own notice: as a part
# of the incident database, it would hide an outage.

locals {
  database_alarms = {
    for alarm, watched in {
      database-connections = {
        metric   = "DatabaseConnections", stat = "Maximum", above = var.database_alarms.connections
        happened = "The database had more than ${var.database_alarms.connections} connections at once."
        impact   = "If the database refuses further connections, customers get HTTP 503."
        action   = [local.larger_class, "Or lower reserved_concurrency in Terraform for functions with placement vpc."]
      }
      # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html
      database-logins = {
        metric   = "IamDbAuthConnectionFailure", stat = "Sum", above = 10
        happened = "The database refused more than 10 logins of functions within 5 minutes."
        impact   = "Steps fail and are retried. Customers may get HTTP 503."
        action = [
          "Read why:",
          "  aws logs tail /aws/rds/instance/${coalesce(local.database_identifier, "none")}/iam-db-auth-error --since 1h",
          "ThrottlingException: more than 200 logins a second. Lower reserved_concurrency in Terraform for functions with placement vpc.",
          "NotAuthorized: the role of a function does not name this database. Apply Terraform again.",
        ]
      }
      # A new instance starts without credits and earns 24 an hour.
      database-cpu-credits = {
        metric   = "CPUCreditBalance", stat = "Average", below = var.database_alarms.cpu_credits, period = 3600, periods = 6
        happened = "The database has had fewer than ${var.database_alarms.cpu_credits} CPU credits for 6 hours: its instance class is too small for the load."
        impact   = "Purchases still work. AWS charges extra for the CPU time."
        action   = [local.larger_class, "A class that has no CPU credits, such as db.m8g.large, also ends the extra charges."]
      }
      database-memory = {
        metric   = "FreeableMemory", stat = "Minimum", below = var.database_alarms.free_memory_mb * 1000000
        happened = "The database had less than ${var.database_alarms.free_memory_mb} MB of free memory. Many IAM logins at once take up to 1 GB."
        impact   = "If the memory is used up, the database restarts, and customers get HTTP 503 until it is back."
        action   = [local.larger_class]
      }
      database-storage = {
        metric   = "FreeStorageSpace", stat = "Minimum", below = var.database_alarms.free_storage_gb * 1000000000
        happened = "The database had less than ${var.database_alarms.free_storage_gb} GB of free storage. RDS enlarges the storage only up to a limit."
        impact   = "If the storage is full, the database stops and no customer can buy."
        action   = ["Raise the limit database_storage_gb.maximum in Terraform and apply."]
      }
      } : alarm => merge(watched, {
        incident = "database", told = "itself", namespace = "AWS/RDS", dimensions = { DBInstanceIdentifier = local.database_identifier }
    }) if local.own_database
  }
  larger_class = "Set a larger database_instance_class in Terraform and apply it. The shop stops for some minutes during the change."
}
