# A customer-managed key for everything that is stored.

mock_provider "aws" {
  source = "./tests/aws"
}

run "a_key_of_the_account_encrypts_everything_that_is_stored" {
  variables {
    kms_key_arn = "arn:aws:kms:ap-northeast-2:123456789012:key/3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    flow_logs   = "REJECT"
  }
  assert {
    condition = distinct(concat(
      values(local.queues)[*].kms_master_key_id,
      [aws_sns_topic.depletion.kms_master_key_id, aws_sns_topic.alarms.kms_master_key_id],
      values(local.log_groups)[*].kms_key_id, values(aws_cloudwatch_log_group.machine)[*].kms_key_id,
      values(aws_cloudwatch_log_group.database)[*].kms_key_id, aws_cloudwatch_log_group.flow_logs[*].kms_key_id, [aws_cloudwatch_log_group.api.kms_key_id],
      values(aws_secretsmanager_secret.callback_key)[*].kms_key_id,
      [aws_db_instance.warehouse["warehouse"].kms_key_id, aws_db_instance.warehouse["warehouse"].master_user_secret_kms_key_id],
    )) == tolist([var.kms_key_arn])
    error_message = "Queues, topics, logs, secrets and the database must have the key."
  }
  assert {
    condition = {
      for who, policy in merge(
        { for name, policy in aws_iam_role_policy.function : name => policy.policy },
        { api = aws_iam_role_policy.api.policy, operators-look = aws_iam_policy.operators_look.policy, operators-change = aws_iam_policy.operators_change.policy },
      ) : who => flatten([for statement in jsondecode(policy).Statement : statement.Action if statement.Resource == [var.kms_key_arn]])
      if strcontains(policy, "kms:")
      } == {
      api                 = ["kms:Decrypt", "kms:GenerateDataKey"]
      leave-dead-letter   = ["kms:Decrypt", "kms:GenerateDataKey"]
      operators-change    = ["kms:Decrypt", "kms:GenerateDataKey"]
      operators-look      = ["kms:Decrypt"]
      place-order         = ["kms:Decrypt"]
      place-private-order = ["kms:Decrypt"]
      publish-depletion   = ["kms:Decrypt", "kms:GenerateDataKey"]
      receive-completion  = ["kms:Decrypt"]
      report              = ["kms:Decrypt", "kms:GenerateDataKey"]
      send-mail           = ["kms:Decrypt", "kms:GenerateDataKey"]
      start-migration     = ["kms:Decrypt"]
      start-restock       = ["kms:Decrypt"]
    }
    error_message = "Exactly who sends, receives or reads a secret must be allowed to use the key."
  }
}

run "a_database_keeps_the_key_that_it_was_created_with" {
  command = plan
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].kms_key_id == "arn:aws:kms:ap-northeast-2:123456789012:key/3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    error_message = "Another kms_key_arn must not replace the database."
  }
}
