output "function" {
  description = "The function, with all its attributes."
  value       = aws_lambda_function.this
}

output "log_group" {
  description = "The log group of the function."
  value       = aws_cloudwatch_log_group.this
}
