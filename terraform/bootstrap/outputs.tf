# The variables of the repository on GitHub, by their names: docs/deploy-aws.md#the-pipeline.

output "repository_variables" {
  description = "Variables that the workflows read. None is secret."
  value = {
    AWS_REGION       = var.region
    PLAN_ROLE_ARN    = aws_iam_role.pipeline["plan"].arn
    COMPARE_ROLE_ARN = aws_iam_role.pipeline["compare"].arn
    APPLY_ROLE_ARN   = aws_iam_role.pipeline["apply"].arn
    STATE_BUCKET     = aws_s3_bucket.state.bucket
    STATE_KEY        = "${var.name}.tfstate"
    STATE_KMS_KEY    = aws_kms_key.state.arn
  }
}
