# The HTTP API, the outputs and the mails.

mock_provider "aws" {
  source = "./tests/aws"
}

run "routes_outputs_and_mail_identities_have_their_defaults" {
  # Routes.

  assert {
    condition     = jsonencode([for route in aws_apigatewayv2_route.this : route.route_key]) == jsonencode(local.routes)
    error_message = "The routes must be those of system.json."
  }
  assert {
    condition = jsonencode({ for route, permission in aws_lambda_permission.route : permission.function_name => permission.source_arn }) == jsonencode({
      restock-sales-api     = "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3/$default/POST/checkout"
      restock-list-products = "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3/$default/GET/products"
      restock-show-product  = "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3/$default/GET/products/{sku}"
    })
    error_message = "Each route must be allowed to invoke exactly its own function."
  }
  assert {
    condition = jsonencode({ for settings in aws_apigatewayv2_stage.default.route_settings : settings.route_key => [settings.throttling_rate_limit, settings.throttling_burst_limit] }) == jsonencode({
      for route in local.routes : route => [local.default_route_limits[route].rate, local.default_route_limits[route].burst]
    })
    error_message = "Each route must have its default limits."
  }
  assert {
    condition     = !can(regex("path|query|[$]context[.]identity|authorizer", aws_apigatewayv2_stage.default.access_log_settings[0].format))
    error_message = "The access log must not contain signatures or data about the client."
  }
  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.this : route.authorization_type == "NONE"])
    error_message = "With NONE, no route needs authorization."
  }

  # Outputs and mails.

  assert {
    condition     = output.sales_api_url == "https://a1b2c3.execute-api.ap-northeast-2.amazonaws.com" && output.region == "ap-northeast-2" && output.outputs.sales_api_url == output.sales_api_url
    error_message = "The outputs must contain the URL of the API and the region."
  }
  assert {
    condition = jsonencode(keys(output.outputs)) == jsonencode([
      "completion_machine_arn", "completion_queue_arn", "completion_queue_url", "dead_letter_queue_arn", "dead_letter_queue_url", "depletion_topic_arn", "endpoint_url", "purchase_machine_arn",
      "region", "restock_machine_arn", "sales_api_url", "stock_queue_arn", "stock_queue_url", "sweep_machine_arn",
    ])
    error_message = "The outputs must have the names of .restock/outputs.json."
  }
  assert {
    condition     = jsonencode(keys(aws_sesv2_email_identity.this)) == jsonencode(["operations@donut-states.example", "restock@donut-states.example"])
    error_message = "SES must have an identity for the sender and for operations."
  }
}

run "callbacks_go_into_completion_queue_without_a_function" {
  assert {
    condition     = jsonencode(keys(aws_apigatewayv2_integration.queue)) == jsonencode(["POST /factory/completions/{production_order}"]) && !contains(keys(aws_apigatewayv2_integration.route), "POST /factory/completions/{production_order}")
    error_message = "The route of callbacks must have an integration with the queue, and no function."
  }
  assert {
    condition = alltrue([
      for integration in aws_apigatewayv2_integration.queue : integration.integration_subtype == "SQS-SendMessage" && integration.payload_format_version == "1.0" &&
      integration.request_parameters["QueueUrl"] == aws_sqs_queue.this["completion_queue"].url && integration.request_parameters["MessageBody"] == "$request.body"
    ])
    error_message = "The integration must send the whole body to completion_queue."
  }
  assert {
    condition = jsondecode(aws_apigatewayv2_integration.queue["POST /factory/completions/{production_order}"].request_parameters["MessageAttributes"]) == {
      production_order = { DataType = "String", StringValue = "$${request.path.production_order}" }
      quantity         = { DataType = "String", StringValue = "$${request.querystring.quantity}" }
      expires          = { DataType = "String", StringValue = "$${request.querystring.expires}" }
      signature        = { DataType = "String", StringValue = "$${request.querystring.signature}" }
    }
    error_message = "The message attributes must be the signed parts of the URL and the signature."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.api.policy).Statement == [{
      Effect = "Allow", Action = ["sqs:SendMessage"], Resource = ["arn:aws:sqs:ap-northeast-2:123456789012:restock-completion-queue"]
    }]
    error_message = "The API must be allowed to send messages to completion_queue, and nothing else."
  }
  assert {
    condition     = aws_sqs_queue.this["completion_queue"].max_message_size == 65536 && aws_sqs_queue.this["completion_queue"].message_retention_seconds == 1209600
    error_message = "completion_queue must keep callbacks for 14 days, and must not store large messages of strangers."
  }
  assert {
    condition     = local.route_limits["POST /factory/completions/{production_order}"].rate >= 500 && local.route_limits["POST /factory/completions/{production_order}"].burst == 5000
    error_message = "A burst of callbacks must not be cut off: the factory calls once."
  }
}

