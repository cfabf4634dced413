# The functions of system.json, each with a log of its own. Their roles are in roles.tf.

locals {
  # Those of system.json, and the two that bring the database to its shape.
  all_functions = merge(local.system.functions, local.migration_functions)

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
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key; nothing secret is logged.
  # checkov:skip=CKV_AWS_338: how long is the deployer's choice: log_retention_days.
  for_each          = local.all_functions
  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_50: tracing is on unless the deployer turns it off.
  # checkov:skip=CKV_AWS_115: new accounts refuse reserved concurrency: reserved_concurrency.
  # checkov:skip=CKV_AWS_116: only report is called asynchronously, and has a destination for failures.
  # checkov:skip=CKV_AWS_117: the door functions are outside on purpose: AWS and the factory are there.
  # checkov:skip=CKV_AWS_173: Lambda encrypts the environment with its own key, which costs nothing.
  # checkov:skip=CKV_AWS_272: who may deploy may also sign, so a signature would prove nothing.
  for_each      = local.system.functions
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

  # The role may all it needs before Lambda looks, and until the function is gone. And the database has the
  # shape that the new code needs before the new code runs.
  depends_on = [aws_iam_role_policy.function, aws_lambda_invocation.migration]
}

# The queue's messages to their consumer, each answered for by itself.
resource "aws_lambda_event_source_mapping" "queue" {
  for_each                = { for name, queue in local.system.queues : name => queue if can(queue.consumer) }
  event_source_arn        = aws_sqs_queue.this[each.key].arn
  function_name           = aws_lambda_function.this[each.value.consumer].arn
  batch_size              = each.value.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = each.value.maximum_concurrency
  }
}
