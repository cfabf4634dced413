# The way back from a backup: docs/runbook/restore.md. Nothing is deleted before a person says so.

mock_provider "aws" {
  source = "./tests/aws"
}

run "before" {}

run "a_second_database_is_restored_and_the_functions_still_use_the_first" {
  variables {
    databases = {
      warehouse = {}
      restored  = { restored_from = { instance = "restock-warehouse", time = "2026-11-27T03:00:00Z" } }
    }
    database_in_use = "warehouse"
  }
  override_resource {
    target = aws_db_instance.warehouse["restored"]
    values = {
      address            = "restock-restored.abc.ap-northeast-2.rds.amazonaws.com"
      resource_id        = "db-RESTORED"
      master_user_secret = [{ kms_key_id = "1", secret_arn = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-2", secret_status = "active" }]
    }
  }
  assert {
    condition = (
      aws_db_instance.warehouse["warehouse"].id == run.before.database_ids["warehouse"]
      && aws_vpc.warehouse[0].id == run.before.private_network.vpc_id
    )
    error_message = "The first database and the network must not be replaced."
  }
  assert {
    condition = (
      aws_db_instance.warehouse["restored"].identifier == "restock-restored"
      && aws_db_instance.warehouse["restored"].restore_to_point_in_time[0].source_db_instance_identifier == "restock-warehouse"
      && aws_db_instance.warehouse["restored"].restore_to_point_in_time[0].restore_time == "2026-11-27T03:00:00Z"
    )
    error_message = "The second database must be restored from the backups of the first one, to the given time."
  }
  assert {
    condition = (
      aws_db_instance.warehouse["restored"].db_subnet_group_name == aws_db_instance.warehouse["warehouse"].db_subnet_group_name
      && aws_db_instance.warehouse["restored"].vpc_security_group_ids == aws_db_instance.warehouse["warehouse"].vpc_security_group_ids
      && aws_db_instance.warehouse["restored"].parameter_group_name == aws_db_instance.warehouse["warehouse"].parameter_group_name
      && aws_db_instance.warehouse["restored"].iam_database_authentication_enabled && aws_db_instance.warehouse["restored"].manage_master_user_password
      && aws_db_instance.warehouse["restored"].deletion_protection
    )
    error_message = "The restored database must be in the same network, with the same parameters, IAM logins and a password that RDS manages."
  }
  assert {
    condition     = strcontains(local.functions["check-stock"].environment[0].variables["DATABASE_URL"], "@restock-warehouse.abc.")
    error_message = "The functions must still use the first database."
  }
}

run "the_functions_use_the_restored_database_and_the_first_one_is_kept" {
  variables {
    databases = {
      warehouse = {}
      restored  = { restored_from = { instance = "restock-warehouse", time = "2026-11-27T03:00:00Z" } }
    }
    database_in_use = "restored"
  }
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].id == run.before.database_ids["warehouse"] && aws_vpc.warehouse[0].id == run.before.private_network.vpc_id
    error_message = "The first database and the network must be kept."
  }
  assert {
    condition     = strcontains(local.functions["check-stock"].environment[0].variables["DATABASE_URL"], "@restock-restored.abc.ap-northeast-2")
    error_message = "The functions must use the restored database."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.function["check-stock"].policy, ":dbuser:db-RESTORED/restock_check_stock")
    error_message = "The functions must be allowed to log in to the restored database."
  }
  assert {
    condition     = jsondecode(aws_lambda_invocation.migration[0].input).secret_arn == "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-2" && aws_lambda_invocation.migration[0].triggers.database == "db-RESTORED"
    error_message = "The restored database must be migrated, with the secret of its own master user."
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["database-storage"].dimensions.DBInstanceIdentifier == "restock-restored"
      && strcontains(aws_cloudwatch_metric_alarm.this["database-logins"].alarm_description, "/aws/rds/instance/restock-restored/iam-db-auth-error")
      && strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "restock-restored")
      && !strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "restock-warehouse")
    )
    error_message = "Alarms and dashboard must watch the restored database."
  }
}

run "a_database_is_deleted_only_when_it_is_no_longer_listed" {
  variables {
    databases = { restored = { restored_from = { instance = "restock-warehouse", time = "2026-11-27T03:00:00Z" } } }
  }
  assert {
    condition     = keys(aws_db_instance.warehouse) == ["restored"] && aws_vpc.warehouse[0].id == run.before.private_network.vpc_id
    error_message = "Only the first database must be deleted, and the functions use the only one that is left."
  }
}

run "the_protection_of_one_database_can_be_turned_off" {
  variables {
    databases       = { warehouse = { deletion_protection = false }, from-snapshot = { restored_from = { snapshot = "before-the-sale" } } }
    database_in_use = "from-snapshot"
  }
  assert {
    condition     = !aws_db_instance.warehouse["warehouse"].deletion_protection && aws_db_instance.warehouse["from-snapshot"].deletion_protection
    error_message = "Only the first database must be deletable."
  }
  assert {
    condition = (
      aws_db_instance.warehouse["from-snapshot"].snapshot_identifier == "before-the-sale"
      && length(aws_db_instance.warehouse["from-snapshot"].restore_to_point_in_time) == 0
    )
    error_message = "The database must be restored from the snapshot."
  }
}

