# What the alarms promise to customers. variables_database.tf has the thresholds of the database.

variable "checkout_objectives" {
  description = "What POST /checkout should keep to, else an alarm begins after 15 minutes. p99_ms: milliseconds within which 99 of 100 requests are answered. error_percent: percentage of requests that are answered with HTTP 5xx."
  type = object({
    p99_ms        = optional(number, 2000)
    error_percent = optional(number, 1)
  })
  default = {}

  validation {
    condition     = var.checkout_objectives.p99_ms > 0 && var.checkout_objectives.error_percent >= 0 && var.checkout_objectives.error_percent < 100
    error_message = "In checkout_objectives, p99_ms must be above 0, and error_percent must be from 0 to below 100."
  }
}
