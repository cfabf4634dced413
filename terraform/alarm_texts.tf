# Texts and commands in the descriptions of alarms.

locals {
  sweep_interval = trimsuffix(trimprefix(local.system.schedules.sweep.expression, "rate("), ")")

  # Commands that the descriptions of alarms show. Each stands on a line of its own, to be copied.
  show_log    = { for name in keys(local.all_functions) : name => "  aws logs tail /aws/lambda/${var.name}-${name} --since 1h" }
  show_errors = { for name, command in local.show_log : name => "${command} --filter-pattern ERROR" }
  show_executions = {
    for name, type in local.system.state_machines : name => (
      type == "EXPRESS" ? "  aws logs tail /aws/vendedlogs/states/${var.name}-${name} --since 1h" :
      "  aws stepfunctions list-executions --max-items 10 --state-machine-arn ${local.arns["${name}_machine_arn"]}"
    )
  }

  # What customers and operations notice while a function or a state machine fails. A function without an entry is a
  # step of a restock.
  function_impacts = {
    sales-api          = "Customers get HTTP 5xx for POST /checkout. A retry with the same Idempotency-Key never buys twice."
    check-stock        = "Purchases still work: they continue without this check."
    decrement-stock    = "Customers get HTTP 503 for POST /checkout. A retry with the same Idempotency-Key never buys twice."
    publish-depletion  = "Purchases still work. Restocks may start up to ${local.sweep_interval} late: the sweep publishes missing depletions again."
    list-products      = "Customers get HTTP 5xx for GET /products. Purchases still work."
    show-product       = "Customers get HTTP 5xx for GET /products/{sku}. Purchases still work."
    start-restock      = "Purchases still work. Restocks start late. A message that fails again and again moves to operations_queue, and operations get a mail."
    report             = "A failure is not reported, so operations get no mail about it."
    receive-completion = "Goods that the factory reported reach the stock late. Callbacks are kept in completion_queue for 14 days."
    record-arrival     = "Goods that the factory reported reach the stock late. If all retries fail, operations get a mail."
    increment-stock    = "Goods that arrived reach the stock late. If all retries fail, the sweep credits them later."
    complete-task      = "Goods that the factory reported reach the stock late. If all retries fail, the completion workflow credits them itself."
    find-depleted      = "Purchases still work. Lost depletions and abandoned restocks wait for the next sweep, in ${local.sweep_interval}."
  }
  step_impact = "Purchases still work. The state machine retries the step. If all retries fail, operations get a mail and a dead letter."
  # A function without an entry above has the impact of its incident, or is a step of a restock.
  impacts = {
    for name in keys(local.watched_functions) : name => lookup(
      local.function_impacts, name,
      lookup(local.function_incidents, name, "restocks") == "restocks" ? local.step_impact : local.incidents[local.function_incidents[name]].impact,
    )
  }
  machine_impacts = {
    purchase   = "Customers got HTTP 503. A retry with the same Idempotency-Key never buys twice."
    restock    = "The product was not restocked and may sell out. While its stock is at or below the reorder point, the sweep requests another restock every ${local.sweep_interval}."
    completion = "Goods that the factory reported may be missing from stock."
    sweep      = "Purchases still work. The next sweep starts in ${local.sweep_interval} and repeats the work."
  }
}
