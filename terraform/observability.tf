# The alarms that operations get by mail, and one dashboard. The functions write our own metrics (namespace var.name) into
# their logs, and CloudWatch reads them there. So no function needs a call or a permission to count something.

locals {
  sweep_interval = trimsuffix(trimprefix(local.system.schedules.sweep.expression, "rate("), ")")

  # Commands that the descriptions of alarms show. Each stands on a line of its own, to be copied.
  show_log    = { for name in keys(local.all_functions) : name => "  aws logs tail /aws/lambda/${var.name}-${name} --since 1h" }
  show_errors = { for name, command in local.show_log : name => "${command} --filter-pattern ERROR" }
  show_executions = {
    for name, type in local.system.state_machines : name => (
      type == "EXPRESS" ? "  aws logs tail /aws/vendedlogs/states/${var.name}-${name} --since 1h" :
      "  aws stepfunctions list-executions --max-items 10 --state-machine-arn ${local.arns["${name}_machine_arn"]}"
    )
  }

  # What customers and operations notice while a function or a state machine fails. A function without an entry is a
  # step of a restock.
  function_impacts = {
    sales-api          = "Customers get HTTP 5xx for POST /checkout. A retry with the same Idempotency-Key never buys twice."
    check-stock        = "Purchases still work: they continue without this check."
    decrement-stock    = "Customers get HTTP 503 for POST /checkout. A retry with the same Idempotency-Key never buys twice."
    publish-depletion  = "Purchases still work. Restocks may start up to ${local.sweep_interval} late: the sweep publishes missing depletions again."
    show-product       = "Customers get HTTP 5xx for GET /products/{sku}. Purchases still work."
    start-restock      = "Purchases still work. Restocks start late. A message that fails 5 times moves to dead_letter_queue."
    report             = "Operations may have missed a mail, and a failed restock may have left no dead letter."
    receive-completion = "Goods that the factory reported reach the stock late. No callback is lost: completion_queue keeps them for 14 days. A restock whose callback waits longer than ${local.system.settings.await_completion_seconds} s orders again."
    record-arrival     = "Goods that the factory reported reach the stock late. If all retries fail, operations get a mail."
    increment-stock    = "Goods that arrived reach the stock late. If all retries fail, the sweep credits them later."
    complete-task      = "Goods that the factory reported reach the stock late. If all retries fail, the completion workflow credits them itself."
    find-depleted      = "Purchases still work. Lost depletions and abandoned restocks wait for the next sweep, in ${local.sweep_interval}."
  }
  step_impact = "Purchases still work. The state machine retries the step. If all retries fail, operations get a mail and a dead letter."
  machine_impacts = {
    purchase   = "Customers got HTTP 503. A retry with the same Idempotency-Key never buys twice."
    restock    = "The product was not restocked and may sell out. While its stock is at or below the reorder point, the sweep requests another restock every ${local.sweep_interval}."
    completion = "Goods that the factory reported may be missing from stock."
    sweep      = "Purchases still work. The next sweep starts in ${local.sweep_interval} and repeats the work."
  }

  # Each alarm has a metric, a threshold (above or below) and three texts, which become its description: what happened,
  # what this means for customers and stock (impact), and what to do (action, one entry for each line).
  alarms = merge(
    {
      dead-letters = {
        namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", stat = "Maximum"
        dimensions = { QueueName = local.queue_names.dead_letter_queue }, above = 0
        happened   = "A message is in dead_letter_queue: a restock failed, or a message or a callback was refused."
        impact     = "A product may not have been restocked and may sell out."
        action = [
          "Find the cause in the mail about the failure, or list the messages and their errors with --dry-run. Fix the cause, then redrive the messages:",
          "  ${var.redrive_command}",
        ]
      }
      undelivered-depletions = {
        namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", stat = "Maximum"
        dimensions = { QueueName = local.undelivered_names.depletions }, above = 0
        happened   = "SNS could not deliver depletion messages to stock_queue."
        impact     = "Purchases still work. Restocks do not start until the delivery works again, so products may sell out."
        action = [
          "Check the access policy of the queue ${local.queue_names.stock_queue}. When the delivery works again, the sweep publishes all missing depletions within ${local.sweep_interval}. Then delete the undelivered messages:",
          "  aws sqs purge-queue --queue-url ${aws_sqs_queue.undelivered["depletions"].url}",
        ]
      }
      undelivered-reports = {
        namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", stat = "Maximum"
        dimensions = { QueueName = local.undelivered_names.reports }, above = 0
        happened   = "An execution was stopped or timed out, and the function report could not report it."
        impact     = "Operations got no mail about it. A restock may have ended without a dead letter, or goods may be missing from stock."
        action = [
          "Find out which execution it was:",
          "  aws sqs receive-message --queue-url ${aws_sqs_queue.undelivered["reports"].url}",
          "Find out why it was not reported:",
          local.show_errors["report"],
          "Handle the execution, then delete the message.",
        ]
      }
      stock-queue-delayed = {
        namespace  = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", stat = "Maximum"
        dimensions = { QueueName = local.queue_names.stock_queue }, above = 600
        happened   = "A depletion message has waited in stock_queue for more than 10 minutes: start-restock does not process it."
        impact     = "Purchases still work. Restocks start late, so products may sell out."
        action = [
          "Read the errors of the function:",
          local.show_errors["start-restock"],
          "Check that its trigger is enabled (State):",
          "  aws lambda list-event-source-mappings --function-name ${var.name}-start-restock",
        ]
      }
      restock-open-too-long = {
        # The sweep writes the metric every few minutes, so that each period of 15 minutes holds a value.
        namespace  = var.name, metric = "OldestOpenRestockSeconds", stat = "Maximum", period = 900
        dimensions = {}, above = local.system.settings.restock_abandoned_seconds + 900
        happened   = "A restock has been open for longer than its execution can run, and the sweep has not closed it."
        impact     = "No other restock of that product can start, so the product may sell out."
        action = [
          "Find the latest execution of the sweep. Its history lists the restock under abandoned, and shows why it was not closed:",
          local.show_executions["sweep"],
          "Read the errors of the function that closes restocks:",
          local.show_errors["close-restock"],
        ]
      }
      sweep-missing = {
        namespace  = "AWS/States", metric = "ExecutionsSucceeded", stat = "Sum", period = 900
        dimensions = { StateMachineArn = local.arns.sweep_machine_arn }, below = 1, missing = "breaching"
        happened   = "No sweep has succeeded for 15 minutes."
        impact     = "Purchases still work. Lost depletions and abandoned restocks stay undetected, so products may sell out."
        action = [
          "Check that the schedule is enabled (State):",
          "  aws scheduler get-schedule --group-name ${var.name} --name ${var.name}-sweep",
          "If it is enabled, find out why the executions failed:",
          local.show_executions["sweep"],
        ]
      }
      callbacks-forged = {
        namespace  = var.name, metric = "ForgedCallbacks", stat = "Sum"
        dimensions = {}, above = 10
        happened   = "More than 10 callbacks within 5 minutes had an invalid or expired URL. None was credited."
        impact     = "None if a stranger guesses URLs. If the factory made the calls, goods are missing from stock."
        action = [
          "Look at the times of the calls:",
          local.show_log["receive-completion"],
          "Ask the factory whether it made them. The URL of an order is valid for 30 days, or until callback_key_generation has been raised twice.",
        ]
      }
      purchase-outcome-unknown = {
        namespace  = var.name, metric = "NotKnown", stat = "Sum"
        dimensions = {}, above = 10
        happened   = "More than 10 purchases within 5 minutes ended without a known outcome."
        impact     = local.machine_impacts["purchase"]
        action = [
          "Check the database on the CloudWatch dashboard ${var.name}. Read the errors:",
          local.show_errors["sales-api"],
          local.show_errors["decrement-stock"],
        ]
      }
      api-errors = {
        namespace  = "AWS/ApiGateway", metric = "5xx", stat = "Sum"
        dimensions = { ApiId = aws_apigatewayv2_api.sales.id }, above = 10
        happened   = "The API answered more than 10 requests within 5 minutes with HTTP 5xx."
        impact     = "Purchases or product queries fail, or goods that the factory reported are missing from stock."
        action = [
          "Find the route and the error:",
          "  aws logs tail ${aws_cloudwatch_log_group.api.name} --since 1h",
          "Then read the log of the function of that route: /aws/lambda/${var.name}-FUNCTION.",
        ]
      }
    },
    {
      for pair in setproduct(keys(local.system.state_machines), ["Failed", "TimedOut"]) : "${pair[0]}-${lower(pair[1])}" => {
        namespace  = "AWS/States", metric = "Executions${pair[1]}", stat = "Sum"
        dimensions = { StateMachineArn = local.arns["${pair[0]}_machine_arn"] }
        # A few failed purchases among thousands are no reason to act: each customer can retry.
        above    = local.system.state_machines[pair[0]] == "EXPRESS" ? 10 : 0
        happened = "${local.system.state_machines[pair[0]] == "EXPRESS" ? "More than 10 executions" : "An execution"} of the state machine ${pair[0]} ${pair[1] == "Failed" ? "failed" : "timed out"} within 5 minutes."
        impact   = local.machine_impacts[pair[0]]
        action = concat(
          !contains(local.system.reports_of_ended_executions.state_machines, pair[0]) ? [] :
          [join(" ", concat(
            ["Follow the mail about the execution."],
            pair[0] == "restock" && pair[1] == "Failed" ? ["If a restock of the product fails again, no further mail is sent."] : [],
            ["If there is no mail at all, look at the alarm ${var.name}-report-errors."],
          ))],
          ["Find the executions and their errors:", local.show_executions[pair[0]]],
        )
      }
    },
    {
      for name in keys(local.system.functions) : "${name}-errors" => {
        namespace  = "AWS/Lambda", metric = "Errors", stat = "Sum"
        dimensions = { FunctionName = "${var.name}-${name}" }
        # If an invocation of report fails, nothing else may report the same, so one failure is enough.
        above    = name == "report" ? 0 : 5
        happened = "${name == "report" ? "An invocation" : "More than 5 invocations"} of the function ${name} failed within 5 minutes."
        impact   = lookup(local.function_impacts, name, local.step_impact)
        action = concat(
          ["Read the errors:", local.show_errors[name]],
          name != "report" ? [] : ["Check that SES has verified ${var.mail_from} and ${var.mail_to}:", "  aws sesv2 list-email-identities"],
        )
      }
    },
    {
      for name in keys(local.system.functions) : "${name}-throttles" => {
        namespace  = "AWS/Lambda", metric = "Throttles", stat = "Sum"
        dimensions = { FunctionName = "${var.name}-${name}" }, above = 0
        happened   = "Lambda refused invocations of the function ${name} within 5 minutes: a concurrency limit is reached."
        impact     = lookup(local.function_impacts, name, local.step_impact)
        action = [
          "Look up the limit of the account:",
          "  aws lambda get-account-settings",
          "Request a higher quota (Service Quotas, AWS Lambda, Concurrent executions), or change reserved_concurrency in Terraform.",
        ]
      }
    },
    {
      for alarm, watched in {
        database-connections = {
          metric   = "DatabaseConnections", stat = "Maximum", above = var.database_alarms.connections
          happened = "The database had more than ${var.database_alarms.connections} connections at once."
          impact   = "If the database refuses further connections, customers get HTTP 503."
          action   = [local.larger_class, "Or set reserved_concurrency in Terraform for functions with placement vpc."]
        }
        # A new instance starts without credits and earns 24 an hour.
        database-cpu-credits = {
          metric   = "CPUCreditBalance", stat = "Average", below = var.database_alarms.cpu_credits, period = 3600, periods = 6
          happened = "The database has had fewer than ${var.database_alarms.cpu_credits} CPU credits for 6 hours: its instance class is too small for the load."
          impact   = "Purchases still work. AWS charges extra for the CPU time."
          action   = [local.larger_class, "A class that has no CPU credits, such as db.m8g.large, also ends the extra charges."]
        }
        database-memory = {
          metric   = "FreeableMemory", stat = "Minimum", below = var.database_alarms.free_memory_mb * 1000000
          happened = "The database had less than ${var.database_alarms.free_memory_mb} MB of free memory. Many IAM logins at once take up to 1 GB."
          impact   = "If the memory is used up, the database restarts, and customers get HTTP 503 until it is back."
          action   = [local.larger_class]
        }
        database-storage = {
          metric   = "FreeStorageSpace", stat = "Minimum", below = var.database_alarms.free_storage_gb * 1000000000
          happened = "The database had less than ${var.database_alarms.free_storage_gb} GB of free storage. RDS enlarges the storage only up to a limit."
          impact   = "If the storage is full, the database stops and no customer can buy."
          action   = ["Raise the limit database_storage_gb.maximum in Terraform and apply."]
        }
        } : alarm => merge(watched, {
          namespace = "AWS/RDS", dimensions = { DBInstanceIdentifier = "${var.name}-warehouse" }
      }) if local.own_database
    },
  )
  larger_class = "Set a larger database_instance_class in Terraform and apply it. The shop stops for some minutes during the change."
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = join("\n", concat([each.value.happened, "Impact: ${each.value.impact}", "Action:"], each.value.action))
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.stat
  period              = try(each.value.period, 300)
  evaluation_periods  = try(each.value.periods, 1)
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = local.alarm_topics
  ok_actions          = local.alarm_topics
}

