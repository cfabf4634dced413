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
    # Policies for caches and origins that AWS provides. They belong to no account of ours.
    cdn_policies = {
      types     = ["aws_cloudfront_distribution"]
      actions   = { cloudfront = ["GetCachePolicy", "GetOriginRequestPolicy"] }
      resources = [for kind in ["cache-policy", "origin-request-policy"] : "arn:${var.partition}:cloudfront::*:${kind}/*"]
    }
    # The provider looks for their ids by name. AWS supports no resources for lists.
    cdn_list_policies = {
      types     = ["aws_cloudfront_distribution"]
      actions   = { cloudfront = ["ListCachePolicies", "ListOriginRequestPolicies"] }
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
