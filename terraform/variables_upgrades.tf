# How upgrades are applied.

variable "gradual_upgrades" {
  description = "Whether an upgrade gives 10 % of the purchases the new version for 10 minutes, and goes back if an alarm fires. Such an apply takes up to 25 minutes longer. Set false to repair a shop whose alarms are firing: then customers get the new version at once."
  type        = bool
  default     = true
}
