# Each alarm and each graph of the dashboard is traced to the service or the function that writes its metric (metrics.json),
# and to the resource that its dimensions name. CloudWatch accepts any name, and an alarm on a metric that nothing writes
# never begins.

mock_provider "aws" {
  source = "./tests/aws"
}

run "every_alarm_watches_a_metric_that_is_written" {
  assert {
    condition = [
      for watched in local.alarm_metrics : "${watched.alarm}: ${watched.namespace} ${watched.metric} ${jsonencode(watched.dimensions)}" if !(
        watched.namespace == var.name ?
        contains(jsondecode(file("tests/metrics.json")).own, watched.metric) && length(watched.dimensions) == 0 :
        contains(jsondecode(file("tests/metrics.json")).aws[watched.namespace].metrics, watched.metric)
        && contains([for set in jsondecode(file("tests/metrics.json")).aws[watched.namespace].dimensions : join(",", set)], join(",", sort(keys(watched.dimensions))))
      )
    ] == []
    error_message = "An alarm watches a metric that neither a service of AWS nor a function nor a metric filter writes with these dimensions."
  }
  # The alarms that are created watch what was checked above.
  assert {
    condition = toset([
      for watched in local.alarm_metrics : "${watched.alarm} ${watched.namespace} ${watched.metric}"
      ]) == toset(flatten([
        for name, alarm in aws_cloudwatch_metric_alarm.this : alarm.metric_name != null ? ["${name} ${alarm.namespace} ${alarm.metric_name}"] : [
          for query in alarm.metric_query : "${name} ${query.metric[0].namespace} ${query.metric[0].metric_name}" if length(query.metric) == 1
        ]
    ]))
    error_message = "local.alarm_metrics must list the metrics of all alarms."
  }
}

run "every_alarm_names_a_resource_that_exists" {
  assert {
    condition = length(setsubtract(
      flatten([for watched in local.alarm_metrics : [for dimension, value in watched.dimensions : "${dimension} ${value}"]]),
      concat(
        [for queue in local.queues : "QueueName ${queue.name}"],
        [for function in local.functions : "FunctionName ${function.function_name}"],
        [for name in keys(aws_sfn_state_machine.this) : "StateMachineArn ${local.arns["${name}_machine_arn"]}"],
        ["DBInstanceIdentifier ${aws_db_instance.warehouse["warehouse"].identifier}"],
        ["ApiId ${aws_apigatewayv2_api.sales.id}", "Stage ${aws_apigatewayv2_stage.default.name}"],
        flatten([for route in aws_apigatewayv2_route.this : ["Method ${split(" ", route.route_key)[0]}", "Resource ${split(" ", route.route_key)[1]}"]]),
      ),
    )) == 0
    error_message = "An alarm watches a queue, a function, a state machine, a database or a route that does not exist."
  }
}

run "every_graph_shows_a_metric_that_is_written" {
  assert {
    condition = [
      for metric in flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [for metric in widget.properties.metrics : join(" ", slice(metric, 0, min(3, length(metric))))]]) : metric
      if !contains(concat(
        [for name in jsondecode(file("tests/metrics.json")).own : "${var.name} ${name}"],
        flatten([for namespace, service in jsondecode(file("tests/metrics.json")).aws : [for name in service.metrics : [for set in service.dimensions : "${namespace} ${name} ${set[0]}"]]]),
      ), metric)
    ] == []
    error_message = "The dashboard shows a metric that nothing writes."
  }
}
