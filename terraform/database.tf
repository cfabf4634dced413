# The database: RDS MySQL 8.4, encrypted, TLS only. Each function logs in as its own database user with an IAM token. RDS
# manages the password of the master user (see migrations.tf).

locals {
  # Only a trial database (database_url) has no IAM login. With it, Terraform creates no database.
  iam_login     = nonsensitive(var.database_url == null)
  own_databases = local.iam_login ? var.databases : {}

  # The databases that the functions could use, and the one that they use: database_in_use if there are several.
  usable_databases = concat(keys(local.own_databases), var.existing_database == null ? [] : ["existing"])
  database_in_use  = var.database_in_use != null ? var.database_in_use : try(local.usable_databases[0], null)
  own_database     = contains(keys(local.own_databases), coalesce(local.database_in_use, "none"))
  # The name in RDS of the database in use, for alarms and the dashboard.
  database_identifier = local.own_database ? "${var.name}-${local.database_in_use}" : null

  database = local.own_database ? {
    host        = aws_db_instance.warehouse[local.database_in_use].address
    port        = 3306
    name        = local.database_name
    resource_id = aws_db_instance.warehouse[local.database_in_use].resource_id
    # RDS creates the secret together with the database. A local AWS may not.
    secret_arn = try(aws_db_instance.warehouse[local.database_in_use].master_user_secret[0].secret_arn, null)
    } : var.existing_database == null ? null : {
    host        = var.existing_database.host
    port        = var.existing_database.port
    name        = var.existing_database.name
    resource_id = var.existing_database.resource_id
    secret_arn  = var.existing_database.secret_arn
  }
  database_name = "restock"

  # The part of DATABASE_URL after the user name. VERIFY_IDENTITY: functions contain the certificate authorities of RDS,
  # and also check the host name in the certificate of the server.
  database_address = local.iam_login ? "${local.database.host}:${local.database.port}/${local.database.name}?ssl-mode=VERIFY_IDENTITY" : null

  # One database user for each function, with only the rights that this function needs.
  database_users = {
    for name, function in local.system.functions :
    name => replace("${var.name}_${name}", "-", "_")
    if function.placement == "vpc" && local.iam_login
  }
  database_urls = {
    for name, function in local.system.functions :
    name => local.iam_login ? "mysql://${local.database_users[name]}@${local.database_address}" : var.database_url
    if function.placement == "vpc"
  }
}

resource "aws_db_subnet_group" "warehouse" {
  count       = local.own_network
  name        = "${var.name}-warehouse"
  description = "Subnets of the database of ${var.name}."
  subnet_ids  = aws_subnet.warehouse[*].id
}

resource "aws_db_parameter_group" "warehouse" {
  count       = local.own_network
  name_prefix = "${var.name}-warehouse-"
  family      = "mysql8.4"
  description = "Parameters of the database of ${var.name}."

  parameter {
    name  = "require_secure_transport"
    value = "1"
  }

  # Functions set the same limit for their sessions. This one also covers sessions that do not.
  parameter {
    name  = "innodb_lock_wait_timeout"
    value = "1"
  }

  # Log each query that takes longer than 1 second: functions in the VPC have a timeout of a few seconds.
  parameter {
    name  = "slow_query_log"
    value = "1"
  }

  parameter {
    name  = "long_query_time"
    value = "1"
  }

  # RDS exports the slow query log to CloudWatch only if it is written to a file.
  parameter {
    name  = "log_output"
    value = "FILE"
  }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  database_log_groups = merge([
    for database in keys(local.own_databases) : {
      for log in var.database_logs : "${database}/${log}" => "/aws/rds/instance/${var.name}-${database}/${log}"
    }
  ]...)
}

# Created before RDS would create them, so that they have a retention and are deleted with the database.
resource "aws_cloudwatch_log_group" "database" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key unless there is a kms_key_arn.
  # checkov:skip=CKV_AWS_338: the deployer chooses the retention: log_retention_days.
  for_each          = local.database_log_groups
  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

# The final snapshot survives the database, so each new database needs another name for it.
resource "terraform_data" "final_snapshot" {
  for_each = local.own_databases
  input    = uuid()

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_db_instance" "warehouse" {
  # checkov:skip=CKV_AWS_157: a second zone doubles the cost: variable database_multi_az.
  # checkov:skip=CKV_AWS_118: the standard metrics, one value a minute, are enough for the alarms.
  # checkov:skip=CKV_AWS_293: deletion protection is on by default: variable deletion_protection, which checkov does not see.
  # checkov:skip=CKV_AWS_353: the slow query log is enough to find slow queries.
  for_each       = local.own_databases
  identifier     = "${var.name}-${each.key}"
  engine         = "mysql"
  engine_version = "8.4"
  instance_class = var.database_instance_class
  port           = 3306

  # A restored database has the name and at least the storage of the one that it was restored from. RDS refuses both here.
  db_name           = each.value.restored_from == null ? local.database_name : null
  allocated_storage = each.value.restored_from == null ? var.database_storage_gb.initial : null

  snapshot_identifier = try(each.value.restored_from.snapshot, null)
  dynamic "restore_to_point_in_time" {
    for_each = [for source in each.value.restored_from[*] : source if source.instance != null]
    content {
      source_db_instance_identifier = restore_to_point_in_time.value.instance
      restore_time                  = restore_to_point_in_time.value.time
      use_latest_restorable_time    = restore_to_point_in_time.value.time == null ? true : null
    }
  }

  # The master user. RDS generates its password, keeps it in Secrets Manager and changes it every week, so the password is
  # not in the state.
  username                            = "restock"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  iam_database_authentication_enabled = true

  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = each.value.restored_from == null ? var.kms_key_arn : null
  max_allocated_storage = var.database_storage_gb.maximum

  multi_az               = var.database_multi_az
  db_subnet_group_name   = aws_db_subnet_group.warehouse[0].name
  vpc_security_group_ids = aws_security_group.database[*].id
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.warehouse[0].name

  # RDS chooses the time of backups and maintenance, half an hour in the night of the region.
  backup_retention_period    = var.database_backup_days
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = true
  # Changes that an alarm asks for must not wait for the maintenance window. Another instance class stops the shop for some
  # minutes.
  apply_immediately = true

  # An emulator does not store this setting.
  enabled_cloudwatch_logs_exports = local.on_emulator ? null : var.database_logs

  deletion_protection       = coalesce(each.value.deletion_protection, var.deletion_protection)
  skip_final_snapshot       = !coalesce(each.value.deletion_protection, var.deletion_protection)
  final_snapshot_identifier = "${var.name}-${each.key}-final-${substr(terraform_data.final_snapshot[each.key].output, 0, 8)}"
  delete_automated_backups  = true

  # These matter only when the database is created. A later change would replace it.
  lifecycle {
    ignore_changes = [snapshot_identifier, restore_to_point_in_time, kms_key_id]
  }

  depends_on = [aws_cloudwatch_log_group.database]
}
