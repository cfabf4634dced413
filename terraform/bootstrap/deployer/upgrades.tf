# How an upgrade reaches customers: terraform/upgrades.tf. CloudFormation has no role of its own here, so it moves the aliases with the
# rights of the deployer.
#
# What CloudFormation needs for an alias is in the handlers that `aws cloudformation describe-type --type RESOURCE --type-name
# AWS::StepFunctions::StateMachineAlias` shows. What AWS supports as a resource:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html and its neighbours.

locals {
  allowed_for_upgrades = {
    # ContinueUpdateRollback ends the state UPDATE_ROLLBACK_FAILED: docs/deploy-aws.md, Upgrade.
    live = {
      types     = ["aws_cloudformation_stack"]
      actions   = { cloudformation = ["ContinueUpdateRollback", "CreateStack", "DeleteStack", "DescribeStackEvents", "DescribeStacks", "GetTemplate", "TagResource", "UntagResource", "UpdateStack"] }
      resources = ["${local.arn["cloudformation"]}:stack/${var.name}-live/*"]
    }
    live_purchase = {
      types     = ["aws_cloudformation_stack"]
      actions   = { states = ["CreateStateMachineAlias", "DeleteStateMachineAlias", "DescribeStateMachineAlias", "UpdateStateMachineAlias"] }
      resources = [for suffix in ["", ":live"] : "${local.arn["states"]}:stateMachine:${var.name}-purchase${suffix}"]
    }
    live_sales_api = {
      types     = ["aws_cloudformation_stack"]
      actions   = { lambda = ["CreateAlias", "DeleteAlias", "GetAlias", "GetProvisionedConcurrencyConfig", "UpdateAlias"] }
      resources = [for suffix in ["", ":live"] : "${local.arn["lambda"]}:function:${var.name}-sales-api${suffix}"]
    }
    # The last four move the alias: CloudFormation starts a deployment and waits for it.
    gradual_upgrades = {
      types = ["aws_codedeploy_app", "aws_codedeploy_deployment_group"]
      actions = { codedeploy = concat(local.tags, [
        "CreateApplication", "CreateDeploymentGroup", "DeleteApplication", "DeleteDeploymentGroup", "GetApplication", "GetDeploymentGroup", "UpdateApplication",
        "UpdateDeploymentGroup", "CreateDeployment", "GetApplicationRevision", "GetDeployment", "RegisterApplicationRevision",
      ]) }
      resources = ["${local.arn["codedeploy"]}:application:${var.name}-sales-api", "${local.arn["codedeploy"]}:deploymentgroup:${var.name}-sales-api/live"]
    }
    gradual_upgrade_steps = {
      types     = ["aws_codedeploy_deployment_group"]
      actions   = { codedeploy = ["GetDeploymentConfig"] }
      resources = ["${local.arn["codedeploy"]}:deploymentconfig:CodeDeployDefault.Lambda*"]
    }
  }
}
