# What the roles that change nothing may read: plan and compare.
#
# Pull requests plan without a refresh, so plan reads the state and what data sources ask for, and nothing else of the account.
# compare refreshes the state, so it reads the settings of everything. To refresh the version of a secret, the provider reads its
# value, although the state keeps none.

locals {
  callback_keys = "arn:${local.partition}:secretsmanager:${var.region}:${local.account}:secret:${var.name}/callback-key-*"

  # The provider validates the definition of a changed state machine at plan.
  validate = { Effect = "Allow", Action = ["states:ValidateStateMachineDefinition"], Resource = ["*"] }
}

resource "aws_iam_role_policy" "plan" {
  name = "reader"
  role = aws_iam_role.pipeline["plan"].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.validate,
      # The data sources of terraform/. AWS supports no resources for these.
      {
        Effect = "Allow"
        Action = [
          "cloudfront:ListCachePolicies",
          "cloudfront:ListOriginRequestPolicies",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcEndpointServices",
          "ec2:DescribeVpcs",
          "servicequotas:GetAWSDefaultServiceQuota",
          "servicequotas:GetServiceQuota",
        ]
        Resource = ["*"]
      },
      {
        Effect   = "Allow"
        Action   = ["cloudfront:GetCachePolicy", "cloudfront:GetOriginRequestPolicy"]
        Resource = [for kind in ["cache-policy", "origin-request-policy"] : "arn:${local.partition}:cloudfront::*:${kind}/*"]
      },
      { Effect = "Allow", Action = ["ec2:DescribeVpcAttribute"], Resource = ["arn:${local.partition}:ec2:${var.region}:${local.account}:vpc/*"] },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "compare" {
  role       = aws_iam_role.pipeline["compare"].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy" "compare" {
  name = "reader"
  role = aws_iam_role.pipeline["compare"].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        local.validate,
        # ReadOnlyAccess also reads data. A plan needs none of it.
        {
          Effect = "Deny"
          Action = [
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:StartLiveTail",
            "logs:StartQuery",
            "sqs:ReceiveMessage",
            "ssm:GetParameter",
            "ssm:GetParameterHistory",
            "ssm:GetParameters",
            "ssm:GetParametersByPath",
            "states:DescribeExecution",
            "states:GetExecutionHistory",
            "xray:BatchGetTraces",
          ]
          Resource = ["*"]
        },
        { Effect = "Deny", Action = ["s3:GetObject", "s3:GetObjectVersion"], NotResource = [local.state_object] },
        { Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = [local.callback_keys] },
        { Effect = "Deny", Action = ["secretsmanager:GetSecretValue"], NotResource = [local.callback_keys] },
      ],
      # Secrets Manager decrypts with the rights of whoever reads.
      [
        for key in var.kms_key_arn[*] : {
          Effect    = "Allow"
          Action    = ["kms:Decrypt"]
          Resource  = [key]
          Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.region}.${data.aws_partition.this.dns_suffix}" } }
        }
      ],
    )
  })
}
