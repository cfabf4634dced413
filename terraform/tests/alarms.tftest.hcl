# The alarms and the dashboard.

mock_provider "aws" {
  source = "./tests/aws"
}

run "alarms_watch_the_right_metrics_and_describe_what_to_do" {
  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      can(regex("^.{30,}\nImpact: .{30,}\nAction:\n(.|\n){40,}", alarm.alarm_description)) && length(alarm.alarm_description) <= 1024
    ])
    error_message = "An alarm does not describe what happened, its impact and the action to take."
  }
  assert {
    condition     = length(setsubtract(keys(local.function_impacts), keys(local.system.functions))) == 0
    error_message = "function_impacts contains a function that does not exist."
  }
  # For each alarm: namespace, metric, dimensions, comparison, threshold, statistic, period.
  assert {
    condition = alltrue([
      for name, watched in {
        undelivered-depletions   = ["AWS/SQS", "NumberOfMessagesSent", { QueueName = "restock-undelivered-depletions" }, ">", 0, "Sum", 300]
        undelivered-reports      = ["AWS/SQS", "NumberOfMessagesSent", { QueueName = "restock-undelivered-reports" }, ">", 0, "Sum", 300]
        stock-queue-delayed      = ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName = "restock-stock-queue" }, ">", 600, "Maximum", 300]
        completion-queue-delayed = ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName = "restock-completion-queue" }, ">", 300, "Maximum", 300]
        operations-queue-delayed = ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName = "restock-operations-queue" }, ">", 600, "Maximum", 300]
        mails-not-sent           = ["restock", "MailsNotSent", {}, ">", 0, "Sum", 300]
        depletions-returned      = ["restock", "MessagesReturned", {}, ">", 0, "Sum", 300]
        callbacks-returned       = ["restock", "CallbacksReturned", {}, ">", 0, "Sum", 300]
        requests-throttled       = ["restock", "RequestsThrottled", {}, ">", 10, "Sum", 300]
        start-restock-throttles  = ["AWS/Lambda", "Throttles", { FunctionName = "restock-start-restock" }, ">", 0, "Sum", 300]
        restock-open-too-long    = ["restock", "OldestOpenRestockSeconds", {}, ">", 7560, "Maximum", 900]
        sweep-missing            = ["AWS/States", "ExecutionsSucceeded", { StateMachineArn = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-sweep" }, "<", 1, "Sum", 900]
        restock-failed           = ["AWS/States", "ExecutionsFailed", { StateMachineArn = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-restock" }, ">", 0, "Sum", 300]
        restock-timedout         = ["AWS/States", "ExecutionsTimedOut", { StateMachineArn = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-restock" }, ">", 0, "Sum", 300]
        report-errors            = ["AWS/Lambda", "Errors", { FunctionName = "restock-report" }, ">", 0, "Sum", 300]
        report-throttles         = ["AWS/Lambda", "Throttles", { FunctionName = "restock-report" }, ">", 0, "Sum", 300]
        api-errors               = ["AWS/ApiGateway", "5xx", { ApiId = aws_apigatewayv2_api.sales.id }, ">", 10, "Sum", 300]
        callbacks-forged         = ["restock", "ForgedCallbacks", {}, ">", 10, "Sum", 300]
        database-connections     = ["AWS/RDS", "DatabaseConnections", { DBInstanceIdentifier = "restock-warehouse" }, ">", 200, "Maximum", 300]
        database-cpu-credits     = ["AWS/RDS", "CPUCreditBalance", { DBInstanceIdentifier = "restock-warehouse" }, "<", 50, "Average", 3600]
        database-logins          = ["AWS/RDS", "IamDbAuthConnectionFailure", { DBInstanceIdentifier = "restock-warehouse" }, ">", 10, "Sum", 300]
        database-memory          = ["AWS/RDS", "FreeableMemory", { DBInstanceIdentifier = "restock-warehouse" }, "<", 200000000, "Minimum", 300]
        database-storage         = ["AWS/RDS", "FreeStorageSpace", { DBInstanceIdentifier = "restock-warehouse" }, "<", 2000000000, "Minimum", 300]
      } :
      jsonencode(watched) == jsonencode([
        for alarm in [aws_cloudwatch_metric_alarm.this[name]] : [
          alarm.namespace, alarm.metric_name, coalesce(alarm.dimensions, {}), startswith(alarm.comparison_operator, "Greater") ? ">" : "<", alarm.threshold,
          alarm.statistic, alarm.period
        ]
      ][0])
    ])
    error_message = "An alarm has another metric, threshold or period than expected."
  }
  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.evaluation_periods if alarm.evaluation_periods != 1 } == { callbacks-returned = 3, checkout-errors = 3, checkout-slow = 3, database-cpu-credits = 6, depletions-returned = 3 }
    error_message = "An alarm begins after another number of periods than expected."
  }
  assert {
    condition     = [for name, alarm in aws_cloudwatch_metric_alarm.this : name if alarm.treat_missing_data == "breaching"] == ["completion-queue-not-polled", "operations-queue-not-polled", "stock-queue-not-polled", "sweep-missing"]
    error_message = "Only an alarm on something that does not happen must treat missing data as breaching."
  }
  assert {
    condition     = alltrue([for metric in local.alarm_metrics : metric.namespace == "restock" || startswith(metric.namespace, "AWS/")])
    error_message = "An alarm watches a namespace that is not of this deployment."
  }
  assert {
    condition     = alltrue([for function in local.deployed_functions : nonsensitive(function.environment[0].variables["METRICS_NAMESPACE"]) == "restock"])
    error_message = "A function writes its metrics into a namespace that no alarm watches."
  }
  assert {
    condition = alltrue([
      for metric in ["Sold", "SoldOut", "Depletions", "RestocksCompleted", "RestocksFailed", "LeadTimeSeconds", "LateCallbacks", "ForgedCallbacks"] :
      strcontains(aws_cloudwatch_dashboard.this.dashboard_body, jsonencode(["restock", metric]))
    ])
    error_message = "The dashboard does not show one of our own metrics."
  }
}

