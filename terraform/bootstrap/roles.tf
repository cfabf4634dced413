# Three roles for the workflows in .github/workflows. Workflows have no keys: GitHub signs a token that says which repository,
# branch or environment a job belongs to, and AWS compares it with the trust policy (OpenID Connect):
# https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws

locals {
  issuer   = "token.actions.githubusercontent.com"
  provider = "arn:${local.partition}:iam::${local.account}:oidc-provider/${local.issuer}"

  # The branch and the environment are also in .github/workflows.
  subjects = {
    # Whoever can push a branch to the repository can change what a pull request runs. So this role reads the state, and no secret in
    # Secrets Manager.
    plan = ["repo:${var.repository}:pull_request"]
    # What is on this branch has been reviewed. This role may also refresh the state, which reads the callback keys.
    compare = ["repo:${var.repository}:ref:refs/heads/main"]
    # Not a branch: a job of the environment begins after its reviewers have approved.
    apply = ["repo:${var.repository}:environment:production"]
  }
  state_object = "${aws_s3_bucket.state.arn}/${var.name}.tfstate"
}

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.oidc_provider_exists ? 0 : 1
  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "pipeline" {
  # checkov:skip=CKV_AWS_393: the subjects name one repository without a pattern, which checkov does not see in the map.
  for_each             = local.subjects
  name                 = "${var.name}-pipeline-${each.key}"
  description          = "The workflows of ${var.repository} that ${each.key}."
  max_session_duration = 7200
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = local.provider }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = each.value
        }
      }
    }]
  })
  depends_on = [aws_iam_openid_connect_provider.github]
}

# What each may do with the state. Only an apply writes it, and only an apply locks it.
resource "aws_iam_role_policy" "state" {
  for_each = local.subjects
  name     = "state"
  role     = aws_iam_role.pipeline[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        { Effect = "Allow", Action = ["s3:ListBucket"], Resource = [aws_s3_bucket.state.arn] },
        { Effect = "Allow", Action = ["s3:GetObject"], Resource = [local.state_object] },
        { Effect = "Allow", Action = ["kms:Decrypt"], Resource = [aws_kms_key.state.arn] },
      ],
      [
        for statement in [
          { Effect = "Allow", Action = ["s3:PutObject"], Resource = [local.state_object] },
          { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource = ["${local.state_object}.tflock"] },
          { Effect = "Allow", Action = ["kms:GenerateDataKey"], Resource = [aws_kms_key.state.arn] },
        ] : statement if each.key == "apply"
      ],
    )
  })
}
