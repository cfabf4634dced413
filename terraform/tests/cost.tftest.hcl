# What `cargo run -- cost` assumes to be deployed (deployed in prices.json) is what Terraform deploys by default.

mock_provider "aws" {
  source = "./tests/aws"
}

run "prices_json_describes_the_default_deployment" {
  assert {
    # AWS bills each metric of an alarm: https://aws.amazon.com/cloudwatch/pricing/
    condition     = length(local.alarm_metrics) == jsondecode(file("prices.json")).deployed.alarms
    error_message = "In prices.json, deployed.alarms must be ${length(local.alarm_metrics)}."
  }
  assert {
    condition     = length(aws_cloudwatch_composite_alarm.cause) + length(aws_cloudwatch_composite_alarm.incident) + length(aws_cloudwatch_composite_alarm.explained) == jsondecode(file("prices.json")).deployed.composite_alarms
    error_message = "In prices.json, deployed.composite_alarms must be ${length(aws_cloudwatch_composite_alarm.cause) + length(aws_cloudwatch_composite_alarm.incident) + length(aws_cloudwatch_composite_alarm.explained)}."
  }
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].instance_class == jsondecode(file("prices.json")).deployed.database_class && !aws_db_instance.warehouse["warehouse"].multi_az
    error_message = "In prices.json, deployed.database_class must be that of a Single-AZ default deployment."
  }
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].allocated_storage == jsondecode(file("prices.json")).deployed.disk_gb
    error_message = "In prices.json, deployed.disk_gb must be ${aws_db_instance.warehouse["warehouse"].allocated_storage}."
  }
  assert {
    condition     = 1 + length(aws_secretsmanager_secret.callback_key) == jsondecode(file("prices.json")).deployed.secrets
    error_message = "In prices.json, deployed.secrets must be ${1 + length(aws_secretsmanager_secret.callback_key)}: one is that of RDS."
  }
  assert {
    condition     = var.log_retention_days == jsondecode(file("prices.json")).deployed.log_retention_days && var.purchase_log.level == "ERROR" && var.platform_log_level == "WARN"
    error_message = "prices.json assumes another log retention, or other logs."
  }
  assert {
    condition     = aws_xray_sampling_rule.purchases[0].fixed_rate == jsondecode(file("prices.json")).figures.purchase_traced_share.is
    error_message = "prices.json assumes another share of traced purchases."
  }
  assert {
    condition     = var.architecture == "arm64" && var.region == jsondecode(file("prices.json")).region
    error_message = "prices.json assumes another architecture of functions, or another region."
  }
}
