# The dashboard.

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
      { title = "API requests refused by a limit (429)", stat = "Sum", metrics = [for metric in ["RequestsThrottled"] : [var.name, metric]] },
      { title = "API latency, p99 (ms)", stat = "p99", metrics = [["AWS/ApiGateway", "Latency", "ApiId", aws_apigatewayv2_api.sales.id]] },
      { title = "Failed executions", stat = "Sum", metrics = [for name in keys(local.system.state_machines) : ["AWS/States", "ExecutionsFailed", "StateMachineArn", local.arns["${name}_machine_arn"]]] },
      { title = "Function errors", stat = "Sum", metrics = [for name in keys(local.system.functions) : ["AWS/Lambda", "Errors", "FunctionName", "${var.name}-${name}"]] },
      { title = "Function duration, p99 (ms)", stat = "p99", metrics = [for name in keys(local.system.functions) : ["AWS/Lambda", "Duration", "FunctionName", "${var.name}-${name}"]] },
    ],
    [
      for widget in [
        { title = "Database: connections", stat = "Maximum", metrics = [["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", local.database_identifier]] },
        { title = "Database: CPU (%) and CPU credits", stat = "Average", metrics = [for metric in ["CPUUtilization", "CPUCreditBalance"] : ["AWS/RDS", metric, "DBInstanceIdentifier", local.database_identifier]] },
      ] : widget if local.own_database
    ],
  )
}
