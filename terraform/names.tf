# Values of the ${placeholders} in system.json and in the state machines.

locals {
  # ARNs are built from names, not read from resources: functions and state machines refer to each other, so reading them
  # would be a circular dependency.
  arn_prefix = {
    for service in ["events", "lambda", "logs", "rds-db", "scheduler", "secretsmanager", "ses", "sns", "sqs", "states"] :
    service => "arn:${local.partition}:${service}:${var.region}:${local.account}"
  }
  queue_names = { for name in keys(local.system.queues) : name => replace("${var.name}-${name}", "_", "-") }
  arns = merge(
    { for name in keys(local.all_functions) : replace(name, "-", "_") => "${local.arn_prefix["lambda"]}:function:${var.name}-${name}" },
    { for name in keys(local.system.state_machines) : "${name}_machine_arn" => "${local.arn_prefix["states"]}:stateMachine:${var.name}-${name}" },
    # The names of executions are known only when they start, hence the asterisk.
    { for name in keys(local.system.state_machines) : "${name}_executions_arn" => "${local.arn_prefix["states"]}:execution:${var.name}-${name}:*" },
    { for name, queue in local.queue_names : "${name}_arn" => "${local.arn_prefix["sqs"]}:${queue}" },
    { for name, queue in local.undelivered_names : "undelivered_${name}_arn" => "${local.arn_prefix["sqs"]}:${queue}" },
    {
      depletion_topic_arn = "${local.arn_prefix["sns"]}:${var.name}-depletion"
      alarms_topic_arn    = "${local.arn_prefix["sns"]}:${var.name}-alarms"
      ended_rule_arn      = "${local.arn_prefix["events"]}:rule/${var.name}-ended-unreported"
      # SES also requires permission for the identity of the recipient if the account has one, as in the SES sandbox.
      mail_from_arn = "${local.arn_prefix["ses"]}:identity/${coalesce(var.mail_identities.from, var.mail_from)}"
      mail_to_arn   = "${local.arn_prefix["ses"]}:identity/${coalesce(var.mail_identities.to, var.mail_to)}"
    },
  )
  # The host of factory_url, without a port and a path.
  factory_host = regex("^https?://([^/:]+)", var.factory_url)[0]
  factory_lists = {
    factory_hosts           = sort(setunion([local.factory_host], var.factory_hosts))
    factory_secrets         = sort(var.factory_secrets)
    private_factory_hosts   = sort(var.private_factory_hosts)
    private_factory_secrets = sort(var.private_factory_secrets)
  }
  values = merge(
    local.arns,
    {
      name                  = var.name
      dead_letter_queue_url = aws_sqs_queue.this["dead_letter_queue"].url
      operations_queue_url  = aws_sqs_queue.this["operations_queue"].url
      api_url               = local.api_url
      origin_secret         = local.origin_secret
      callback_key_secrets  = local.callback_key_secrets
      requester             = var.requester
      mail_from             = var.mail_from
      mail_to               = var.mail_to
      redrive_command       = var.redrive_command
      aws_command           = local.aws_command
      runbook_url           = var.runbook_url
      execution_link        = local.execution_link
      secret_arn            = local.secret_arn
    },
    { callback_key_secret_arns = local.callback_key_secret_arns },
    # An environment variable must not be empty: a hyphen is no host and no secret.
    { for name, list in local.factory_lists : name => length(list) > 0 ? join(",", list) : "-" },
    # AWS appends a hyphen and six characters to the name of a secret.
    {
      for name in ["factory_secret", "private_factory_secret"] :
      "${name}_arns" => [for secret in local.factory_lists["${name}s"] : "${local.arn_prefix["secretsmanager"]}:secret:${secret}-??????"]
    },
  )

  # The AWS CLI as a reader of the mails needs it.
  aws_command = (
    local.on_emulator
    ? "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url ${coalesce(var.endpoint_url, "none")} --region ${var.region}"
    : "aws --region ${var.region}"
  )

  # Each partition has a console of its own. Also in crates/operations/src/executions/console.rs.
  console = lookup({ aws-cn = "console.amazonaws.cn", aws-us-gov = "console.amazonaws-us-gov.com" }, local.partition, "console.aws.amazon.com")

  # Shows an execution, for the mails. {execution} stands for the ARN of the execution. The emulator has no console.
  execution_link = (
    local.on_emulator
    ? "${local.aws_command} stepfunctions get-execution-history --execution-arn {execution}"
    : "https://${var.region}.${local.console}/states/home?region=${var.region}#/v2/executions/details/{execution}"
  )
}
