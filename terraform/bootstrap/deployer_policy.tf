# What an apply may do besides the state: everything in terraform/, and nothing else.

module "deployer" {
  source                   = "./deployer"
  name                     = var.name
  region                   = var.region
  account                  = local.account
  partition                = local.partition
  permissions_boundary_arn = var.permissions_boundary_arn
  kms_key_arn              = var.kms_key_arn
  mail_domains             = var.mail_domains
  api_domains              = var.api_domains
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each   = module.deployer.policy_arns
  role       = aws_iam_role.pipeline["apply"].name
  policy_arn = each.value
}
