# How upgrades are applied.

variable "gradual_upgrades" {
  description = "Whether an upgrade gives 10 % of the purchases the new version for 10 minutes, and goes back if an alarm goes into the state ALARM. Such an apply takes up to 25 minutes longer. Set false to repair a shop whose alarms are in the state ALARM: then customers get the new version at once. While restocks_paused is set, they always do."
  type        = bool
  default     = true
}
