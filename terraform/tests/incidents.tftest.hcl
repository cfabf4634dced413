# One incident sends one notice.

mock_provider "aws" {
  source = "./tests/aws"
}

run "only_composite_alarms_and_lasting_conditions_have_actions" {
  assert {
    condition = [for name, alarm in aws_cloudwatch_metric_alarm.this : name if length(alarm.alarm_actions) > 0] == [
      "callbacks-forged", "callbacks-not-stored", "checkout-slow", "database-connections", "database-cpu-credits", "database-logins",
      "database-memory", "database-storage", "dead-letters", "requests-throttled", "undelivered-depletions", "undelivered-reports",
    ]
    error_message = "Only alarms that may last for days may have actions of their own."
  }
  assert {
    condition = [for name, alarm in aws_cloudwatch_metric_alarm.this : name if length(alarm.ok_actions) != length(alarm.alarm_actions)] == [
      "callbacks-forged", "callbacks-not-stored", "dead-letters", "undelivered-depletions", "undelivered-reports",
    ]
    error_message = "An alarm must report its end if its end matters: it does not for an alarm that counts events."
  }
  assert {
    condition = toset(concat(keys(aws_cloudwatch_composite_alarm.cause), keys(aws_cloudwatch_composite_alarm.incident))) == toset(["callbacks", "concurrency", "database", "purchases", "reports", "restocks", "sweep"]) && alltrue([
      for alarm in concat(values(aws_cloudwatch_composite_alarm.cause), values(aws_cloudwatch_composite_alarm.incident)) :
      contains(alarm.alarm_actions, aws_sns_topic.alarms.arn) && contains(alarm.ok_actions, aws_sns_topic.alarms.arn)
    ])
    error_message = "Each incident must send a notice when it begins and when it ends."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_composite_alarm.explained : length(coalesce(alarm.alarm_actions, [])) == 0 && length(coalesce(alarm.ok_actions, [])) == 0])
    error_message = "An alarm that only suppresses notices must send none."
  }
}

run "every_alarm_belongs_to_exactly_one_incident" {
  assert {
    condition     = alltrue([for alarm in local.alarms : contains(keys(local.incidents), alarm.incident)]) && length(setsubtract(values(local.told), ["incident", "mail", "itself"])) == 0
    error_message = "An alarm belongs to no incident, or nobody tells it."
  }
  # The rules of two incidents share no alarm, except the database's, which counts alarms of workflows.
  assert {
    condition = sort(flatten([
      for name, alarm in merge(aws_cloudwatch_composite_alarm.cause, aws_cloudwatch_composite_alarm.incident) :
      regexall("ALARM[(]restock-([a-z-]+)[)]", alarm.alarm_rule) if name != "database"
    ])) == sort([for name, told in local.told : name if told == "incident"])
    error_message = "An alarm without actions and without a mail must be in the rule of exactly one incident."
  }
  assert {
    condition = alltrue([
      for name, alarm in merge(aws_cloudwatch_composite_alarm.cause, aws_cloudwatch_composite_alarm.incident) : alltrue([
        for found in regexall("restock-[a-z-]+", alarm.alarm_rule) : contains(["concurrency", "database"], name) || strcontains(alarm.alarm_description, found)
      ])
    ])
    error_message = "A notice must name the alarms of its incident as the console names them."
  }
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_composite_alarm.cause), values(aws_cloudwatch_composite_alarm.incident)) :
      can(regex("^.{20,}\nImpact: .{30,}\nAction:\n(.|\n){40,}\nAlarms of this incident: restock-.+[.]\nRunbook: docs/runbook/alarms/[a-z-]+[.]md$", alarm.alarm_description))
    ])
    error_message = "A notice does not describe what happened, its impact, the action to take, and its alarms."
  }
  # Limits of CloudWatch.
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_composite_alarm.cause), values(aws_cloudwatch_composite_alarm.incident), values(aws_cloudwatch_composite_alarm.explained)) :
      length(alarm.alarm_rule) <= 10240 && length(regexall("restock-[a-z-]+", alarm.alarm_rule)) <= 100
    ])
    error_message = "A rule must have at most 10,240 characters and 100 alarms."
  }
}