run "a_database_that_was_restored_by_hand_is_used_in_the_network_of_terraform" {
  variables {
    databases       = { warehouse = {} }
    database_in_use = "existing"
    existing_database = {
      host        = "by-hand.abc.ap-northeast-2.rds.amazonaws.com"
      resource_id = "db-BYHAND"
      secret_arn  = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-3-a1B2c3"
    }
  }
  assert {
    condition = (
      keys(aws_db_instance.warehouse) == ["warehouse"] && length(data.aws_subnet.existing) == 0
      && local.functions["check-stock"].vpc_config[0].subnet_ids == toset(aws_subnet.warehouse[*].id)
      && local.functions["check-stock"].vpc_config[0].security_group_ids == toset([aws_security_group.functions["own"].id])
    )
    error_message = "The functions must stay in the network of Terraform, and its database must be kept."
  }
  assert {
    condition     = strcontains(local.functions["check-stock"].environment[0].variables["DATABASE_URL"], "@by-hand.abc.") && !can(aws_cloudwatch_metric_alarm.this["database-storage"])
    error_message = "The functions must use the existing database, for which Terraform has no alarms."
  }
}

run "a_database_elsewhere_does_not_delete_the_network_of_the_first_one" {
  variables {
    database_in_use = "existing"
    existing_database = {
      host               = "shop.abc.ap-northeast-2.rds.amazonaws.com"
      resource_id        = "db-EXISTING"
      secret_arn         = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3"
      subnet_ids         = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
  }
  assert {
    condition     = aws_vpc.warehouse[0].id == run.before.private_network.vpc_id && keys(aws_db_instance.warehouse) == ["warehouse"]
    error_message = "The first database and its network must be kept."
  }
  assert {
    condition     = local.functions["check-stock"].vpc_config[0].security_group_ids == toset([aws_security_group.functions["existing"].id, "sg-1"])
    error_message = "The functions must move to the VPC of the existing database, in a security group of that VPC."
  }
}

run "several_databases_need_a_choice" {
  command = plan
  variables {
    databases = { warehouse = {}, restored = { restored_from = { snapshot = "before-the-sale" } } }
  }
  expect_failures = [var.database_in_use]
}

run "an_unknown_database_cannot_be_used" {
  command = plan
  variables {
    database_in_use = "restored"
  }
  expect_failures = [var.database_in_use]
}

run "a_database_is_restored_from_one_source_at_a_valid_time" {
  command = plan
  variables {
    databases = {
      both     = { restored_from = { instance = "restock-warehouse", snapshot = "before-the-sale" } }
      neither  = { restored_from = { time = "2026-11-27T03:00:00Z" } }
      existing = { restored_from = { instance = "restock-warehouse", time = "yesterday" } }
    }
    database_in_use = "both"
  }
  expect_failures = [var.databases]
}

run "while_restocks_are_paused_messages_wait_and_no_sweep_runs" {
  variables {
    restocks_paused = true
  }
  assert {
    condition     = { for queue, mapping in aws_lambda_event_source_mapping.queue : queue => mapping.enabled } == { stock_queue = false, completion_queue = false, operations_queue = true }
    error_message = "Depletions and callbacks must wait in their queues, and mails must be sent."
  }
  assert {
    condition     = aws_scheduler_schedule.this["sweep"].state == "DISABLED" && aws_cloudwatch_event_rule.ended_restocks.state == "DISABLED"
    error_message = "No sweep may start."
  }
  assert {
    condition = (
      [for name in keys(aws_cloudwatch_metric_alarm.this) : name if endswith(name, "-not-polled")] == ["operations-queue-not-polled"]
      && !anytrue([for alarm in aws_cloudwatch_composite_alarm.incident : strcontains(alarm.alarm_rule, "-not-polled") || strcontains(alarm.alarm_description, "-not-polled")])
    )
    error_message = "An alarm must not ask to enable a trigger that is paused."
  }
}

run "while_restocks_are_paused_no_customer_keeps_a_version_that_uses_the_old_database" {
  command = plan
  variables {
    restocks_paused = true
  }
  assert {
    condition     = !local.gradual && var.gradual_upgrades
    error_message = "Nothing may go back to a version that cannot log in any more."
  }
  assert {
    condition     = jsondecode(aws_cloudformation_stack.live[0].template_body).Resources.Purchase.Properties.DeploymentPreference.Type == "ALL_AT_ONCE" && !can(jsondecode(aws_cloudformation_stack.live[0].template_body).Resources.SalesApi.UpdatePolicy)
    error_message = "Purchases and sales-api must get the new version at once, and no alarm may stop that."
  }
}

run "after_the_pause_everything_runs" {
  assert {
    condition = (
      alltrue([for mapping in aws_lambda_event_source_mapping.queue : mapping.enabled])
      && aws_scheduler_schedule.this["sweep"].state == "ENABLED" && aws_cloudwatch_event_rule.ended_restocks.state == "ENABLED"
    )
    error_message = "Messages must be delivered and sweeps must start."
  }
}
