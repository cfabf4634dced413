# How customers reach the API: web pages of other domains, a domain name of your own, and CloudFront in front.

variable "cors_origins" {
  description = "Origins of web pages that may call the API from a browser, such as https://shop.donut-states.example. \"*\" allows every page. By default, no page of another domain may."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^([*]|https://[a-z0-9.-]+(:[0-9]+)?|http://(localhost|127[.]0[.]0[.]1)(:[0-9]+)?)$", origin))])
    error_message = "Each of cors_origins must be \"*\" or an origin without a path, such as https://shop.donut-states.example. http is allowed only for localhost and 127.0.0.1."
  }
}

variable "api_domain" {
  description = <<-EOT
    A domain name of your own for the API. certificate_arn: its certificate in ACM, in the region of the deployment. The
    output dns_records says where the name must point to. in_use: whether new callback URLs have this name. Set it when the
    DNS record exists: a callback to a name that does not resolve is lost.
  EOT
  type = object({
    name            = string
    certificate_arn = string
    in_use          = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.api_domain == null ? true : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,}$", var.api_domain.name))
    error_message = "api_domain.name must be a domain name in lower case, such as api.donut-states.example."
  }
  validation {
    condition     = var.api_domain == null ? true : can(regex("^arn:[a-z-]+:acm:${var.region}:[0-9]{12}:certificate/[A-Za-z0-9-]+$", var.api_domain.certificate_arn))
    error_message = "api_domain.certificate_arn must be the ARN of a certificate in ACM in the region ${var.region}."
  }
  validation {
    condition     = var.api_domain == null || var.public_url == null
    error_message = "Set either api_domain or public_url. public_url is for an address that Terraform does not create."
  }
}

variable "disable_default_endpoint" {
  description = "Whether the address that AWS assigns to the API is turned off, so that only api_domain leads to it. Callback URLs of orders that are older than in_use of api_domain have that address: turn it off when their goods have come."
  type        = bool
  default     = false

  validation {
    condition     = !var.disable_default_endpoint || try(var.api_domain.in_use, false)
    error_message = "disable_default_endpoint needs another address of the API: set api_domain with in_use."
  }
}

variable "cdn" {
  description = <<-EOT
    CloudFront in front of the API, with a web ACL of AWS WAF: HTTP APIs take no web ACL themselves. domain_name: the
    address for customers. certificate_arn: its certificate in ACM. web_acl_arn: a web ACL with the scope CLOUDFRONT. AWS
    keeps both in us-east-1. required: whether POST /checkout refuses requests that do not come through CloudFront. Set it
    when all customers use domain_name. The factory calls back without CloudFront.
  EOT
  type = object({
    domain_name     = string
    certificate_arn = string
    web_acl_arn     = string
    required        = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.cdn == null ? true : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,}$", var.cdn.domain_name)) && var.cdn.domain_name != try(var.api_domain.name, null)
    error_message = "cdn.domain_name must be a domain name in lower case, such as shop.donut-states.example, and another one than api_domain.name."
  }
  validation {
    condition     = var.cdn == null ? true : can(regex("^arn:[a-z-]+:acm:us-east-1:[0-9]{12}:certificate/[A-Za-z0-9-]+$", var.cdn.certificate_arn))
    error_message = "cdn.certificate_arn must be the ARN of a certificate in ACM in the region us-east-1."
  }
  validation {
    condition     = var.cdn == null ? true : can(regex("^arn:[a-z-]+:wafv2:us-east-1:[0-9]{12}:global/webacl/[^/]+/[A-Za-z0-9-]+$", var.cdn.web_acl_arn))
    error_message = "cdn.web_acl_arn must be the ARN of a web ACL with the scope CLOUDFRONT, such as arn:PARTITION:wafv2:us-east-1:123456789012:global/webacl/shop/ID."
  }
  validation {
    condition     = var.cdn == null || var.public_url == null
    error_message = "Set either cdn or public_url. public_url is for an address that Terraform does not create."
  }
  validation {
    # The signature covers the host name, and CloudFront sends another one to the API.
    condition     = var.cdn == null || var.checkout_authorization != "AWS_IAM"
    error_message = "cdn cannot be used with checkout_authorization AWS_IAM: the signature of a request is valid for the host name that the customer called."
  }
}
