# The functions: settings, placement, roles and packages.

mock_provider "aws" {
  source = "./tests/aws"
}

run "functions_have_the_settings_and_permissions_of_system_json" {
  # Settings.

  assert {
    condition     = length(local.functions) == length(local.system.functions)
    error_message = "A function of system.json is not deployed."
  }
  assert {
    condition = alltrue([
      for function in local.deployed_functions :
      function.runtime == "provided.al2023" && function.architectures == tolist(["arm64"])
    ])
    error_message = "A function has the wrong runtime or architecture."
  }
  assert {
    condition = alltrue([
      for name, function in local.functions :
      function.timeout == local.system.functions[name].timeout_seconds && function.memory_size == local.system.functions[name].memory_mb
    ])
    error_message = "A function has another timeout or memory than in system.json."
  }
  assert {
    condition = alltrue([
      for name, function in local.deployed_functions :
      function.logging_config[0].log_format == "JSON" && function.logging_config[0].log_group == "/aws/lambda/restock-${name}"
      && local.log_groups[name].retention_in_days == 30
    ])
    error_message = "A function does not log JSON to its own log group with a retention."
  }
  assert {
    condition = alltrue([
      for function in local.functions : function.logging_config[0].application_log_level == "INFO" && function.logging_config[0].system_log_level == "WARN"
    ])
    error_message = "A function must log its own line for each invocation, and Lambda only failures: each line costs money."
  }
  assert {
    condition = alltrue(flatten([
      for function in local.functions : [for value in try(values(nonsensitive(function.environment[0].variables)), []) : !startswith(value, "$") && value != ""]
    ]))
    error_message = "An environment contains an empty value or a placeholder without a value."
  }

  # Placement.

  assert {
    condition = alltrue([
      for name, function in local.deployed_functions :
      length(function.vpc_config) == (local.all_functions[name].placement != "public" ? 1 : 0)
    ])
    error_message = "Functions must be in the VPC exactly if their placement is not public."
  }
  assert {
    condition = alltrue([
      for name, function in local.functions : strcontains(jsonencode(nonsensitive(try(function.environment[0].variables, {}))), "mysql://") == (local.system.functions[name].placement == "vpc")
    ])
    error_message = "Functions must have the URL of the database exactly if their placement is vpc."
  }

  # Roles.

  assert {
    condition     = length(distinct([for name, function in local.functions : function.role])) == length(local.functions)
    error_message = "Two functions share a role."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.function : policy.role == aws_iam_role.function[name].name
    ])
    error_message = "A policy is attached to another function's role."
  }
  assert {
    condition     = alltrue([for function in local.system.functions : function.placement != "vpc" || length(function.iam) == 0])
    error_message = "A function with placement vpc has permissions in system.json. It must call only the database."
  }
  # An asterisk is allowed only for X-Ray, network interfaces, the streams of one log group, and executions.
  assert {
    condition = alltrue(flatten([
      for name, policy in aws_iam_role_policy.function : [
        for statement in jsondecode(policy.policy).Statement : [
          for resource in statement.Resource : (
            !strcontains(resource, "*")
            || (resource == "*" && alltrue([for action in statement.Action : startswith(action, "xray:Put")]))
            || (resource == "*" && statement.Action == local.network_actions)
            || endswith(resource, ":secret:restock/callback-key-*")
            || resource == "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/restock-${name}:log-stream:*"
            || (statement.Action == ["states:DescribeExecution"] && can(regex(":execution:restock-[a-z]+:[*]$", resource)))
          )
        ]
      ]
    ]))
    error_message = "A policy contains a resource with * that AWS does not require."
  }
  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.function : [for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]]
    ]))
    error_message = "A policy contains an action with *."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.function :
      (local.all_functions[name].placement != "public") == strcontains(policy.policy, "lambda:SourceFunctionArn")
    ])
    error_message = "The code of a function in the VPC must be denied the actions on network interfaces that its role needs."
  }
  assert {
    condition = alltrue([
      for name, user in local.database_users :
      contains(
        flatten([for statement in jsondecode(aws_iam_role_policy.function[name].policy).Statement : statement.Resource]),
        "arn:aws:rds-db:ap-northeast-2:123456789012:dbuser:db-ABCDEFGHIJKL/${user}",
      ) && length(user) <= 32
    ])
    error_message = "A function with placement vpc must be allowed to log in as its own database user, whose name has at most 32 characters."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.function : contains(keys(local.database_users), name) == strcontains(policy.policy, "rds-db:connect")
    ])
    error_message = "A function without a database user must not be allowed to log in to the database."
  }
  # Listed in full, so that a further permission of a public function is never added by accident.
  assert {
    condition = jsonencode({
      for name, policy in aws_iam_role_policy.function : name => sort(distinct(flatten([
        for statement in jsondecode(policy.policy).Statement : [
          for action in statement.Action : action if statement.Effect == "Allow" && !startswith(action, "logs:") && !startswith(action, "xray:")
        ]
      ])))
      if local.all_functions[name].placement == "public"
      }) == jsonencode({
      sales-api          = ["states:StartSyncExecution"]
      publish-depletion  = ["sns:Publish"]
      start-restock      = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "states:DescribeExecution", "states:StartExecution"]
      place-order        = ["secretsmanager:GetSecretValue"]
      leave-dead-letter  = ["sqs:SendMessage"]
      report             = ["sqs:SendMessage"]
      send-mail          = ["ses:SendEmail", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"]
      receive-completion = ["secretsmanager:GetSecretValue", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "states:DescribeExecution", "states:StartExecution"]
      check-execution    = ["states:DescribeExecution"]
      complete-task      = ["states:SendTaskSuccess"]
      start-migration    = ["lambda:InvokeFunction", "secretsmanager:GetSecretValue"]
    })
    error_message = "A function with placement public has other permissions than listed here."
  }
}

