# What whoever deploys may do: terraform/bootstrap/deployer.

mock_provider "aws" {
  source = "./tests/aws"
}

variables {
  name    = "restock"
  region  = "ap-northeast-2"
  account = "123456789012"
}

run "each_policy_is_short_enough_for_aws_and_all_statements_are_in_one" {
  module {
    source = "./bootstrap/deployer"
  }
  assert {
    condition     = alltrue([for policy in aws_iam_policy.deployer : length(policy.policy) <= 6144])
    error_message = "A policy is longer than 6,144 characters: ${jsonencode({ for name, policy in aws_iam_policy.deployer : name => length(policy.policy) })}"
  }
  assert {
    condition     = length(flatten([for policy in aws_iam_policy.deployer : jsondecode(policy.policy).Statement])) == length(local.all_allowed) + 5
    error_message = "An entry of services.tf or account.tf is in no policy of policies.tf."
  }
  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_policy.deployer : [for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]]
    ]))
    error_message = "An action has an asterisk."
  }
  assert {
    condition     = contains(flatten([for statement in jsondecode(aws_iam_policy.deployer["functions"].policy).Statement : statement.Action]), "states:ValidateStateMachineDefinition")
    error_message = "The provider validates definitions at plan."
  }
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.deployer["roles"].policy).Statement : alltrue([for resource in statement.Resource : resource != "*"])
    ])
    error_message = "The deployer may change roles and policies of others."
  }
}

run "what_aws_checks_without_a_name_is_allowed_without_a_name" {
  module {
    source = "./bootstrap/deployer"
  }
  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.deployer["services"].policy).Statement : statement.Resource
      if anytrue([for action in ["cloudwatch:DescribeAlarms", "cloudwatch:PutCompositeAlarm"] : contains(statement.Action, action)])
    ] == [["*"]]
    error_message = "CloudWatch refuses a composite alarm to whoever may write alarms with some names only."
  }
  assert {
    condition = alltrue([
      for kind in ["snapshot:rds:restock-*", "snapshot:restock-*"] :
      anytrue([for statement in jsondecode(aws_iam_policy.deployer["network"].policy).Statement : contains(statement.Resource, "arn:aws:rds:ap-northeast-2:123456789012:${kind}")])
    ])
    error_message = "A database could not be restored from an automatic snapshot, or from one that somebody has taken."
  }
  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.deployer["network"].policy).Statement : statement.Condition if contains(statement.Action, "kms:DescribeKey")
    ] == [{ StringLike = { "kms:ViaService" = ["rds.ap-northeast-2.amazonaws.com*", "secretsmanager.ap-northeast-2.amazonaws.com*"] } }]
    error_message = "RDS must be able to look at the key of the secret, and nobody else at any key."
  }
}

run "with_a_boundary_and_a_key_roles_need_the_boundary_and_the_key_may_be_used" {
  module {
    source = "./bootstrap/deployer"
  }
  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    kms_key_arn              = "arn:aws:kms:ap-northeast-2:123456789012:key/3f2504e0-4f89-41d3-9a0c-0305e82c3301"
  }
  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.deployer["roles"].policy).Statement : statement.Condition if statement.Sid == "CreateRoles"
    ] == [{ ArnEquals = { "iam:PermissionsBoundary" = ["arn:aws:iam::123456789012:policy/boundary"] } }]
    error_message = "Without the boundary, the deployer could create a role that may do everything."
  }
  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.deployer["roles"].policy).Statement : statement.Resource if statement.Sid == "Key"
    ] == [["arn:aws:kms:ap-northeast-2:123456789012:key/3f2504e0-4f89-41d3-9a0c-0305e82c3301"]]
    error_message = "The deployer must be allowed to use the key."
  }
}
