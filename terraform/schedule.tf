# The schedules of system.json: state machines that start at fixed intervals.

resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

resource "aws_iam_role" "schedule" {
  for_each             = local.system.schedules
  name                 = "${var.name}-${each.key}-schedule"
  description          = "Allows EventBridge Scheduler to start the state machine ${each.value.state_machine}."
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # The source of a call is the group of the schedule, not the schedule itself.
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = "${local.arn_prefix["scheduler"]}:schedule-group/${var.name}" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  for_each = local.system.schedules
  name     = "permissions"
  role     = aws_iam_role.schedule[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = [local.arns["${each.value.state_machine}_machine_arn"]]
    }]
  })
}

resource "aws_scheduler_schedule" "this" {
  # checkov:skip=CKV_AWS_297: the input of the schedule is empty, so there is nothing to encrypt.
  for_each            = local.system.schedules
  name                = "${var.name}-${each.key}"
  group_name          = aws_scheduler_schedule_group.this.name
  schedule_expression = each.value.expression
  state               = var.restocks_paused ? "DISABLED" : "ENABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.this[each.value.state_machine].arn
    role_arn = aws_iam_role.schedule[each.key].arn
    input    = "{}"

    # A sweep that cannot start is dropped, since the next one does all the work. The alarm sweep-missing begins if none
    # succeeds.
    retry_policy {
      maximum_event_age_in_seconds = 240
      maximum_retry_attempts       = 2
    }
  }

  depends_on = [aws_iam_role_policy.schedule]
}
