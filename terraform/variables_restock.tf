# How long a restock waits.

variable "await_completion_seconds" {
  description = "Seconds for which a restock waits for the factory's callback before it orders again. The default is in system.json: 900. The factory takes 40 seconds. A wait that is shorter than the factory's time orders everything twice."
  type        = number
  default     = null

  validation {
    condition     = var.await_completion_seconds == null ? true : var.await_completion_seconds >= 60 && floor(var.await_completion_seconds) == var.await_completion_seconds
    error_message = "await_completion_seconds must be a whole number of 60 or more: the factory takes 40 seconds."
  }
  validation {
    condition     = var.await_completion_seconds == null ? true : var.await_completion_seconds <= local.longest_wait
    error_message = "await_completion_seconds must be at most ${local.longest_wait}: a restock waits up to ${local.system.settings.restock_attempts} times, needs up to ${local.restock_rest} seconds for everything else, and must end before TimeoutSeconds of statemachines/restock.asl.yaml (${local.restock_limit} s). For a longer wait, raise TimeoutSeconds, and restock_abandoned_seconds in system.json."
  }
}

locals {
  settings = merge(local.system.settings, var.await_completion_seconds == null ? {} : { await_completion_seconds = var.await_completion_seconds })

  # The comment at the top of the definition says how long a restock takes at most with the settings of system.json. A test
  # (crates/system/tests/state_machines/time.rs) compares the comment with the sum of all states.
  restock_definition = file(local.machine_files["restock"])
  restock_limit      = tonumber(regex("\nTimeoutSeconds: ([0-9]+)\n", local.restock_definition)[0])
  restock_longest    = tonumber(replace(regex("\n# At most ([0-9,]+) s", local.restock_definition)[0], ",", ""))
  # What a restock needs in addition to its waits.
  restock_rest = local.restock_longest - local.system.settings.restock_attempts * local.system.settings.await_completion_seconds
  longest_wait = floor((local.restock_limit - 1 - local.restock_rest) / local.system.settings.restock_attempts)
}
