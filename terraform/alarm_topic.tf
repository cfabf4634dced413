# Where alarms are sent: by mail to operations, and to the topics in alarm_topic_arns.

locals {
  alarm_topics = concat([aws_sns_topic.alarms.arn], sort(var.alarm_topic_arns))
}

# Not encrypted unless there is a kms_key_arn: CloudWatch cannot publish with the key alias/aws/sns, and alarms hold no secrets.
resource "aws_sns_topic" "alarms" {
  # checkov:skip=CKV_AWS_26: a customer managed key costs 1 USD a month, and alarms hold no secrets.
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
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

# SNS sends one mail to confirm this subscription. Until then, no alarm is mailed.
resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.mail_to
}
