# The names are those of .restock/outputs.json, which the tests and `restock redrive` read.

locals {
  outputs = {
    sales_api_url          = local.api_url
    region                 = var.region
    endpoint_url           = var.endpoint_url
    depletion_topic_arn    = aws_sns_topic.depletion.arn
    stock_queue_url        = aws_sqs_queue.this["stock_queue"].url
    stock_queue_arn        = aws_sqs_queue.this["stock_queue"].arn
    dead_letter_queue_url  = aws_sqs_queue.this["dead_letter_queue"].url
    dead_letter_queue_arn  = aws_sqs_queue.this["dead_letter_queue"].arn
    purchase_machine_arn   = aws_sfn_state_machine.this["purchase"].arn
    restock_machine_arn    = aws_sfn_state_machine.this["restock"].arn
    completion_machine_arn = aws_sfn_state_machine.this["completion"].arn
    sweep_machine_arn      = aws_sfn_state_machine.this["sweep"].arn
  }
}

output "outputs" {
  description = "All in one: terraform output -json outputs > outputs.json"
  value       = local.outputs
  # Whoever uses the API needs the whole of it.
  depends_on = [aws_apigatewayv2_stage.default, aws_lambda_permission.route]
}

output "sales_api_url" {
  description = "The API, for customers and the factory."
  value       = local.outputs.sales_api_url
}

output "region" {
  description = "The region."
  value       = local.outputs.region
}

output "endpoint_url" {
  description = "Where AWS is, if not where it always is."
  value       = local.outputs.endpoint_url
}

output "depletion_topic_arn" {
  description = "The topic for depletions."
  value       = local.outputs.depletion_topic_arn
}

output "stock_queue_url" {
  description = "The queue of the restock workflow."
  value       = local.outputs.stock_queue_url
}

output "stock_queue_arn" {
  description = "Its ARN."
  value       = local.outputs.stock_queue_arn
}

output "dead_letter_queue_url" {
  description = "The queue for what failed."
  value       = local.outputs.dead_letter_queue_url
}

output "dead_letter_queue_arn" {
  description = "Its ARN."
  value       = local.outputs.dead_letter_queue_arn
}

output "purchase_machine_arn" {
  description = "The state machine purchase."
  value       = local.outputs.purchase_machine_arn
}

output "restock_machine_arn" {
  description = "The state machine restock."
  value       = local.outputs.restock_machine_arn
}

output "completion_machine_arn" {
  description = "The state machine completion."
  value       = local.outputs.completion_machine_arn
}

output "sweep_machine_arn" {
  description = "The state machine sweep."
  value       = local.outputs.sweep_machine_arn
}
