# What people may do with the deployment. Attach one of the policies to the roles or groups of your team.

locals {
  operators_look = [
    {
      Sid      = "AskTheDatabase"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = [local.arns.inspect_warehouse]
    },
    {
      Sid    = "ReadExecutions"
      Effect = "Allow"
      Action = ["states:DescribeStateMachine", "states:ListExecutions"]
      Resource = [
        for name in ["restock", "completion", "sweep"] : local.arns["${name}_machine_arn"]
      ]
    },
    {
      Sid    = "ReadHistories"
      Effect = "Allow"
      Action = ["states:DescribeExecution", "states:DescribeStateMachineForExecution", "states:GetExecutionHistory"]
      Resource = [
        for name in ["restock", "completion", "sweep"] : local.arns["${name}_executions_arn"]
      ]
    },
    {
      # SQS shows a message only to a receiver. The command puts each one back.
      Sid      = "LookAtDeadLetters"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
      Resource = [local.arns.dead_letter_queue_arn]
    },
    {
      Sid      = "ReadLogs"
      Effect   = "Allow"
      Action   = ["logs:FilterLogEvents"]
      Resource = [for name in keys(local.all_functions) : "${local.arn_prefix["logs"]}:log-group:/aws/lambda/${var.name}-${name}:*"]
    },
  ]
  operators_change = concat(local.operators_look, [
    {
      Sid      = "ChangeTheDatabase"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = [local.arns.change_warehouse]
    },
    {
      Sid      = "StopRestocks"
      Effect   = "Allow"
      Action   = ["states:StopExecution"]
      Resource = [local.arns.restock_executions_arn]
    },
    {
      # The audit and the mails print these commands.
      Sid      = "ProcessCallbacksAndSweep"
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = [for name in ["completion", "sweep"] : local.arns["${name}_machine_arn"]]
    },
    {
      Sid      = "RedriveDeadLetters"
      Effect   = "Allow"
      Action   = ["sqs:DeleteMessage"]
      Resource = [local.arns.dead_letter_queue_arn]
    },
    {
      Sid      = "SendAgain"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [local.arns.stock_queue_arn, local.arns.completion_queue_arn]
    },
  ])
}

resource "aws_iam_policy" "operators_look" {
  name        = "${var.name}-operators-look"
  description = "See products, restocks, dead letters and logs of ${var.name}. Changes nothing."
  policy      = jsonencode({ Version = "2012-10-17", Statement = concat(local.operators_look, local.key_permissions["operators_look"]) })
}

resource "aws_iam_policy" "operators_change" {
  name        = "${var.name}-operators-change"
  description = "See ${var.name}, adjust stock, change products, redrive dead letters, stop restocks, process callbacks and sweep."
  policy      = jsonencode({ Version = "2012-10-17", Statement = concat(local.operators_change, local.key_permissions["operators_change"]) })
}

output "operators_look_policy_arn" {
  description = "ARN of the IAM policy for people who look at the deployment."
  value       = aws_iam_policy.operators_look.arn
}

output "operators_change_policy_arn" {
  description = "ARN of the IAM policy for people who change it: stock, products, dead letters, restocks, callbacks."
  value       = aws_iam_policy.operators_change.arn
}
