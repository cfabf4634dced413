# One function and its log group.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key unless there is a kms_key_arn.
  # checkov:skip=CKV_AWS_338: the deployer chooses the retention: log_retention_days.
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_50: state machines decide what is traced: see tracing.tf in the root module.
  # checkov:skip=CKV_AWS_115: a new account is too small to reserve concurrency: see concurrency.tf.
  # checkov:skip=CKV_AWS_116: only report is invoked asynchronously, and it has an on_failure destination.
  # checkov:skip=CKV_AWS_117: functions with placement public call AWS and the factory, which the VPC has no route to.
  # checkov:skip=CKV_AWS_173: Lambda encrypts the environment with its own key, at no cost.
  # checkov:skip=CKV_AWS_272: whoever can deploy a function can also sign it, so code signing would prove nothing.
  function_name = var.name
  description   = var.description
  role          = var.role_arn

  runtime          = "provided.al2023"
  architectures    = [var.architecture]
  handler          = "bootstrap"
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  publish          = var.publish

  timeout                        = var.timeout_seconds
  memory_size                    = var.memory_mb
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = var.environment
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this.name
    application_log_level = "INFO"
    system_log_level      = var.platform_log_level
  }

  tracing_config {
    mode = var.traced ? "Active" : "PassThrough"
  }
}
