# The network, the database and its migration.

mock_provider "aws" {
  source = "./tests/aws"
}

run "by_default_a_database_is_created_in_its_own_network" {
  # The network.

  assert {
    condition     = length(aws_subnet.warehouse) == 2 && length(distinct(aws_subnet.warehouse[*].availability_zone)) == 2
    error_message = "There must be two subnets in two zones."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.warehouse : !subnet.map_public_ip_on_launch])
    error_message = "No subnet may assign public addresses."
  }
  assert {
    condition = (
      aws_vpc_security_group_egress_rule.functions[0].security_group_id == aws_security_group.functions["own"].id
      && aws_vpc_security_group_egress_rule.functions[0].referenced_security_group_id == aws_security_group.database[0].id
      && aws_vpc_security_group_egress_rule.functions[0].from_port == 3306 && aws_vpc_security_group_egress_rule.functions[0].to_port == 3306
    )
    error_message = "The functions must reach only the port of the database."
  }
  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.database[0].security_group_id == aws_security_group.database[0].id
      && aws_vpc_security_group_ingress_rule.database[0].referenced_security_group_id == aws_security_group.functions["own"].id
      && aws_vpc_security_group_ingress_rule.database[0].from_port == 3306 && aws_vpc_security_group_ingress_rule.database[0].to_port == 3306
    )
    error_message = "The database must accept connections only from the functions."
  }

  # The database.

  assert {
    condition     = aws_db_instance.warehouse["warehouse"].storage_encrypted && !aws_db_instance.warehouse["warehouse"].publicly_accessible
    error_message = "The database must be encrypted and not publicly accessible."
  }
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].iam_database_authentication_enabled && aws_db_instance.warehouse["warehouse"].manage_master_user_password
    error_message = "IAM authentication must be on, and RDS must manage the master password."
  }
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].password == null
    error_message = "Terraform must not know the master password."
  }
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].deletion_protection && !aws_db_instance.warehouse["warehouse"].skip_final_snapshot && aws_db_instance.warehouse["warehouse"].backup_retention_period == 7
    error_message = "By default, the database must have deletion protection, a final snapshot and 7 days of backups."
  }
  assert {
    condition = jsonencode({ for parameter in aws_db_parameter_group.warehouse[0].parameter : parameter.name => parameter.value }) == jsonencode({
      innodb_lock_wait_timeout = "1", log_output = "FILE", long_query_time = "1", require_secure_transport = "1", slow_query_log = "1"
    })
    error_message = "The database must require TLS, limit lock waits, and log slow queries to a file."
  }
  assert {
    condition = (
      toset(keys(aws_cloudwatch_log_group.database)) == toset([for log in aws_db_instance.warehouse["warehouse"].enabled_cloudwatch_logs_exports : "warehouse/${log}"])
      && aws_cloudwatch_log_group.database["warehouse/error"].name == "/aws/rds/instance/restock-warehouse/error"
    )
    error_message = "Each exported log must have a log group with a retention."
  }
  assert {
    condition = (
      local.functions["decrement-stock"].environment[0].variables["DATABASE_URL"]
      == "mysql://restock_decrement_stock@restock-warehouse.abc.ap-northeast-2.rds.amazonaws.com:3306/restock?ssl-mode=VERIFY_IDENTITY"
    )
    error_message = "A function must log in as its own user, without a password, and verify the certificate and name of the server."
  }
  assert {
    condition     = local.functions["decrement-stock"].vpc_config[0].security_group_ids == toset([aws_security_group.functions["own"].id])
    error_message = "The functions must be in the security group that the database accepts."
  }

  # The migration.

  assert {
    condition = jsondecode(aws_lambda_invocation.migration[0].input) == {
      secret_arn  = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-1"
      users       = { for name, function in local.system.functions : name => "restock_${replace(name, "-", "_")}" if function.placement == "vpc" }
      factory_url = "https://factory.example"
    }
    error_message = "Terraform must send only names to start-migration: its state keeps what it sends."
  }
  assert {
    condition     = aws_lambda_invocation.migration[0].function_name == "restock-start-migration"
    error_message = "Terraform must invoke start-migration."
  }
  assert {
    condition     = module.migration["migrate"].function.environment[0].variables["DATABASE_URL"] == "mysql://restock-warehouse.abc.ap-northeast-2.rds.amazonaws.com:3306/restock?ssl-mode=VERIFY_IDENTITY"
    error_message = "DATABASE_URL of migrate must contain no user: the event contains the login."
  }
  assert {
    condition = length([
      for statement in jsondecode(aws_iam_role_policy.function["start-migration"].policy).Statement : statement
      if statement.Action == ["secretsmanager:GetSecretValue"] && statement.Resource == ["arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-1"]
    ]) == 1
    error_message = "start-migration must be allowed to read exactly the secret of the database."
  }
}

