# The state machines, from the definitions that the local cloud runs.

locals {
  machine_texts = { for name in keys(local.system.state_machines) : name => file("${path.module}/../statemachines/${name}.asl.json") }

  # The functions that a definition names are those that its machine may invoke; and those that the one before
  # named, for the executions that still follow it.
  machine_functions = {
    for name, text in local.machine_texts : name => sort(distinct(concat(
      [
        for found in regexall("[$][{]([a-z_]+)[}]", text) : found[0]
        if contains(keys(local.system.functions), replace(found[0], "_", "-"))
      ],
      [for function in lookup(local.system.invoked_before, name, []) : replace(function, "-", "_")],
    )))
  }

  # Purchases are not kept by Step Functions: what is to be seen of them must be logged. The others have a history of
  # their own; and what theirs holds, task tokens of restocks above all, is not for a log.
  machine_logs = {
    for name, type in local.system.state_machines : name => type == "EXPRESS" ? {
      level = var.purchase_log.level
      data  = var.purchase_log.data && var.purchase_log.level != "OFF"
    } : { level = "ERROR", data = false }
  }
}

resource "aws_cloudwatch_log_group" "machine" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key; nothing secret is logged.
  # checkov:skip=CKV_AWS_338: how long is the deployer's choice: log_retention_days.
  for_each = local.system.state_machines
  # AWS lets all logs of this beginning in with one policy; other names would use up its length.
  name              = "/aws/vendedlogs/states/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "machine" {
  for_each    = local.system.state_machines
  name        = "${var.name}-${each.key}-machine"
  description = "What the state machine ${each.key} may do."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = local.arns["${each.key}_machine_arn"] }
      }
    }]
  })
}

resource "aws_iam_role_policy" "machine" {
  # checkov:skip=CKV_AWS_290: the asterisks are those of log deliveries and X-Ray, which know no resources.
  # checkov:skip=CKV_AWS_355: the same.
  # checkov:skip=CKV_AWS_289: the same; a log delivery is set up by way of a policy of the log group.
  for_each = local.system.state_machines
  name     = "its-work"
  role     = aws_iam_role.machine[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [for function in local.machine_functions[each.key] : local.arns[function]]
      }],
      # Step Functions sets up the delivery of its log with this role. None of it knows resources.
      [{
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:UpdateLogDelivery",
        ]
        Resource = ["*"]
      }],
      local.trace_permissions,
      [
        for actions in [["xray:GetSamplingRules", "xray:GetSamplingTargets"]] : { Effect = "Allow", Action = actions, Resource = ["*"] }
        if var.tracing
      ],
    )
  })
}

resource "aws_sfn_state_machine" "this" {
  # checkov:skip=CKV_AWS_284: tracing is on unless the deployer turns it off.
  # checkov:skip=CKV_AWS_285: all log, but only of purchases with data: see machine_logs.
  for_each   = local.system.state_machines
  name       = "${var.name}-${each.key}"
  type       = each.value
  role_arn   = aws_iam_role.machine[each.key].arn
  definition = templatefile("${path.module}/../statemachines/${each.key}.asl.json", merge(local.arns, local.system.settings))

  logging_configuration {
    level                  = local.machine_logs[each.key].level
    include_execution_data = local.machine_logs[each.key].data
    log_destination        = local.machine_logs[each.key].level == "OFF" ? null : "${aws_cloudwatch_log_group.machine[each.key].arn}:*"
  }

  # A stand-in keeps nothing of it.
  dynamic "tracing_configuration" {
    for_each = local.on_emulator ? [] : [1]
    content {
      enabled = var.tracing
    }
  }

  # Step Functions deletes a machine when the last of its executions is at its next step, which for a restock is
  # when it has waited for the factory.
  timeouts {
    delete = "30m"
  }

  # The functions know what a new definition sends before it does, and are there until nothing invokes them.
  depends_on = [aws_iam_role_policy.machine, aws_lambda_function.this]
}

# An execution that cannot report any more: see system.json.
locals {
  ended = local.system.reports_of_ended_executions
}

resource "aws_cloudwatch_event_rule" "ended" {
  name        = "${var.name}-ended-unreported"
  description = "Restocks and completions that ended without a chance to report."
  event_pattern = jsonencode({
    source      = ["aws.states"]
    detail-type = ["Step Functions Execution Status Change"]
    detail = {
      status          = local.ended.statuses
      stateMachineArn = [for machine in local.ended.state_machines : local.arns["${machine}_machine_arn"]]
    }
  })
}

resource "aws_cloudwatch_event_target" "report" {
  rule = aws_cloudwatch_event_rule.ended.name
  arn  = aws_lambda_function.this[local.ended.function].arn

  input_transformer {
    input_paths    = local.ended.paths
    input_template = local.ended.event
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 20
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered["reports"].arn
  }
}

resource "aws_lambda_permission" "report" {
  statement_id  = "ended-unreported"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this["report"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.ended.arn
}

# Called by an event, report has nobody who would hear of its failure.
resource "aws_lambda_function_event_invoke_config" "report" {
  function_name                = aws_lambda_function.this["report"].function_name
  maximum_event_age_in_seconds = 3600
  maximum_retry_attempts       = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.undelivered["reports"].arn
    }
  }
}
