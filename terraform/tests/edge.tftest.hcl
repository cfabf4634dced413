# How customers reach the API.

mock_provider "aws" {
  source = "./tests/aws"
}

override_resource {
  target = random_password.origin_secret
  values = { result = "a-secret-that-cloudfront-adds" }
}

variables {
  api_certificate = "arn:aws:acm:ap-northeast-2:123456789012:certificate/a1"
  cdn_certificate = "arn:aws:acm:us-east-1:123456789012:certificate/c1"
  web_acl         = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/w1"
}

run "by_default_aws_assigns_the_address_and_no_page_may_call_the_api" {
  assert {
    condition     = length(aws_cloudfront_distribution.shop) == 0 && length(aws_apigatewayv2_domain_name.api) == 0 && length(output.dns_records) == 0
    error_message = "A domain name and CloudFront are optional."
  }
  assert {
    condition     = !aws_apigatewayv2_api.sales.disable_execute_api_endpoint && length(aws_apigatewayv2_api.sales.cors_configuration) == 0
    error_message = "The address that AWS assigns must work, and CORS must be off."
  }
  assert {
    condition     = nonsensitive(local.functions["sales-api"].environment[0].variables["ORIGIN_SECRET"]) == "-"
    error_message = "Without CloudFront, sales-api must accept requests from everywhere."
  }
}

run "pages_of_cors_origins_may_buy" {
  variables {
    cors_origins = ["https://shop.donut-states.example", "http://localhost:3000"]
  }
  assert {
    condition = alltrue([
      for cors in aws_apigatewayv2_api.sales.cors_configuration : cors.allow_origins == toset(var.cors_origins)
      && cors.allow_methods == toset(["GET", "POST"]) && contains(cors.allow_headers, "idempotency-key") && contains(cors.allow_headers, "authorization")
    ]) && length(aws_apigatewayv2_api.sales.cors_configuration) == 1
    error_message = "A page of cors_origins must be able to send the headers of a purchase."
  }
}

run "callbacks_use_a_domain_name_only_when_it_is_in_use" {
  variables {
    api_domain = { name = "api.donut-states.example", certificate_arn = var.api_certificate }
  }
  assert {
    condition     = length(aws_apigatewayv2_api_mapping.api) == 1 && local.functions["place-order"].environment[0].variables["CALLBACK_URL"] == "https://a1b2c3.execute-api.ap-northeast-2.amazonaws.com"
    error_message = "Until the DNS record exists, a callback to the domain name would be lost."
  }
}

run "a_domain_name_leads_to_the_api_and_callbacks_use_it" {
  variables {
    api_domain               = { name = "api.donut-states.example", certificate_arn = var.api_certificate, in_use = true }
    disable_default_endpoint = true
  }
  assert {
    condition     = aws_apigatewayv2_api_mapping.api[0].api_id == aws_apigatewayv2_api.sales.id && aws_apigatewayv2_api_mapping.api[0].api_mapping_key == null && aws_apigatewayv2_api.sales.disable_execute_api_endpoint
    error_message = "The domain name must lead to the API, and be the only address."
  }
  assert {
    condition     = output.sales_api_url == "https://api.donut-states.example" && local.functions["place-order"].environment[0].variables["CALLBACK_URL"] == "https://api.donut-states.example"
    error_message = "Customers and the factory must use the domain name: the other address does not work."
  }
  assert {
    condition     = jsonencode(keys(output.dns_records)) == jsonencode(["api.donut-states.example"])
    error_message = "dns_records must say where the name must point to."
  }
}

run "cloudfront_is_for_customers_and_the_factory_calls_the_api_itself" {
  variables {
    api_domain = { name = "api.donut-states.example", certificate_arn = var.api_certificate, in_use = true }
    cdn        = { domain_name = "shop.donut-states.example", certificate_arn = var.cdn_certificate, web_acl_arn = var.web_acl, required = true }
  }
  assert {
    condition     = output.sales_api_url == "https://shop.donut-states.example" && local.functions["place-order"].environment[0].variables["CALLBACK_URL"] == "https://api.donut-states.example"
    error_message = "A web ACL must not be able to block a callback: the factory calls once."
  }
  assert {
    condition     = aws_cloudfront_distribution.shop[0].web_acl_id == var.web_acl && aws_cloudfront_distribution.shop[0].aliases == toset(["shop.donut-states.example"])
    error_message = "CloudFront must have the web ACL and the name for customers."
  }
  assert {
    condition = alltrue([
      for origin in aws_cloudfront_distribution.shop[0].origin : origin.domain_name == "api.donut-states.example"
      && [for header in origin.custom_header : header.name] == ["x-restock-origin"]
      && nonsensitive([for header in origin.custom_header : header.value][0]) == nonsensitive(local.functions["sales-api"].environment[0].variables["ORIGIN_SECRET"])
    ])
    error_message = "CloudFront must add the secret that sales-api expects."
  }
  assert {
    condition     = aws_cloudfront_distribution.shop[0].default_cache_behavior[0].cache_policy_id == data.aws_cloudfront_cache_policy.none[0].id && data.aws_cloudfront_cache_policy.none[0].name == "Managed-CachingDisabled"
    error_message = "CloudFront must not cache the stock."
  }
  assert {
    condition     = jsonencode(keys(output.dns_records)) == jsonencode(["api.donut-states.example", "shop.donut-states.example"])
    error_message = "dns_records must say where both names must point to."
  }
}

run "cloudfront_works_without_a_domain_name_of_the_api" {
  variables {
    cdn = { domain_name = "shop.donut-states.example", certificate_arn = var.cdn_certificate, web_acl_arn = var.web_acl }
  }
  assert {
    condition     = [for origin in aws_cloudfront_distribution.shop[0].origin : origin.domain_name] == ["a1b2c3.execute-api.ap-northeast-2.amazonaws.com"]
    error_message = "CloudFront must send requests to the address that AWS assigned."
  }
  assert {
    condition     = nonsensitive(local.functions["sales-api"].environment[0].variables["ORIGIN_SECRET"]) == "-"
    error_message = "Customers may use the old address until required is set."
  }
}

run "origins_and_names_that_cannot_work_are_refused" {
  command = plan
  variables {
    cors_origins = ["shop.donut-states.example"]
    api_domain   = { name = "https://api.donut-states.example", certificate_arn = var.cdn_certificate }
    public_url   = "https://elsewhere.example"
  }
  expect_failures = [var.cors_origins, var.api_domain]
}

run "a_cdn_that_cannot_work_is_refused" {
  command = plan
  variables {
    cdn                    = { domain_name = "shop", certificate_arn = var.api_certificate, web_acl_arn = "shop" }
    public_url             = "https://elsewhere.example"
    checkout_authorization = "AWS_IAM"
  }
  expect_failures = [var.cdn]
}

run "the_only_address_cannot_be_turned_off" {
  command = plan
  variables {
    api_domain               = { name = "api.donut-states.example", certificate_arn = var.api_certificate }
    disable_default_endpoint = true
  }
  expect_failures = [var.disable_default_endpoint]
}

run "who_may_buy_must_be_chosen" {
  command = plan
  variables {
    checkout_authorization = null
  }
  expect_failures = [var.checkout_authorization]
}
