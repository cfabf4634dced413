# A VPC that nothing leads into or out of: no Internet gateway, no NAT, no endpoints. The warehouse
# functions reach the database in it and nothing else; the door functions are not in it. The IAM tokens
# that functions log in with are signed within the function, so not even that needs a way out.

locals {
  # Of our own only where the database is.
  own_network = local.own_database ? 1 : 0
  zones       = [for letter in var.zones : "${var.region}${letter}"]

  # Whether the warehouse functions are attached to a network, and to which.
  in_network = local.own_database || var.existing_database != null
  network = local.own_database ? {
    subnet_ids         = aws_subnet.warehouse[*].id
    security_group_ids = aws_security_group.functions[*].id
    } : var.existing_database == null ? null : {
    subnet_ids         = var.existing_database.subnet_ids
    security_group_ids = concat(aws_security_group.functions[*].id, var.existing_database.security_group_ids)
  }
}

data "aws_subnet" "existing" {
  count = var.existing_database == null ? 0 : 1
  id    = var.existing_database.subnet_ids[0]
}

resource "aws_vpc" "warehouse" {
  # checkov:skip=CKV2_AWS_11: flow logs would show who asks the database: by its one rule, our functions.
  count                = local.own_network
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = "${var.name}-warehouse" }
}

# The group that AWS puts into every VPC lets its members talk. Nobody is a member; still, not here.
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

# Without a route, there is only the one within the VPC.
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

# With an existing database the groups of that one say what the functions reach, and this says nothing.
resource "aws_security_group" "functions" {
  # checkov:skip=CKV2_AWS_5: it is attached to the functions of the warehouse, in functions.tf.
  count       = local.in_network ? 1 : 0
  name        = "${var.name}-functions"
  description = "The functions of the warehouse. They reach the database and nothing else."
  vpc_id      = local.own_database ? aws_vpc.warehouse[0].id : data.aws_subnet.existing[0].vpc_id

  tags = { Name = "${var.name}-functions" }

  # Lambda takes up to 20 minutes to give up the network interfaces of functions that are gone, and needs their roles'
  # rights for it. So this group, which cannot go before, goes before those.
  timeouts {
    delete = "45m"
  }
  depends_on = [aws_iam_role_policy.function]
}

resource "aws_security_group" "database" {
  count       = local.own_network
  name        = "${var.name}-database"
  description = "The database. It lets in the functions of the warehouse and nobody else."
  vpc_id      = aws_vpc.warehouse[0].id

  tags = { Name = "${var.name}-database" }
}

resource "aws_vpc_security_group_egress_rule" "functions" {
  count                        = local.own_network
  security_group_id            = aws_security_group.functions[0].id
  referenced_security_group_id = aws_security_group.database[0].id
  description                  = "To the database."
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count                        = local.own_network
  security_group_id            = aws_security_group.database[0].id
  referenced_security_group_id = aws_security_group.functions[0].id
  description                  = "From the functions of the warehouse."
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}
