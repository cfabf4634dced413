# How many invocations of a function may run at the same time.
#
# Each environment of a vpc function keeps one connection to the database, also while it is idle, and logs in once. Customers
# decide how many environments the functions of a purchase and of a product query have, so without a limit a slow database gets
# more and more connections. docs/capacity.md, The database, has the arithmetic.

# The quota of the account, Concurrent executions. A new account has 10.
data "aws_servicequotas_service_quota" "concurrency" {
  count        = local.on_emulator ? 0 : 1
  service_code = "lambda"
  quota_code   = "L-B99A9384"
}

locals {
  concurrency_quota = one(data.aws_servicequotas_service_quota.concurrency[*].value)

  # For a db.t4g.medium: together 140 connections, 240 during an upgrade, and 140 logins if all environments start at once. A
  # function with r environments handles 10 r requests a second. A purchase needs check-stock and decrement-stock once each, so 50
  # environments of each handle the 500 purchases a second that route_limits allows.
  default_concurrency = { check-stock = 50, decrement-stock = 50, show-product = 30, list-products = 10 }

  # Lambda leaves at least 100 of the quota to the functions without a reservation.
  unreserved         = 100
  wanted_concurrency = merge(local.default_concurrency, var.reserved_concurrency)
  concurrency_fits   = !local.on_emulator && sum(concat([0], [for number in values(local.wanted_concurrency) : max(number, 0)])) + local.unreserved <= coalesce(local.concurrency_quota, 0)

  reserved_concurrency = local.concurrency_fits ? local.wanted_concurrency : var.reserved_concurrency

  # The connections that the limited vpc functions can take, and those left to steps of restocks, callbacks, sweeps, migrations
  # and people.
  reserved_connections = sum(concat([0], [
    for name, number in local.reserved_concurrency : max(number, 0) if try(local.system.functions[name].placement == "vpc", false)
  ]))
  # A reservation counts requests, not environments. After customers have moved to a new version, the environments of the earlier
  # one are idle for a while, each with its connection.
  upgrade_connections = local.with_versions ? sum([
    for name in ["check-stock", "decrement-stock"] : max(lookup(local.reserved_concurrency, name, 0), 0)
  ]) : 0
  other_connections = 40
  # Memory / 12,582,880, less what RDS keeps for itself: about 300 of 341.
  connections_of_the_default_class = 300
}

check "database_connections_are_limited" {
  assert {
    condition     = local.on_emulator || local.concurrency_fits
    error_message = "Nothing limits the connections to the database. The quota of this account, ${coalesce(local.concurrency_quota, 0)} concurrent executions, is too small for the default reservations (${jsonencode(local.default_concurrency)}), as Lambda leaves at least ${local.unreserved} unreserved. They are left out. Request 1,000 (Service Quotas, AWS Lambda, Concurrent executions) before you open the shop, and apply again."
  }
}

check "database_connections_suffice" {
  assert {
    condition     = var.database_instance_class != "db.t4g.medium" || local.reserved_connections + local.upgrade_connections + local.other_connections <= local.connections_of_the_default_class
    error_message = "reserved_concurrency allows ${local.reserved_connections} connections, idle environments of the earlier version keep up to ${local.upgrade_connections} after an upgrade, and other functions need about ${local.other_connections}. A db.t4g.medium takes about ${local.connections_of_the_default_class}. Choose a larger database_instance_class, or smaller numbers."
  }
}
