# How customers reach the API: a domain name of your own, and CloudFront. Both are optional.

locals {
  domain_names = "arn:${var.partition}:apigateway:${var.region}::/domainnames"

  allowed_at_edge = {
    api_domain = {
      types     = ["aws_apigatewayv2_api_mapping", "aws_apigatewayv2_domain_name"]
      actions   = { apigateway = ["AddCertificateToDomain", "DELETE", "GET", "PATCH", "POST"] }
      resources = concat([local.domain_names], flatten([for domain in sort(var.api_domains) : ["${local.domain_names}/${domain}", "${local.domain_names}/${domain}/apimappings*"]]))
    }
    # AWS chooses the ids of distributions.
    cdn = {
      types     = ["aws_cloudfront_distribution"]
      actions   = { cloudfront = concat(["CreateDistribution", "DeleteDistribution", "GetDistribution", "UpdateDistribution"], local.tags) }
      resources = ["${local.global["cloudfront"]}:distribution/*"]
    }
    # The policies of AWS for caches and origins are found by their names, which AWS supports no resources for.
    cdn_policies = {
      types     = ["aws_cloudfront_distribution"]
      actions   = { cloudfront = ["GetCachePolicy", "GetOriginRequestPolicy", "ListCachePolicies", "ListOriginRequestPolicies"] }
      resources = ["*"]
    }
    # CloudFront reads the web ACL with the rights of whoever sets it.
    cdn_web_acl = {
      types     = ["aws_cloudfront_distribution"]
      actions   = { wafv2 = ["GetWebACL"] }
      resources = ["arn:${var.partition}:wafv2:us-east-1:${var.account}:global/webacl/*"]
    }
  }
}