run "a_limit_of_one_route_leaves_the_others_as_they_are" {
  variables {
    route_limits = { "POST /checkout" = { rate = 20, burst = 5 } }
  }
  assert {
    condition = jsonencode({ for settings in aws_apigatewayv2_stage.default.route_settings : settings.route_key => [settings.throttling_rate_limit, settings.throttling_burst_limit] }) == jsonencode({
      "GET /products"                                = [100, 200]
      "GET /products/{sku}"                          = [500, 1000]
      "POST /checkout"                               = [20, 5]
      "POST /factory/completions/{production_order}" = [1000, 5000]
    })
    error_message = "Only the limit of POST /checkout must change."
  }
}

run "a_request_that_the_gateway_refuses_begins_an_alarm" {
  assert {
    condition = { for query in aws_cloudwatch_metric_alarm.this["callbacks-not-stored"].metric_query : query.id => try(query.metric[0].metric_name, query.expression) } == {
      result = "FILL(refused, 0) + FILL(failed, 0)", refused = "4xx", failed = "5xx"
    }
    error_message = "callbacks-not-stored must count each callback that is answered with 4xx or 5xx."
  }
  assert {
    condition = alltrue([
      for query in aws_cloudwatch_metric_alarm.this["callbacks-not-stored"].metric_query : length(query.metric) == 0 ? query.return_data : query.metric[0].namespace == "AWS/ApiGateway" && query.metric[0].dimensions == tomap({
        ApiId = aws_apigatewayv2_api.sales.id, Stage = "$default", Method = "POST", Resource = "/factory/completions/{production_order}"
      })
    ])
    error_message = "callbacks-not-stored must watch the route of callbacks only."
  }
  # The metric filter counts what the access log says.
  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.requests_throttled.log_group_name == aws_cloudwatch_log_group.api.name
      && aws_cloudwatch_log_metric_filter.requests_throttled.pattern == "{ $.status = \"429\" }"
      && jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format).status == "$context.status"
      && aws_cloudwatch_log_metric_filter.requests_throttled.metric_transformation[0].name == aws_cloudwatch_metric_alarm.this["requests-throttled"].metric_name
      && aws_cloudwatch_log_metric_filter.requests_throttled.metric_transformation[0].namespace == aws_cloudwatch_metric_alarm.this["requests-throttled"].namespace
    )
    error_message = "requests-throttled must count the entries of the access log with status 429."
  }
}

run "jwt_protects_only_checkout" {
  variables {
    checkout_authorization = "JWT"
    jwt                    = { issuer = "https://login.example", audience = ["shop"] }
  }
  assert {
    condition     = jsonencode({ for route in aws_apigatewayv2_route.this : route.route_key => route.authorization_type }) == jsonencode({ for route in local.routes : route => route == "POST /checkout" ? "JWT" : "NONE" })
    error_message = "Only POST /checkout must need a token: the factory has none."
  }
  assert {
    condition     = aws_apigatewayv2_route.this["POST /checkout"].authorizer_id == aws_apigatewayv2_authorizer.jwt[0].id
    error_message = "POST /checkout must use the authorizer."
  }
}

