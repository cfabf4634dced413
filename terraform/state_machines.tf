# The state machines. The local cloud runs the same definitions.

locals {
  machine_files = { for name in keys(local.system.state_machines) : name => "${path.module}/../statemachines/${name}.asl.yaml" }

  # How a state invokes a function. Each partition has ARNs of its own.
  integrations = {
    invoke          = "arn:${local.partition}:states:::lambda:invoke"
    invoke_and_wait = "arn:${local.partition}:states:::lambda:invoke.waitForTaskToken"
  }

  # The definitions are YAML with ${placeholders} and are deployed as JSON. An expression {% $number('900') %} is
  # deployed as 900: see statemachines/README.md.
  machine_definitions = {
    for name, path in local.machine_files : name => jsonencode(yamldecode(replace(
      templatefile(path, merge(local.arns, local.version_arns, local.settings, local.integrations)),
      "/\"{% [$]number[(]'([0-9]+)'[)] %}\"/", "$1",
    )))
  }

  # A machine may invoke the functions that its definition names, and all their versions, which earlier definitions name. It
  # may also invoke the functions in invoked_before, for executions that still run the previous definition.
  machine_functions = {
    for name, path in local.machine_files : name => sort(distinct(concat(
      [
        for found in regexall("[$][{]([a-z_]+)[}]", file(path)) : found[0]
        if contains(keys(local.system.functions), replace(found[0], "_", "-"))
      ],
      [for function in lookup(local.system.invoked_before, name, []) : replace(function, "-", "_")],
    )))
  }

  # Step Functions keeps no history of EXPRESS executions, so the log is the only record of a purchase: by default of what
  # failed (https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html). STANDARD executions have a
  # history. Their data must not be logged because it contains task tokens.
  machine_logs = {
    for name, type in local.system.state_machines : name => type == "EXPRESS" ? {
      level = var.purchase_log.level
      data  = var.purchase_log.data && var.purchase_log.level != "OFF"
    } : { level = "ERROR", data = false }
  }
}

resource "aws_cloudwatch_log_group" "machine" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key unless there is a kms_key_arn.
  # checkov:skip=CKV_AWS_338: the deployer chooses how long logs are kept, with log_retention_days.
  for_each = local.system.state_machines
  # One resource policy of CloudWatch Logs covers all names with this prefix. Each other name is added to that policy,
  # whose length is limited.
  name              = "/aws/vendedlogs/states/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "machine" {
  for_each             = local.system.state_machines
  name                 = "${var.name}-${each.key}-machine"
  description          = "Permissions of the state machine ${each.key}."
  permissions_boundary = var.permissions_boundary_arn
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
  # checkov:skip=CKV_AWS_290: log deliveries and X-Ray do not support resource-level permissions.
  # checkov:skip=CKV_AWS_355: as CKV_AWS_290.
  # checkov:skip=CKV_AWS_289: as CKV_AWS_290. A log delivery needs permission to change the policy of the log group.
  for_each = local.system.state_machines
  name     = "permissions"
  role     = aws_iam_role.machine[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [for function in local.machine_functions[each.key] : local.with_versions ? "${local.arns[function]}:*" : local.arns[function]]
      }],
      # Step Functions uses this role to set up the delivery of its log. These actions do not support resource-level
      # permissions.
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
  # checkov:skip=CKV_AWS_284: tracing is on unless the deployer disables it.
  # checkov:skip=CKV_AWS_285: all machines write logs, but only purchase logs data: see machine_logs.
  for_each   = local.system.state_machines
  name       = "${var.name}-${each.key}"
  type       = each.value
  role_arn   = aws_iam_role.machine[each.key].arn
  definition = local.machine_definitions[each.key]
  # Purchases are started with the alias of a version: see upgrades.tf. The other machines start with what is newest.
  publish = local.with_versions && each.key == "purchase"

  logging_configuration {
    level                  = local.machine_logs[each.key].level
    include_execution_data = local.machine_logs[each.key].data
    log_destination        = local.machine_logs[each.key].level == "OFF" ? null : "${aws_cloudwatch_log_group.machine[each.key].arn}:*"
  }

  # The emulator does not store a tracing configuration, so Terraform would plan a change on every run.
  dynamic "tracing_configuration" {
    for_each = local.on_emulator ? [] : [1]
    content {
      enabled = var.tracing
    }
  }

  # Step Functions deletes a machine only after each running execution has left its current state. A restock may be
  # waiting for the factory.
  timeouts {
    delete = "30m"
  }

  lifecycle {
    # Otherwise the sweep would close restocks whose execution still runs.
    precondition {
      condition     = local.settings.restock_abandoned_seconds > local.restock_limit
      error_message = "In system.json, restock_abandoned_seconds must be above TimeoutSeconds of statemachines/restock.asl.yaml (${local.restock_limit} s). Raise it."
    }
  }

  # Functions are updated before the definitions that invoke them, and deleted after them.
  depends_on = [aws_iam_role_policy.machine, module.function]
}

