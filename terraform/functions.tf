# The functions of system.json, each with its own log group. Their roles are in roles.tf.

locals {
  # The functions of system.json, and the two that migrate the database (migrations.tf).
  # Functions that nobody waits for. Whoever invokes one of the others sees its error.
  watched_functions = { for name, function in local.system.functions : name => function if !contains(local.system.invoked_by_operators, name) }
  all_functions     = merge(local.system.functions, local.migration_functions)

  environments = {
    for name, function in local.all_functions : name => {
      for variable, value in merge(local.system.environment, function.environment) : variable =>
      !startswith(value, "$") ? value :
      trim(value, "{}$") == "database_url" ? local.all_database_urls[name] : local.values[trim(value, "{}$")]
    }
  }
  all_database_urls = merge(local.database_urls, local.migration_database_urls)

  packages = { for name in keys(local.all_functions) : name => replace(var.packages, "{function}", name) }
}

resource "aws_cloudwatch_log_group" "function" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key, and no secrets are logged.
  # checkov:skip=CKV_AWS_338: the deployer chooses the retention: log_retention_days.
  for_each          = local.all_functions
  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_50: state machines decide what is traced: see tracing.tf.
  # checkov:skip=CKV_AWS_115: a new account is too small to reserve concurrency: variable reserved_concurrency.
  # checkov:skip=CKV_AWS_116: only report is invoked asynchronously, and it has an on_failure destination.
  # checkov:skip=CKV_AWS_117: functions with placement public call AWS and the factory, which the VPC has no route to.
  # checkov:skip=CKV_AWS_173: Lambda encrypts the environment with its own key, at no cost.
  # checkov:skip=CKV_AWS_272: whoever can deploy a function can also sign it, so code signing would prove nothing.
  for_each      = local.system.functions
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
    for_each = each.value.placement != "public" && local.functions_in_vpc ? [1] : []
    content {
      subnet_ids         = local.network.subnet_ids
      security_group_ids = each.value.placement == "private" ? aws_security_group.private_factories[*].id : local.network.security_group_ids
    }
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.function[each.key].name
    application_log_level = "INFO"
    system_log_level      = var.platform_log_level
  }

  tracing_config {
    mode = contains(local.traced_functions, each.key) ? "Active" : "PassThrough"
  }

  lifecycle {
    precondition {
      condition     = fileexists(local.packages[each.key])
      error_message = "The package ${local.packages[each.key]} does not exist. Build the functions first (docs/deploy-aws.md): cargo lambda build --release --arm64 --output-format zip"
    }
  }

  # Attach the policy before creating the function, and detach it after deleting the function: Lambda checks it.
  # Migrate the database before the new code runs.
  depends_on = [aws_iam_role_policy.function, aws_lambda_invocation.migration]
}

# Delivers the messages of a queue to its consumer. The consumer reports each failed message, so that the others of a
# batch are not delivered again.
resource "aws_lambda_event_source_mapping" "queue" {
  for_each                = { for name, queue in local.system.queues : name => queue if can(queue.consumer) }
  event_source_arn        = aws_sqs_queue.this[each.key].arn
  function_name           = aws_lambda_function.this[each.value.consumer].arn
  batch_size              = each.value.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  # Lambda waits this long for a batch to fill. Without a window, a batch has at most 10 messages.
  maximum_batching_window_in_seconds = try(each.value.batching_window_seconds, null)

  scaling_config {
    maximum_concurrency = each.value.maximum_concurrency
  }
}