# The factory is down: place-order fails seven times, the restock fails, a dead letter is left, and a mail is sent.
run "one_failed_restock_is_one_notice_the_mail" {
  assert {
    condition = alltrue([
      for name in ["restock-failed", "restock-timedout", "place-order-errors"] :
      length(aws_cloudwatch_metric_alarm.this[name].alarm_actions) == 0 && length(aws_cloudwatch_metric_alarm.this[name].ok_actions) == 0
    ])
    error_message = "An alarm that begins with a failed restock has actions of its own."
  }
  # These composite alarms go into the state ALARM, and these of them are not suppressed by restock-failed.
  assert {
    condition = [
      for name, alarm in aws_cloudwatch_composite_alarm.incident : name
      if anytrue([for begins in ["restock-failed", "place-order-errors"] : strcontains(alarm.alarm_rule, "ALARM(restock-${begins})")])
    ] == ["restocks"]
    error_message = "place-order-errors must be in the notice about restocks, and by no other."
  }
  assert {
    condition = (
      aws_cloudwatch_composite_alarm.incident["restocks"].actions_suppressor[0].alarm == "restock-restocks-explained"
      && strcontains(aws_cloudwatch_composite_alarm.explained["restocks"].alarm_rule, "ALARM(restock-restock-failed)")
      && strcontains(aws_cloudwatch_composite_alarm.explained["restocks"].alarm_rule, "ALARM(restock-restock-timedout)")
    )
    error_message = "A failed restock is reported by mail, so it must suppress the notice about restocks."
  }
  assert {
    condition     = !anytrue([for alarm in aws_cloudwatch_composite_alarm.cause : anytrue([for begins in ["restock-failed", "place-order-errors"] : strcontains(alarm.alarm_rule, "restock-${begins}")])])
    error_message = "A failed restock must not begin an incident that nothing suppresses."
  }
  # A step that fails without ending its restock: its alarm lasts for 5 minutes, and the notice waits for less.
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_composite_alarm.incident : alarm.actions_suppressor[0].wait_period < 300])
    error_message = "The notice must not wait for longer than the alarm of a step lasts, or nobody hears of it."
  }
}

run "an_outage_of_the_database_is_one_notice" {
  assert {
    condition = aws_cloudwatch_composite_alarm.cause["database"].alarm_rule == "AT_LEAST(2, ALARM, (${join(", ", [
      for name, function in local.watched_functions : "restock-${name}-errors" if function.placement == "vpc"
    ])}))"
    error_message = "The incident of the database must begin when two functions that use it fail at once."
  }
  # Of the incidents that begin as well, each is suppressed by the database's.
  assert {
    condition = alltrue([
      for name in ["purchases", "restocks", "callbacks", "sweep"] :
      strcontains(aws_cloudwatch_composite_alarm.explained[name].alarm_rule, "ALARM(restock-database)")
      && aws_cloudwatch_composite_alarm.incident[name].actions_suppressor[0].alarm == "restock-${name}-explained"
    ])
    error_message = "An outage of the database must suppress the notices of the workflows that need it."
  }
  assert {
    condition = alltrue([
      for begins in ["check-stock-errors", "decrement-stock-errors", "show-product-errors", "sales-api-errors", "api-errors", "purchase-failed", "purchase-outcome-unknown", "open-restock-errors", "record-arrival-errors", "sweep-missing", "find-depleted-errors"] :
      length(aws_cloudwatch_metric_alarm.this[begins].alarm_actions) == 0
      && anytrue([for alarm in aws_cloudwatch_composite_alarm.incident : strcontains(alarm.alarm_rule, "ALARM(restock-${begins})")])
    ])
    error_message = "An alarm that begins with an outage of the database must be in an incident that the outage suppresses."
  }
}

run "a_concurrency_limit_is_one_notice" {
  assert {
    condition = alltrue([
      for function in keys(local.watched_functions) :
      strcontains(aws_cloudwatch_composite_alarm.cause["concurrency"].alarm_rule, "ALARM(restock-${function}-throttles)")
      && (lookup(local.function_incidents, function, "restocks") == "reports" || length([for alarm in aws_cloudwatch_composite_alarm.explained : alarm if strcontains(alarm.alarm_rule, "ALARM(restock-${function}-throttles)")]) == 1)
    ])
    error_message = "Throttles must be in the notice about concurrency, and suppress the notice of their workflow."
  }
}

# The notice that mails are not sent needs neither a mail nor the database.
run "nothing_suppresses_the_notice_that_mails_are_not_sent" {
  assert {
    condition = !contains(keys(aws_cloudwatch_composite_alarm.incident), "reports") && alltrue([
      for name in ["mails-not-sent", "operations-queue-delayed", "report-errors"] : strcontains(aws_cloudwatch_composite_alarm.cause["reports"].alarm_rule, "ALARM(restock-${name})")
    ])
    error_message = "The notice about reports must come whatever else fails."
  }
}

# The emulator does not store a suppressor.
run "an_emulator_gets_no_suppressor" {
  variables {
    endpoint_url = "http://ministack:4566"
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_composite_alarm.incident : length(alarm.actions_suppressor) == 0])
    error_message = "Terraform would plan a change of the suppressor on every run."
  }
}
