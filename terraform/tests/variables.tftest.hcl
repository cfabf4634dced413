# Values that the validations of variables refuse.

mock_provider "aws" {
  source = "./tests/aws"
}

run "unknown_functions_routes_and_identities_are_refused" {
  command = plan
  variables {
    memory_mb            = { sales_api = 512 }
    reserved_concurrency = { sales_api = 7 }
    route_limits         = { "POST /checkouts" = { rate = 1, burst = 1 } }
    mail_identities      = { to = "factory-states.example" }
  }
  expect_failures = [var.memory_mb, var.reserved_concurrency, var.route_limits, var.mail_identities]
}

run "values_that_only_the_apply_would_refuse_are_refused" {
  command = plan
  variables {
    name                 = "default"
    factory_url          = "http://factory.example"
    tags                 = { Team = "a,b" }
    vpc_cidr             = "10.78.0.5/24"
    database_backup_days = 1.5
    database_storage_gb  = { initial = 20.5 }
    alarm_topic_arns     = [for number in range(5) : "arn:aws:sns:ap-northeast-2:123456789012:topic-${number}"]
    database_url         = "mysql://root@127.0.0.1:3306/restock"
    existing_database = {
      host               = "shop.abc.ap-northeast-2.rds.amazonaws.com"
      resource_id        = "db-EXISTING"
      secret_arn         = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3"
      subnet_ids         = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
  }
  expect_failures = [
    var.name, var.factory_url, var.tags, var.vpc_cidr, var.database_backup_days, var.database_storage_gb, var.alarm_topic_arns,
    var.existing_database,
  ]
}

run "wildcards_that_would_widen_a_policy_are_refused" {
  command = plan
  variables {
    mail_from = "*@donut-states.example"
    mail_to   = "operations@donut-states.example?"
    existing_database = {
      host               = "shop.abc.ap-northeast-2.rds.amazonaws.com"
      resource_id        = "db-*"
      secret_arn         = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3"
      subnet_ids         = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
  }
  expect_failures = [var.mail_from, var.mail_to, var.existing_database]
}

run "an_invalid_port_configuration_set_or_storage_is_refused" {
  command = plan
  variables {
    existing_database = {
      host               = "shop.abc.ap-northeast-2.rds.amazonaws.com"
      port               = 0
      resource_id        = "db-EXISTING"
      secret_arn         = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3"
      subnet_ids         = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
    mail_identities     = { configuration_sets = ["*"] }
    database_storage_gb = { maximum = 65537 }
  }
  expect_failures = [var.existing_database, var.mail_identities, var.database_storage_gb]
}

run "an_api_on_an_emulator_may_use_http" {
  variables {
    endpoint_url = "http://ministack:4566"
    public_url   = "http://ministack:4566/_aws/execute-api/a1b2c3"
  }
  assert {
    condition     = output.sales_api_url == "http://ministack:4566/_aws/execute-api/a1b2c3"
    error_message = "With endpoint_url, public_url may use http."
  }
}

run "a_secret_arn_without_its_suffix_is_refused" {
  command = plan
  variables {
    existing_database = {
      host               = "shop.abc.ap-northeast-2.rds.amazonaws.com"
      resource_id        = "db-EXISTING"
      secret_arn         = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop"
      subnet_ids         = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
  }
  expect_failures = [var.existing_database]
}

run "further_invalid_values_are_refused" {
  command = plan
  variables {
    database_logs        = ["general"]
    database_alarms      = { connections = -1 }
    checkout_objectives  = { p99_ms = 0 }
    endpoint_url         = "127.0.0.1:4566"
    jwt                  = { issuer = "https://", audience = ["shop"] }
    packages             = "target/lambda"
    redrive_command      = ""
    requester            = ""
    reserved_concurrency = { sales-api = 0.5 }
    route_limits         = { "POST /checkout" = { rate = 0, burst = 1 } }
  }
  expect_failures = [
    var.database_logs, var.database_alarms, var.checkout_objectives, var.endpoint_url, var.jwt, var.packages, var.redrive_command, var.requester,
    var.reserved_concurrency, var.route_limits,
  ]
}

run "a_database_url_without_a_user_and_a_public_url_with_http_are_refused" {
  command = plan
  variables {
    database_url = "mysql://127.0.0.1/restock"
    public_url   = "http://api.donut-states.example"
  }
  expect_failures = [var.database_url, var.public_url]
}

run "a_factory_at_a_private_address_is_refused" {
  command = plan
  variables {
    factory_url = "https://10.0.0.7/legacy"
  }
  expect_failures = [var.factory_url]
}

run "a_factory_simulator_on_this_machine_may_use_http" {
  command = plan
  variables {
    factory_url = "http://127.0.0.1:8080"
  }
  assert {
    condition     = local.functions["place-order"].environment[0].variables["FACTORY_HOSTS"] == "127.0.0.1"
    error_message = "For a factory on this machine, factory_url may use http."
  }
}

run "invalid_values_are_refused" {
  command = plan
  variables {
    name                    = "Restock-for-everybody"
    region                  = "Seoul"
    factory_url             = "factory.example"
    mail_from               = "restock"
    architecture            = "riscv64"
    log_retention_days      = 31
    memory_mb               = { sales-api = 64 }
    vpc_cidr                = "10.0.0.0/28"
    zones                   = ["a"]
    database_instance_class = "t4g.medium"
    database_backup_days    = 0
    checkout_authorization  = "JWT"
    callback_key_generation = 0
    purchase_log            = { level = "DEBUG" }
    platform_log_level      = "ERROR"
    purchase_traced_share   = 1.5
    public_url              = "https://api.donut-states.example/"
  }
  expect_failures = [
    var.name, var.region, var.factory_url, var.mail_from, var.architecture, var.log_retention_days, var.memory_mb, var.vpc_cidr,
    var.zones, var.database_instance_class, var.database_backup_days, var.checkout_authorization,
    var.callback_key_generation, var.purchase_log, var.platform_log_level, var.purchase_traced_share, var.public_url,
  ]
}
