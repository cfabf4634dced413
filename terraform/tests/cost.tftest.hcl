# What `cargo run -- cost` believes is deployed.

mock_provider "aws" {
  source = "./tests/aws"
}

mock_provider "random" {}

run "prices" {
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == jsondecode(file("prices.json")).deployed.alarms
    error_message = "prices.json: there are ${length(aws_cloudwatch_metric_alarm.this)} alarms."
  }
  assert {
    condition     = aws_db_instance.warehouse[0].instance_class == jsondecode(file("prices.json")).deployed.database_class && !aws_db_instance.warehouse[0].multi_az
    error_message = "prices.json: the database is another."
  }
  assert {
    condition     = aws_db_instance.warehouse[0].allocated_storage == jsondecode(file("prices.json")).deployed.disk_gb
    error_message = "prices.json: the disk is another."
  }
  assert {
    condition     = var.log_retention_days == jsondecode(file("prices.json")).deployed.log_retention_days && var.purchase_log.level == "ALL" && var.purchase_log.data
    error_message = "prices.json: logs are kept for another time, or purchases are logged otherwise."
  }
  assert {
    condition     = var.architecture == "arm64" && var.region == jsondecode(file("prices.json")).region
    error_message = "prices.json: functions are made for another machine, or are elsewhere."
  }
}
