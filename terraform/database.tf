# The warehouse: RDS MySQL 8.4, encrypted, for TLS only. Functions log in with IAM tokens, each as its own
# database user; the password of the master user is RDS's own secret (see migrations.tf).

locals {
  own_database = var.existing_database == null && nonsensitive(var.database_url == null)
  # A database without IAM is one that somebody tries the system with.
  iam_login = nonsensitive(var.database_url == null)

  database = local.own_database ? {
    host        = aws_db_instance.warehouse[0].address
    port        = 3306
    name        = aws_db_instance.warehouse[0].db_name
    resource_id = aws_db_instance.warehouse[0].resource_id
    # RDS makes it with the database. A stand-in for AWS may not.
    secret_arn = try(aws_db_instance.warehouse[0].master_user_secret[0].secret_arn, null)
    } : var.existing_database == null ? null : {
    host        = var.existing_database.host
    port        = var.existing_database.port
    name        = var.existing_database.name
    resource_id = var.existing_database.resource_id
    secret_arn  = var.existing_database.secret_arn
  }

  # Behind the user's name. The functions know the certificates of RDS; the name must be the server's.
  database_address = local.iam_login ? "${local.database.host}:${local.database.port}/${local.database.name}?ssl-mode=VERIFY_IDENTITY" : null

  # The database users by function: each may do only what its function does.
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
  description = "Where the warehouse of ${var.name} is."
  subnet_ids  = aws_subnet.warehouse[*].id
}

resource "aws_db_parameter_group" "warehouse" {
  count       = local.own_network
  name_prefix = "${var.name}-warehouse-"
  family      = "mysql8.4"
  description = "The warehouse of ${var.name}."

  parameter {
    name  = "require_secure_transport"
    value = "1"
  }

  # A step waits for a lock no longer than it can; a session that forgot to say so neither.
  parameter {
    name  = "innodb_lock_wait_timeout"
    value = "1"
  }

  # What takes longer than a step may is worth a line in the log.
  parameter {
    name  = "slow_query_log"
    value = "1"
  }

  parameter {
    name  = "long_query_time"
    value = "1"
  }

  # RDS sends the slow query log to CloudWatch only from a file.
  parameter {
    name  = "log_output"
    value = "FILE"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Here before RDS makes them, so that they have a retention and go when the database goes.
resource "aws_cloudwatch_log_group" "database" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key; nothing secret is logged.
  # checkov:skip=CKV_AWS_338: how long is the deployer's choice: log_retention_days.
  for_each          = local.own_database ? var.database_logs : toset([])
  name              = "/aws/rds/instance/${var.name}-warehouse/${each.key}"
  retention_in_days = var.log_retention_days
}

# The snapshot that is left when the database is deleted needs a name that is free.
resource "random_id" "final_snapshot" {
  count       = local.own_network
  byte_length = 4
}

resource "aws_db_instance" "warehouse" {
  # checkov:skip=CKV_AWS_157: a second zone doubles the price: database_multi_az.
  # checkov:skip=CKV_AWS_118: the alarms need no finer figures than a minute's.
  # checkov:skip=CKV_AWS_353: the log of slow queries tells enough.
  count          = local.own_network
  identifier     = "${var.name}-warehouse"
  engine         = "mysql"
  engine_version = "8.4"
  instance_class = var.database_instance_class
  db_name        = "restock"
  port           = 3306

  # The master user. RDS keeps its password in Secrets Manager and changes it every week: it is neither in
  # the state nor known to anyone.
  username                            = "restock"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true

  storage_type          = "gp3"
  storage_encrypted     = true
  allocated_storage     = var.database_storage_gb.first
  max_allocated_storage = var.database_storage_gb.most

  multi_az               = var.database_multi_az
  db_subnet_group_name   = aws_db_subnet_group.warehouse[0].name
  vpc_security_group_ids = aws_security_group.database[*].id
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.warehouse[0].name

  # When backups and maintenance are is left to RDS, which takes half an hour of the region's night.
  backup_retention_period    = var.database_backup_days
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = true
  # What an alarm asks for is not to wait for the night: a new class stops the shop for some minutes when it is applied.
  apply_immediately = true

  # A stand-in keeps nothing of it.
  enabled_cloudwatch_logs_exports = local.stand_in ? null : var.database_logs

  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = "${var.name}-warehouse-final-${random_id.final_snapshot[0].hex}"
  delete_automated_backups  = true

  depends_on = [aws_cloudwatch_log_group.database]
}
