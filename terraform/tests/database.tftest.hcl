# The network, the database, and how it is brought to its shape.

mock_provider "aws" {
  source = "./tests/aws"
}

mock_provider "random" {}

run "a_database_of_its_own" {
  # The network.

  assert {
    condition     = length(aws_subnet.warehouse) == 2 && length(distinct(aws_subnet.warehouse[*].availability_zone)) == 2
    error_message = "Two subnets in two zones."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.warehouse : !subnet.map_public_ip_on_launch])
    error_message = "A subnet gives out public addresses."
  }
  assert {
    condition = (
      aws_vpc_security_group_egress_rule.functions[0].security_group_id == aws_security_group.functions[0].id
      && aws_vpc_security_group_egress_rule.functions[0].referenced_security_group_id == aws_security_group.database[0].id
      && aws_vpc_security_group_egress_rule.functions[0].from_port == 3306 && aws_vpc_security_group_egress_rule.functions[0].to_port == 3306
    )
    error_message = "The functions reach the database's port and nothing else."
  }
  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.database[0].security_group_id == aws_security_group.database[0].id
      && aws_vpc_security_group_ingress_rule.database[0].referenced_security_group_id == aws_security_group.functions[0].id
      && aws_vpc_security_group_ingress_rule.database[0].from_port == 3306 && aws_vpc_security_group_ingress_rule.database[0].to_port == 3306
    )
    error_message = "The database lets in the functions and nobody else."
  }

  # The database.

  assert {
    condition     = aws_db_instance.warehouse[0].storage_encrypted && !aws_db_instance.warehouse[0].publicly_accessible
    error_message = "The database is encrypted and private."
  }
  assert {
    condition     = aws_db_instance.warehouse[0].iam_database_authentication_enabled && aws_db_instance.warehouse[0].manage_master_user_password
    error_message = "Functions log in with IAM tokens, and RDS keeps the master password."
  }
  assert {
    condition     = aws_db_instance.warehouse[0].password == null
    error_message = "The master password is nowhere here."
  }
  assert {
    condition     = aws_db_instance.warehouse[0].deletion_protection && !aws_db_instance.warehouse[0].skip_final_snapshot && aws_db_instance.warehouse[0].backup_retention_period == 7
    error_message = "The database is not lost by mistake."
  }
  assert {
    condition = jsonencode({ for parameter in aws_db_parameter_group.warehouse[0].parameter : parameter.name => parameter.value }) == jsonencode({
      innodb_lock_wait_timeout = "1", log_output = "FILE", long_query_time = "1", require_secure_transport = "1", slow_query_log = "1"
    })
    error_message = "TLS only, short waits for locks, and a log of slow queries that CloudWatch gets."
  }
  assert {
    condition     = toset(keys(aws_cloudwatch_log_group.database)) == aws_db_instance.warehouse[0].enabled_cloudwatch_logs_exports
    error_message = "Each log has a group with a retention before the database makes it."
  }
  assert {
    condition = (
      aws_lambda_function.this["decrement-stock"].environment[0].variables["DATABASE_URL"]
      == "mysql://restock_decrement_stock@restock-warehouse.abc.ap-northeast-2.rds.amazonaws.com:3306/restock?ssl-mode=VERIFY_IDENTITY"
    )
    error_message = "A function logs in as its own user, without a password, to a server whose name and certificate it checks."
  }
  assert {
    condition     = aws_lambda_function.this["decrement-stock"].vpc_config[0].security_group_ids == toset([aws_security_group.functions[0].id])
    error_message = "The functions are in the group that the database lets in."
  }

  # The migration.

  assert {
    condition = jsondecode(aws_lambda_invocation.migration[0].input) == {
      secret_arn = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-1"
      users      = { for name, function in local.system.functions : name => "restock_${replace(name, "-", "_")}" if function.placement == "vpc" }
    }
    error_message = "What Terraform sends, and keeps in its state, are names."
  }
  assert {
    condition     = aws_lambda_invocation.migration[0].function_name == "restock-start-migration"
    error_message = "The way to the database begins at the door."
  }
  assert {
    condition     = aws_lambda_function.migration["migrate"].environment[0].variables["DATABASE_URL"] == "mysql://restock-warehouse.abc.ap-northeast-2.rds.amazonaws.com:3306/restock?ssl-mode=VERIFY_IDENTITY"
    error_message = "migrate is told by its event who it is."
  }
  assert {
    condition = length([
      for statement in jsondecode(aws_iam_role_policy.function["start-migration"].policy).Statement : statement
      if statement.Action == ["secretsmanager:GetSecretValue"] && statement.Resource == ["arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-1"]
    ]) == 1
    error_message = "start-migration may read the one secret."
  }
}

run "an_existing_database" {
  variables {
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
    error_message = "No database of our own, and no network."
  }
  assert {
    condition = (
      aws_lambda_function.this["check-stock"].vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"])
      && aws_lambda_function.this["check-stock"].vpc_config[0].security_group_ids == toset([aws_security_group.functions[0].id, "sg-1"])
      && length(aws_vpc_security_group_egress_rule.functions) == 0
    )
    error_message = "The functions are where the database is, in its groups and an empty one of their own."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.function["check-stock"].policy, ":dbuser:db-EXISTING/restock_check_stock")
    error_message = "They log in to it with IAM tokens."
  }
  assert {
    condition     = jsondecode(aws_lambda_invocation.migration[0].input).secret_arn == "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3"
    error_message = "Its administrator migrates it."
  }
}

run "a_trial_database" {
  variables {
    database_url = "mysql://root:secret@127.0.0.1:3306/restock"
  }
  assert {
    condition     = length(aws_db_instance.warehouse) + length(aws_vpc.warehouse) == 0
    error_message = "No database of our own, and no network."
  }
  assert {
    condition     = nonsensitive(aws_lambda_function.this["check-stock"].environment[0].variables["DATABASE_URL"]) == "mysql://root:secret@127.0.0.1:3306/restock" && length(aws_lambda_function.this["check-stock"].vpc_config) == 0
    error_message = "Every function logs in as the URL says."
  }
  assert {
    condition     = jsonencode(jsondecode(aws_lambda_invocation.migration[0].input)) == jsonencode({ secret_arn = null, users = {} })
    error_message = "There is no secret, and there are no users."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.function["start-migration"].policy, "secretsmanager") && !strcontains(aws_iam_role_policy.function["check-stock"].policy, "rds-db")
    error_message = "Roles may not what is of no use."
  }
}

run "two_zones" {
  variables {
    database_multi_az = true
  }
  assert {
    condition     = aws_db_instance.warehouse[0].multi_az
    error_message = "A standby takes over."
  }
}

run "without_migration" {
  variables {
    migrate             = false
    deletion_protection = false
  }
  assert {
    condition     = length(aws_lambda_invocation.migration) == 0
    error_message = "Somebody else migrates."
  }
  assert {
    condition     = !aws_db_instance.warehouse[0].deletion_protection && aws_db_instance.warehouse[0].skip_final_snapshot
    error_message = "It can be destroyed, and nothing is left."
  }
}
