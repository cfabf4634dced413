# The incidents: what happened, what customers and operations notice, and where to look first.

locals {
  # The workflow of each function. A function without an entry is a step of a restock.
  function_incidents = {
    sales-api          = "purchases"
    check-stock        = "purchases"
    decrement-stock    = "purchases"
    list-products      = "purchases"
    show-product       = "purchases"
    receive-completion = "callbacks"
    record-arrival     = "callbacks"
    complete-task      = "callbacks"
    find-depleted      = "sweep"
    check-execution    = "sweep"
    report             = "reports"
    send-mail          = "reports"
    leave-dead-letter  = "reports"
  }

  incidents = {
    purchases = {
      wait_seconds = 120
      happened     = "Purchases or product queries fail."
      impact       = "Customers get HTTP 5xx. A retry with the same Idempotency-Key never buys twice."
      action       = ["Read the errors of the API:", local.show_errors["sales-api"]]
    }
    restocks = {
      wait_seconds = 180
      happened     = "Steps of restocks fail and are retried, or depletions wait."
      impact       = "Purchases still work. Restocks are late, so products may sell out. A failed restock sends a mail instead."
      action       = ["Find the executions and their errors:", local.show_executions["restock"]]
    }
    callbacks = {
      wait_seconds = 180
      happened     = "Callbacks of the factory wait, or steps that process them fail."
      impact       = "Goods that the factory reported reach the stock late. Callbacks are kept in completion_queue for 14 days."
      action       = ["Read the errors of the first function:", local.show_errors["receive-completion"]]
    }
    sweep = {
      wait_seconds = 180
      happened     = "The sweep fails or does not run."
      impact       = "Purchases still work. Lost depletions and abandoned restocks stay undetected, so products may sell out."
      action       = ["Find the executions and their errors:", local.show_executions["sweep"]]
    }
    database = {
      happened = "At least two functions that use the database fail at the same time: the database does not work, or they cannot reach it."
      impact   = "Customers get HTTP 503 for POST /checkout. Restocks, callbacks and sweeps are retried. No other notice tells this."
      action   = ["Check the database on the CloudWatch dashboard ${var.name}. Read the errors:", local.show_errors["decrement-stock"]]
    }
    concurrency = {
      happened = "Lambda refuses invocations: a concurrency limit is reached."
      impact   = "Customers may get HTTP 5xx. Restocks, callbacks, sweeps and mails are late. No other notice tells this."
      action = [
        "Look up the limit of the account:",
        "  aws lambda get-account-settings",
        "Request a higher quota (Service Quotas, AWS Lambda, Concurrent executions), or change reserved_concurrency in Terraform.",
      ]
    }
    reports = {
      happened = "Mails to operations are late or not sent, or a failure could not be reported."
      impact   = "Operations do not hear of failed restocks. No report is lost: reports wait in operations_queue for 14 days."
      action = [
        "Read the waiting reports in the SQS console (queue ${local.queue_names.operations_queue}, Poll for messages), then the errors:",
        local.show_errors["report"],
        "Check that SES has verified both mail addresses:",
        "  aws sesv2 list-email-identities",
      ]
    }
  }

  # Lists the alarms behind a notice.
  show_alarms = "  aws cloudwatch describe-alarms --state-value ALARM --alarm-name-prefix ${var.name}- --query 'MetricAlarms[].AlarmName'"
  # There are too many functions to name them all in 1,024 characters.
  named_alarms = {
    for incident in keys(local.incidents) : incident => (
      incident == "concurrency" ? "${var.name}-FUNCTION-throttles" :
      incident == "database" ? "${var.name}-FUNCTION-errors of functions that use the database" : join(", ", local.causes[incident])
    )
  }
  incident_texts = {
    for name, incident in local.incidents : name => join("\n", concat(
      [incident.happened, "Impact: ${incident.impact}", "Action:", "List the alarms in the state ALARM:", local.show_alarms],
      incident.action,
      ["Alarms of this incident: ${local.named_alarms[name]}."],
    ))
  }
  # With the longest names, a notice has no room for the link in its 1,024 characters.
  incident_descriptions = {
    for name, text in local.incident_texts : name => join("\n", concat(
      [text], [for link in ["Runbook: ${var.runbook_url}/alarms/${name}.md"] : link if length(text) + length(link) < 1024],
    ))
  }
}
