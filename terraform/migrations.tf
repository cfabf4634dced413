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
      timeout_seconds = 900
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

module "migration" {
  source   = "./modules/function"
  for_each = local.migration_functions

  name                 = "${var.name}-${each.key}"
  description          = local.function_descriptions[each.key]
  role_arn             = aws_iam_role.function[each.key].arn
  package              = local.packages[each.key]
  architecture         = var.architecture
  publish              = false
  timeout_seconds      = each.value.timeout_seconds
  memory_mb            = lookup(var.memory_mb, each.key, each.value.memory_mb)
  reserved_concurrency = lookup(var.reserved_concurrency, each.key, -1)
  environment          = local.environments[each.key]
  vpc                  = local.function_vpcs[each.key]
  log_retention_days   = var.log_retention_days
  kms_key_arn          = var.kms_key_arn
  platform_log_level   = "INFO"
  traced               = false

  depends_on = [terraform_data.packages, aws_iam_role_policy.function]
}

# If the migration fails, the apply fails here, and all functions keep their previous code.
resource "aws_lambda_invocation" "migration" {
  count         = var.migrate ? 1 : 0
  function_name = module.migration["start-migration"].function.function_name
  input         = jsonencode({ secret_arn = local.secret_arn, users = local.database_users, factory_url = var.factory_url })

  # Migrate again when the code of migrate changes, which contains the migrations and the rights of database users, or when
  # the database is another one.
  triggers = {
    code     = module.migration["migrate"].function.source_code_hash
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
    module.migration,
    aws_vpc_security_group_egress_rule.functions,
    aws_vpc_security_group_ingress_rule.database,
    aws_route_table_association.warehouse,
  ]
}