# Reports executions that ended and could not report it themselves: see system.json.
locals {
  ended = local.system.reports_of_ended_executions
  ended_detail = {
    "$or" = flatten([
      for machine in local.ended.state_machines : [
        for end in [{ status = local.ended.statuses, error = null }, { status = ["FAILED"], error = local.ended.errors }] : {
          for field, values in {
            status          = end.status
            error           = end.error
            stateMachineArn = [local.arns["${machine}_machine_arn"]]
            name            = contains(keys(local.ended.only_names), machine) ? [{ prefix = local.ended.only_names[machine] }] : null
          } : field => values if values != null
        }
      ]
    ])
  }
  ended_sweeps = local.system.sweeps_of_ended_executions
}

resource "aws_cloudwatch_event_rule" "ended" {
  name        = "${var.name}-ended-unreported"
  description = "Executions that ended and could not report it."
  event_pattern = jsonencode({
    source      = ["aws.states"]
    detail-type = ["Step Functions Execution Status Change"]
    detail      = local.ended_detail
  })
}

resource "aws_cloudwatch_event_target" "report" {
  rule = aws_cloudwatch_event_rule.ended.name
  arn  = local.functions[local.ended.function].arn

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
  function_name = local.functions["report"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.ended.arn
}

# An event invokes report asynchronously, so no caller receives its errors. They go to a queue instead.
resource "aws_lambda_function_event_invoke_config" "report" {
  function_name                = local.functions["report"].function_name
  maximum_event_age_in_seconds = 3600
  maximum_retry_attempts       = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.undelivered["reports"].arn
    }
  }
}

# Starts the sweep when the execution of a restock has ended without success: see system.json. If the start is lost, the
# next scheduled sweep does the same.
resource "aws_cloudwatch_event_rule" "ended_restocks" {
  name        = "${var.name}-ended-restocks"
  description = "Executions of restocks that failed, were stopped or timed out."
  state       = var.restocks_paused ? "DISABLED" : "ENABLED"
  event_pattern = jsonencode({
    source      = ["aws.states"]
    detail-type = ["Step Functions Execution Status Change"]
    detail = {
      status          = local.ended_sweeps.statuses
      stateMachineArn = [local.arns["${local.ended_sweeps.of}_machine_arn"]]
      name            = [{ "anything-but" = { prefix = local.ended_sweeps.except_names } }]
    }
  })
}

resource "aws_cloudwatch_event_target" "sweep" {
  rule     = aws_cloudwatch_event_rule.ended_restocks.name
  arn      = aws_sfn_state_machine.this[local.ended_sweeps.starts].arn
  role_arn = aws_iam_role.ended_restocks.arn

  input_transformer {
    input_paths    = local.ended_sweeps.paths
    input_template = local.ended_sweeps.input
  }

  retry_policy {
    maximum_event_age_in_seconds = 300
    maximum_retry_attempts       = 5
  }

  depends_on = [aws_iam_role_policy.ended_restocks]
}

resource "aws_iam_role" "ended_restocks" {
  name                 = "${var.name}-ended-restocks"
  description          = "Allows EventBridge to start the sweep when a restock has ended."
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = aws_cloudwatch_event_rule.ended_restocks.arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "ended_restocks" {
  name = "permissions"
  role = aws_iam_role.ended_restocks.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = [local.arns["${local.ended_sweeps.starts}_machine_arn"]]
    }]
  })
}
