# The topic for depletions, the queues of system.json, and the queues for undelivered messages.

locals {
  # Separate from dead_letter_queue, whose messages can be moved back to stock_queue unchanged. AWS wraps undelivered
  # messages in a format of its own.
  undelivered_names = {
    depletions = "${var.name}-undelivered-depletions"
    reports    = "${var.name}-undelivered-reports"
  }

  # The AWS service that may send to each queue, and the resource that it sends for. Functions get access through their roles.
  senders = {
    stock_queue            = { service = "sns", source = local.arns.depletion_topic_arn }
    undelivered_depletions = { service = "sns", source = local.arns.depletion_topic_arn }
    undelivered_reports    = { service = "events", source = local.arns.ended_rule_arn }
  }
  queues = merge(
    { for name, queue in aws_sqs_queue.this : name => queue },
    { for name, queue in aws_sqs_queue.undelivered : "undelivered_${name}" => queue },
  )
}

resource "aws_sns_topic" "depletion" {
  name = "${var.name}-depletion"
  # With the AWS managed key, publishers need no permission for the key itself.
  kms_master_key_id = coalesce(var.kms_key_arn, "alias/aws/sns")
}

resource "aws_sns_topic_policy" "depletion" {
  arn = aws_sns_topic.depletion.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyOverTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = local.arns.depletion_topic_arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_sns_topic_subscription" "stock_queue" {
  topic_arn            = aws_sns_topic.depletion.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.this["stock_queue"].arn
  raw_message_delivery = true
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.undelivered["depletions"].arn })

  # Both queues must accept messages of the topic before it delivers the first one.
  depends_on = [aws_sqs_queue_policy.this]
}

resource "aws_sqs_queue" "this" {
  for_each                   = local.system.queues
  name                       = local.queue_names[each.key]
  visibility_timeout_seconds = each.value.visibility_timeout_seconds
  message_retention_seconds  = each.value.retention_seconds
  max_message_size           = try(each.value.maximum_message_bytes, null)
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn

  lifecycle {
    # Otherwise SQS would deliver a message again while its consumer still processes it.
    precondition {
      condition     = !can(each.value.consumer) || each.value.visibility_timeout_seconds >= 6 * try(local.system.functions[each.value.consumer].timeout_seconds, 0) + try(each.value.batching_window_seconds, 0)
      error_message = "In system.json, visibility_timeout_seconds of the queue ${each.key} must be at least 6 times the timeout_seconds of its consumer plus batching_window_seconds. Raise it, or lower the timeout of the consumer."
    }
  }
}

resource "aws_sqs_queue_redrive_policy" "this" {
  for_each  = { for name, queue in local.system.queues : name => queue if can(queue.dead_letters_to) }
  queue_url = aws_sqs_queue.this[each.key].id
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.this[each.value.dead_letters_to].arn
    maxReceiveCount     = each.value.max_receive_count
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "this" {
  for_each  = { for name, queue in local.system.queues : queue.dead_letters_to => name... if can(queue.dead_letters_to) }
  queue_url = aws_sqs_queue.this[each.key].id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [for name in each.value : aws_sqs_queue.this[name].arn]
  })
}

resource "aws_sqs_queue" "undelivered" {
  for_each                  = local.undelivered_names
  name                      = each.value
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
}

resource "aws_sqs_queue_policy" "this" {
  for_each  = local.queues
  queue_url = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "OnlyOverTLS"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = local.arns["${each.key}_arn"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      [
        for sender in [lookup(local.senders, each.key, null)] : {
          Sid       = "Delivery"
          Effect    = "Allow"
          Principal = { Service = "${sender.service}.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = local.arns["${each.key}_arn"]
          Condition = { ArnEquals = { "aws:SourceArn" = sender.source } }
        } if sender != null
      ],
    )
  })
}
