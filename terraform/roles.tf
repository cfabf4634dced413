# One role for each function: the permissions in system.json, and those that every function of its placement needs.

locals {
  # Permissions of each function, without the common ones.
  permissions = {
    for name, function in local.all_functions : name => concat(
      [
        for statement in function.iam : merge(
          {
            Effect = "Allow"
            Action = statement.actions
            Resource = flatten([
              for resource in statement.resources : [local.values[trim(resource, "{}$")], lookup(local.companion_arns, resource, [])]
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
        # Without factory secrets, there is nothing to allow.
        if length(flatten([for resource in statement.resources : [local.values[trim(resource, "{}$")]]])) > 0
      ],
      [for statement in local.network_interfaces[name] : statement if function.placement != "public" && local.functions_in_vpc],
      [
        for user in [lookup(local.database_users, name, null)] : {
          Effect   = "Allow"
          Action   = ["rds-db:connect"]
          Resource = ["${local.arn_prefix["rds-db"]}:dbuser:${local.database.resource_id}/${user}"]
        } if user != null
      ],
      lookup(local.terraform_permissions, name, []),
    )
  }
  common_permissions = {
    for name in keys(local.all_functions) : name => concat(
      [{
        # Only the streams of its own log group. Terraform creates the group, so no function may create one.
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${local.arn_prefix["logs"]}:log-group:/aws/lambda/${var.name}-${name}:log-stream:*"]
      }],
      contains(local.traced_functions, name) ? local.trace_permissions : [],
    )
  }
  # Lambda uses the role of a function to attach the function to the VPC, and refuses to create the function unless the role
  # allows this for "*". The code of the function has the same role, so these actions are denied to the code.
  network_interfaces = {
    for name in keys(local.all_functions) : name => [
      {
        Effect   = "Allow"
        Action   = local.network_actions
        Resource = ["*"]
      },
      {
        Effect   = "Deny"
        Action   = local.network_actions
        Resource = ["*"]
        Condition = {
          # The function and its versions.
          ArnLike = { "lambda:SourceFunctionArn" = [for suffix in ["", ":*"] : "${local.arns[replace(name, "-", "_")]}${suffix}"] }
        }
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
  # Further resources that a permission in system.json needs. To send a mail, SES also requires permission for the default
  # configuration set of an identity.
  companion_arns = {
    "$${mail_from_arn}" = [for set in sort(var.mail_identities.configuration_sets) : "${local.arn_prefix["ses"]}:configuration-set/${set}"]
  }
  # Permissions for resources that Terraform creates and the local cloud does not.
  terraform_permissions = {
    report = [{
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [local.arns.undelivered_reports_arn]
    }]
  }
}

# The role needs no condition on the source account: only this account can give its roles to functions (iam:PassRole).
resource "aws_iam_role" "function" {
  for_each             = local.all_functions
  name                 = "${var.name}-${each.key}"
  description          = "Permissions of the function ${each.key}."
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# API Gateway uses this role for the routes of queue_routes.
resource "aws_iam_role" "api" {
  name                 = "${var.name}-api"
  description          = "Permission of the API to put callbacks into a queue."
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "api" {
  name = "permissions"
  role = aws_iam_role.api.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [for route in values(local.system.queue_routes) : local.arns["${route.queue}_arn"]]
      }],
      local.key_permissions["api"],
    )
  })
}

resource "aws_iam_role_policy" "function" {
  # checkov:skip=CKV_AWS_290: only actions of X-Ray and EC2 have the resource "*", which AWS requires (see above).
  # checkov:skip=CKV_AWS_355: as for CKV_AWS_290.
  for_each = local.all_functions
  name     = "permissions"
  role     = aws_iam_role.function[each.key].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.common_permissions[each.key], local.permissions[each.key], local.key_permissions[each.key])
  })
}
