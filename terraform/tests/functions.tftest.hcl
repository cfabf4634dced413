# Every function: its role, its package, its settings.

mock_provider "aws" {
  source = "./tests/aws"
}

mock_provider "random" {}

run "deployment" {
  # Settings.

  assert {
    condition     = length(aws_lambda_function.this) == length(local.system.functions)
    error_message = "Each function of system.json is deployed."
  }
  assert {
    condition = alltrue([
      for function in merge(aws_lambda_function.this, aws_lambda_function.migration) :
      function.runtime == "provided.al2023" && function.architectures == tolist(["arm64"]) && function.tracing_config[0].mode == "Active"
    ])
    error_message = "A function is made for the wrong machine or not traced."
  }
  assert {
    condition = alltrue([
      for name, function in aws_lambda_function.this :
      function.timeout == local.system.functions[name].timeout_seconds && function.memory_size == local.system.functions[name].memory_mb
    ])
    error_message = "system.json says how long a function may take, and its memory."
  }
  assert {
    condition = alltrue([
      for name, function in merge(aws_lambda_function.this, aws_lambda_function.migration) :
      function.logging_config[0].log_format == "JSON" && function.logging_config[0].log_group == "/aws/lambda/restock-${name}"
      && aws_cloudwatch_log_group.function[name].retention_in_days == 30
    ])
    error_message = "A function does not log as JSON, to its own group, with a retention."
  }
  assert {
    condition = alltrue(flatten([
      for function in aws_lambda_function.this : [for value in try(values(nonsensitive(function.environment[0].variables)), []) : !startswith(value, "$") && value != ""]
    ]))
    error_message = "A name in an environment was not filled."
  }

  # Sides.

  assert {
    condition = alltrue([
      for name, function in merge(aws_lambda_function.this, aws_lambda_function.migration) :
      length(function.vpc_config) == (local.all_functions[name].placement == "vpc" ? 1 : 0)
    ])
    error_message = "Functions of the warehouse are in the VPC, and no others."
  }
  assert {
    condition = alltrue([
      for name, function in aws_lambda_function.this : strcontains(jsonencode(nonsensitive(try(function.environment[0].variables, {}))), "mysql://") == (local.system.functions[name].placement == "vpc")
    ])
    error_message = "Only functions of the warehouse know where the database is."
  }

  # Roles.

  assert {
    condition     = length(distinct([for name, function in aws_lambda_function.this : function.role])) == length(aws_lambda_function.this)
    error_message = "Two functions share a role."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.function : policy.role == aws_iam_role.function[name].name
    ])
    error_message = "A policy is attached to another function's role."
  }
  assert {
    condition     = alltrue([for function in local.system.functions : function.placement == "public" || length(function.iam) == 0])
    error_message = "A function of the warehouse has nothing to do with AWS but its database."
  }
  # The whole of what asterisks are for: X-Ray, the network interfaces, and the streams of one log group.
  assert {
    condition = alltrue(flatten([
      for name, policy in aws_iam_role_policy.function : [
        for statement in jsondecode(policy.policy).Statement : [
          for resource in statement.Resource : (
            !strcontains(resource, "*")
            || (resource == "*" && alltrue([for action in statement.Action : startswith(action, "xray:Put")]))
            || (resource == "*" && statement.Action == local.network_actions)
            || resource == "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/restock-${name}:log-stream:*"
            || (statement.Action == ["states:DescribeExecution"] && can(regex(":execution:restock-[a-z]+:[*]$", resource)))
          )
        ]
      ]
    ]))
    error_message = "A policy says * where it need not."
  }
  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.function : [for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]]
    ]))
    error_message = "A policy names actions by an asterisk."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.function :
      (local.all_functions[name].placement == "vpc") == strcontains(policy.policy, "lambda:SourceFunctionArn")
    ])
    error_message = "The code of a function in the VPC is forbidden to use its role's right to make network interfaces."
  }
  assert {
    condition = alltrue([
      for name, user in local.database_users :
      contains(
        flatten([for statement in jsondecode(aws_iam_role_policy.function[name].policy).Statement : statement.Resource]),
        "arn:aws:rds-db:ap-northeast-2:123456789012:dbuser:db-ABCDEFGHIJKL/${user}",
      ) && length(user) <= 32
    ])
    error_message = "A function may log in as its own database user."
  }
  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.function : contains(keys(local.database_users), name) == strcontains(policy.policy, "rds-db:connect")
    ])
    error_message = "Nobody else may log in to the database."
  }
  # Spelled out, so that whoever gives a door function more has to say so twice.
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
      place-order        = []
      report             = ["ses:SendEmail", "sqs:SendMessage"]
      receive-completion = ["states:DescribeExecution", "states:StartExecution"]
      complete-task      = ["states:SendTaskSuccess"]
      start-migration    = ["lambda:InvokeFunction", "secretsmanager:GetSecretValue"]
    })
    error_message = "A door function may do other things than are listed here."
  }
}

run "x86_64" {
  variables {
    architecture         = "x86_64"
    reserved_concurrency = { sales-api = 7 }
    memory_mb            = { sales-api = 512 }
    tracing              = false
  }
  assert {
    condition     = aws_lambda_function.this["report"].architectures == tolist(["x86_64"])
    error_message = "The architecture is a variable."
  }
  assert {
    condition     = aws_lambda_function.this["sales-api"].reserved_concurrent_executions == 7 && aws_lambda_function.this["report"].reserved_concurrent_executions == -1
    error_message = "Concurrency is reserved where it is asked for."
  }
  assert {
    condition     = aws_lambda_function.this["sales-api"].memory_size == 512
    error_message = "Memory is a variable."
  }
  assert {
    condition     = alltrue([for policy in merge(aws_iam_role_policy.function, aws_iam_role_policy.machine) : !strcontains(policy.policy, "xray")])
    error_message = "Without tracing nobody needs X-Ray."
  }
}

run "a_missing_package" {
  command = plan
  variables {
    packages = "tests/{function}.zip"
  }
  expect_failures = [aws_lambda_function.migration]
}
