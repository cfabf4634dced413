# What each type of resource in terraform/ needs, from its creation to its deletion. crates/system/tests/account.rs compares
# the types with those in terraform/: a new type needs a line here. A policy for people or a pipeline has the same actions
# for resources of other deployments in the account only where AWS supports no resource, or no name.

locals {
  tags = ["ListTagsForResource", "TagResource", "UntagResource"]

  # Each entry: the types of resources, the actions by service, and the resources.
  allowed = {
    api = {
      types     = ["aws_apigatewayv2_api", "aws_apigatewayv2_authorizer", "aws_apigatewayv2_integration", "aws_apigatewayv2_route", "aws_apigatewayv2_stage"]
      actions   = { apigateway = ["DELETE", "GET", "PATCH", "POST", "PUT"] }
      resources = ["arn:${var.partition}:apigateway:${var.region}::/apis", "arn:${var.partition}:apigateway:${var.region}::/apis/*", "arn:${var.partition}:apigateway:${var.region}::/tags/*"]
    }
    alarms = {
      types     = ["aws_cloudwatch_composite_alarm", "aws_cloudwatch_metric_alarm"]
      actions   = { cloudwatch = concat(["DeleteAlarms", "PutMetricAlarm"], local.tags) }
      resources = ["${local.arn["cloudwatch"]}:alarm:${var.name}-*"]
    }
    # For composite alarms, CloudWatch asks for these permissions without a resource:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html and API_DescribeAlarms.html
    composite_alarms = {
      types     = ["aws_cloudwatch_composite_alarm", "aws_cloudwatch_metric_alarm"]
      actions   = { cloudwatch = ["DescribeAlarms", "PutCompositeAlarm"] }
      resources = ["*"]
    }
    dashboard = {
      types     = ["aws_cloudwatch_dashboard"]
      actions   = { cloudwatch = ["DeleteDashboards", "GetDashboard", "PutDashboard"] }
      resources = ["${local.global["cloudwatch"]}:dashboard/${var.name}"]
    }
    logs = {
      types = ["aws_cloudwatch_log_group", "aws_cloudwatch_log_metric_filter"]
      actions = { logs = concat(local.tags, [
        "AssociateKmsKey", "CreateLogGroup", "DeleteLogGroup", "DeleteMetricFilter", "DeleteRetentionPolicy", "DescribeMetricFilters", "DisassociateKmsKey",
        "PutMetricFilter", "PutRetentionPolicy",
      ]) }
      resources = [
        for group in ["/aws/lambda/${var.name}-*", "/aws/rds/instance/${var.name}-*", "/aws/vendedlogs/apis/${var.name}-*", "/aws/vendedlogs/states/${var.name}-*", "/aws/vendedlogs/vpcs/${var.name}-*"] :
        "${local.arn["logs"]}:log-group:${group}"
      ]
    }
    # The access log of the API and the logs of state machines. AWS supports no resources for log deliveries.
    log_deliveries = {
      types     = ["aws_apigatewayv2_stage", "aws_sfn_state_machine"]
      actions   = { logs = ["CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies", "GetLogDelivery", "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery"] }
      resources = ["*"]
    }
    events = {
      types     = ["aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"]
      actions   = { events = concat(["DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "ListTargetsByRule", "PutRule", "PutTargets", "RemoveTargets"], local.tags) }
      resources = ["${local.arn["events"]}:rule/${var.name}-*"]
    }
    schedules = {
      types     = ["aws_scheduler_schedule", "aws_scheduler_schedule_group"]
      actions   = { scheduler = concat(["CreateSchedule", "CreateScheduleGroup", "DeleteSchedule", "DeleteScheduleGroup", "GetSchedule", "GetScheduleGroup", "UpdateSchedule"], local.tags) }
      resources = ["${local.arn["scheduler"]}:schedule/${var.name}/*", "${local.arn["scheduler"]}:schedule-group/${var.name}"]
    }
    functions = {
      types = ["aws_lambda_function", "aws_lambda_function_event_invoke_config", "aws_lambda_permission"]
      actions = { lambda = [
        "AddPermission", "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency", "DeleteFunctionEventInvokeConfig", "GetFunction",
        "GetFunctionCodeSigningConfig", "GetFunctionConfiguration", "GetFunctionEventInvokeConfig", "GetPolicy", "ListTags", "ListVersionsByFunction",
        "PublishVersion", "PutFunctionConcurrency", "PutFunctionEventInvokeConfig", "RemovePermission", "TagResource", "UntagResource",
        "UpdateFunctionCode", "UpdateFunctionConfiguration", "UpdateFunctionEventInvokeConfig",
      ] }
      resources = ["${local.arn["lambda"]}:function:${var.name}-*"]
    }
    # For the limits of functions. AWS supports no resources for quotas.
    quotas = {
      types     = ["aws_lambda_function"]
      actions   = { servicequotas = ["GetAWSDefaultServiceQuota", "GetServiceQuota"] }
      resources = ["*"]
    }
    migration = {
      types     = ["aws_lambda_invocation"]
      actions   = { lambda = ["InvokeFunction"] }
      resources = ["${local.arn["lambda"]}:function:${var.name}-start-migration"]
    }
    # AWS chooses the names of mappings.
    queue_consumers = {
      types     = ["aws_lambda_event_source_mapping"]
      actions   = { lambda = ["DeleteEventSourceMapping", "GetEventSourceMapping", "ListTags", "TagResource", "UntagResource", "UpdateEventSourceMapping"] }
      resources = ["${local.arn["lambda"]}:event-source-mapping:*"]
    }
    new_queue_consumers = {
      types     = ["aws_lambda_event_source_mapping"]
      actions   = { lambda = ["CreateEventSourceMapping"] }
      resources = ["*"]
    }
    machines = {
      types     = ["aws_sfn_state_machine"]
      actions   = { states = concat(["CreateStateMachine", "DeleteStateMachine", "DescribeStateMachine", "ListStateMachineVersions", "PublishStateMachineVersion", "UpdateStateMachine"], local.tags) }
      resources = ["${local.arn["states"]}:stateMachine:${var.name}-*"]
    }
    # The provider validates each definition at plan, also of a machine that does not exist yet.
    validate = {
      types     = ["aws_sfn_state_machine"]
      actions   = { states = ["ValidateStateMachineDefinition"] }
      resources = ["*"]
    }
    traces = {
      types     = ["aws_xray_sampling_rule"]
      actions   = { xray = concat(["CreateSamplingRule", "DeleteSamplingRule", "UpdateSamplingRule"], local.tags) }
      resources = ["${local.arn["xray"]}:sampling-rule/${var.name}-purchases"]
    }
    # AWS lists the rules of the account, and supports no resources for that.
    list_traces = {
      types     = ["aws_xray_sampling_rule"]
      actions   = { xray = ["GetSamplingRules"] }
      resources = ["*"]
    }
    topics = {
      types     = ["aws_sns_topic", "aws_sns_topic_policy", "aws_sns_topic_subscription"]
      actions   = { sns = concat(["CreateTopic", "DeleteTopic", "GetTopicAttributes", "SetTopicAttributes", "Subscribe"], local.tags) }
      resources = ["${local.arn["sns"]}:${var.name}-*"]
    }
    # AWS supports no resources for these.
    subscriptions = {
      types     = ["aws_sns_topic_subscription"]
      actions   = { sns = ["GetSubscriptionAttributes", "SetSubscriptionAttributes", "Unsubscribe"] }
      resources = ["*"]
    }
    new_identities = {
      types     = ["aws_sesv2_email_identity"]
      actions   = { ses = ["CreateEmailIdentity"] }
      resources = ["*"]
    }
    queues = {
      types     = ["aws_sqs_queue", "aws_sqs_queue_policy", "aws_sqs_queue_redrive_allow_policy", "aws_sqs_queue_redrive_policy"]
      actions   = { sqs = ["CreateQueue", "DeleteQueue", "GetQueueAttributes", "GetQueueUrl", "ListQueueTags", "SetQueueAttributes", "TagQueue", "UntagQueue"] }
      resources = ["${local.arn["sqs"]}:${var.name}-*"]
    }
    mails = {
      types     = ["aws_sesv2_email_identity"]
      actions   = { ses = concat(["DeleteEmailIdentity", "GetEmailIdentity"], local.tags) }
      resources = [for domain in sort(var.mail_domains) : "${local.arn["ses"]}:identity/${domain}"]
    }
    # To refresh a version, the provider reads its value. It does not keep it.
    secrets = {
      types     = ["aws_secretsmanager_secret", "aws_secretsmanager_secret_version"]
      actions   = { secretsmanager = ["CreateSecret", "DeleteSecret", "DescribeSecret", "GetResourcePolicy", "GetSecretValue", "PutSecretValue", "TagResource", "UntagResource", "UpdateSecret", "UpdateSecretVersionStage"] }
      resources = ["${local.arn["secretsmanager"]}:secret:${var.name}/callback-key-*"]
    }
  }
}
