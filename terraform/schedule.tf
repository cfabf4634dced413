# What runs by the clock.

resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

resource "aws_iam_role" "schedule" {
  for_each    = local.system.schedules
  name        = "${var.name}-${each.key}-schedule"
  description = "Starts the state machine ${each.value.state_machine} by the clock."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # Scheduler names the group, not the schedule.
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = "${local.arn_prefix["scheduler"]}:schedule-group/${var.name}" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  for_each = local.system.schedules
  name     = "its-work"
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
  # checkov:skip=CKV_AWS_297: its input is empty; there is nothing to encrypt with a key of one's own.
  for_each            = local.system.schedules
  name                = "${var.name}-${each.key}"
  group_name          = aws_scheduler_schedule_group.this.name
  schedule_expression = each.value.expression

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.this[each.value.state_machine].arn
    role_arn = aws_iam_role.schedule[each.key].arn
    input    = "{}"

    # What could not start is not made up for: the next one does all there is to do. An alarm notices when
    # none starts.
    retry_policy {
      maximum_event_age_in_seconds = 240
      maximum_retry_attempts       = 2
    }
  }

  depends_on = [aws_iam_role_policy.schedule]
}
