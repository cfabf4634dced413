# A log of the connections in the VPC: flow_logs.

locals {
  flow_logs = var.flow_logs == null ? 0 : local.own_network
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  # checkov:skip=CKV_AWS_158: CloudWatch Logs encrypts with its own key unless there is a kms_key_arn.
  # checkov:skip=CKV_AWS_338: the deployer chooses the retention: log_retention_days.
  count             = local.flow_logs
  name              = "/aws/vendedlogs/vpcs/${var.name}-warehouse"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_flow_log" "warehouse" {
  count           = local.flow_logs
  vpc_id          = aws_vpc.warehouse[0].id
  traffic_type    = var.flow_logs
  log_destination = aws_cloudwatch_log_group.flow_logs[0].arn
  iam_role_arn    = aws_iam_role.flow_logs[0].arn

  depends_on = [aws_iam_role_policy.flow_logs]
}

resource "aws_iam_role" "flow_logs" {
  count                = local.flow_logs
  name                 = "${var.name}-flow-logs"
  description          = "Allows the VPC to write its flow log."
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "flow_logs" {
  count = local.flow_logs
  name  = "permissions"
  role  = aws_iam_role.flow_logs[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = ["${local.arn_prefix["logs"]}:log-group:/aws/vendedlogs/vpcs/${var.name}-warehouse:*"]
    }]
  })
}
