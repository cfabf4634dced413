# The alarms. Each alarm belongs to one incident (alarm_incidents.tf). One incident sends one notice: its composite alarm
# has the actions, and its metric alarms have none. The functions write our own metrics (namespace var.name) into their
# logs, and CloudWatch reads them there. So no function needs a call or a permission to count something.

locals {
  # Each alarm has a metric, a threshold (above or below), its incident, and three texts, which become its description: what
  # happened, what this means for customers and stock (impact), and what to do (action, one entry for each line).
  # Instead of a metric, an alarm can have an expression over several metrics.
  # told: who tells operations. incident (default): the notice of the incident. mail: a mail tells the same, so the alarm
  # only suppresses the notice. itself: the alarm has its own notice. Such an alarm may last for days, and while an incident
  # lasts, its notice is not sent again.
  # event: the alarm counts events. Its end means only that none has followed, so no notice tells its end.
  all_alarms = merge(
    local.queue_alarms, local.polling_alarms, local.workflow_alarms, local.api_alarms, local.machine_alarms, local.error_alarms,
    local.throttle_alarms, local.database_alarms,
  )
  # The emulator stores neither expressions nor percentiles, so Terraform would plan a change on every run.
  alarms = { for name, alarm in local.all_alarms : name => alarm if !local.on_emulator || can(regex("^[A-Z]", alarm.stat)) }

  # The metrics that the alarms watch, one for each that AWS bills.
  alarm_metrics = concat(
    [for name, alarm in local.alarms : { alarm = name, namespace = alarm.namespace, metric = alarm.metric, dimensions = alarm.dimensions } if can(alarm.metric)],
    flatten([for name, alarm in local.alarms : [for metric in try(alarm.metrics, {}) : { alarm = name, namespace = metric.namespace, metric = metric.metric, dimensions = metric.dimensions }]]),
  )

  told         = { for name, alarm in local.alarms : name => try(alarm.told, "incident") }
  percentile   = { for name, alarm in local.alarms : name => startswith(try(alarm.stat, ""), "p") }
  console_name = { for name in keys(local.alarms) : name => "${var.name}-${name}" }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each   = local.alarms
  alarm_name = local.console_name[each.key]
  alarm_description = join("\n", concat(
    [each.value.happened, "Impact: ${each.value.impact}", "Action:"], each.value.action,
    ["Runbook: ${var.runbook_url}/alarms/${try(each.value.page, each.key)}.md"],
  ))
  namespace           = try(each.value.namespace, null)
  metric_name         = try(each.value.metric, null)
  dimensions          = try(each.value.dimensions, null)
  statistic           = can(each.value.expression) || local.percentile[each.key] ? null : each.value.stat
  extended_statistic  = local.percentile[each.key] ? each.value.stat : null
  period              = can(each.value.expression) ? null : try(each.value.period, 300)
  evaluation_periods  = try(each.value.periods, 1)
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = local.told[each.key] == "itself" ? local.alarm_topics : []
  ok_actions          = local.told[each.key] == "itself" && !try(each.value.event, false) ? local.alarm_topics : []

  dynamic "metric_query" {
    for_each = can(each.value.expression) ? [each.value.expression] : []
    content {
      id          = "result"
      expression  = metric_query.value
      label       = each.key
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = try(each.value.metrics, {})
    content {
      id = metric_query.key
      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = metric_query.value.stat
        period      = try(each.value.period, 300)
      }
    }
  }

  # CloudWatch refuses to delete an alarm that a composite alarm names. So the composite alarms are changed first, which
  # Terraform does only with this line: https://github.com/hashicorp/terraform-provider-aws/issues/34807
  lifecycle {
    create_before_destroy = true
  }
}

locals {
  # The alarms in the rule of each incident.
  causes = {
    for incident in keys(local.incidents) : incident => [
      for name, alarm in local.alarms : local.console_name[name]
      if alarm.incident == incident && local.told[name] == "incident"
    ]
  }
  # One function that fails is an incident of its workflow. Two that use the database and fail at once are an incident of
  # the database.
  database_errors = [for name, function in local.watched_functions : local.console_name["${name}-errors"] if function.placement == "vpc"]
  rules = {
    for incident, alarms in local.causes : incident =>
    incident == "database" ? "AT_LEAST(2, ALARM, (${join(", ", local.database_errors)}))" :
    join(" OR ", [for name in alarms : "ALARM(${name})"])
  }

  # What another notice or a mail tells already: the database does not work, functions of the same workflow are throttled,
  # or an execution failed. Mails do not use the database, so nothing suppresses the notice that they are not sent.
  explained = {
    for incident in ["purchases", "restocks", "callbacks", "sweep"] : incident => concat(
      [local.incident_names["database"]],
      [for name, alarm in local.alarms : local.console_name[name] if alarm.incident == incident && local.told[name] == "mail"],
      [
        for function in keys(local.watched_functions) : local.console_name["${function}-throttles"]
        if lookup(local.function_incidents, function, "restocks") == incident
      ],
    )
  }
  incident_names = { for incident in keys(local.incidents) : incident => "${var.name}-${incident}" }
}

# An incident that nothing can suppress: others refer to the database's.
resource "aws_cloudwatch_composite_alarm" "cause" {
  for_each          = { for name, incident in local.incidents : name => incident if !contains(keys(local.explained), name) }
  alarm_name        = local.incident_names[each.key]
  alarm_description = local.incident_descriptions[each.key]
  alarm_rule        = local.rules[each.key]
  alarm_actions     = local.alarm_topics
  ok_actions        = local.alarm_topics

  # AWS and Terraform know the alarms of a rule by their names only.
  depends_on = [aws_cloudwatch_metric_alarm.this]
}

# Has no actions. While it is in the state ALARM, its incident sends no notice.
resource "aws_cloudwatch_composite_alarm" "explained" {
  for_each          = local.explained
  alarm_name        = "${local.incident_names[each.key]}-explained"
  alarm_description = "Sends no notice. While it is in the state ALARM, ${local.incident_names[each.key]} sends none either: a mail or the notice of another incident tells it."
  alarm_rule        = join(" OR ", [for name in each.value : "ALARM(${name})"])

  depends_on = [aws_cloudwatch_metric_alarm.this, aws_cloudwatch_composite_alarm.cause]
}

resource "aws_cloudwatch_composite_alarm" "incident" {
  for_each          = { for name, incident in local.incidents : name => incident if contains(keys(local.explained), name) }
  alarm_name        = local.incident_names[each.key]
  alarm_description = local.incident_descriptions[each.key]
  alarm_rule        = local.rules[each.key]
  alarm_actions     = local.alarm_topics
  ok_actions        = local.alarm_topics

  # The emulator does not store the suppressor, so Terraform would plan a change on every run.
  dynamic "actions_suppressor" {
    for_each = local.on_emulator ? [] : [1]
    content {
      alarm = aws_cloudwatch_composite_alarm.explained[each.key].alarm_name
      # Alarms look at the last 5 minutes once a minute. The alarm of a step that fails begins up to 3 minutes before that
      # of the execution that fails because of it. A wait of 5 minutes would outlast the alarm of a step that recovers.
      wait_period = each.value.wait_seconds
      # The alarms of an incident end after what explains them: the next sweep may be 5 minutes away.
      extension_period = 600
    }
  }

  depends_on = [aws_cloudwatch_metric_alarm.this]
}
