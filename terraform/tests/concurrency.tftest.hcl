# The limits of functions that customers invoke.

mock_provider "aws" {
  source = "./tests/aws"
}

run "by_default_customers_cannot_take_all_connections_of_the_database" {
  command = plan
  assert {
    condition     = { for name, function in local.functions : name => function.reserved_concurrent_executions if function.reserved_concurrent_executions != -1 } == { check-stock = 50, decrement-stock = 50, list-products = 10, show-product = 30 }
    error_message = "The functions of purchases and product queries must have a limit, and no others."
  }
  assert {
    condition     = local.reserved_connections == 140 && local.reserved_connections + local.other_connections <= var.database_alarms.connections
    error_message = "Within the limits, the alarm about connections must not begin."
  }
  assert {
    condition     = local.upgrade_connections == 100 && local.reserved_connections + local.upgrade_connections + local.other_connections <= local.connections_of_the_default_class
    error_message = "Both versions of an upgrade together must find enough connections."
  }
  # IAM logins: AWS advises fewer than 200 a second. Lock: a sale waits for at most 50 others of 4.5 ms each, less than 1 s.
  assert {
    condition     = local.reserved_connections < 200 && local.reserved_concurrency["decrement-stock"] * 0.0045 < 1
    error_message = "All environments together must log in within a second, and a sale must not wait for a lock longer than MySQL lets it."
  }
  assert {
    condition     = alltrue([for name in ["check-stock", "decrement-stock"] : local.reserved_concurrency[name] * 10 >= local.route_limits["POST /checkout"].rate])
    error_message = "The limits must carry as many purchases as the route: Lambda takes 10 requests a second for each unit."
  }
}

run "a_value_of_the_deployer_replaces_the_default" {
  command = plan
  variables {
    reserved_concurrency = { decrement-stock = 55, list-products = -1 }
  }
  assert {
    condition     = local.functions["decrement-stock"].reserved_concurrent_executions == 55 && local.functions["list-products"].reserved_concurrent_executions == -1 && local.functions["check-stock"].reserved_concurrent_executions == 50
    error_message = "reserved_concurrency must replace single defaults."
  }
}

run "a_new_account_gets_no_reservation_and_a_word_about_it" {
  command = plan
  override_data {
    target = data.aws_servicequotas_service_quota.concurrency
    values = { value = 10 }
  }
  assert {
    condition     = alltrue([for function in local.functions : function.reserved_concurrent_executions == -1])
    error_message = "Lambda refuses a reservation that leaves less than 100."
  }
  expect_failures = [check.database_connections_are_limited]
}

run "the_smallest_quota_that_suffices_is_240" {
  command = plan
  override_data {
    target = data.aws_servicequotas_service_quota.concurrency
    values = { value = 240 }
  }
  assert {
    condition     = local.functions["decrement-stock"].reserved_concurrent_executions == 50
    error_message = "140 reserved and 100 unreserved fit into 240."
  }
}

# 160, and 120 of the earlier version.
run "more_than_the_default_database_takes_during_an_upgrade_is_said" {
  command = plan
  variables {
    reserved_concurrency = { check-stock = 60, decrement-stock = 60 }
  }
  expect_failures = [check.database_connections_suffice]
}

run "a_larger_database_takes_more" {
  command = plan
  variables {
    database_instance_class = "db.t4g.large"
    reserved_concurrency    = { check-stock = 120, decrement-stock = 120 }
  }
  assert {
    condition     = local.reserved_connections == 280
    error_message = "The limits of the deployer must hold."
  }
}
