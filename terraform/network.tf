# An isolated VPC: no Internet gateway, no NAT gateway, and no endpoints unless there are private factories. Functions with placement vpc run in it and reach
# only the database; network_factories.tf is for the function with placement private. They need no route to AWS, not even to log in: each function signs its own IAM token.

locals {
  # The network of Terraform exists as long as a database may be in it. So neither another database_in_use nor an
  # existing_database elsewhere deletes the network under a database.
  own_network     = length(local.own_databases) > 0 || (var.existing_database != null && !local.outside_network) ? 1 : 0
  outside_network = try(length(var.existing_database.subnet_ids) > 0, false)
  zones           = [for letter in var.zones : "${var.region}${letter}"]

  # Whether functions with placement vpc are attached to a VPC. With database_url (trials) they are not.
  functions_in_vpc = local.iam_login
  network_in_use   = local.database_in_use == "existing" && local.outside_network ? "existing" : "own"

  # The VPCs that functions may run in. Each has security groups of its own, because a group cannot move to another VPC.
  vpcs = {
    for network, ids in { own = aws_vpc.warehouse[*].id, existing = data.aws_subnet.existing[*].vpc_id } :
    network => ids[0] if length(ids) > 0
  }
  network = !local.functions_in_vpc ? null : {
    subnet_ids = local.network_in_use == "own" ? aws_subnet.warehouse[*].id : var.existing_database.subnet_ids
    security_group_ids = concat(
      [aws_security_group.functions[local.network_in_use].id],
      local.network_in_use == "own" ? [] : var.existing_database.security_group_ids,
    )
    private_security_group_ids = [aws_security_group.private_factories[local.network_in_use].id]
  }
}

data "aws_subnet" "existing" {
  count = local.outside_network ? 1 : 0
  id    = var.existing_database.subnet_ids[0]
}

resource "aws_vpc" "warehouse" {
  # checkov:skip=CKV2_AWS_11: flow logs would show only the connections of our functions to the database: variable flow_logs.
  count                = local.own_network
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = "${var.name}-warehouse" }
}

# AWS creates this group in every VPC, with rules that allow traffic. Managed here without rules, it allows none.
resource "aws_default_security_group" "warehouse" {
  count  = local.own_network
  vpc_id = aws_vpc.warehouse[0].id
}

resource "aws_subnet" "warehouse" {
  count                   = local.own_network * 2
  vpc_id                  = aws_vpc.warehouse[0].id
  availability_zone       = local.zones[count.index]
  cidr_block              = cidrsubnet(var.vpc_cidr, 1, count.index)
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-warehouse-${local.zones[count.index]}" }
}

# No route blocks: only traffic within the VPC is routed.
resource "aws_route_table" "warehouse" {
  count  = local.own_network
  vpc_id = aws_vpc.warehouse[0].id

  tags = { Name = "${var.name}-warehouse" }
}

resource "aws_route_table_association" "warehouse" {
  count          = local.own_network * 2
  route_table_id = aws_route_table.warehouse[0].id
  subnet_id      = aws_subnet.warehouse[count.index].id
}

# In the VPC of an existing database this group has no rules: security_group_ids decide what the functions reach.
resource "aws_security_group" "functions" {
  # checkov:skip=CKV2_AWS_5: attached to the functions with placement vpc, in functions.tf.
  for_each    = local.vpcs
  name        = "${var.name}-functions"
  description = "Functions with placement vpc. They reach only the database."
  vpc_id      = each.value

  tags = { Name = "${var.name}-functions" }

  # Lambda takes up to 20 minutes to release the network interfaces of deleted functions, and needs the policies of their
  # roles until then. This group cannot be deleted earlier, so the policies are deleted after this group.
  timeouts {
    delete = "45m"
  }
  depends_on = [aws_iam_role_policy.function]
}

resource "aws_security_group" "database" {
  count       = local.own_network
  name        = "${var.name}-database"
  description = "The database. It accepts connections only from functions with placement vpc."
  vpc_id      = aws_vpc.warehouse[0].id

  tags = { Name = "${var.name}-database" }
}

resource "aws_vpc_security_group_egress_rule" "functions" {
  count                        = local.own_network
  security_group_id            = aws_security_group.functions["own"].id
  referenced_security_group_id = aws_security_group.database[0].id
  description                  = "MySQL to the database."
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count                        = local.own_network
  security_group_id            = aws_security_group.database[0].id
  referenced_security_group_id = aws_security_group.functions["own"].id
  description                  = "MySQL from functions with placement vpc."
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}
