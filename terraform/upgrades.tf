# How an upgrade reaches customers.
#
# Each apply publishes a version of each function that has changed. The definitions of the state machines name these versions,
# not the functions. So an execution keeps the code with which it began, and a version of the state machine purchase stands
# for everything that decides a purchase, decrement-stock included.
#
# sales-api and purchase have an alias, live, behind which customers are. CloudFormation moves it: 10 % of the requests go to
# the new version for 10 minutes, then all. If an alarm goes into the state ALARM meanwhile, CloudFormation moves all requests
# back, and the apply fails. Terraform has no resource that does this: its aliases take fixed weights, so somebody would have to
# wait, look at the alarms and apply again. See docs/deploy-aws.md, Upgrade.
#
# Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-stepfunctions-statemachinealias-deploymentpreference.html,
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html (CodeDeployLambdaAliasUpdate) and
# https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html (permissions name the state machine, not the alias).

locals {
  # The emulator has no gradual deployments, so everything there is invoked without a version.
  with_versions = !local.on_emulator
  version_arns = {
    for name, function in local.functions :
    replace(name, "-", "_") => local.with_versions ? "${local.arns[replace(name, "-", "_")]}:${function.version}" : local.arns[replace(name, "-", "_")]
  }

  # The alias of each function that has one.
  live_functions = local.with_versions ? { sales-api = "live" } : {}
  # Values of placeholders in environments: functions start executions of the alias.
  live_machines = local.with_versions ? { purchase_machine_arn = "${local.arns.purchase_machine_arn}:live" } : {}

  # While restocks are paused, a database is restored. Earlier versions cannot log in to it, so no customer may keep one, and
  # going back to one would close the shop. Alarms are in the state ALARM anyway.
  gradual = var.gradual_upgrades && !var.restocks_paused

  # What must stay quiet while 10 % of the customers have the new version.
  upgrade_alarms = [
    for name in [
      "api-errors", "purchase-outcome-unknown", "purchase-failed", "purchase-timedout",
      "sales-api-errors", "check-stock-errors", "decrement-stock-errors",
    ] : aws_cloudwatch_metric_alarm.this[name].alarm_name
  ]
}

resource "aws_cloudformation_stack" "live" {
  # checkov:skip=CKV_AWS_124: who applies sees how the stack ends.
  count = local.with_versions ? 1 : 0
  name  = "${var.name}-live"

  template_body = jsonencode({
    Description = "The versions of ${var.name} that customers use. Terraform deploys this stack."
    Resources = {
      Purchase = {
        Type = "AWS::StepFunctions::StateMachineAlias"
        Properties = {
          Name = "live"
          DeploymentPreference = {
            for setting, value in {
              StateMachineVersionArn = aws_sfn_state_machine.this["purchase"].state_machine_version_arn
              Type                   = local.gradual ? "CANARY" : "ALL_AT_ONCE"
              Percentage             = local.gradual ? 10 : null
              Interval               = local.gradual ? 10 : null
              Alarms                 = local.gradual ? local.upgrade_alarms : null
            } : setting => value if value != null
          }
        }
      }
      # After the state machine: sales-api may need what is new in it.
      SalesApi = merge(
        {
          Type      = "AWS::Lambda::Alias"
          DependsOn = ["Purchase"]
          Properties = {
            Name            = "live"
            FunctionName    = local.functions["sales-api"].function_name
            FunctionVersion = local.functions["sales-api"].version
          }
        },
        {
          for policy in ["UpdatePolicy"] : policy => {
            CodeDeployLambdaAliasUpdate = {
              ApplicationName     = aws_codedeploy_app.sales_api[0].name
              DeploymentGroupName = aws_codedeploy_deployment_group.sales_api[0].deployment_group_name
            }
          } if local.gradual
        },
      )
    }
  })

  # Two shifts of 10 minutes, one after the other, and the way back.
  timeouts {
    create = "15m"
    update = "60m"
  }
}

resource "aws_codedeploy_app" "sales_api" {
  count            = local.with_versions ? 1 : 0
  name             = "${var.name}-sales-api"
  compute_platform = "Lambda"
}

resource "aws_codedeploy_deployment_group" "sales_api" {
  count                  = local.with_versions ? 1 : 0
  app_name               = aws_codedeploy_app.sales_api[0].name
  deployment_group_name  = "live"
  deployment_config_name = "CodeDeployDefault.LambdaCanary10Percent10Minutes"
  service_role_arn       = aws_iam_role.upgrade[0].arn

  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  alarm_configuration {
    enabled = true
    alarms  = local.upgrade_alarms
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
  }

  depends_on = [aws_iam_role_policy.upgrade]
}

# CodeDeploy uses this role to change the weights of the alias.
resource "aws_iam_role" "upgrade" {
  count       = local.with_versions ? 1 : 0
  name        = "${var.name}-upgrade"
  description = "Allows CodeDeploy to move the alias of sales-api."

  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "upgrade" {
  # CloudWatch asks for the permission for all alarms when several are described at once.
  count = local.with_versions ? 1 : 0
  name  = "permissions"
  role  = aws_iam_role.upgrade[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"]
        Resource = [for suffix in ["", ":*"] : "${local.arns.sales_api}${suffix}"]
      },
      { Effect = "Allow", Action = ["cloudwatch:DescribeAlarms"], Resource = ["arn:${local.partition}:cloudwatch:${var.region}:${local.account}:alarm:*"] },
    ]
  })
}
