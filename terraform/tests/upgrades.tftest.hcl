# Versions, the alias of purchases, and how customers move to a new version.

mock_provider "aws" {
  source = "./tests/aws"
}

run "executions_keep_the_code_with_which_they_began" {
  assert {
    condition = alltrue(flatten([
      for machine in aws_sfn_state_machine.this : [
        for function in flatten(regexall("\"(arn:aws:lambda:[^\"]+)\"", machine.definition)) : endswith(function, ":7")
      ]
    ]))
    error_message = "A definition names a function without its version."
  }
  assert {
    condition     = alltrue([for function in local.functions : function.publish]) && alltrue([for deployed in module.migration : !deployed.function.publish])
    error_message = "Functions must have versions. Those that migrate run once, so they need none."
  }
  assert {
    condition = alltrue([
      for policy in aws_iam_role_policy.machine : alltrue([
        for resource in jsondecode(policy.policy).Statement[0].Resource : can(regex(":function:restock-[a-z-]+:[*]$", resource))
      ])
    ])
    error_message = "A machine must be allowed to invoke all versions of its functions: running executions invoke earlier ones."
  }
}

run "customers_move_to_a_new_version_by_and_by" {
  assert {
    condition = (
      aws_sfn_state_machine.this["purchase"].publish
      && local.functions["sales-api"].environment[0].variables["PURCHASE_MACHINE_ARN"] == "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-purchase:live"
      && endswith(aws_apigatewayv2_integration.route["POST /checkout"].integration_uri, ":live")
      && aws_lambda_permission.route["POST /checkout"].qualifier == "live"
      && aws_lambda_permission.route["GET /products"].qualifier == null
    )
    error_message = "Customers must be behind the aliases of sales-api and purchase."
  }
  assert {
    condition = jsondecode(aws_cloudformation_stack.live[0].template_body).Resources.Purchase.Properties.DeploymentPreference == {
      StateMachineVersionArn = aws_sfn_state_machine.this["purchase"].state_machine_version_arn
      Type                   = "CANARY"
      Percentage             = 10
      Interval               = 10
      Alarms                 = local.upgrade_alarms
    }
    error_message = "10 % of the purchases must get the new version for 10 minutes, and alarms must stop it."
  }
  assert {
    condition = (
      jsondecode(aws_cloudformation_stack.live[0].template_body).Resources.SalesApi.Properties.FunctionVersion == "7"
      && jsondecode(aws_cloudformation_stack.live[0].template_body).Resources.SalesApi.UpdatePolicy.CodeDeployLambdaAliasUpdate.DeploymentGroupName == "live"
      && aws_codedeploy_deployment_group.sales_api[0].deployment_config_name == "CodeDeployDefault.LambdaCanary10Percent10Minutes"
      && toset(aws_codedeploy_deployment_group.sales_api[0].alarm_configuration[0].alarms) == toset(local.upgrade_alarms)
      && contains(aws_codedeploy_deployment_group.sales_api[0].auto_rollback_configuration[0].events, "DEPLOYMENT_STOP_ON_ALARM")
    )
    error_message = "sales-api must move in the same way."
  }
  # CloudWatch takes an alarm that does not exist for one that is quiet.
  assert {
    condition     = length(local.upgrade_alarms) == 7 && alltrue([for name in local.upgrade_alarms : contains([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name], name)])
    error_message = "An alarm that stops an upgrade does not exist."
  }
}

run "an_upgrade_may_be_at_once" {
  variables {
    gradual_upgrades = false
  }
  assert {
    condition = (
      jsondecode(aws_cloudformation_stack.live[0].template_body).Resources.Purchase.Properties.DeploymentPreference.Type == "ALL_AT_ONCE"
      && !can(jsondecode(aws_cloudformation_stack.live[0].template_body).Resources.SalesApi.UpdatePolicy)
    )
    error_message = "Without gradual_upgrades, nothing may wait and no alarm may stop the upgrade."
  }
}

run "the_emulator_has_no_versions" {
  variables {
    endpoint_url = "http://127.0.0.1:4566"
  }
  assert {
    condition = (
      length(aws_cloudformation_stack.live) == 0 && length(aws_codedeploy_app.sales_api) == 0
      && !strcontains(aws_sfn_state_machine.this["purchase"].definition, ":7\"")
      && local.functions["sales-api"].environment[0].variables["PURCHASE_MACHINE_ARN"] == "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock-purchase"
      && !endswith(aws_apigatewayv2_integration.route["POST /checkout"].integration_uri, ":live")
    )
    error_message = "The emulator has no gradual deployments, so everything there must be invoked without a version."
  }
}
