# What the roles that change nothing may read: plan and compare.
#
# To refresh the version of a secret, the provider reads its value, although the state keeps none. Pull requests plan without a
# refresh, so only compare may read the callback keys.

locals {
  readers       = toset(["plan", "compare"])
  callback_keys = "arn:${local.partition}:secretsmanager:${var.region}:${local.account}:secret:${var.name}/callback-key-*"
}

# A plan compares the state with AWS: it reads the settings of everything.
resource "aws_iam_role_policy_attachment" "reader" {
  for_each   = local.readers
  role       = aws_iam_role.pipeline[each.key].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy" "reader" {
  for_each = local.readers
  name     = "reader"
  role     = aws_iam_role.pipeline[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # The provider validates the definition of a changed state machine at plan.
      { Effect = "Allow", Action = ["states:ValidateStateMachineDefinition"], Resource = ["*"] },
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
    ]
  })
}

resource "aws_iam_role_policy" "no_secrets" {
  name = "no-secrets"
  role = aws_iam_role.pipeline["plan"].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = ["secretsmanager:GetSecretValue"], Resource = ["*"] }]
  })
}

resource "aws_iam_role_policy" "callback_keys" {
  name = "callback-keys"
  role = aws_iam_role.pipeline["compare"].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
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
