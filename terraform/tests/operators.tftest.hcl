# The policies for people.

mock_provider "aws" {
  source = "./tests/aws"
}

run "operators_who_look_can_change_nothing_and_those_who_change_can_do_no_more_than_the_command" {
  assert {
    condition = length(setintersection(
      flatten([for statement in jsondecode(aws_iam_policy.operators_look.policy).Statement : statement.Action]),
      ["sqs:SendMessage", "sqs:DeleteMessage", "sqs:PurgeQueue", "states:StopExecution", "states:StartExecution", "lambda:*"]
    )) == 0
    error_message = "Operators who look may change something."
  }
  assert {
    condition = toset([
      for statement in jsondecode(aws_iam_policy.operators_look.policy).Statement : statement.Resource if statement.Sid == "AskTheDatabase"
    ][0]) == toset([local.arns.inspect_warehouse])
    error_message = "Operators who look may invoke another function than inspect-warehouse."
  }
  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_policy.operators_change.policy).Statement : statement.Resource if contains(statement.Action, "lambda:InvokeFunction")
    ])) == toset([local.arns.inspect_warehouse, local.arns.change_warehouse])
    error_message = "Operators may invoke other functions than inspect-warehouse and change-warehouse."
  }
  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_policy.operators_look, aws_iam_policy.operators_change] : [
        for statement in jsondecode(policy.policy).Statement : [
          for resource in statement.Resource : resource != "*" && strcontains(resource, "restock")
        ]
      ]
    ]))
    error_message = "A policy for operators reaches something outside the deployment."
  }
}

# The commands in crates/operations/src/audit/repair_commands.rs and in the mails. crates/system/tests/account.rs looks for others.
run "operators_who_change_can_run_the_repairs_that_are_printed" {
  assert {
    condition = {
      for action in ["states:ListExecutions", "states:StartExecution", "states:StopExecution"] : action => flatten([
        for statement in jsondecode(aws_iam_policy.operators_change.policy).Statement : statement.Resource if contains(statement.Action, action)
      ])
      } == {
      "states:ListExecutions" = [for name in ["restock", "completion", "sweep"] : "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-${name}"]
      "states:StartExecution" = [for name in ["completion", "sweep"] : "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-${name}"]
      "states:StopExecution"  = ["arn:aws:states:ap-northeast-2:123456789012:execution:restock-restock:*"]
    }
    error_message = "An operator could not run a command that the audit or a mail prints."
  }
}

run "operator_functions_have_no_alarm_and_all_others_have" {
  assert {
    condition     = toset(keys(local.watched_functions)) == setsubtract(keys(local.system.functions), ["inspect-warehouse", "change-warehouse"])
    error_message = "The functions with alarms are not those that nobody waits for."
  }
}
