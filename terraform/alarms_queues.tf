# Alarms on queues and mails.

locals {
  queue_alarms = {
    # A mail told each failure at once. An alarm that stays in the state ALARM sends no further notice, so this one is in that
    # state for an hour of each day (UTC), and reminds again the next day. HOUR:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    dead-letters = {
      incident   = "restocks", told = "itself", event = true
      expression = "IF(HOUR(letters) == 0, letters, 0)", above = 0, period = 3600
      metrics = {
        letters = { namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", stat = "Maximum", dimensions = { QueueName = local.queue_names.dead_letter_queue } }
      }
      happened = "Daily reminder: messages wait in dead_letter_queue. A mail told each of them: a restock failed, or a message or a callback was refused."
      impact   = "Products may not have been restocked and may sell out. SQS deletes a message after 14 days."
      action = [
        "List the messages and their errors with --dry-run. Fix the cause, then redrive the messages:",
        "  ${var.redrive_command} --reason \"the cause is mended\"",
      ]
    }
    # These two count messages as they come: if they counted those that wait, one message would hide the next.
    undelivered-depletions = {
      incident   = "restocks", told = "itself", event = true
      namespace  = "AWS/SQS", metric = "NumberOfMessagesSent", stat = "Sum"
      dimensions = { QueueName = local.undelivered_names.depletions }, above = 0
      happened   = "SNS could not deliver depletion messages to stock_queue."
      impact     = "Purchases still work. Restocks do not start until the delivery works again, so products may sell out."
      action = [
        "Check the access policy of the queue ${local.queue_names.stock_queue}. When the delivery works again, the sweep publishes all missing depletions within ${local.sweep_interval}. Then delete the undelivered messages:",
        "  aws sqs purge-queue --queue-url ${aws_sqs_queue.undelivered["depletions"].url}",
      ]
    }
    undelivered-reports = {
      incident   = "reports", told = "itself", event = true
      namespace  = "AWS/SQS", metric = "NumberOfMessagesSent", stat = "Sum"
      dimensions = { QueueName = local.undelivered_names.reports }, above = 0
      happened   = "An execution ended without a report, and the function report could not report it."
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
      incident   = "restocks"
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
    # A message that was received more than three times no longer counts in the age of stock-queue-delayed.
    depletions-returned = {
      incident   = "restocks"
      namespace  = var.name, metric = "MessagesReturned", stat = "Sum", periods = 3
      dimensions = {}, above = 0
      happened   = "For 15 minutes, start-restock has returned depletion messages to stock_queue: it cannot start restocks."
      impact     = local.function_impacts["start-restock"]
      action     = ["Read why:", local.show_log["start-restock"]]
    }
    # As depletions-returned: a callback that was received more than three times no longer counts in the age.
    callbacks-returned = {
      incident   = "callbacks"
      namespace  = var.name, metric = "CallbacksReturned", stat = "Sum", periods = 3
      dimensions = {}, above = 0
      happened   = "For 15 minutes, receive-completion has returned callbacks to completion_queue: it cannot start their processing."
      impact     = local.function_impacts["receive-completion"]
      action     = ["Read why:", local.show_log["receive-completion"]]
    }
    completion-queue-delayed = {
      incident   = "callbacks"
      namespace  = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", stat = "Maximum"
      dimensions = { QueueName = local.queue_names.completion_queue }, above = 300
      happened   = "A callback has waited in completion_queue for more than 5 minutes: receive-completion does not process it."
      impact     = "Goods that the factory reported reach the stock late, and the restock may order them again. Callbacks are kept for 14 days."
      action = [
        "Read the errors of the function:",
        local.show_errors["receive-completion"],
        "Check that its trigger is enabled (State):",
        "  aws lambda list-event-source-mappings --function-name ${var.name}-receive-completion",
      ]
    }
    operations-queue-delayed = {
      incident   = "reports"
      namespace  = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", stat = "Maximum"
      dimensions = { QueueName = local.queue_names.operations_queue }, above = 600
      happened   = "A report has waited in operations_queue for more than 10 minutes: send-mail does not send it."
      impact     = "Operations get no mail about failures. No report is lost: each waits for 14 days."
      action = [
        "Read the reports in the SQS console: queue ${local.queue_names.operations_queue}, Poll for messages.",
        "Find out why they are not sent:",
        "  aws logs tail /aws/lambda/${var.name}-send-mail --since 1h --filter-pattern ERROR",
        "Check that its trigger is enabled (State):",
        "  aws lambda list-event-source-mappings --function-name ${var.name}-send-mail",
      ]
    }
    mails-not-sent = {
      incident   = "reports"
      namespace  = var.name, metric = "MailsNotSent", stat = "Sum"
      dimensions = {}, above = 0
      happened   = "A mail to operations could not be sent. It is tried again."
      impact     = "Operations hear of a failure late. No report is lost: each waits in operations_queue for 14 days."
      action = [
        "Find out why:",
        "  aws logs tail /aws/lambda/${var.name}-send-mail --since 1h",
        "Check that SES has verified ${var.mail_from} and ${var.mail_to}:",
        "  aws sesv2 list-email-identities",
      ]
    }
  }
  # Lambda asks each queue for messages all the time. If it stops, the trigger is disabled or may not read the queue. The
  # alarms on the age of messages notice that only when a message has waited. Nobody asks a queue that is paused.
  polling_incidents = { stock_queue = "restocks", completion_queue = "callbacks", operations_queue = "reports" }
  polling_alarms = {
    for name, queue in local.system.queues : "${replace(name, "_", "-")}-not-polled" => {
      page       = "QUEUE-not-polled"
      incident   = local.polling_incidents[name]
      expression = "FILL(empty, 0) + FILL(received, 0)", below = 1, period = 900, missing = "breaching"
      metrics = {
        empty    = { namespace = "AWS/SQS", metric = "NumberOfEmptyReceives", stat = "Sum", dimensions = { QueueName = local.queue_names[name] } }
        received = { namespace = "AWS/SQS", metric = "NumberOfMessagesReceived", stat = "Sum", dimensions = { QueueName = local.queue_names[name] } }
      }
      happened = "For 15 minutes, Lambda has not asked ${name} for messages: the trigger of ${queue.consumer} does not work."
      impact   = local.impacts[queue.consumer]
      action = [
        "Look at the trigger (State, StateTransitionReason), and enable it:",
        "  aws lambda list-event-source-mappings --function-name ${var.name}-${queue.consumer}",
        "  aws lambda update-event-source-mapping --enabled --uuid UUID",
      ]
    } if contains(local.polled_queues, name)
  }
}
