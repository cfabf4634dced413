# The topic, the queues, the state machines, and the schedule.

mock_provider "aws" {
  source = "./tests/aws"
}

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
    error_message = "A queue or a topic accepts requests without TLS."
  }
  assert {
    condition = jsonencode({
      for name, policy in aws_sqs_queue_policy.this : name => [
        for statement in jsondecode(policy.policy).Statement :
        [statement.Principal.Service, statement.Action, statement.Condition.ArnEquals["aws:SourceArn"]] if statement.Effect == "Allow"
      ]
      }) == jsonencode({
      completion_queue       = []
      dead_letter_queue      = []
      operations_queue       = []
      stock_queue            = [["sns.amazonaws.com", "sqs:SendMessage", "arn:aws:sns:ap-northeast-2:123456789012:restock-depletion"]]
      undelivered_depletions = [["sns.amazonaws.com", "sqs:SendMessage", "arn:aws:sns:ap-northeast-2:123456789012:restock-depletion"]]
      undelivered_reports    = [["events.amazonaws.com", "sqs:SendMessage", "arn:aws:events:ap-northeast-2:123456789012:rule/restock-ended-unreported"]]
    })
    error_message = "A queue accepts messages from other senders than its own topic or rule."
  }
  assert {
    condition = alltrue(flatten([
      for name, policy in aws_sqs_queue_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Resource == "arn:aws:sqs:ap-northeast-2:123456789012:restock-${replace(name, "_", "-")}"
      ]
    ]))
    error_message = "The policy of a queue names another queue."
  }
  assert {
    condition = (
      jsondecode(aws_sqs_queue_redrive_policy.this["stock_queue"].redrive_policy).maxReceiveCount == 100
      && jsondecode(aws_sqs_queue_redrive_policy.this["stock_queue"].redrive_policy).deadLetterTargetArn == aws_sqs_queue.this["operations_queue"].arn
      && !contains(keys(aws_sqs_queue_redrive_policy.this), "operations_queue")
    )
    error_message = "A message that was received a hundred times must go to operations_queue, and a report must stay there."
  }
  assert {
    condition = (
      jsondecode(aws_sqs_queue_redrive_policy.this["completion_queue"].redrive_policy).maxReceiveCount == 100
      && jsondecode(aws_sqs_queue_redrive_policy.this["completion_queue"].redrive_policy).deadLetterTargetArn == aws_sqs_queue.this["operations_queue"].arn
      && aws_lambda_event_source_mapping.queue["completion_queue"].function_response_types == toset(["ReportBatchItemFailures"])
    )
    error_message = "A callback must be tried 100 times, on its own, before it goes to operations_queue."
  }
  assert {
    condition = (
      jsondecode(aws_sqs_queue_redrive_allow_policy.this["operations_queue"].redrive_allow_policy).redrivePermission == "byQueue"
      && toset(jsondecode(aws_sqs_queue_redrive_allow_policy.this["operations_queue"].redrive_allow_policy).sourceQueueArns) == toset([aws_sqs_queue.this["stock_queue"].arn, aws_sqs_queue.this["completion_queue"].arn])
    )
    error_message = "operations_queue must accept messages that stock_queue and completion_queue set aside, and of no other queue."
  }
  assert {
    condition     = alltrue([for queue in aws_sqs_queue.undelivered : queue.message_retention_seconds == 14 * 24 * 3600])
    error_message = "Undelivered messages must be kept for 14 days."
  }
  assert {
    condition     = aws_sqs_queue.this["dead_letter_queue"].message_retention_seconds == 14 * 24 * 3600 && aws_sqs_queue.this["stock_queue"].visibility_timeout_seconds >= 6 * local.functions["start-restock"].timeout
    error_message = "Dead letters must be kept for 14 days, and the visibility timeout of stock_queue must be at least six times the time-out of its consumer."
  }
  assert {
    condition = (
      aws_lambda_event_source_mapping.queue["stock_queue"].function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.queue["stock_queue"].scaling_config[0].maximum_concurrency == 5
    )
    error_message = "The consumer of stock_queue must report failures for each message, and run at most five times at once."
  }
  assert {
    condition = (
      aws_lambda_event_source_mapping.queue["operations_queue"].function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.queue["operations_queue"].batch_size == 100
      && aws_lambda_event_source_mapping.queue["operations_queue"].maximum_batching_window_in_seconds == 30
      && aws_sqs_queue.this["operations_queue"].message_retention_seconds == 14 * 24 * 3600
      && aws_sqs_queue.this["operations_queue"].visibility_timeout_seconds >= 6 * local.functions["send-mail"].timeout + 30
    )
    error_message = "send-mail must get up to 100 reports at once after at most 30 seconds, and a report must be kept for 14 days."
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
    error_message = "Depletions must be delivered raw, and undelivered ones kept in a queue."
  }

  # State machines.

  assert {
    condition     = alltrue([for name, machine in aws_sfn_state_machine.this : machine.type == local.system.state_machines[name]])
    error_message = "The type of a machine differs from system.json."
  }
  # An unknown placeholder is an error of templatefile. tests/terraform.rs compares each whole definition with the one that
  # the local cloud runs.
  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : jsondecode(machine.definition).QueryLanguage == "JSONata"])
    error_message = "A definition is not valid JSON."
  }
  assert {
    condition     = jsondecode(aws_sfn_state_machine.this["restock"].definition).States.AwaitCompletion.TimeoutSeconds == local.system.settings.await_completion_seconds
    error_message = "The time-out of AwaitCompletion must be deployed as a number."
  }
  assert {
    condition = alltrue([
      for name, machine in aws_sfn_state_machine.this : alltrue([
        for function in distinct(flatten(regexall(":function:restock-([a-z-]+)", machine.definition))) :
        contains(jsondecode(aws_iam_role_policy.machine[name].policy).Statement[0].Resource, "arn:aws:lambda:ap-northeast-2:123456789012:function:restock-${function}:*")
      ])
    ])
    error_message = "A machine has no permission to invoke one of its functions."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.machine :
      length(jsondecode(policy.policy).Statement[0].Resource) == length(distinct(concat(
        flatten(regexall(":function:restock-([a-z-]+)", aws_sfn_state_machine.this[name].definition)), lookup(local.system.invoked_before, name, []),
      )))
    ])
    error_message = "A machine has permission to invoke functions that its definition does not name."
  }
  assert {
    condition = alltrue([
      for name, role in aws_iam_role.machine : jsondecode(role.assume_role_policy).Statement[0].Condition == {
        ArnEquals    = { "aws:SourceArn" = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-${name}" }
        StringEquals = { "aws:SourceAccount" = "123456789012" }
      }
    ])
    error_message = "Another machine can assume the role."
  }
  assert {
    condition = alltrue([
      for name, machine in aws_sfn_state_machine.this :
      startswith(aws_cloudwatch_log_group.machine[name].name, "/aws/vendedlogs/states/") && (name == "purchase") == machine.logging_configuration[0].include_execution_data
    ])
    error_message = "Only purchases may be logged with data, because the data of other executions contains task tokens."
  }
  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : machine.logging_configuration[0].level == "ERROR"])
    error_message = "A machine must log the events of failures only: a whole history costs more than the execution."
  }
  assert {
    condition     = alltrue([for name, machine in aws_sfn_state_machine.this : machine.logging_configuration[0].log_destination == "${aws_cloudwatch_log_group.machine[name].arn}:*"])
    error_message = "A machine must log to its own log group."
  }
  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.machine : anytrue([for statement in jsondecode(policy.policy).Statement : contains(statement.Action, "logs:CreateLogDelivery")])])
    error_message = "A machine has no permission to set up the delivery of its log."
  }

  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : machine.tracing_configuration[0].enabled])
    error_message = "A machine is not traced."
  }

  # Events.

  assert {
    condition = jsonencode(jsondecode(aws_cloudwatch_event_rule.ended.event_pattern).detail) == jsonencode({
      "$or" = flatten([
        for machine in [
          { name = [{ prefix = "rejected_" }], stateMachineArn = ["arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-restock"] },
          { stateMachineArn = ["arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-completion"] },
          ] : [
          merge(machine, { status = ["ABORTED", "TIMED_OUT"] }),
          merge(machine, { status = ["FAILED"], error = ["States.Runtime", "States.DataLimitExceeded", "States.QueryEvaluationError"] }),
        ]
      ])
    })
    error_message = "The rule must match executions of completion, and those of restock that report a message, that were stopped, timed out, or failed with an error that no definition reports."
  }
  assert {
    condition = jsonencode(jsondecode(aws_cloudwatch_event_rule.ended_restocks.event_pattern).detail) == jsonencode({
      name            = [{ "anything-but" = { prefix = "rejected_" } }]
      stateMachineArn = ["arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-restock"]
      status          = ["FAILED", "ABORTED", "TIMED_OUT"]
    })
    error_message = "The rule must match all restocks that ended without success."
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.sweep.arn == aws_sfn_state_machine.this["sweep"].arn
      && replace(aws_cloudwatch_event_target.sweep.input_transformer[0].input_template, "/<([a-z]+)>/", "\"$1\"") == "{\"ended\": \"name\"}"
      && jsondecode(aws_iam_role_policy.ended_restocks.policy).Statement[0].Resource == ["arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-sweep"]
    )
    error_message = "The end of a restock must start the sweep, with the name of the execution."
  }
  # EventBridge replaces <name> with the text and its quotation marks.
  assert {
    condition     = jsonencode(jsondecode(replace(aws_cloudwatch_event_target.report.input_transformer[0].input_template, "/<([a-z]+)>/", "\"$1\""))) == jsonencode({ report = "execution_ended", status = "status", machine = "machine", name = "name", execution = "execution" })
    error_message = "The event for report must be JSON."
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.report.arn == local.functions["report"].arn
      && aws_cloudwatch_event_target.report.dead_letter_config[0].arn == aws_sqs_queue.undelivered["reports"].arn
      && aws_lambda_function_event_invoke_config.report.destination_config[0].on_failure[0].destination == aws_sqs_queue.undelivered["reports"].arn
    )
    error_message = "The event must go to report, and undelivered events to a queue."
  }
  assert {
    condition     = aws_lambda_permission.report.source_arn == aws_cloudwatch_event_rule.ended.arn
    error_message = "Only this rule may invoke report."
  }

  # The schedule.

  assert {
    condition     = aws_scheduler_schedule.this["sweep"].schedule_expression == "rate(5 minutes)" && aws_scheduler_schedule.this["sweep"].target[0].arn == aws_sfn_state_machine.this["sweep"].arn
    error_message = "The sweep must run every five minutes."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.schedule["sweep"].policy).Statement == [{ Action = ["states:StartExecution"], Effect = "Allow", Resource = ["arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-sweep"] }]
    error_message = "The schedule must have permission to start the sweep and nothing else."
  }
  assert {
    condition = jsondecode(aws_iam_role.schedule["sweep"].assume_role_policy).Statement[0].Condition == {
      ArnEquals    = { "aws:SourceArn" = "arn:aws:scheduler:ap-northeast-2:123456789012:schedule-group/restock" }
      StringEquals = { "aws:SourceAccount" = "123456789012" }
    }
    error_message = "A schedule of another group can assume the role."
  }
}

