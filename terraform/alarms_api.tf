# Alarms on the API. API Gateway counts the requests of each route (detailed_metrics_enabled), with these dimensions:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html

locals {
  # POST /checkout becomes { ApiId, Stage = "$default", Method = "POST", Resource = "/checkout" }.
  route_dimensions = {
    for route in local.routes : route => {
      ApiId    = aws_apigatewayv2_api.sales.id
      Stage    = aws_apigatewayv2_stage.default.name
      Method   = split(" ", route)[0]
      Resource = split(" ", route)[1]
    }
  }
  checkout       = local.route_dimensions["POST /checkout"]
  callback_route = one(keys(local.system.queue_routes))
  show_requests  = "  aws logs tail ${aws_cloudwatch_log_group.api.name} --since 1h --filter-pattern"

  api_alarms = {
    # The two objectives of checkout_objectives. Each must be missed three times in a row, so that one slow or failed request
    # among few begins no alarm.
    checkout-slow = {
      incident   = "purchases", told = "itself"
      namespace  = "AWS/ApiGateway", metric = "Latency", stat = "p99", periods = 3
      dimensions = local.checkout, above = var.checkout_objectives.p99_ms
      happened   = "For 15 minutes, more than 1 of 100 purchases took longer than ${var.checkout_objectives.p99_ms} ms."
      impact     = "Customers wait. A purchase that takes 6 seconds ends with HTTP 503."
      action = [
        "Look at the durations of functions and at the database on the CloudWatch dashboard ${var.name}.",
        "If one product sells more than 200 a second, spread its stock (restock product buckets). If the database is at a limit, set a larger database_instance_class in Terraform.",
      ]
    }
    checkout-errors = {
      incident   = "purchases"
      expression = "100 * FILL(failed, 0) / requests", above = var.checkout_objectives.error_percent, periods = 3
      metrics = {
        failed   = { namespace = "AWS/ApiGateway", metric = "5xx", stat = "Sum", dimensions = local.checkout }
        requests = { namespace = "AWS/ApiGateway", metric = "Count", stat = "Sum", dimensions = local.checkout }
      }
      happened = "For 15 minutes, more than ${var.checkout_objectives.error_percent}% of purchases were answered with HTTP 5xx."
      impact   = local.machine_impacts["purchase"]
      action   = ["Read the errors:", local.show_errors["sales-api"], local.show_errors["decrement-stock"]]
    }
    # The factory calls once, and no code of ours sees a callback that API Gateway did not store.
    callbacks-not-stored = {
      incident   = "callbacks", told = "itself", event = true
      expression = "FILL(refused, 0) + FILL(failed, 0)", above = 0
      metrics = {
        refused = { namespace = "AWS/ApiGateway", metric = "4xx", stat = "Sum", dimensions = local.route_dimensions[local.callback_route] }
        failed  = { namespace = "AWS/ApiGateway", metric = "5xx", stat = "Sum", dimensions = local.route_dimensions[local.callback_route] }
      }
      happened = "API Gateway did not store a callback in completion_queue."
      impact   = "The factory calls once, so its goods are missing from stock, and the restock orders again after its wait. None if a stranger made the request."
      action = [
        "Look at the status of the requests. 429: the limit in route_limits is too low. 5xx: SQS or the role of the API failed. Another 4xx: the request had no signature or a body above 64 KiB; the factory sends neither.",
        "${local.show_requests} '{ $.route = \"POST /factory*\" && $.status != \"200\" }'",
        "Ask the factory what it delivered at that time, count the goods, and correct the stock (restock adjust).",
      ]
    }
    # The metric 4xx also counts bad requests and sold-out purchases, so the access log tells throttled requests apart.
    requests-throttled = {
      incident   = "purchases", told = "itself"
      namespace  = var.name, metric = "RequestsThrottled", stat = "Sum"
      dimensions = {}, above = 10
      happened   = "API Gateway refused more than 10 requests within 5 minutes with HTTP 429: a limit of requests per second is reached."
      impact     = "These customers could not buy. Nothing was sold to them. A retry works when there are fewer requests."
      action = [
        "Find the route:",
        "${local.show_requests} '{ $.status = \"429\" }'",
        "If customers made the requests, raise route_limits in Terraform after reading docs/capacity.md. If one client made them, block it in the web ACL of CloudFront (web_acl_arn).",
      ]
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "requests_throttled" {
  name           = "${var.name}-requests-throttled"
  log_group_name = aws_cloudwatch_log_group.api.name
  pattern        = "{ $.status = \"429\" }"

  metric_transformation {
    namespace = var.name
    name      = "RequestsThrottled"
    value     = "1"
  }
}
