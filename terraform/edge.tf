# How customers reach the API: a domain name of your own, and CloudFront with a web ACL in front. Both are optional.
#
# The web ACL is named by its ARN, not created here. AWS keeps web ACLs for CloudFront in us-east-1, so creating one would
# need a second provider in every deployment. Its rules depend on the customers, and many accounts get theirs from
# Firewall Manager.

locals {
  # The address for the factory, which is also where CloudFront sends requests.
  api_url = (
    var.public_url != null ? replace(var.public_url, "{api_id}", aws_apigatewayv2_api.sales.id) :
    try(var.api_domain.in_use, false) ? "https://${aws_apigatewayv2_domain_name.api[0].domain_name}" :
    aws_apigatewayv2_api.sales.api_endpoint
  )
  # The address for customers.
  shop_url = var.cdn == null ? local.api_url : "https://${var.cdn.domain_name}"

  # CloudFront adds this header to each request, and replaces the header if a client sends it. sales-api compares it, so that
  # nobody buys without passing the web ACL. An environment variable must not be empty: a hyphen means no comparison.
  origin_header = "x-restock-origin"
  origin_secret = try(var.cdn.required, false) ? random_password.origin_secret[0].result : "-"

  # Where each domain name must point to.
  dns_records = merge(
    { for domain in aws_apigatewayv2_domain_name.api : domain.domain_name => domain.domain_name_configuration[0].target_domain_name },
    { for distribution in aws_cloudfront_distribution.shop : var.cdn.domain_name => distribution.domain_name },
  )
}

resource "aws_apigatewayv2_domain_name" "api" {
  count       = var.api_domain == null ? 0 : 1
  domain_name = var.api_domain.name

  domain_name_configuration {
    certificate_arn = var.api_domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "api" {
  count       = var.api_domain == null ? 0 : 1
  api_id      = aws_apigatewayv2_api.sales.id
  domain_name = aws_apigatewayv2_domain_name.api[0].id
  stage       = aws_apigatewayv2_stage.default.id
}

resource "random_password" "origin_secret" {
  count   = var.cdn == null ? 0 : 1
  length  = 48
  special = false
}

resource "aws_cloudfront_distribution" "shop" {
  # checkov:skip=CKV_AWS_86: API Gateway logs each request, and the web ACL logs what it blocks if it is set up to.
  # checkov:skip=CKV_AWS_305: an API has no root object.
  # checkov:skip=CKV_AWS_310: there is one API, so there is no second origin.
  # checkov:skip=CKV_AWS_374: the web ACL decides who may buy.
  # checkov:skip=CKV2_AWS_32: the answers are JSON for programs, not pages.
  # checkov:skip=CKV2_AWS_47: the deployer chooses the rules of the web ACL. No code of ours runs on Java.
  count           = var.cdn == null ? 0 : 1
  comment         = "Requests of customers of ${var.name}."
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  aliases         = [var.cdn.domain_name]
  web_acl_id      = var.cdn.web_acl_arn

  origin {
    origin_id   = "api"
    domain_name = trimprefix(local.api_url, "https://")

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }

    custom_header {
      name  = local.origin_header
      value = random_password.origin_secret[0].result
    }
  }

  # Nothing is cached: stock changes with each purchase.
  default_cache_behavior {
    target_origin_id         = "api"
    viewer_protocol_policy   = "https-only"
    allowed_methods          = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods           = ["GET", "HEAD"]
    cache_policy_id          = data.aws_cloudfront_cache_policy.none[0].id
    origin_request_policy_id = data.aws_cloudfront_origin_request_policy.all_but_host[0].id
  }

  viewer_certificate {
    acm_certificate_arn      = var.cdn.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  depends_on = [aws_apigatewayv2_api_mapping.api]
}

data "aws_cloudfront_cache_policy" "none" {
  count = var.cdn == null ? 0 : 1
  name  = "Managed-CachingDisabled"
}

# API Gateway finds the API by the host name, so CloudFront must not send its own.
data "aws_cloudfront_origin_request_policy" "all_but_host" {
  count = var.cdn == null ? 0 : 1
  name  = "Managed-AllViewerExceptHostHeader"
}
