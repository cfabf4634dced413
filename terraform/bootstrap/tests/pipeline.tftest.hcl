# The place for the state, and who may plan and apply.

mock_provider "aws" {
  override_data {
    target = data.aws_caller_identity.this
    values = { account_id = "123456789012" }
  }
  override_data {
    target = data.aws_partition.this
    values = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::restock-terraform-state-123456789012" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/restock-deployer" }
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

run "only_this_repository_plans_only_its_branch_compares_and_only_its_environment_applies" {
  assert {
    condition = { for name, role in aws_iam_role.pipeline : name => jsondecode(role.assume_role_policy).Statement[0].Condition } == {
      for name, subject in {
        plan    = "repo:donut-states/restock:pull_request"
        compare = "repo:donut-states/restock:ref:refs/heads/main"
        apply   = "repo:donut-states/restock:environment:production"
        } : name => {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = [subject]
        }
      }
    }
    error_message = "Only pull requests may plan, only the branch may compare, and only jobs of the environment may apply."
  }
  assert {
    condition = alltrue([
      for role in aws_iam_role.pipeline : jsondecode(role.assume_role_policy).Statement[0].Principal == { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
      && !strcontains(role.assume_role_policy, "*")
    ])
    error_message = "A role must trust GitHub alone, and no pattern."
  }
}

run "tokens_with_numbers_are_compared_with_their_numbers" {
  variables {
    repository = "donut-states@123456/restock@456789"
  }
  assert {
    condition = { for name, role in aws_iam_role.pipeline : name => jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] } == {
      plan    = ["repo:donut-states@123456/restock@456789:pull_request"]
      compare = ["repo:donut-states@123456/restock@456789:ref:refs/heads/main"]
      apply   = ["repo:donut-states@123456/restock@456789:environment:production"]
    }
    error_message = "A new repository could not deploy, or another one with its name could."
  }
}

run "who_plans_and_who_compares_changes_nothing_and_reads_no_data" {
  assert {
    condition = alltrue(flatten([
      for reader in ["plan", "compare"] : [
        for statement in jsondecode(aws_iam_role_policy.state[reader].policy).Statement : [for action in statement.Action : contains(["s3:ListBucket", "s3:GetObject", "kms:Decrypt"], action)]
      ]
    ]))
    error_message = "A plan must only read the state."
  }
  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : statement.Action])) == toset([
      "cloudfront:GetCachePolicy", "cloudfront:GetOriginRequestPolicy", "cloudfront:ListCachePolicies", "cloudfront:ListOriginRequestPolicies",
      "ec2:DescribeRouteTables", "ec2:DescribeSubnets", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpointServices", "ec2:DescribeVpcs",
      "servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota", "states:ValidateStateMachineDefinition",
    ])
    error_message = "Whoever can push a branch may do more than a plan without a refresh needs."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.compare.policy).Statement : statement.Action if statement.Effect == "Allow"] == [
      ["states:ValidateStateMachineDefinition"], ["secretsmanager:GetSecretValue"],
    ]
    error_message = "Besides ReadOnlyAccess, the branch must be allowed to validate definitions and to read the callback keys only."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.compare.policy, "\"NotResource\":[\"arn:aws:s3:::restock-terraform-state-123456789012/restock.tfstate\"]")
    error_message = "Of all objects in S3, the branch must read the state only."
  }
}

run "a_pull_request_reads_no_secret_in_secrets_manager_and_the_branch_the_callback_keys_only" {
  assert {
    condition     = aws_iam_role_policy.plan.role == "restock-pipeline-plan" && aws_iam_role_policy_attachment.compare.role == "restock-pipeline-compare" && aws_iam_role_policy.compare.role == "restock-pipeline-compare"
    error_message = "Only the role of the branch may have ReadOnlyAccess and read the callback keys."
  }
  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.compare.policy).Statement : [statement.Effect, try(statement.Resource, null), try(statement.NotResource, null)]
      if contains(statement.Action, "secretsmanager:GetSecretValue")
      ] == [
      ["Allow", ["arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:restock/callback-key-*"], null],
      ["Deny", null, ["arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:restock/callback-key-*"]],
    ]
    error_message = "The branch must read the callback keys and no other secret."
  }
}

run "a_key_of_your_own_decrypts_only_for_secrets_manager" {
  variables {
    kms_key_arn = "arn:aws:kms:ap-northeast-2:123456789012:key/0b1c2d3e-4f50-4a61-8b72-9c83a4b5c6d7"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.compare.policy).Statement : statement if contains(statement.Action, "kms:Decrypt")] == [{
      Action    = ["kms:Decrypt"]
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.ap-northeast-2.amazonaws.com" } }
      Effect    = "Allow"
      Resource  = ["arn:aws:kms:ap-northeast-2:123456789012:key/0b1c2d3e-4f50-4a61-8b72-9c83a4b5c6d7"]
    }]
    error_message = "A callback key that is encrypted with your own key could not be read, or the key decrypts other data too."
  }
}

run "an_apply_has_all_policies_of_the_deployer" {
  assert {
    condition = (
      length(aws_iam_role_policy_attachment.apply) >= 4 && keys(aws_iam_role_policy_attachment.apply) == keys(module.deployer.policy_arns)
      && alltrue([for attachment in aws_iam_role_policy_attachment.apply : attachment.role == aws_iam_role.pipeline["apply"].name])
    )
    error_message = "An apply needs the policies of the deployer."
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
    repository = "donut-states/*"
    name       = "R"
    region     = "Seoul"
  }
  expect_failures = [var.repository, var.name, var.region]
}

run "a_repository_has_both_numbers_or_none" {
  command = plan
  variables {
    repository = "donut-states@123456/restock"
  }
  expect_failures = [var.repository]
}
