# To which factories orders may be sent, and from where.

mock_provider "aws" {
  source = "./tests/aws"
}

run "by_default_only_the_first_factory_is_allowed_and_the_private_function_reaches_nothing" {
  assert {
    condition = (
      local.functions["place-order"].environment[0].variables["FACTORY_HOSTS"] == "factory.example"
      && local.functions["place-private-order"].environment[0].variables["FACTORY_HOSTS"] == "-"
      && local.functions["place-order"].environment[0].variables["FACTORY_SECRETS"] == "-"
    )
    error_message = "By default, only the host of factory_url may be allowed, and no secret."
  }
  assert {
    condition     = length(aws_vpc_security_group_egress_rule.private_factories) + length(aws_vpc_endpoint.secrets) + length(aws_vpc_security_group_egress_rule.secrets_endpoint) == 0
    error_message = "Without private factories, place-private-order must reach nothing."
  }
  assert {
    condition     = local.functions["place-private-order"].vpc_config[0].security_group_ids == toset([aws_security_group.private_factories["own"].id])
    error_message = "place-private-order must be in its own security group, which the database does not accept."
  }
  assert {
    condition = alltrue([
      for function in ["place-order", "place-private-order"] : [
        for statement in jsondecode(aws_iam_role_policy.function[function].policy).Statement : statement.Resource if statement.Action == ["secretsmanager:GetSecretValue"]
      ] == [["arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:restock/callback-key-*"]]
    ])
    error_message = "Without secrets of factories, a function that sends orders may read only the callback keys."
  }
}

run "further_factories_are_allowed_by_host_and_their_secrets_by_name" {
  variables {
    factory_hosts            = ["second.example", "factory.example"]
    factory_secrets          = ["factories/second"]
    private_factory_hosts    = ["10.20.0.7"]
    private_factory_secrets  = ["factories/private"]
    private_factory_networks = [{ cidr = "10.20.0.0/24", port = 8443 }]
  }
  assert {
    condition     = local.functions["place-order"].environment[0].variables["FACTORY_HOSTS"] == "factory.example,second.example"
    error_message = "place-order must allow the hosts of factory_url and factory_hosts."
  }
  assert {
    condition     = local.functions["place-private-order"].environment[0].variables["FACTORY_HOSTS"] == "10.20.0.7"
    error_message = "place-private-order must allow only private_factory_hosts."
  }
  assert {
    condition = alltrue([
      for function, secret in { place-order = "factories/second", place-private-order = "factories/private" } : [
        for statement in jsondecode(aws_iam_role_policy.function[function].policy).Statement : statement.Resource if statement.Action == ["secretsmanager:GetSecretValue"]
      ] == [[for name in ["${secret}-??????", "restock/callback-key-*"] : "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:${name}"]]
    ])
    error_message = "Each function that sends orders must be allowed to read exactly the listed secrets of its factories, and the callback keys."
  }
  assert {
    condition = (
      [for rule in aws_vpc_security_group_egress_rule.private_factories : "${rule.cidr_ipv4} ${rule.from_port}-${rule.to_port}"] == ["10.20.0.0/24 8443-8443"]
      && length(aws_vpc_endpoint.secrets) == 1
    )
    error_message = "place-private-order must reach exactly the given networks, and Secrets Manager."
  }
}

run "invalid_hosts_secrets_and_networks_are_refused" {
  command = plan
  variables {
    factory_hosts            = ["https://second.example"]
    factory_secrets          = ["arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:x"]
    private_factory_hosts    = ["10.20.0.7:8443"]
    private_factory_secrets  = ["*"]
    private_factory_networks = [{ cidr = "10.20.0.7/24", port = 8443 }]
  }
  expect_failures = [
    var.factory_hosts, var.factory_secrets, var.private_factory_hosts, var.private_factory_secrets, var.private_factory_networks,
  ]
}
