# What an operator sets for a time.

variable "restocks_paused" {
  description = "Whether restocks and callbacks wait: stock_queue and completion_queue keep their messages, for 4 and 14 days, and no sweep runs. Purchases and executions that run go on, and an upgrade gives all customers the new version at once. Set it while the database is restored (docs/runbook/restore.md)."
  type        = bool
  default     = false
}

variable "monthly_budget" {
  description = <<-EOT
    The cost of a month in USD. Operations get a mail at 80 percent, and when AWS expects more than the whole.
    only_this_deployment: whether only the resources of this deployment count, and not the whole account. For that, activate
    the cost allocation tag Deployment in the billing console once. Until then, AWS counts nothing.
  EOT
  type = object({
    usd                  = number
    only_this_deployment = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.monthly_budget == null ? true : var.monthly_budget.usd > 0
    error_message = "monthly_budget.usd must be above 0."
  }
}