run "the_emulator_by_its_endpoint" {
  variables {
    endpoint_url = "http://127.0.0.1:4566"
  }
  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : length(machine.tracing_configuration) == 0]) && aws_db_instance.warehouse["warehouse"].enabled_cloudwatch_logs_exports == null && length(aws_xray_sampling_rule.purchases) == 0
    error_message = "Settings that the emulator does not store must not be sent to it."
  }
}

run "the_emulator_by_its_account" {
  override_data {
    target = data.aws_caller_identity.this
    values = { account_id = "000000000000" }
  }
  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : length(machine.tracing_configuration) == 0])
    error_message = "The account 000000000000 must be recognized as the emulator, since no AWS account has this number."
  }
}

run "without_purchase_logs" {
  variables {
    purchase_log = { level = "OFF" }
  }
  assert {
    condition = (
      aws_sfn_state_machine.this["purchase"].logging_configuration[0].level == "OFF" && !aws_sfn_state_machine.this["purchase"].logging_configuration[0].include_execution_data
      && aws_sfn_state_machine.this["purchase"].logging_configuration[0].log_destination == null
    )
    error_message = "A disabled log must have no destination."
  }
  assert {
    condition     = aws_sfn_state_machine.this["restock"].logging_configuration[0].level == "ERROR"
    error_message = "The setting must change the log of purchases only."
  }
}
