# What a platform team asks for: a budget, a permissions boundary, flow logs. key.tftest.hcl: a key of its own.

mock_provider "aws" {
  source = "./tests/aws"
}

run "by_default_there_is_no_budget" {
  assert {
    condition     = length(aws_budgets_budget.monthly) == 0
    error_message = "Without monthly_budget, there must be no budget."
  }
}

run "a_budget_is_mailed_to_operations_before_the_money_is_spent" {
  variables {
    monthly_budget = { usd = 200 }
  }
  assert {
    condition     = aws_budgets_budget.monthly[0].limit_amount == "200" && length(aws_budgets_budget.monthly[0].cost_filter) == 0
    error_message = "The budget must count the whole account: a tag that is not activated counts nothing."
  }
  assert {
    condition = { for notification in aws_budgets_budget.monthly[0].notification : notification.notification_type => [notification.threshold, notification.subscriber_email_addresses] } == {
      ACTUAL     = [80, toset(["operations@donut-states.example"])]
      FORECASTED = [100, toset(["operations@donut-states.example"])]
    }
    error_message = "Operations must get a mail at 80 percent, and when AWS expects more than the whole."
  }
}

run "a_budget_can_count_one_deployment" {
  variables {
    monthly_budget = { usd = 200, only_this_deployment = true }
  }
  assert {
    condition     = one(aws_budgets_budget.monthly[0].cost_filter).values == tolist(["user:Deployment$restock"])
    error_message = "Only resources with the tag Deployment must count."
  }
}

run "a_budget_of_nothing_is_refused" {
  command = plan
  variables {
    monthly_budget = { usd = 0 }
  }
  expect_failures = [var.monthly_budget]
}

run "without_a_key_of_its_own_nobody_needs_one" {
  assert {
    condition = alltrue([
      for policy in concat(values(aws_iam_role_policy.function)[*].policy, [aws_iam_role_policy.api.policy, aws_iam_policy.operators_look.policy, aws_iam_policy.operators_change.policy]) :
      !strcontains(policy, "kms:")
    ])
    error_message = "Keys of AWS need no permission."
  }
  assert {
    condition     = alltrue([for queue in local.queues : queue.sqs_managed_sse_enabled]) && aws_sns_topic.depletion.kms_master_key_id == "alias/aws/sns"
    error_message = "Queues and the topic must be encrypted with keys of AWS."
  }
}

run "every_role_gets_the_boundary" {
  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    flow_logs                = "ALL"
  }
  assert {
    condition = distinct(concat(
      values(aws_iam_role.function)[*].permissions_boundary, values(aws_iam_role.machine)[*].permissions_boundary,
      values(aws_iam_role.schedule)[*].permissions_boundary, aws_iam_role.flow_logs[*].permissions_boundary,
      [aws_iam_role.api.permissions_boundary, aws_iam_role.ended_restocks.permissions_boundary],
    )) == tolist([var.permissions_boundary_arn])
    error_message = "A role has no boundary."
  }
  assert {
    condition     = aws_flow_log.warehouse[0].traffic_type == "ALL" && aws_flow_log.warehouse[0].vpc_id == aws_vpc.warehouse[0].id
    error_message = "All connections in the VPC must be logged."
  }
}

run "an_alias_another_boundary_and_other_flow_logs_are_refused" {
  command = plan
  variables {
    kms_key_arn              = "alias/restock"
    permissions_boundary_arn = "boundary"
    flow_logs                = "ACCEPTED"
  }
  expect_failures = [var.kms_key_arn, var.permissions_boundary_arn, var.flow_logs]
}
