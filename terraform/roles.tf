# The role of each function: what system.json says, and what all of its kind need.

locals {
  # What the role of each function may do, besides what all may.
  permissions = {
    for name, function in local.all_functions : name => concat(
      [
        for statement in function.iam : merge(
          {
            Effect = "Allow"
            Action = statement.actions
            Resource = flatten([
              for resource in statement.resources : [local.values[trim(resource, "{}$")], lookup(local.used_along, resource, [])]
            ])
          },
          {
            for element in ["Condition"] : element => {
              for operator, keys in statement.condition : operator => {
                for key, names in keys : key => [for name in names : local.values[trim(name, "{}$")]]
              }
            } if can(statement.condition)
          },
        )
      ],
      [for statement in local.network_interfaces[name] : statement if function.placement == "vpc" && local.in_network],
      [
        for user in [lookup(local.database_users, name, null)] : {
          Effect   = "Allow"
          Action   = ["rds-db:connect"]
          Resource = ["${local.arn_prefix["rds-db"]}:dbuser:${local.database.resource_id}/${user}"]
        } if user != null
      ],
      lookup(local.more_permissions, name, []),
    )
  }
  everyones_permissions = {
    for name in keys(local.all_functions) : name => concat(
      [{
        # The streams of its own log group. The group is there already, so none needs to make it.
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${local.arn_prefix["logs"]}:log-group:/aws/lambda/${var.name}-${name}:log-stream:*"]
      }],
      local.trace_permissions,
    )
  }
  # X-Ray knows no resources: AWS demands the asterisk.
  trace_permissions = [
    for actions in [["xray:PutTelemetryRecords", "xray:PutTraceSegments"]] : { Effect = "Allow", Action = actions, Resource = ["*"] }
    if var.tracing
  ]
  # Lambda attaches a function to the network in the function's name. EC2 wants the asterisk for looking, and
  # Lambda wants it for the rest, or it refuses the function; so the function's own code, which could use
  # its role too, is forbidden all of it.
  network_interfaces = {
    for name in keys(local.all_functions) : name => [
      {
        Effect   = "Allow"
        Action   = local.network_actions
        Resource = ["*"]
      },
      {
        Effect    = "Deny"
        Action    = local.network_actions
        Resource  = ["*"]
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = [local.arns[replace(name, "-", "_")]] } }
      },
    ]
  }
  network_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]
  # What is used along with a resource that system.json names. SES asks for a right to the configuration set that an
  # identity has by default as well.
  used_along = {
    "$${mail_from_arn}" = [for set in sort(var.mail_identities.configuration_sets) : "${local.arn_prefix["ses"]}:configuration-set/${set}"]
  }
  # What only Terraform's part of the system needs.
  more_permissions = {
    report = [{
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [local.arns.undelivered_reports_arn]
    }]
  }
}

# Without a condition on whose behalf: a role is passed within its account only, by who may do that (iam:PassRole).
resource "aws_iam_role" "function" {
  for_each    = local.all_functions
  name        = "${var.name}-${each.key}"
  description = "What the function ${each.key} may do."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  # checkov:skip=CKV_AWS_290: the asterisks are X-Ray's and EC2's, see above.
  # checkov:skip=CKV_AWS_355: the same.
  for_each = local.all_functions
  name     = "its-work"
  role     = aws_iam_role.function[each.key].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.everyones_permissions[each.key], local.permissions[each.key])
  })
}
