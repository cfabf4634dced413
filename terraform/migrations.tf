# The database is brought to the shape that the functions need, with each apply that changes a migration.
#
# Who may? The master user, whose password RDS made, keeps in Secrets Manager and changes every week. But
# the function that migrates is in the VPC, from where there is no way to Secrets Manager, and an endpoint
# there would cost more than the functions. So it takes two, as everywhere here:
#
#   start-migration (door)   reads the secret, calls migrate with it, and answers what migrate answers
#   migrate (warehouse)      logs in as the master user, over TLS; makes tables and procedures, then a database
#                            user for each function that logs in with IAM tokens and may only what it needs
#
# So the password is in no variable, no plan, no state and no environment. It passes from one function to the
# other in the payload of a call, which Lambda encrypts on its way and does not log; neither function may.
# What Terraform sends and keeps in its state is in `input` below: names only.
#
# The event of start-migration:  {"secret_arn": "arn:…" or null, "users": {"check-stock": "restock_check_stock", …}}
# The event of migrate:          {"login": {"username": "…", "password": "…"} or null, "users": {…}}
#
# Without a login the database is no RDS (database_url): migrate logs in as its DATABASE_URL says, and there are no
# users to make. Both functions may be called again, at once or after they failed half-way. Functions get
# their new code only after their migration, so a migration must suit the code before it as well.

locals {
  secret_arn = local.iam_login ? local.database.secret_arn : null

  # As they would stand in system.json. The local cloud has no need of them.
  migration_functions = {
    start-migration = {
      placement       = "public"
      timeout_seconds = 870
      memory_mb       = 128
      environment     = { MIGRATE_FUNCTION = "$${migrate}" }
      iam = concat(
        [{ actions = ["lambda:InvokeFunction"], resources = ["$${migrate}"] }],
        [for statement in [{ actions = ["secretsmanager:GetSecretValue"], resources = ["$${secret_arn}"] }] : statement if local.iam_login],
      )
    }
    migrate = {
      placement       = "vpc"
      timeout_seconds = 840
      memory_mb       = 128
      environment     = { DATABASE_URL = "$${database_url}" }
      iam             = []
    }
  }
  # The user comes with the event.
  migration_database_urls = {
    migrate = local.iam_login ? "mysql://${local.database_address}" : var.database_url
  }
}

resource "aws_lambda_function" "migration" {
  # checkov:skip=CKV_AWS_50: tracing is on unless the deployer turns it off.
  # checkov:skip=CKV_AWS_115: it is called once at a time, by Terraform.
  # checkov:skip=CKV_AWS_116: nobody calls it asynchronously.
  # checkov:skip=CKV_AWS_117: start-migration is outside on purpose: Secrets Manager is there.
  # checkov:skip=CKV_AWS_173: Lambda encrypts the environment with its own key, and nothing secret is in it.
  # checkov:skip=CKV_AWS_272: who may deploy may also sign, so a signature would prove nothing.
  for_each      = local.migration_functions
  function_name = "${var.name}-${each.key}"
  description   = "Restock: ${each.key}, a ${each.value.placement} function."
  role          = aws_iam_role.function[each.key].arn

  runtime          = "provided.al2023"
  architectures    = [var.architecture]
  handler          = "bootstrap"
  filename         = local.packages[each.key]
  source_code_hash = filebase64sha256(local.packages[each.key])

  timeout                        = each.value.timeout_seconds
  memory_size                    = lookup(var.memory_mb, each.key, each.value.memory_mb)
  reserved_concurrent_executions = lookup(var.reserved_concurrency, each.key, -1)

  environment {
    variables = local.environments[each.key]
  }

  dynamic "vpc_config" {
    for_each = each.value.placement == "vpc" && local.in_network ? [1] : []
    content {
      subnet_ids         = local.network.subnet_ids
      security_group_ids = local.network.security_group_ids
    }
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.function[each.key].name
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  lifecycle {
    precondition {
      condition     = fileexists(local.packages[each.key])
      error_message = "${local.packages[each.key]} is not there. Build the functions first: cargo lambda build --release --arm64 --output-format zip (README, Deploy)."
    }
  }

  depends_on = [aws_iam_role_policy.function]
}

# Fails the apply where the migration fails; the functions then keep the code that they have.
resource "aws_lambda_invocation" "migration" {
  count         = var.migrate ? 1 : 0
  function_name = aws_lambda_function.migration["start-migration"].function_name
  input         = jsonencode({ secret_arn = local.secret_arn, users = local.database_users })

  # Again when migrate is another, since the migrations and the users' rights are in its code, or the database is.
  triggers = {
    code     = aws_lambda_function.migration["migrate"].source_code_hash
    database = local.iam_login ? local.database.resource_id : sha256(var.database_url)
  }

  lifecycle {
    precondition {
      condition     = !local.iam_login || local.secret_arn != null
      error_message = "The database has no secret with its master user's password. RDS always makes one; a stand-in for AWS does not, and needs a database_url, or migrate = false."
    }
  }

  # Terraform waits for the answer of start-migration, and that for the answer of migrate. The way to the database
  # has to be open, and the code of both in place.
  depends_on = [
    aws_lambda_function.migration,
    aws_vpc_security_group_egress_rule.functions,
    aws_vpc_security_group_ingress_rule.database,
    aws_route_table_association.warehouse,
  ]
}