run "purchases_have_two_objectives" {
  variables {
    checkout_objectives = { p99_ms = 1500, error_percent = 0.5 }
  }
  assert {
    condition = jsonencode([
      for alarm in [aws_cloudwatch_metric_alarm.this["checkout-slow"]] :
      [alarm.metric_name, alarm.extended_statistic, alarm.statistic, alarm.threshold, alarm.dimensions["Method"], alarm.dimensions["Resource"]]
    ][0]) == jsonencode(["Latency", "p99", null, 1500, "POST", "/checkout"])
    error_message = "checkout-slow must watch the p99 of POST /checkout."
  }
  assert {
    condition = (
      { for query in aws_cloudwatch_metric_alarm.this["checkout-errors"].metric_query : query.id => try(query.metric[0].metric_name, query.expression) }
      == { result = "100 * FILL(failed, 0) / requests", failed = "5xx", requests = "Count" }
      && aws_cloudwatch_metric_alarm.this["checkout-errors"].threshold == 0.5
    )
    error_message = "checkout-errors must watch the percentage of failed requests."
  }
}

run "dead_letters_remind_every_day_and_no_message_hides_the_next" {
  assert {
    condition = [
      for query in aws_cloudwatch_metric_alarm.this["dead-letters"].metric_query : query.expression if query.return_data == true
    ] == ["IF(HOUR(letters) == 0, letters, 0)"] && aws_cloudwatch_metric_alarm.this["dead-letters"].threshold == 0
    error_message = "dead-letters must leave the state ALARM each day, or it never reminds again."
  }
  assert {
    condition = [
      for metric in local.alarm_metrics : metric.alarm if metric.metric == "ApproximateNumberOfMessagesVisible"
    ] == ["dead-letters"]
    error_message = "An alarm on the messages that wait stays in the state ALARM, so the next message begins no alarm."
  }
}

run "a_disabled_trigger_is_noticed_for_each_queue" {
  assert {
    condition = {
      for name, mapping in aws_lambda_event_source_mapping.queue : "${replace(name, "_", "-")}-not-polled" => toset(["NumberOfEmptyReceives", "NumberOfMessagesReceived"])
      } == {
      for name, alarm in aws_cloudwatch_metric_alarm.this : name => toset([for query in alarm.metric_query : query.metric[0].metric_name if length(query.metric) == 1])
      if endswith(name, "-not-polled")
    }
    error_message = "Each queue with a consumer must have an alarm that begins when nobody asks it for messages."
  }
}

run "an_emulator_gets_no_expressions_and_no_percentiles" {
  variables {
    endpoint_url = "http://ministack:4566"
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) > 50 && alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(alarm.metric_query) == 0 && alarm.extended_statistic == null])
    error_message = "Terraform would plan a change of them on every run."
  }
}

run "database_alarms_have_configurable_thresholds" {
  variables {
    database_alarms = { connections = 60, free_memory_mb = 100, cpu_credits = 20, free_storage_gb = 1 }
  }
  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.threshold if startswith(name, "database-") } == {
      database-connections = 60, database-cpu-credits = 20, database-logins = 10, database-memory = 100000000, database-storage = 1000000000
    }
    error_message = "The database alarms must have the thresholds of database_alarms."
  }
}

run "descriptions_of_alarms_fit_with_the_longest_names" {
  variables {
    name            = "restock-restock"
    redrive_command = join("", [for number in range(30) : "0123456789"])
    runbook_url     = join("", [for number in range(10) : "0123456789"])
  }
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_composite_alarm.cause), values(aws_cloudwatch_composite_alarm.incident), values(aws_cloudwatch_composite_alarm.explained)) :
      length(alarm.alarm_description) <= 1024
    ])
    error_message = "CloudWatch allows 1,024 characters. These descriptions are longer: ${join(", ", [for name, alarm in merge(aws_cloudwatch_metric_alarm.this, aws_cloudwatch_composite_alarm.cause, aws_cloudwatch_composite_alarm.incident) : "${name} ${length(alarm.alarm_description)}" if length(alarm.alarm_description) > 1024])}."
  }
}
