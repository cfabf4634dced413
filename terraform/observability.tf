# Alarms that operations would want, and one dashboard. Each alarm says what to do. Our own metrics, in a namespace of
# the deployment's name, are written by the functions into their logs, without a call.

locals {
  alarm_topics = concat([aws_sns_topic.alarms.arn], sort(var.alarm_topic_arns))

  # Short forms of what an alarm watches, filled below by what is alike in all.
  alarms = merge(
    {
      dead-letters = {
        namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", stat = "Maximum"
        dimensions = { QueueName = local.queue_names.dead_letter_queue }, above = 0
        todo       = "A restock failed, and its mail says why. Repair that, then: ${var.redrive_command}"
      }
      undelivered-depletions = {
        namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", stat = "Maximum"
        dimensions = { QueueName = local.undelivered_names.depletions }, above = 0
        todo       = "SNS could not deliver to stock_queue: look at its policy. The sweep has repeated what was lost, so purge this queue when it can deliver again."
      }
      undelivered-reports = {
        namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", stat = "Maximum"
        dimensions = { QueueName = local.undelivered_names.reports }, above = 0
        todo       = "Operations were not told of an execution that was stopped or timed out. The message names it; the log of the function report says why it could not be told. Then delete the message."
      }
      stock-queue-waits = {
        namespace  = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", stat = "Maximum"
        dimensions = { QueueName = local.queue_names.stock_queue }, above = 600
        todo       = "Depletions are not taken: look at the log and the throttles of start-restock, and whether its event source mapping is enabled. Stock is restocked late until then."
      }
      restock-open-too-long = {
        # The sweep counts it every five minutes, more or less.
        namespace  = var.name, metric = "OldestOpenRestockSeconds", stat = "Maximum", period = 900
        dimensions = {}, above = local.system.settings.restock_abandoned_seconds + 900
        todo       = "A restock is open for longer than its execution can live, and the sweep has not closed it: look at the sweep's executions."
      }
      sweep-missing = {
        namespace  = "AWS/States", metric = "ExecutionsSucceeded", stat = "Sum", period = 900
        dimensions = { StateMachineArn = local.arns.sweep_machine_arn }, below = 1, missing = "breaching"
        todo       = "No sweep has succeeded for a quarter of an hour, so what is lost is not found: look at its executions, and whether its schedule is enabled."
      }
      callbacks-forged = {
        namespace  = var.name, metric = "ForgedCallbacks", stat = "Sum"
        dimensions = {}, above = 10
        todo       = "Somebody guesses callback URLs, or the factory's callbacks come after their key was rotated twice. None was counted."
      }
      purchases-not-known = {
        namespace  = var.name, metric = "NotKnown", stat = "Sum"
        dimensions = {}, above = 10
        todo       = "Customers were answered 503 and ask again: look at the errors of decrement-stock and at the database."
      }
      api-errors = {
        namespace  = "AWS/ApiGateway", metric = "5xx", stat = "Sum"
        dimensions = { ApiId = aws_apigatewayv2_api.sales.id }, above = 10
        todo       = "The API answers 5xx: its access log names the route, the function's log the reason."
      }
    },
    {
      for pair in setproduct(keys(local.system.state_machines), ["Failed", "TimedOut"]) : "${pair[0]}-${lower(pair[1])}" => {
        namespace  = "AWS/States", metric = "Executions${pair[1]}", stat = "Sum"
        dimensions = { StateMachineArn = local.arns["${pair[0]}_machine_arn"] }
        # A purchase that fails is one of thousands, and its customer asks again.
        above = local.system.state_machines[pair[0]] == "EXPRESS" ? 10 : 0
        todo  = "Executions of ${pair[0]} ended so: the console shows in which state. Restocks and completions have also written a mail."
      }
    },
    {
      for name in keys(local.system.functions) : "${name}-errors" => {
        namespace  = "AWS/Lambda", metric = "Errors", stat = "Sum"
        dimensions = { FunctionName = "${var.name}-${name}" }
        # What report was to tell is told by nobody else.
        above = name == "report" ? 0 : 5
        todo  = "${name == "report" ? "A mail or a dead letter may not have been written. Has SES confirmed ${var.mail_from} and ${var.mail_to}?" : "Invocations fail, and steps are repeated."} Look for level ERROR in /aws/lambda/${var.name}-${name}."
      }
    },
    {
      for name in keys(local.system.functions) : "${name}-throttles" => {
        namespace  = "AWS/Lambda", metric = "Throttles", stat = "Sum"
        dimensions = { FunctionName = "${var.name}-${name}" }, above = 0
        todo       = "The account has no more concurrency to give: ask AWS for more, or take reserved_concurrency from others."
      }
    },
    {
      for alarm, watched in {
        database-connections = { metric = "DatabaseConnections", stat = "Maximum", above = var.database_alarms.connections, todo = "Functions hold more connections than the instance serves well: take a larger one, or reserve concurrency for the warehouse functions." }
        # A new instance has none yet, and earns 24 an hour.
        database-cpu-credits = { metric = "CPUCreditBalance", stat = "Average", below = var.database_alarms.cpu_credits, period = 3600, periods = 6, todo = "For hours the instance has worked more than its class is for, which AWS charges extra: take a larger one, or one of a class without credits (db.m8g.large)." }
        database-memory      = { metric = "FreeableMemory", stat = "Minimum", below = var.database_alarms.free_memory_mb * 1000000, todo = "IAM logins take up to 1 GB: take a larger instance." }
        database-storage     = { metric = "FreeStorageSpace", stat = "Minimum", below = var.database_alarms.free_storage_gb * 1000000000, todo = "The disk grows by itself up to its limit: raise database_storage_gb.most." }
        } : alarm => merge(watched, {
          namespace = "AWS/RDS", dimensions = { DBInstanceIdentifier = "${var.name}-warehouse" }
      }) if local.own_database
    },
  )
}

