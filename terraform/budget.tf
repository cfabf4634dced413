# A mail when the month costs more than was planned: monthly_budget.

resource "aws_budgets_budget" "monthly" {
  count        = var.monthly_budget == null ? 0 : 1
  name         = "${var.name}-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.monthly_budget.usd)
  limit_unit   = "USD"

  # Only what has the tag Deployment of default_tags.
  dynamic "cost_filter" {
    for_each = var.monthly_budget.only_this_deployment ? [1] : []
    content {
      name   = "TagKeyValue"
      values = [format("user:Deployment$%s", var.name)]
    }
  }

  # AWS computes the cost of a day several hours later, so the forecast says it first.
  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }
    content {
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      notification_type          = notification.key
      subscriber_email_addresses = [var.mail_to]
    }
  }
}
