# The database: RDS MySQL 8.4, encrypted, TLS only. Each function logs in as its own database user with an IAM token. RDS
# manages the password of the master user (see migrations.tf).

locals {
  own_database = var.existing_database == null && nonsensitive(var.database_url == null)
  # Only a trial database (database_url) has no IAM login.
  iam_login = nonsensitive(var.database_url == null)

  database = local.own_database ? {
    host        = aws_db_instance.warehouse[0].address
    port        = 3306
    name        = aws_db_instance.warehouse[0].db_name
    resource_id = aws_db_instance.warehouse[0].resource_id
    # RDS creates the secret together with the database. A local AWS may not.
    secret_arn = try(aws_db_instance.warehouse[0].master_user_secret[0].secret_arn, null)
    } : var.existing_database == null ? null : {
    host        = var.existing_database.host
    port        = var.existing_database.port
    name        = var.existing_database.name
    resource_id = var.existing_database.resource_id
    secret_arn  = var.existing_database.secret_arn
  }

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

# Created before RDS would create them, so that they have a retention and are deleted with the database.
resource "aws_cloudwatch_log_group" "database" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key, and no secrets are logged.
  # checkov:skip=CKV_AWS_338: the deployer chooses the retention: log_retention_days.
  for_each          = local.own_database ? var.database_logs : toset([])
  name              = "/aws/rds/instance/${var.name}-warehouse/${each.key}"
  retention_in_days = var.log_retention_days
}

# The final snapshot survives the database, so each new database needs another name for it.
resource "random_id" "final_snapshot" {
  count       = local.own_network
  byte_length = 4
}

resource "aws_db_instance" "warehouse" {
  # checkov:skip=CKV_AWS_157: a second zone doubles the cost: variable database_multi_az.
  # checkov:skip=CKV_AWS_118: the standard metrics, one value a minute, are enough for the alarms.
  # checkov:skip=CKV_AWS_353: the slow query log is enough to find slow queries.
  count          = local.own_network
  identifier     = "${var.name}-warehouse"
  engine         = "mysql"
  engine_version = "8.4"
  instance_class = var.database_instance_class
  db_name        = "restock"
  port           = 3306

  # The master user. RDS generates its password, keeps it in Secrets Manager and changes it every week, so the password is
  # not in the state.
  username                            = "restock"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true

  storage_type          = "gp3"
  storage_encrypted     = true
  allocated_storage     = var.database_storage_gb.initial
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

  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = "${var.name}-warehouse-final-${random_id.final_snapshot[0].hex}"
  delete_automated_backups  = true

  depends_on = [aws_cloudwatch_log_group.database]
}
