# Migrates the database in each apply that changes the code of the function migrate.
#
# Only the master user may migrate. RDS generates its password, keeps it in Secrets Manager and changes it every week. The
# function that migrates runs in the VPC, which has no route to Secrets Manager, and an endpoint in the VPC would cost more
# than the functions. So there are two functions:
#
#   start-migration (public)   reads the secret, invokes migrate with it, and returns the result of migrate
#   migrate (vpc)              logs in as the master user over TLS; creates tables and procedures, then one database user
#                              for each function that uses the database, with IAM login and only the rights it needs
#
# The password is in no variable, plan, state or environment. It passes from one function to the other in the payload of an
# invocation, which Lambda encrypts and does not log. Neither function logs it. Terraform sends, and keeps in its state, only
# names: see `input` below.
#
# Event of start-migration:  {"secret_arn": "arn:…" or null, "users": {"check-stock": "restock_check_stock", …},
#                             "factory_url": "https://…"}
# Event of migrate:          {"login": {"username": "…", "password": "…"} or null, "users": {…}, "factory_url": "https://…"}
#
# The first factory gets factory_url only if its row has no URL yet.
#
# Without a login (database_url), migrate logs in with its DATABASE_URL and creates no users. Both functions can be invoked
# again at any time, also after a failure. Functions get their new code after the migration, so each migration must also
# work with the previous code.

locals {
  secret_arn = local.iam_login ? local.database.secret_arn : null

  # These two functions are described as in system.json. They are not listed there, because the local cloud migrates the
  # database without functions.
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
  # A URL without a user: migrate gets the login in its event.
  migration_database_urls = {
    migrate = local.iam_login ? "mysql://${local.database_address}" : var.database_url
  }
}

resource "aws_lambda_function" "migration" {
  # checkov:skip=CKV_AWS_50: a migration is one invocation, whose log says everything.
  # checkov:skip=CKV_AWS_115: Terraform invokes it once for each migration.
  # checkov:skip=CKV_AWS_116: it is never invoked asynchronously.
  # checkov:skip=CKV_AWS_117: start-migration calls Secrets Manager, which the VPC has no route to.
  # checkov:skip=CKV_AWS_173: Lambda encrypts the environment with its own key, and it contains no secrets.
  # checkov:skip=CKV_AWS_272: whoever can deploy a function can also sign it, so code signing would prove nothing.
  for_each      = local.migration_functions
  function_name = "${var.name}-${each.key}"
  description   = "Restock: ${each.key} (placement ${each.value.placement})"
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
    for_each = each.value.placement == "vpc" && local.functions_in_vpc ? [1] : []
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
    mode = "PassThrough"
  }

  lifecycle {
    precondition {
      condition     = fileexists(local.packages[each.key])
      error_message = "The package ${local.packages[each.key]} does not exist. Build the functions first (docs/deploy-aws.md): cargo lambda build --release --arm64 --output-format zip"
    }
  }

  depends_on = [aws_iam_role_policy.function]
}

# If the migration fails, the apply fails here, and all functions keep their previous code.
resource "aws_lambda_invocation" "migration" {
  count         = var.migrate ? 1 : 0
  function_name = aws_lambda_function.migration["start-migration"].function_name
  input         = jsonencode({ secret_arn = local.secret_arn, users = local.database_users, factory_url = var.factory_url })

  # Migrate again when the code of migrate changes, which contains the migrations and the rights of database users, or when
  # the database is another one.
  triggers = {
    code     = aws_lambda_function.migration["migrate"].source_code_hash
    database = local.iam_login ? local.database.resource_id : sha256(var.database_url)
  }

  lifecycle {
    precondition {
      condition     = !local.iam_login || local.secret_arn != null
      error_message = "The database has no secret with the password of its master user. RDS creates one, but a local AWS does not: set database_url, or migrate = false."
    }
  }

  # start-migration waits for migrate, which needs its new code and network access to the database.
  depends_on = [
    aws_lambda_function.migration,
    aws_vpc_security_group_egress_rule.functions,
    aws_vpc_security_group_ingress_rule.database,
    aws_route_table_association.warehouse,
  ]
}
