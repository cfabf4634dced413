# The topic, the queues, the state machines, what runs by the clock, and what tells operations.

mock_provider "aws" {
  source = "./tests/aws"
}

mock_provider "random" {}

run "deployment" {
  # Queues.

  assert {
    condition     = alltrue([for queue in local.queues : queue.sqs_managed_sse_enabled])
    error_message = "A queue is not encrypted."
  }
  assert {
    condition = alltrue([
      for policy in merge(aws_sqs_queue_policy.this, { depletion = aws_sns_topic_policy.depletion, alarms = aws_sns_topic_policy.alarms }) : anytrue([
        for statement in jsondecode(policy.policy).Statement :
        statement.Effect == "Deny" && statement.Principal == "*" && try(statement.Condition.Bool["aws:SecureTransport"] == "false", false)
      ])
    ])
    error_message = "A queue or a topic can be used without TLS."
  }
  assert {
    condition = alltrue(flatten([
      for policy in aws_sqs_queue_policy.this : [
        for statement in jsondecode(policy.policy).Statement : can(statement.Condition.ArnEquals["aws:SourceArn"]) if statement.Effect == "Allow"
      ]
    ]))
    error_message = "A queue lets in a service without asking on whose behalf."
  }
  assert {
    condition = (
      jsondecode(aws_sqs_queue_redrive_policy.this["stock_queue"].redrive_policy).maxReceiveCount == 5
      && jsondecode(aws_sqs_queue_redrive_policy.this["stock_queue"].redrive_policy).deadLetterTargetArn == aws_sqs_queue.this["dead_letter_queue"].arn
    )
    error_message = "What was taken five times goes to the dead letters."
  }
  assert {
    condition     = aws_sqs_queue.this["dead_letter_queue"].message_retention_seconds == 14 * 24 * 3600 && aws_sqs_queue.this["stock_queue"].visibility_timeout_seconds >= 6 * aws_lambda_function.this["start-restock"].timeout
    error_message = "Dead letters are kept for 14 days; a message is hidden for as long as its consumer may take, six times."
  }
  assert {
    condition = (
      aws_lambda_event_source_mapping.queue["stock_queue"].function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.queue["stock_queue"].scaling_config[0].maximum_concurrency == 5
    )
    error_message = "Each message is answered for by itself, by few at once."
  }

  # The topic.

  assert {
    condition     = aws_sns_topic.depletion.kms_master_key_id == "alias/aws/sns"
    error_message = "The topic is not encrypted."
  }
  assert {
    condition = (
      aws_sns_topic_subscription.stock_queue.raw_message_delivery && aws_sns_topic_subscription.stock_queue.endpoint == aws_sqs_queue.this["stock_queue"].arn
      && jsondecode(aws_sns_topic_subscription.stock_queue.redrive_policy).deadLetterTargetArn == aws_sqs_queue.undelivered["depletions"].arn
    )
    error_message = "Depletions come as they are, and what cannot be delivered is kept."
  }

  # State machines.

  assert {
    condition     = alltrue([for name, machine in aws_sfn_state_machine.this : machine.type == local.system.state_machines[name]])
    error_message = "A machine is of another type than system.json says."
  }
  # A name that nobody fills is an error of templatefile; what it is filled with must leave it JSON.
  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : jsondecode(machine.definition).QueryLanguage == "JSONata"])
    error_message = "A definition is no JSON."
  }
  assert {
    condition = alltrue([
      for name, machine in aws_sfn_state_machine.this : alltrue([
        for function in distinct(flatten(regexall(":function:restock-([a-z-]+)", machine.definition))) :
        contains(jsondecode(aws_iam_role_policy.machine[name].policy).Statement[0].Resource, "arn:aws:lambda:ap-northeast-2:123456789012:function:restock-${function}")
      ])
    ])
    error_message = "A machine may not invoke a function of its own."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.machine :
      length(jsondecode(policy.policy).Statement[0].Resource) == length(distinct(flatten(regexall(":function:restock-([a-z-]+)", aws_sfn_state_machine.this[name].definition))))
    ])
    error_message = "A machine may invoke functions that it does not name."
  }
  assert {
    condition = alltrue([
      for name, role in aws_iam_role.machine :
      jsondecode(role.assume_role_policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-${name}"
    ])
    error_message = "Another machine could use the role."
  }
  assert {
    condition = alltrue([
      for name, machine in aws_sfn_state_machine.this :
      startswith(aws_cloudwatch_log_group.machine[name].name, "/aws/vendedlogs/states/") && (name == "purchase") == machine.logging_configuration[0].include_execution_data
    ])
    error_message = "Task tokens are not for a log: only purchases are logged with data."
  }

  # Events.

  assert {
    condition = jsonencode(jsondecode(aws_cloudwatch_event_rule.ended.event_pattern).detail) == jsonencode({
      stateMachineArn = ["arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-restock", "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-completion"]
      status          = ["ABORTED", "TIMED_OUT"]
    })
    error_message = "Restocks and completions that were stopped or timed out are told of."
  }
  # As EventBridge fills it in: a text with its quotation marks.
  assert {
    condition     = jsonencode(jsondecode(replace(aws_cloudwatch_event_target.report.input_transformer[0].input_template, "/<([a-z]+)>/", "\"$1\""))) == jsonencode({ report = "execution_ended", status = "status", machine = "machine", name = "name", execution = "execution" })
    error_message = "What report is sent is JSON."
  }
  assert {
    condition     = aws_lambda_permission.report.source_arn == aws_cloudwatch_event_rule.ended.arn
    error_message = "Only this rule may call report."
  }

  # The clock.

  assert {
    condition     = aws_scheduler_schedule.this["sweep"].schedule_expression == "rate(5 minutes)" && aws_scheduler_schedule.this["sweep"].target[0].arn == aws_sfn_state_machine.this["sweep"].arn
    error_message = "The sweep runs every five minutes."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.schedule["sweep"].policy).Statement == [{ Action = ["states:StartExecution"], Effect = "Allow", Resource = ["arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-sweep"] }]
    error_message = "It may start the sweep and nothing else."
  }

  # Alarms.

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(alarm.alarm_description) > 40 && contains(alarm.alarm_actions, aws_sns_topic.alarms.arn)])
    error_message = "An alarm says what to do, and to whom."
  }
  assert {
    condition     = alltrue([for name in ["dead-letters", "stock-queue-waits", "restock-failed", "restock-timedout", "restock-open-too-long", "report-errors", "report-throttles", "database-connections", "database-cpu-credits", "database-memory"] : contains(keys(aws_cloudwatch_metric_alarm.this), name)])
    error_message = "An alarm is missing."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.namespace == "restock" || startswith(alarm.namespace, "AWS/")])
    error_message = "The metrics of another deployment raise an alarm."
  }
  assert {
    condition     = alltrue([for function in merge(aws_lambda_function.this, aws_lambda_function.migration) : nonsensitive(function.environment[0].variables["METRICS_NAMESPACE"]) == "restock"])
    error_message = "A function counts where no alarm looks."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["report-errors"].threshold == 0
    error_message = "A mail that could not be sent is told of."
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == length(local.widgets)
    error_message = "The dashboard shows all."
  }
}

run "purchases_that_nobody_follows" {
  variables {
    purchase_log = { level = "OFF" }
  }
  assert {
    condition = (
      aws_sfn_state_machine.this["purchase"].logging_configuration[0].level == "OFF" && !aws_sfn_state_machine.this["purchase"].logging_configuration[0].include_execution_data
      && aws_sfn_state_machine.this["purchase"].logging_configuration[0].log_destination == null
    )
    error_message = "A log that is off goes nowhere."
  }
  assert {
    condition     = aws_sfn_state_machine.this["restock"].logging_configuration[0].level == "ERROR"
    error_message = "It is only that of purchases."
  }
}
