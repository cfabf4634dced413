# Values that AWS would return, where a test or the configuration reads them.

mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

# The quota of an account that Lambda has raised.
mock_data "aws_servicequotas_service_quota" {
  defaults = { value = 1000 }
}

# Definitions name the versions of functions.
mock_resource "aws_lambda_function" {
  defaults = { version = "7" }
}

mock_resource "aws_db_instance" {
  defaults = {
    address     = "restock-warehouse.abc.ap-northeast-2.rds.amazonaws.com"
    resource_id = "db-ABCDEFGHIJKL"
    master_user_secret = [{
      kms_key_id    = "arn:aws:kms:ap-northeast-2:123456789012:key/1"
      secret_arn    = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-1"
      secret_status = "active"
    }]
  }
}

mock_resource "aws_apigatewayv2_api" {
  defaults = {
    api_endpoint  = "https://a1b2c3.execute-api.ap-northeast-2.amazonaws.com"
    execution_arn = "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3"
  }
}
