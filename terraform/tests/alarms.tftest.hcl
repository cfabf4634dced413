# The alarms and the dashboard.

mock_provider "aws" {
  source = "./tests/aws"
}

mock_provider "random" {}

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
        dead-letters             = ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName = "restock-dead-letter-queue" }, ">", 0, "Maximum", 3600]
        stock-queue-delayed      = ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName = "restock-stock-queue" }, ">", 600, "Maximum", 300]
        completion-queue-delayed = ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName = "restock-completion-queue" }, ">", 300, "Maximum", 300]
        operations-queue-delayed = ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName = "restock-operations-queue" }, ">", 600, "Maximum", 300]
        mails-not-sent           = ["restock", "MailsNotSent", {}, ">", 0, "Sum", 300]
        depletions-returned      = ["restock", "MessagesReturned", {}, ">", 0, "Sum", 300]
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
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.evaluation_periods if alarm.evaluation_periods != 1 } == { database-cpu-credits = 6, dead-letters = 24, depletions-returned = 3 }
    error_message = "An alarm rings after another number of periods than expected. dead-letters is a reminder after 24 hours."
  }
  assert {
    condition     = [for name, alarm in aws_cloudwatch_metric_alarm.this : name if alarm.treat_missing_data == "breaching"] == ["sweep-missing"]
    error_message = "Only sweep-missing must treat missing data as breaching."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.namespace == "restock" || startswith(alarm.namespace, "AWS/")])
    error_message = "An alarm watches a namespace that is not of this deployment."
  }
  assert {
    condition     = alltrue([for function in merge(local.functions, { for name, deployed in module.migration : name => deployed.function }) : nonsensitive(function.environment[0].variables["METRICS_NAMESPACE"]) == "restock"])
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

run "database_alarms_have_configurable_thresholds" {
  variables {
    database_alarms = { connections = 60, free_memory_mb = 100, cpu_credits = 20, free_storage_gb = 1 }
  }
  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.threshold if startswith(name, "database-") } == {
      database-connections = 60, database-cpu-credits = 20, database-memory = 100000000, database-storage = 1000000000
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
    error_message = "The description of an alarm is longer than the 1,024 characters that CloudWatch allows."
  }
}
