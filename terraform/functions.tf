# The functions of system.json. Their roles are in roles.tf.

locals {
  # Functions that nobody waits for. Whoever invokes one of the others sees its error.
  watched_functions = { for name, function in local.system.functions : name => function if !contains(local.system.invoked_by_operators, name) }
  # The functions of system.json, and the two that migrate the database (migrations.tf).
  all_functions = merge(local.system.functions, local.migration_functions)

  environments = {
    for name, function in local.all_functions : name => {
      for variable, value in merge(local.system.environment, function.environment) : variable =>
      !startswith(value, "$") ? value :
      trim(value, "{}$") == "database_url" ? local.all_database_urls[name] : lookup(local.live_machines, trim(value, "{}$"), local.values[trim(value, "{}$")])
    }
  }
  all_database_urls = merge(local.database_urls, local.migration_database_urls)

  packages              = { for name in keys(local.all_functions) : name => replace(var.packages, "{function}", name) }
  function_descriptions = { for name, function in local.all_functions : name => "Restock: ${name} (placement ${function.placement})" }

  # Where a function runs in the VPC; null for a function outside.
  function_vpcs = {
    for name, function in local.all_functions : name => function.placement == "public" || !local.functions_in_vpc ? null : {
      subnet_ids         = local.network.subnet_ids
      security_group_ids = function.placement == "private" ? local.network.private_security_group_ids : local.network.security_group_ids
    }
  }

  # The queues whose triggers are enabled. While restocks are paused, only mails are sent.
  polled_queues = [
    for name, queue in local.system.queues : name if can(queue.consumer) && (!var.restocks_paused || name == "operations_queue")
  ]

  functions = { for name, deployed in module.function : name => deployed.function }
  # With those that migrate.
  deployed_functions = { for name, deployed in merge(module.function, module.migration) : name => deployed.function }
  log_groups         = { for name, deployed in merge(module.function, module.migration) : name => deployed.log_group }
}

# Stops a plan without packages with a word about how to build them.
resource "terraform_data" "packages" {
  lifecycle {
    precondition {
      condition     = alltrue([for package in values(local.packages) : fileexists(package)])
      error_message = "The package ${try([for package in values(local.packages) : package if !fileexists(package)][0], "")} does not exist. Build the functions first (docs/deploy-aws.md): cargo run -- package"
    }
  }
}

module "function" {
  source   = "./modules/function"
  for_each = local.system.functions

  name                 = "${var.name}-${each.key}"
  description          = local.function_descriptions[each.key]
  role_arn             = aws_iam_role.function[each.key].arn
  package              = local.packages[each.key]
  architecture         = var.architecture
  publish              = local.with_versions
  timeout_seconds      = each.value.timeout_seconds
  memory_mb            = lookup(var.memory_mb, each.key, each.value.memory_mb)
  reserved_concurrency = lookup(local.reserved_concurrency, each.key, -1)
  environment          = local.environments[each.key]
  vpc                  = local.function_vpcs[each.key]
  log_retention_days   = var.log_retention_days
  kms_key_arn          = var.kms_key_arn
  platform_log_level   = var.platform_log_level
  traced               = contains(local.traced_functions, each.key)

  # Attach the policy before creating the function, and detach it after deleting the function: Lambda checks it.
  # Migrate the database before the new code runs.
  depends_on = [terraform_data.packages, aws_iam_role_policy.function, aws_lambda_invocation.migration]
}

# Delivers the messages of a queue to its consumer. The consumer reports each failed message, so that the others of a
# batch are not delivered again.
resource "aws_lambda_event_source_mapping" "queue" {
  for_each                = { for name, queue in local.system.queues : name => queue if can(queue.consumer) }
  event_source_arn        = aws_sqs_queue.this[each.key].arn
  function_name           = local.functions[each.value.consumer].arn
  batch_size              = each.value.batch_size
  enabled                 = contains(local.polled_queues, each.key)
  function_response_types = ["ReportBatchItemFailures"]

  # Lambda waits this long for a batch to fill. Without a window, a batch has at most 10 messages.
  maximum_batching_window_in_seconds = try(each.value.batching_window_seconds, null)

  scaling_config {
    maximum_concurrency = each.value.maximum_concurrency
  }
}
