# The functions of system.json, each with a role and a log of its own.

locals {
  # What the names in system.json stand for. ARNs are put together here instead of asked of the
  # resources: functions and state machines know each other, and neither could be first.
  arn = {
    for service in ["events", "lambda", "logs", "rds-db", "scheduler", "ses", "sns", "sqs", "states"] :
    service => "arn:${local.partition}:${service}:${var.region}:${local.account}"
  }
  queue_names = { for name in keys(local.system.queues) : name => replace("${var.name}-${name}", "_", "-") }
  arns = merge(
    { for name in keys(local.all_functions) : replace(name, "-", "_") => "${local.arn["lambda"]}:function:${var.name}-${name}" },
    { for name in keys(local.system.state_machines) : "${name}_machine_arn" => "${local.arn["states"]}:stateMachine:${var.name}-${name}" },
    # An execution has a name that only its start gives it.
    { for name in keys(local.system.state_machines) : "${name}_executions_arn" => "${local.arn["states"]}:execution:${var.name}-${name}:*" },
    { for name, queue in local.queue_names : "${name}_arn" => "${local.arn["sqs"]}:${queue}" },
    { for name, queue in local.undelivered_names : "undelivered_${name}_arn" => "${local.arn["sqs"]}:${queue}" },
    {
      depletion_topic_arn = "${local.arn["sns"]}:${var.name}-depletion"
      alarms_topic_arn    = "${local.arn["sns"]}:${var.name}-alarms"
      ended_rule_arn      = "${local.arn["events"]}:rule/${var.name}-ended-unreported"
      mail_from_arn       = "${local.arn["ses"]}:identity/${var.mail_from}"
      mail_to_arn         = "${local.arn["ses"]}:identity/${var.mail_to}"
    },
  )
  values = merge(
    local.arns,
    {
      dead_letter_queue_url = aws_sqs_queue.this["dead_letter_queue"].url
      factory_url           = var.factory_url
      api_url               = local.api_url
      callback_keys         = local.callback_keys
      requester             = var.requester
      mail_from             = var.mail_from
      mail_to               = var.mail_to
      redrive_command       = var.redrive_command
      secret_arn            = local.secret_arn
    },
  )

  # Those of system.json, and the two that bring the database to its shape.
  all_functions = merge(local.system.functions, local.migration_functions)

  environments = {
    for name, function in local.all_functions : name => {
      for variable, value in function.environment : variable =>
      !startswith(value, "$") ? value :
      trim(value, "{}$") == "database_url" ? local.all_database_urls[name] : local.values[trim(value, "{}$")]
    }
  }
  all_database_urls = merge(local.database_urls, local.migration_database_urls)

  # What the role of each function may do, besides what all may.
  permissions = {
    for name, function in local.all_functions : name => concat(
      [
        for statement in function.iam : {
          Effect   = "Allow"
          Action   = statement.actions
          Resource = [for resource in statement.resources : local.values[trim(resource, "{}$")]]
        }
      ],
      [for statement in local.network_interfaces[name] : statement if function.side == "warehouse" && local.in_network],
      [
        for user in [lookup(local.database_users, name, null)] : {
          Effect   = "Allow"
          Action   = ["rds-db:connect"]
          Resource = ["${local.arn["rds-db"]}:dbuser:${local.database.resource_id}/${user}"]
        } if user != null
      ],
      lookup(local.more_permissions, name, []),
    )
  }
  everyones_permissions = {
    for name in keys(local.all_functions) : name => concat(
      [{
        # The streams of its own log group. The group is there already, so none needs to make it.
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${local.arn["logs"]}:log-group:/aws/lambda/${var.name}-${name}:log-stream:*"]
      }],
      local.trace_permissions,
    )
  }
  # X-Ray knows no resources: AWS demands the asterisk.
  trace_permissions = [
    for actions in [["xray:PutTelemetryRecords", "xray:PutTraceSegments"]] : { Effect = "Allow", Action = actions, Resource = ["*"] }
    if var.tracing
  ]
  # Lambda attaches a function to the network in the function's name. EC2 wants the asterisk for looking, and
  # Lambda wants it for the rest, or it refuses the function; so the function's own code, which could use
  # its role too, is forbidden all of it.
  network_interfaces = {
    for name in keys(local.all_functions) : name => [
      {
        Effect   = "Allow"
        Action   = local.network_actions
        Resource = ["*"]
      },
      {
        Effect    = "Deny"
        Action    = local.network_actions
        Resource  = ["*"]
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = [local.arns[replace(name, "-", "_")]] } }
      },
    ]
  }
  network_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]
  # What only Terraform's part of the system needs.
  more_permissions = {
    report = [{
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [local.arns.undelivered_reports_arn]
    }]
  }

  packages = { for name in keys(local.all_functions) : name => replace(var.packages, "{function}", name) }
}

resource "aws_cloudwatch_log_group" "function" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key; nothing secret is logged.
  # checkov:skip=CKV_AWS_338: how long is the deployer's choice: log_retention_days.
  for_each          = local.all_functions
  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "function" {
  for_each    = local.all_functions
  name        = "${var.name}-${each.key}"
  description = "What the function ${each.key} may do."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  # checkov:skip=CKV_AWS_290: the asterisks are X-Ray's and EC2's, see above.
  # checkov:skip=CKV_AWS_355: the same.
  for_each = local.all_functions
  name     = "its-work"
  role     = aws_iam_role.function[each.key].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.everyones_permissions[each.key], local.permissions[each.key])
  })
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
  description   = "Restock: ${each.key}, a ${each.value.side} function."
  role          = aws_iam_role.function[each.key].arn

  runtime          = "provided.al2023"
  architectures    = [var.architecture]
  handler          = "bootstrap"
  filename         = local.packages[each.key]
  source_code_hash = filebase64sha256(local.packages[each.key])

  timeout                        = each.value.timeout_seconds
  memory_size                    = lookup(var.memory_mb, each.key, each.value.memory_mb)
  reserved_concurrent_executions = lookup(var.reserved_concurrency, each.key, -1)

  dynamic "environment" {
    for_each = length(each.value.environment) > 0 ? [1] : []
    content {
      variables = local.environments[each.key]
    }
  }

  dynamic "vpc_config" {
    for_each = each.value.side == "warehouse" && local.in_network ? [1] : []
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
