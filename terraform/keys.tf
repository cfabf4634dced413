# A customer-managed key: kms_key_arn. The key policy allows the services that act by themselves: CloudWatch Logs, SNS, EventBridge
# and CloudWatch alarms. Roles need permission for the key to send to an encrypted queue or topic, to receive, and to read a
# secret: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html

locals {
  key_actions = {
    "secretsmanager:GetSecretValue" = ["kms:Decrypt"]
    "sns:Publish"                   = ["kms:Decrypt", "kms:GenerateDataKey"]
    "sqs:ReceiveMessage"            = ["kms:Decrypt"]
    "sqs:SendMessage"               = ["kms:Decrypt", "kms:GenerateDataKey"]
  }
  # What each function, the API and operators need besides, as statements.
  key_permissions = {
    for who, statements in merge(
      local.permissions,
      { api = [{ Action = ["sqs:SendMessage"] }], operators_look = local.operators_look, operators_change = local.operators_change },
      ) : who => [
      for actions in [distinct(flatten([for action in flatten([for statement in statements : statement.Action]) : lookup(local.key_actions, action, [])]))] : {
        Sid      = "Key"
        Effect   = "Allow"
        Action   = sort(actions)
        Resource = [var.kms_key_arn]
      } if var.kms_key_arn != null && length(actions) > 0
    ]
  }
}
