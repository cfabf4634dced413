# The network of place-private-order. It runs in the VPC, in a security group of its own: it reaches the given factories, and
# Secrets Manager, which has the callback keys, but not the database. Without private factories, it reaches nothing. It is deployed all
# the same, because system.json lists one set of functions for every deployment; an idle function costs nothing.

locals {
  secrets_endpoint = local.own_network == 1 && length(var.private_factory_hosts) > 0 ? 1 : 0
  # With an existing VPC, its route to Secrets Manager is not known: HTTPS to any address of the VPC.
  existing_vpc_secrets = local.outside_network && length(var.private_factory_hosts) > 0 ? 1 : 0
}

data "aws_vpc" "existing" {
  count = local.existing_vpc_secrets
  id    = data.aws_subnet.existing[0].vpc_id
}

resource "aws_security_group" "private_factories" {
  # checkov:skip=CKV2_AWS_5: attached to the function with placement private, in functions.tf.
  for_each    = local.vpcs
  name        = "${var.name}-private-factories"
  description = "place-private-order. It reaches only private factories."
  vpc_id      = each.value

  tags = { Name = "${var.name}-private-factories" }

  # As for the other functions: see network.tf.
  timeouts {
    delete = "45m"
  }
  depends_on = [aws_iam_role_policy.function]
}

resource "aws_vpc_security_group_egress_rule" "private_factories" {
  for_each          = local.functions_in_vpc ? { for network in var.private_factory_networks : "${network.cidr}:${network.port}" => network } : {}
  security_group_id = aws_security_group.private_factories[local.network_in_use].id
  description       = "Orders to private factories."
  ip_protocol       = "tcp"
  cidr_ipv4         = each.value.cidr
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_security_group" "secrets_endpoint" {
  count       = local.secrets_endpoint
  name        = "${var.name}-secrets-endpoint"
  description = "The endpoint of Secrets Manager. It accepts connections only from place-private-order."
  vpc_id      = aws_vpc.warehouse[0].id

  tags = { Name = "${var.name}-secrets-endpoint" }
}

resource "aws_vpc_security_group_ingress_rule" "secrets_endpoint" {
  count                        = local.secrets_endpoint
  security_group_id            = aws_security_group.secrets_endpoint[0].id
  referenced_security_group_id = aws_security_group.private_factories["own"].id
  description                  = "HTTPS from place-private-order."
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "secrets_endpoint" {
  count                        = local.secrets_endpoint
  security_group_id            = aws_security_group.private_factories["own"].id
  referenced_security_group_id = aws_security_group.secrets_endpoint[0].id
  description                  = "HTTPS to the endpoint of Secrets Manager."
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "secrets_in_existing_vpc" {
  count             = local.existing_vpc_secrets
  security_group_id = aws_security_group.private_factories["existing"].id
  description       = "HTTPS to an endpoint of Secrets Manager in the VPC."
  ip_protocol       = "tcp"
  cidr_ipv4         = data.aws_vpc.existing[0].cidr_block
  from_port         = 443
  to_port           = 443
}

# The name of the service differs between partitions.
data "aws_vpc_endpoint_service" "secrets" {
  count        = local.secrets_endpoint
  service      = "secretsmanager"
  service_type = "Interface"
}

resource "aws_vpc_endpoint" "secrets" {
  count               = local.secrets_endpoint
  vpc_id              = aws_vpc.warehouse[0].id
  service_name        = data.aws_vpc_endpoint_service.secrets[0].service_name
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = aws_subnet.warehouse[*].id
  security_group_ids  = aws_security_group.secrets_endpoint[*].id

  tags = { Name = "${var.name}-secrets" }
}
