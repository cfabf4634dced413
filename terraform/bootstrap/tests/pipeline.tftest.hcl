# The place for the state, and who may plan and apply.

mock_provider "aws" {
  override_data {
    target = data.aws_caller_identity.this
    values = { account_id = "123456789012" }
  }
  override_data {
    target = data.aws_partition.this
    values = { partition = "aws" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::restock-terraform-state-123456789012" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:ap-northeast-2:123456789012:key/3f2504e0-4f89-41d3-9a0c-0305e82c3301" }
  }
}

variables {
  repository = "donut-states/restock"
}

run "the_state_is_encrypted_versioned_and_private" {
  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "An earlier state must be kept."
  }
  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.state.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.state.arn
    ]) && aws_kms_key.state.enable_key_rotation
    error_message = "The state must be encrypted with its own key, which is rotated."
  }
  assert {
    condition = (
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy
      && aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    )
    error_message = "Nobody outside the account may get access to the state."
  }
  assert {
    condition     = jsondecode(aws_s3_bucket_policy.state.policy).Statement[0].Effect == "Deny" && jsondecode(aws_s3_bucket_policy.state.policy).Statement[0].Condition == { Bool = { "aws:SecureTransport" = "false" } }
    error_message = "The state must be read over encrypted connections only."
  }
}

run "only_this_repository_plans_and_only_its_environment_applies" {
  assert {
    condition = jsondecode(aws_iam_role.pipeline["plan"].assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = ["repo:donut-states/restock:pull_request", "repo:donut-states/restock:ref:refs/heads/main"]
      }
    }
    error_message = "Only pull requests and the branch of this repository may plan."
  }
  assert {
    condition = jsondecode(aws_iam_role.pipeline["apply"].assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = ["repo:donut-states/restock:environment:production"]
      }
    }
    error_message = "Only jobs of the environment of this repository may apply."
  }
  assert {
    condition = alltrue([
      for role in aws_iam_role.pipeline : jsondecode(role.assume_role_policy).Statement[0].Principal == { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
      && !strcontains(role.assume_role_policy, "*")
    ])
    error_message = "A role must trust GitHub alone, and no pattern."
  }
}

run "a_plan_changes_nothing_and_reads_no_data" {
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.state["plan"].policy).Statement : alltrue([for action in statement.Action : contains(["s3:ListBucket", "s3:GetObject", "kms:Decrypt"], action)])
    ])
    error_message = "A plan must only read the state."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : statement if statement.Effect == "Allow"] == [
      { Action = ["states:ValidateStateMachineDefinition"], Effect = "Allow", Resource = ["*"] },
    ]
    error_message = "A plan must be allowed nothing but to read and to validate definitions."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.plan.policy, "\"NotResource\":[\"arn:aws:s3:::restock-terraform-state-123456789012/restock.tfstate\"]")
    error_message = "Of all objects in S3, a plan must read the state only."
  }
}

run "an_apply_writes_and_locks_the_state" {
  assert {
    condition = contains(
      [for statement in jsondecode(aws_iam_role_policy.state["apply"].policy).Statement : statement.Resource if contains(statement.Action, "s3:DeleteObject")],
      ["arn:aws:s3:::restock-terraform-state-123456789012/restock.tfstate.tflock"],
    )
    error_message = "Of the state, an apply must be able to delete its lock and nothing else."
  }
}

run "an_account_with_the_provider_gets_no_second_one" {
  variables {
    oidc_provider_exists = true
  }
  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "The provider of GitHub can exist only once."
  }
}

run "invalid_values_are_refused" {
  command = plan
  variables {
    repository  = "donut-states/*"
    branch      = "*"
    environment = "*"
    name        = "R"
    region      = "Seoul"
  }
  expect_failures = [var.repository, var.branch, var.environment, var.name, var.region]
}
