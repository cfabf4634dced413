# An IAM policy has at most 6,144 characters, so there are several.

locals {
  all_allowed = merge(local.allowed, local.allowed_at_edge, local.allowed_for_upgrades, local.allowed_in_account)
  statements = {
    for name, entry in local.all_allowed : name => {
      Sid      = join("", [for word in split("_", name) : title(word)])
      Effect   = "Allow"
      Action   = flatten([for service, actions in entry.actions : [for action in actions : "${service}:${action}"]])
      Resource = entry.resources
    }
  }
  policies = {
    services  = [for name in ["api", "alarms", "composite_alarms", "dashboard", "logs", "log_deliveries", "events", "schedules", "topics", "subscriptions", "queues", "mails", "new_identities", "secrets"] : local.statements[name]]
    edge      = [for name in keys(local.allowed_at_edge) : local.statements[name]]
    functions = [for name in ["functions", "quotas", "migration", "queue_consumers", "new_queue_consumers", "machines", "validate", "traces", "list_traces"] : local.statements[name]]
    upgrades  = [for name in keys(local.allowed_for_upgrades) : local.statements[name]]
    network   = concat([for name in ["network", "look_at_network", "network_interfaces", "database", "master_password"] : local.statements[name]], [local.master_password_key])
    roles     = concat([for name in ["policies", "roles", "budget"] : local.statements[name]], [local.create_roles, local.pass_roles, local.service_linked_roles, local.not_itself], local.key)
  }
}

resource "aws_iam_policy" "deployer" {
  # checkov:skip=CKV_AWS_289: who deploys roles must write their policies: only those of the deployment, within the boundary if there is one.
  # checkov:skip=CKV_AWS_290: as CKV_AWS_289. AWS supports no resources for log deliveries, event source mappings and validations.
  # checkov:skip=CKV_AWS_355: as CKV_AWS_290.
  # checkov:skip=CKV_AWS_286: as CKV_AWS_289.
  # checkov:skip=CKV_AWS_287: the deployer reads the callback key when it refreshes the state, and no other secret.
  # checkov:skip=CKV_AWS_288: as CKV_AWS_287.
  # checkov:skip=CKV2_AWS_40: no action is iam:*.
  for_each    = local.policies
  name        = "${var.name}-deployer-${each.key}"
  description = "What terraform apply needs for ${var.name}: ${each.key}."
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

output "policy_arns" {
  description = "The policies to attach to whoever deploys."
  value       = { for name, policy in aws_iam_policy.deployer : name => policy.arn }
}