run "aws_iam_protects_only_checkout" {
  variables {
    checkout_authorization = "AWS_IAM"
  }
  assert {
    condition     = jsonencode({ for route in aws_apigatewayv2_route.this : route.route_key => route.authorization_type }) == jsonencode({ for route in local.routes : route => route == "POST /checkout" ? "AWS_IAM" : "NONE" })
    error_message = "Only POST /checkout must need a signed request: the factory cannot sign."
  }
  assert {
    condition     = length(aws_apigatewayv2_authorizer.jwt) == 0
    error_message = "AWS_IAM needs no authorizer."
  }
}

run "callback_keys_rotate_by_generation" {
  variables {
    callback_key_generation = 3
  }
  assert {
    condition = (
      local.functions["place-order"].environment[0].variables["CALLBACK_KEY_SECRETS"]
      == "${aws_secretsmanager_secret.callback_key["3"].id},${aws_secretsmanager_secret.callback_key["2"].id}"
      && { for generation, secret in aws_secretsmanager_secret.callback_key : generation => secret.name } == { "2" = "restock/callback-key-2", "3" = "restock/callback-key-3" }
    )
    error_message = "The newest key must come first, followed by the previous one."
  }
  assert {
    condition     = length(distinct([for function in ["place-order", "place-private-order", "receive-completion"] : local.functions[function].environment[0].variables["CALLBACK_KEY_SECRETS"]])) == 1
    error_message = "The functions that sign and verify callback URLs must have the same keys."
  }
  assert {
    condition = alltrue([
      for function in ["place-order", "place-private-order", "receive-completion"] : contains(
        flatten([for statement in jsondecode(aws_iam_role_policy.function[function].policy).Statement : statement.Resource if statement.Action == ["secretsmanager:GetSecretValue"]]),
        "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:restock/callback-key-*",
      )
    ])
    error_message = "These functions must be allowed to read the keys, and to hear that one was deleted."
  }
  assert {
    condition     = alltrue([for version in aws_secretsmanager_secret_version.callback_key : version.secret_string == null && version.secret_string_wo == null && version.secret_string_wo_version == 1])
    error_message = "The state must not have a key, and an apply must not write a new one into an existing secret."
  }
}

run "the_factory_calls_back_at_public_url" {
  variables {
    public_url = "https://api.donut-states.example"
  }
  assert {
    condition     = output.sales_api_url == "https://api.donut-states.example" && local.functions["place-order"].environment[0].variables["CALLBACK_URL"] == output.sales_api_url
    error_message = "The output and CALLBACK_URL must be public_url."
  }
}

run "send_mail_sends_mails_only_from_mail_from_to_mail_to" {
  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.function["send-mail"].policy).Statement : statement.Condition if contains(statement.Action, "ses:SendEmail")
      ][0] == {
      StringEquals                = { "ses:FromAddress" = ["restock@donut-states.example"] }
      "ForAllValues:StringEquals" = { "ses:Recipients" = ["operations@donut-states.example"] }
    }
    error_message = "send-mail must be allowed to send mails only from mail_from to mail_to, even if the identity covers more addresses."
  }
}

run "existing_mail_identities_are_used" {
  variables {
    mail_identities = { from = "donut-states.example", configuration_sets = ["shop"] }
  }
  assert {
    condition     = jsonencode(keys(aws_sesv2_email_identity.this)) == jsonencode(["operations@donut-states.example"])
    error_message = "An identity must be created only for addresses without one in mail_identities."
  }
  assert {
    condition = jsonencode([
      for statement in jsondecode(aws_iam_role_policy.function["send-mail"].policy).Statement : statement.Resource if contains(statement.Action, "ses:SendEmail")
      ]) == jsonencode([[
        "arn:aws:ses:ap-northeast-2:123456789012:identity/donut-states.example", "arn:aws:ses:ap-northeast-2:123456789012:configuration-set/shop",
        "arn:aws:ses:ap-northeast-2:123456789012:identity/operations@donut-states.example",
    ]])
    error_message = "send-mail must be allowed to use the existing identities and their configuration sets."
  }
}