# Not encrypted with the account's own key, which would not let CloudWatch publish; there is nothing secret in an alarm.
resource "aws_sns_topic" "alarms" {
  # checkov:skip=CKV_AWS_26: a key of our own would cost more than all alarms.
  name = "${var.name}-alarms"
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = local.arns.alarms_topic_arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account }
          ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:cloudwatch:${var.region}:${local.account}:alarm:${var.name}-*" }
        }
      },
      {
        Sid       = "OnlyOverTLS"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = local.arns.alarms_topic_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

# Operations are asked once, by mail, whether they want alarms.
resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.mail_to
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.todo
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

# One page: the shop, the restocks, what AWS does for them.
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
      { title = "Lead time of restocks, and the oldest that is open (s)", stat = "Maximum", metrics = [for metric in ["LeadTimeSeconds", "OldestOpenRestockSeconds"] : [var.name, metric]] },
      { title = "The factory's callbacks", stat = "Sum", metrics = [for metric in ["LateCallbacks", "RefusedCallbacks", "ForgedCallbacks", "CallbacksNotTaken"] : [var.name, metric]] },
      { title = "Messages that wait", stat = "Maximum", metrics = [for queue in concat(values(local.queue_names), values(local.undelivered_names)) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]] },
      { title = "Requests", stat = "Sum", metrics = [for metric in ["Count", "4xx", "5xx"] : ["AWS/ApiGateway", metric, "ApiId", aws_apigatewayv2_api.sales.id]] },
      { title = "Time of requests, slowest 1 of 100 (ms)", stat = "p99", metrics = [["AWS/ApiGateway", "Latency", "ApiId", aws_apigatewayv2_api.sales.id]] },
      { title = "Executions that failed", stat = "Sum", metrics = [for name in keys(local.system.state_machines) : ["AWS/States", "ExecutionsFailed", "StateMachineArn", local.arns["${name}_machine_arn"]]] },
      { title = "Errors of functions", stat = "Sum", metrics = [for name in keys(local.system.functions) : ["AWS/Lambda", "Errors", "FunctionName", "${var.name}-${name}"]] },
      { title = "Time of functions, slowest 1 of 100 (ms)", stat = "p99", metrics = [for name in keys(local.system.functions) : ["AWS/Lambda", "Duration", "FunctionName", "${var.name}-${name}"]] },
    ],
    [
      for widget in [
        { title = "Database: connections", stat = "Maximum", metrics = [["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", "${var.name}-warehouse"]] },
        { title = "Database: processor (%) and credits", stat = "Average", metrics = [for metric in ["CPUUtilization", "CPUCreditBalance"] : ["AWS/RDS", metric, "DBInstanceIdentifier", "${var.name}-warehouse"]] },
      ] : widget if local.own_database
    ],
  )
}
