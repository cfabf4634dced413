# Alarms on workflows: the API, state machines and functions.

locals {
  machine_incidents = { purchase = "purchases", restock = "restocks", completion = "callbacks", sweep = "sweep" }
  # An execution that ends without success is reported by mail.
  told_by_mail = ["restock", "completion"]

  workflow_alarms = {
    restock-open-too-long = {
      incident = "sweep"
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
      incident   = "sweep"
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
      incident   = "callbacks", told = "itself", event = true
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
      incident   = "purchases"
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
      incident   = "purchases"
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
  }

  machine_alarms = {
    for pair in setproduct(keys(local.system.state_machines), ["Failed", "TimedOut"]) : "${pair[0]}-${lower(pair[1])}" => {
      page       = "MACHINE-${lower(pair[1])}"
      incident   = local.machine_incidents[pair[0]], told = contains(local.told_by_mail, pair[0]) ? "mail" : "incident"
      namespace  = "AWS/States", metric = "Executions${pair[1]}", stat = "Sum"
      dimensions = { StateMachineArn = local.arns["${pair[0]}_machine_arn"] }
      # A few failed purchases among thousands are no reason to act: each customer can retry.
      above    = local.system.state_machines[pair[0]] == "EXPRESS" ? 10 : 0
      happened = "${local.system.state_machines[pair[0]] == "EXPRESS" ? "More than 10 executions" : "An execution"} of the state machine ${pair[0]} ${pair[1] == "Failed" ? "failed" : "timed out"} within 5 minutes."
      impact   = local.machine_impacts[pair[0]]
      action = concat(
        !contains(local.told_by_mail, pair[0]) ? [] :
        [join(" ", concat(
          ["Follow the mail about the execution."],
          pair[0] == "restock" && pair[1] == "Failed" ? ["If a restock of the product fails again, no further mail is sent."] : [],
          ["If there is no mail at all, look at the alarm ${local.incident_names["reports"]}."],
        ))],
        ["Find the executions and their errors:", local.show_executions[pair[0]]],
      )
    }
  }

  error_alarms = {
    for name in keys(local.watched_functions) : "${name}-errors" => {
      page       = "FUNCTION-errors"
      incident   = lookup(local.function_incidents, name, "restocks")
      namespace  = "AWS/Lambda", metric = "Errors", stat = "Sum"
      dimensions = { FunctionName = "${var.name}-${name}" }
      # If an invocation of report fails, nothing else may report the same, so one failure is enough.
      above    = name == "report" ? 0 : 5
      happened = "${name == "report" ? "An invocation" : "More than 5 invocations"} of the function ${name} failed within 5 minutes."
      impact   = local.impacts[name]
      action = concat(
        ["Read the errors:", local.show_errors[name]],
        name != "report" ? [] : ["Check that SES has verified ${var.mail_from} and ${var.mail_to}:", "  aws sesv2 list-email-identities"],
      )
    }
  }

  throttle_alarms = {
    for name in keys(local.watched_functions) : "${name}-throttles" => {
      page       = "FUNCTION-throttles"
      incident   = "concurrency"
      namespace  = "AWS/Lambda", metric = "Throttles", stat = "Sum"
      dimensions = { FunctionName = "${var.name}-${name}" }, above = 0
      happened   = "Lambda refused invocations of the function ${name} within 5 minutes: a concurrency limit is reached."
      impact     = local.impacts[name]
      action = [
        "Look up the limit of the account:",
        "  aws lambda get-account-settings",
        "Request a higher quota (Service Quotas, AWS Lambda, Concurrent executions), or change reserved_concurrency in Terraform.",
      ]
    }
  }
}
