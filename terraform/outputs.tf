# The same names as in .restock/outputs.json, which the command restock and the tests read.

locals {
  outputs = {
    sales_api_url          = local.shop_url
    region                 = var.region
    endpoint_url           = var.endpoint_url
    depletion_topic_arn    = aws_sns_topic.depletion.arn
    stock_queue_url        = aws_sqs_queue.this["stock_queue"].url
    stock_queue_arn        = aws_sqs_queue.this["stock_queue"].arn
    completion_queue_url   = aws_sqs_queue.this["completion_queue"].url
    completion_queue_arn   = aws_sqs_queue.this["completion_queue"].arn
    dead_letter_queue_url  = aws_sqs_queue.this["dead_letter_queue"].url
    dead_letter_queue_arn  = aws_sqs_queue.this["dead_letter_queue"].arn
    purchase_machine_arn   = aws_sfn_state_machine.this["purchase"].arn
    restock_machine_arn    = aws_sfn_state_machine.this["restock"].arn
    completion_machine_arn = aws_sfn_state_machine.this["completion"].arn
    sweep_machine_arn      = aws_sfn_state_machine.this["sweep"].arn
  }
}

output "outputs" {
  description = "All outputs as one object, for the command restock: terraform output -json outputs > outputs.json"
  value       = local.outputs
  # A client can call the API only when its stage and the permissions of its routes exist.
  depends_on = [aws_apigatewayv2_stage.default, aws_lambda_permission.route]
}

output "sales_api_url" {
  description = "URL of the HTTP API that customers call."
  value       = local.outputs.sales_api_url
}

output "dns_records" {
  description = "The domain names of api_domain and cdn, and where each must point to: a CNAME, or an alias in Route 53."
  value       = local.dns_records
}

output "private_network" {
  description = "The VPC of Terraform and its route table, to which routes to private factories are added. null with an existing database in another VPC."
  value       = local.own_network == 1 ? { vpc_id = aws_vpc.warehouse[0].id, route_table_id = aws_route_table.warehouse[0].id } : null
}

output "database_ids" {
  description = "Resource ID of each database that Terraform keeps, by its name in the variable databases."
  value       = { for name, database in aws_db_instance.warehouse : name => database.id }
}

output "region" {
  description = "AWS region of the deployment."
  value       = local.outputs.region
}

output "endpoint_url" {
  description = "URL of the local AWS that was deployed to, or null for AWS itself."
  value       = local.outputs.endpoint_url
}

output "depletion_topic_arn" {
  description = "ARN of the SNS topic for depletions."
  value       = local.outputs.depletion_topic_arn
}

output "stock_queue_url" {
  description = "URL of the queue from which restocks are started."
  value       = local.outputs.stock_queue_url
}

output "stock_queue_arn" {
  description = "ARN of the queue from which restocks are started."
  value       = local.outputs.stock_queue_arn
}

output "completion_queue_url" {
  description = "URL of the queue that stores the callbacks of the factory."
  value       = local.outputs.completion_queue_url
}

output "completion_queue_arn" {
  description = "ARN of the queue that stores the callbacks of the factory."
  value       = local.outputs.completion_queue_arn
}

output "dead_letter_queue_url" {
  description = "URL of the queue for dead letters."
  value       = local.outputs.dead_letter_queue_url
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue for dead letters."
  value       = local.outputs.dead_letter_queue_arn
}

output "purchase_machine_arn" {
  description = "ARN of the state machine purchase."
  value       = local.outputs.purchase_machine_arn
}

output "restock_machine_arn" {
  description = "ARN of the state machine restock."
  value       = local.outputs.restock_machine_arn
}

output "completion_machine_arn" {
  description = "ARN of the state machine completion."
  value       = local.outputs.completion_machine_arn
}

output "sweep_machine_arn" {
  description = "ARN of the state machine sweep."
  value       = local.outputs.sweep_machine_arn
}