# The state machines decide what is traced. A function that decides itself traces the first request of each second.
run "only_what_a_state_machine_invokes_is_traced" {
  assert {
    condition = alltrue([
      for name, function in local.functions :
      (function.tracing_config[0].mode == "Active") == anytrue([for machine in aws_sfn_state_machine.this : strcontains(machine.definition, ":function:restock-${name}:")])
    ])
    error_message = "A function must have active tracing exactly if a state machine invokes it."
  }
  assert {
    condition     = local.functions["decrement-stock"].tracing_config[0].mode == "Active" && local.functions["sales-api"].tracing_config[0].mode == "PassThrough"
    error_message = "decrement-stock must be traced if its purchase is, and sales-api must not decide."
  }
  assert {
    condition = alltrue([
      for name, function in local.deployed_functions :
      (function.tracing_config[0].mode == "Active") == strcontains(aws_iam_role_policy.function[name].policy, "xray:")
    ])
    error_message = "A function must be allowed to write traces exactly if it is traced."
  }
  assert {
    condition = (
      aws_xray_sampling_rule.purchases[0].service_name == aws_sfn_state_machine.this["purchase"].name
      && aws_xray_sampling_rule.purchases[0].fixed_rate == 0.01 && aws_xray_sampling_rule.purchases[0].reservoir_size == 0
    )
    error_message = "One purchase in a hundred must be traced, and no other execution may follow this rule."
  }
}

run "everything_can_be_logged_and_traced" {
  variables {
    purchase_log          = { level = "ALL" }
    platform_log_level    = "INFO"
    purchase_traced_share = 1
  }
  assert {
    condition     = aws_sfn_state_machine.this["purchase"].logging_configuration[0].level == "ALL" && aws_sfn_state_machine.this["purchase"].logging_configuration[0].include_execution_data
    error_message = "The level ALL must log the whole history of a purchase, with data."
  }
  assert {
    condition     = alltrue([for function in local.functions : function.logging_config[0].system_log_level == "INFO"])
    error_message = "platform_log_level must set what Lambda logs."
  }
  assert {
    condition     = aws_xray_sampling_rule.purchases[0].fixed_rate == 1
    error_message = "purchase_traced_share must set the share of traced purchases."
  }
}

run "architecture_memory_concurrency_and_tracing_can_be_set" {
  variables {
    architecture         = "x86_64"
    reserved_concurrency = { sales-api = 7 }
    memory_mb            = { sales-api = 512 }
    tracing              = false
  }
  assert {
    condition     = local.functions["report"].architectures == tolist(["x86_64"])
    error_message = "The functions must have the architecture of the variable."
  }
  assert {
    condition     = local.functions["sales-api"].reserved_concurrent_executions == 7 && local.functions["report"].reserved_concurrent_executions == -1
    error_message = "Concurrency must be reserved for the functions in reserved_concurrency."
  }
  assert {
    condition     = local.functions["sales-api"].memory_size == 512
    error_message = "memory_mb must override the memory in system.json."
  }
  assert {
    condition     = alltrue([for policy in merge(aws_iam_role_policy.function, aws_iam_role_policy.machine) : !strcontains(policy.policy, "xray")])
    error_message = "Without tracing, no policy may allow X-Ray."
  }
  assert {
    condition     = length(aws_xray_sampling_rule.purchases) == 0 && alltrue([for function in local.functions : function.tracing_config[0].mode == "PassThrough"])
    error_message = "Without tracing, nothing may be traced."
  }
}

run "a_missing_package_stops_the_plan" {
  command = plan
  variables {
    packages = "tests/{function}.zip"
  }
  expect_failures = [terraform_data.packages]
}
