# Logs and traces. docs/cost.md says what each costs, and docs/operations.md how to get everything for a while.

variable "log_retention_days" {
  description = "Days for which CloudWatch keeps all logs."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs supports: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "purchase_log" {
  description = <<-EOT
    History of purchases in the log. level: ERROR (only the events of what failed), ALL (every state, so that the console shows
    the history of each purchase), FATAL or OFF. data: whether SKU, quantity and idempotency key are logged; none of them is
    secret. ALL with data writes about 10 KB for each purchase, which costs about 8 USD for a million purchases.
  EOT
  type = object({
    level = optional(string, "ERROR")
    data  = optional(bool, true)
  })
  default = {}

  validation {
    condition     = contains(["ALL", "ERROR", "FATAL", "OFF"], var.purchase_log.level)
    error_message = "purchase_log.level must be ALL, ERROR, FATAL or OFF."
  }
}

variable "platform_log_level" {
  description = "Which lines about invocations Lambda adds to the log of each function: WARN (only failures and time-outs), INFO (also the start and the report of each invocation, about 600 bytes) or DEBUG (also what Lambda itself does for it)."
  type        = string
  default     = "WARN"

  validation {
    condition     = contains(["WARN", "INFO", "DEBUG"], var.platform_log_level)
    error_message = "platform_log_level must be WARN, INFO or DEBUG."
  }
}

variable "tracing" {
  description = "Whether X-Ray traces executions and the functions that they invoke."
  type        = bool
  default     = true
}

variable "purchase_traced_share" {
  description = "Share of the purchases that X-Ray traces, from 0 to 1, if tracing is on. Of other executions it traces the first of each second and 5 in 100 of the others."
  type        = number
  default     = 0.01

  validation {
    condition     = var.purchase_traced_share >= 0 && var.purchase_traced_share <= 1
    error_message = "purchase_traced_share must be a number from 0 to 1, such as 0.01."
  }
}
