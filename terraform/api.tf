# The HTTP API with the routes of system.json.

locals {
  # What API Gateway sends to SQS for a request to a route of queue_routes.
  #
  # MessageAttributes is a JSON text in which API Gateway replaces each $${request...}. AWS documents the parameter without
  # its form; the form is that of https://github.com/aws-samples/serverless-patterns/pull/2821 and of
  # https://github.com/hashicorp/terraform-provider-aws/issues/17348 (a text without a variable is refused). Documented at
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html: a
  # parameter that is repeated in a query is one value, joined with commas, and $request.body is the whole body.
  #
  # Not documented: what becomes of a parameter that is missing (SQS refuses an attribute without a value, so the client gets
  # 4xx either way), and whether a quotation mark in a value is escaped. If it is not, a client can break the JSON and gets
  # 4xx, or can set message attributes of its own. Neither forges a callback: receive-completion reads four attributes and
  # accepts them only with our signature over the other three. docs/deploy-aws.md lists what to prove on a real account.
  queue_parameters = {
    for route, target in local.system.queue_routes : route => {
      QueueUrl    = aws_sqs_queue.this[target.queue].url
      MessageBody = "$request.body"
      MessageAttributes = jsonencode({
        for name, source in target.message_attributes : name => { DataType = "String", StringValue = "$${${source}}" }
      })
    }
  }
  routes = toset(concat(keys(local.system.routes), keys(local.system.queue_routes)))

  # Requests per second and in a burst. The factory calls once, so no burst of callbacks may reach its limit: a factory that
  # answers all open orders at once sends one callback for each product. 5,000 is the burst of the account
  # (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html), and SQS takes them all.
  default_route_limits = {
    "POST /checkout"                               = { rate = 500, burst = 1000 }
    "GET /products"                                = { rate = 100, burst = 200 }
    "GET /products/{sku}"                          = { rate = 500, burst = 1000 }
    "POST /factory/completions/{production_order}" = { rate = 1000, burst = 5000 }
  }
  route_limits = merge(local.default_route_limits, var.route_limits)
}

resource "aws_apigatewayv2_api" "sales" {
  name          = "${var.name}-sales"
  description   = "Purchases and product queries of customers, callbacks of the factory."
  protocol_type = "HTTP"

  disable_execute_api_endpoint = var.disable_default_endpoint

  # With this, API Gateway itself answers the preflight requests of browsers.
  dynamic "cors_configuration" {
    for_each = length(var.cors_origins) > 0 ? [1] : []
    content {
      allow_origins  = var.cors_origins
      allow_methods  = ["GET", "POST"]
      allow_headers  = ["authorization", "content-type", "idempotency-key", "x-amz-date", "x-amz-security-token"]
      expose_headers = ["retry-after"]
      max_age        = 3600
    }
  }
}

# One integration for each route, even if two routes have the same function. If they shared an integration, giving a route
# another function would mean to delete an integration that the route still uses, which AWS refuses.
resource "aws_apigatewayv2_integration" "route" {
  for_each               = local.system.routes
  api_id                 = aws_apigatewayv2_api.sales.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = join(":", compact([local.functions[each.value].arn, lookup(local.live_functions, each.value, "")]))
  payload_format_version = "2.0"
}

# Puts each request into a queue, with no code of ours in between: the factory calls once, so no callback may depend on a
# function that runs. SQS stores the message in several zones before API Gateway answers 200.
resource "aws_apigatewayv2_integration" "queue" {
  for_each               = local.system.queue_routes
  api_id                 = aws_apigatewayv2_api.sales.id
  integration_type       = "AWS_PROXY"
  integration_subtype    = "SQS-SendMessage"
  credentials_arn        = aws_iam_role.api.arn
  payload_format_version = "1.0"
  request_parameters     = local.queue_parameters[each.key]

  # The provider cannot update such an integration: it leaves out unchanged parameters, or sends empty ones, and AWS refuses
  # both (https://github.com/hashicorp/terraform-provider-aws/issues/22647 and issue 50061). So a change makes a new one,
  # and the route moves to it before the old one is deleted.
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.queue_integration[each.key]]
  }

  depends_on = [aws_iam_role_policy.api]
}

resource "terraform_data" "queue_integration" {
  for_each = local.system.queue_routes
  input    = { parameters = local.queue_parameters[each.key], credentials = aws_iam_role.api.arn }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count            = var.checkout_authorization == "JWT" ? 1 : 0
  api_id           = aws_apigatewayv2_api.sales.id
  name             = "${var.name}-jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.jwt.issuer
    audience = var.jwt.audience
  }

  # AWS refuses to delete an authorizer that a route uses, so the route is changed first.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_route" "this" {
  # checkov:skip=CKV_AWS_309: products are public, callbacks carry a signature, and checkout has checkout_authorization.
  for_each           = local.routes
  api_id             = aws_apigatewayv2_api.sales.id
  route_key          = each.key
  target             = "integrations/${contains(keys(local.system.queue_routes), each.key) ? aws_apigatewayv2_integration.queue[each.key].id : aws_apigatewayv2_integration.route[each.key].id}"
  authorization_type = each.key == "POST /checkout" ? var.checkout_authorization : "NONE"
  authorizer_id      = each.key == "POST /checkout" ? one(aws_apigatewayv2_authorizer.jwt[*].id) : null
}

resource "aws_lambda_permission" "route" {
  for_each = local.system.routes
  # POST /checkout becomes post-checkout.
  statement_id  = trim(replace(lower(each.key), "/[^a-z0-9]+/", "-"), "-")
  action        = "lambda:InvokeFunction"
  function_name = local.functions[each.value].function_name
  qualifier     = lookup(local.live_functions, each.value, null)
  principal     = "apigateway.amazonaws.com"
  # API, stage, method and path: POST /checkout becomes /$default/POST/checkout.
  source_arn = "${aws_apigatewayv2_api.sales.execution_arn}/$default/${replace(each.key, " ", "")}"

  depends_on = [aws_cloudformation_stack.live]
}

resource "aws_cloudwatch_log_group" "api" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key unless there is a kms_key_arn.
  # checkov:skip=CKV_AWS_338: the deployer chooses the retention: log_retention_days.
  name              = "/aws/vendedlogs/apis/${var.name}-sales"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.sales.id
  name        = "$default"
  auto_deploy = true

  # Without path and query, which contain the signatures of callbacks, and without data about the client.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format = jsonencode({
      request_id     = "$context.requestId"
      time           = "$context.requestTime"
      route          = "$context.routeKey"
      status         = "$context.status"
      latency_ms     = "$context.responseLatency"
      integration_ms = "$context.integrationLatency"
      bytes          = "$context.responseLength"
      error          = "$context.error.message"
      problem        = "$context.integrationErrorMessage"
    })
  }

  default_route_settings {
    detailed_metrics_enabled = true
    throttling_rate_limit    = 100
    throttling_burst_limit   = 200
  }

  dynamic "route_settings" {
    for_each = local.route_limits
    content {
      route_key                = route_settings.key
      detailed_metrics_enabled = true
      throttling_rate_limit    = route_settings.value.rate
      throttling_burst_limit   = route_settings.value.burst
    }
  }

  # AWS accepts route settings only for routes that exist.
  depends_on = [aws_apigatewayv2_route.this]
}