run "an_existing_database_is_used" {
  variables {
    databases = {}
    existing_database = {
      host               = "shop.abc.ap-northeast-2.rds.amazonaws.com"
      resource_id        = "db-EXISTING"
      secret_arn         = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3"
      subnet_ids         = ["subnet-1", "subnet-2"]
      security_group_ids = ["sg-1"]
    }
  }
  assert {
    condition     = length(aws_db_instance.warehouse) + length(aws_vpc.warehouse) + length(aws_subnet.warehouse) + length(aws_cloudwatch_log_group.database) == 0
    error_message = "Neither a database nor a network may be created."
  }
  assert {
    condition = (
      local.functions["check-stock"].vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"])
      && local.functions["check-stock"].vpc_config[0].security_group_ids == toset([aws_security_group.functions["existing"].id, "sg-1"])
      && length(aws_vpc_security_group_egress_rule.functions) == 0
    )
    error_message = "The functions must be in the given subnets and groups, and in one more group without rules."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.function["check-stock"].policy, ":dbuser:db-EXISTING/restock_check_stock")
    error_message = "The functions must log in to the existing database with IAM tokens."
  }
  assert {
    condition     = jsondecode(aws_lambda_invocation.migration[0].input).secret_arn == "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3"
    error_message = "migrate must log in with the secret of the administrator."
  }
}

run "a_trial_database_is_used_without_iam" {
  variables {
    database_url = "mysql://root:secret@127.0.0.1:3306/restock"
  }
  assert {
    condition     = length(aws_db_instance.warehouse) + length(aws_vpc.warehouse) == 0
    error_message = "Neither a database nor a network may be created."
  }
  assert {
    condition     = nonsensitive(local.functions["check-stock"].environment[0].variables["DATABASE_URL"]) == "mysql://root:secret@127.0.0.1:3306/restock" && length(local.functions["check-stock"].vpc_config) == 0
    error_message = "Each function must use database_url and run outside any VPC."
  }
  assert {
    condition     = jsonencode(jsondecode(aws_lambda_invocation.migration[0].input)) == jsonencode({ secret_arn = null, users = {}, factory_url = "https://factory.example" })
    error_message = "The migration must get no secret and no users."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.function["start-migration"].policy, "secretsmanager") && !strcontains(aws_iam_role_policy.function["check-stock"].policy, "rds-db")
    error_message = "No role may have permissions for Secrets Manager or IAM login."
  }
}

run "multi_az_adds_a_standby" {
  variables {
    database_multi_az = true
  }
  assert {
    condition     = aws_db_instance.warehouse["warehouse"].multi_az
    error_message = "The database must have a standby in the second zone."
  }
}

run "migration_and_deletion_protection_can_be_turned_off" {
  variables {
    migrate             = false
    deletion_protection = false
  }
  assert {
    condition     = length(aws_lambda_invocation.migration) == 0
    error_message = "With migrate = false, Terraform must not migrate."
  }
  assert {
    condition     = !aws_db_instance.warehouse["warehouse"].deletion_protection && aws_db_instance.warehouse["warehouse"].skip_final_snapshot
    error_message = "Without deletion protection, the database must be deletable without a final snapshot."
  }
}
