# What X-Ray traces.
#
# A state machine decides for each of its executions. The functions that it invokes (mode Active) follow its decision. All
# other functions have the mode PassThrough: they pass the id of a trace on, but neither begin one nor decide. In the mode
# Active, Lambda would trace the first of their requests in each second and 5 in 100 of the others, and that share cannot be
# changed (https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html), so most purchases of a small shop would be traced.
#
# Step Functions uses sampling rules: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html

locals {
  traced_functions = var.tracing ? distinct([for function in flatten(values(local.machine_functions)) : replace(function, "_", "-")]) : []

  # X-Ray actions support no resources: AWS requires "*".
  trace_permissions = [
    for actions in [["xray:PutTelemetryRecords", "xray:PutTraceSegments"]] : { Effect = "Allow", Action = actions, Resource = ["*"] }
    if var.tracing
  ]
}

# The share of purchases. Restocks, completions and sweeps are rare: the default rule of X-Ray applies to them.
resource "aws_xray_sampling_rule" "purchases" {
  count          = var.tracing && !local.on_emulator ? 1 : 0
  rule_name      = "${var.name}-purchases"
  priority       = 1000
  version        = 1
  reservoir_size = 0
  fixed_rate     = var.purchase_traced_share
  service_name   = "${var.name}-purchase"
  service_type   = "*"
  resource_arn   = "*"
  host           = "*"
  http_method    = "*"
  url_path       = "*"
}