# One page: purchases, restocks, and the AWS services behind them.
resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for index, widget in local.widgets : {
        type   = "metric"
        x      = 12 * (index % 2)
        y      = 6 * floor(index / 2)
        width  = 12
        height = 6
        properties = {
          title   = widget.title
          region  = var.region
          period  = 60
          stat    = widget.stat
          view    = "timeSeries"
          stacked = false
          metrics = widget.metrics
        }
      }
    ]
  })
}

locals {
  widgets = concat(
    [
      { title = "Purchases", stat = "Sum", metrics = [for metric in ["Sold", "SoldOut", "NotKnown", "BadRequests"] : [var.name, metric]] },
      { title = "Restocks", stat = "Sum", metrics = [for metric in ["Depletions", "RestocksCompleted", "RestocksFailed", "RestocksAbandoned", "Arrivals"] : [var.name, metric]] },
      { title = "Lead time of restocks, and age of the oldest open restock (s)", stat = "Maximum", metrics = [for metric in ["LeadTimeSeconds", "OldestOpenRestockSeconds"] : [var.name, metric]] },
      { title = "Callbacks that were late, refused, forged or returned to the queue", stat = "Sum", metrics = [for metric in ["LateCallbacks", "RefusedCallbacks", "ForgedCallbacks", "CallbacksReturned"] : [var.name, metric]] },
      { title = "Messages waiting in queues", stat = "Maximum", metrics = [for queue in concat(values(local.queue_names), values(local.undelivered_names)) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]] },
      { title = "API requests", stat = "Sum", metrics = [for metric in ["Count", "4xx", "5xx"] : ["AWS/ApiGateway", metric, "ApiId", aws_apigatewayv2_api.sales.id]] },
      { title = "API latency, p99 (ms)", stat = "p99", metrics = [["AWS/ApiGateway", "Latency", "ApiId", aws_apigatewayv2_api.sales.id]] },
      { title = "Failed executions", stat = "Sum", metrics = [for name in keys(local.system.state_machines) : ["AWS/States", "ExecutionsFailed", "StateMachineArn", local.arns["${name}_machine_arn"]]] },
      { title = "Function errors", stat = "Sum", metrics = [for name in keys(local.system.functions) : ["AWS/Lambda", "Errors", "FunctionName", "${var.name}-${name}"]] },
      { title = "Function duration, p99 (ms)", stat = "p99", metrics = [for name in keys(local.system.functions) : ["AWS/Lambda", "Duration", "FunctionName", "${var.name}-${name}"]] },
    ],
    [
      for widget in [
        { title = "Database: connections", stat = "Maximum", metrics = [["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", "${var.name}-warehouse"]] },
        { title = "Database: CPU (%) and CPU credits", stat = "Average", metrics = [for metric in ["CPUUtilization", "CPUCreditBalance"] : ["AWS/RDS", metric, "DBInstanceIdentifier", "${var.name}-warehouse"]] },
      ] : widget if local.own_database
    ],
  )
}
