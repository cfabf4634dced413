# The network, the database, roles and the budget.

locals {
  allowed_in_account = {
    # AWS chooses the names of these resources, and most have no tags when they are created.
    network = {
      types = [
        "aws_default_security_group", "aws_flow_log", "aws_route_table", "aws_route_table_association", "aws_security_group", "aws_subnet", "aws_vpc",
        "aws_vpc_endpoint", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule",
      ]
      actions = { ec2 = [
        "AssociateRouteTable", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateFlowLogs", "CreateRouteTable", "CreateSecurityGroup",
        "CreateSubnet", "CreateTags", "CreateVpc", "CreateVpcEndpoint", "DeleteFlowLogs", "DeleteRouteTable", "DeleteSecurityGroup", "DeleteSubnet",
        "DeleteTags", "DeleteVpc", "DeleteVpcEndpoints", "DescribeVpcAttribute", "DisassociateRouteTable", "ModifySecurityGroupRules", "ModifySubnetAttribute",
        "ModifyVpcAttribute", "ModifyVpcEndpoint", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress",
        "UpdateSecurityGroupRuleDescriptionsEgress", "UpdateSecurityGroupRuleDescriptionsIngress",
      ] }
      resources = ["arn:${var.partition}:ec2:${var.region}:${var.account}:*"]
    }
    # AWS supports no resources for these.
    look_at_network = {
      types = ["aws_vpc"]
      actions = { ec2 = [
        "DescribeAccountAttributes", "DescribeFlowLogs", "DescribeNetworkAcls", "DescribeNetworkInterfaces", "DescribePrefixLists", "DescribeRouteTables",
        "DescribeSecurityGroupRules", "DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcEndpoints",
        "DescribeVpcEndpointServices", "DescribeVpcs",
      ] }
      resources = ["*"]
    }
    # Lambda releases the interfaces of a function up to 20 minutes after its deletion. Before the provider deletes a security group
    # or a subnet, it waits for them, and detaches and deletes what is left. They have no tags, and nobody knows the VPC before it
    # exists, so AWS offers no narrower condition.
    network_interfaces = {
      types     = ["aws_security_group", "aws_subnet"]
      actions   = { ec2 = ["DeleteNetworkInterface", "DetachNetworkInterface"] }
      resources = [for kind in ["instance", "network-interface"] : "${local.arn["ec2"]}:${kind}/*"]
    }
    database = {
      types = ["aws_db_instance", "aws_db_parameter_group", "aws_db_subnet_group"]
      actions = { rds = [
        "AddTagsToResource", "CreateDBInstance", "CreateDBParameterGroup", "CreateDBSnapshot", "CreateDBSubnetGroup", "DeleteDBInstance",
        "DeleteDBParameterGroup", "DeleteDBSubnetGroup", "DescribeDBInstances", "DescribeDBParameterGroups", "DescribeDBParameters", "DescribeDBSubnetGroups",
        "ListTagsForResource", "ModifyDBInstance", "ModifyDBParameterGroup", "ModifyDBSubnetGroup", "RebootDBInstance", "RemoveTagsFromResource",
        "ResetDBParameterGroup", "RestoreDBInstanceFromDBSnapshot", "RestoreDBInstanceToPointInTime",
      ] }
      resources = concat(
        # The names of automatic snapshots begin with rds: and the name of the database.
        [for kind in ["db", "pg", "snapshot", "snapshot:rds", "subgrp"] : "${local.arn["rds"]}:${kind}:${var.name}-*"],
        ["${local.arn["rds"]}:og:default:*"],
      )
    }
    # RDS makes the secret of the master user with the rights of whoever creates the database.
    master_password = {
      types     = ["aws_db_instance"]
      actions   = { secretsmanager = ["CreateSecret", "DescribeSecret", "RotateSecret", "TagResource"] }
      resources = ["${local.arn["secretsmanager"]}:secret:rds!db-*"]
    }
    policies = {
      types     = ["aws_iam_policy"]
      actions   = { iam = ["CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "GetPolicy", "GetPolicyVersion", "ListPolicyVersions", "TagPolicy", "UntagPolicy"] }
      resources = ["${local.global["iam"]}:policy/${var.name}-operators-*"]
    }
    roles = {
      types = ["aws_iam_role", "aws_iam_role_policy"]
      actions = { iam = [
        "DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListInstanceProfilesForRole", "ListRolePolicies",
        "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription",
      ] }
      resources = ["${local.global["iam"]}:role/${var.name}-*"]
    }
    budget = {
      types     = ["aws_budgets_budget"]
      actions   = { budgets = concat(["ModifyBudget", "ViewBudget"], local.tags) }
      resources = ["${local.global["budgets"]}:budget/${var.name}-*"]
    }
  }

  # Whoever may write a role's permissions may do everything that the role may. So with a boundary, they need it.
  create_roles = merge(
    {
      Sid      = "CreateRoles"
      Effect   = "Allow"
      Action   = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      Resource = ["${local.global["iam"]}:role/${var.name}-*"]
    },
    { for condition in ["Condition"] : condition => { ArnEquals = { "iam:PermissionsBoundary" = [var.permissions_boundary_arn] } } if var.permissions_boundary_arn != null },
  )
  # RDS looks at the key of that secret, also at the one of Secrets Manager itself, with the rights of whoever creates the database.
  # A key of your own needs more: see key. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
  master_password_key = {
    Sid       = "MasterPasswordKey"
    Effect    = "Allow"
    Action    = ["kms:DescribeKey"]
    Resource  = ["${local.arn["kms"]}:key/*"]
    Condition = { StringLike = { "kms:ViaService" = [for service in ["rds", "secretsmanager"] : "${service}.${var.region}.amazonaws.com*"] } }
  }
  pass_roles = {
    Sid      = "PassRoles"
    Effect   = "Allow"
    Action   = ["iam:PassRole"]
    Resource = ["${local.global["iam"]}:role/${var.name}-*"]
    Condition = { StringEquals = { "iam:PassedToService" = [
      "apigateway.amazonaws.com", "codedeploy.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com", "vpc-flow-logs.amazonaws.com",
    ] } }
  }
  # AWS makes these roles with the first database and the first API of an account.
  service_linked_roles = {
    Sid       = "ServiceLinkedRoles"
    Effect    = "Allow"
    Action    = ["iam:CreateServiceLinkedRole"]
    Resource  = ["${local.global["iam"]}:role/aws-service-role/*"]
    Condition = { StringEquals = { "iam:AWSServiceName" = ["ops.apigateway.amazonaws.com", "rds.amazonaws.com"] } }
  }
  # The roles of the pipeline and these policies have names that begin alike. The deployer must not give itself more.
  not_itself = {
    Sid    = "NotItself"
    Effect = "Deny"
    Action = ["iam:CreatePolicyVersion", "iam:DeleteRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:PassRole", "iam:DeleteRole", "iam:PutRolePermissionsBoundary"]
    Resource = [
      "${local.global["iam"]}:role/${var.name}-pipeline-*",
      "${local.global["iam"]}:policy/${var.name}-deployer-*",
    ]
  }
  key = [
    for key in var.kms_key_arn[*] : {
      Sid      = "Key"
      Effect   = "Allow"
      Action   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      Resource = [key]
    }
  ]
}
