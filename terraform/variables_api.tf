# The HTTP API: who may call it, how often, and the callback URLs that it hands out.

variable "route_limits" {
  description = "Limit of requests per second (rate) and in a burst, by route. A route without an entry keeps its default in api.tf. Requests above the limit get HTTP 429."
  type = map(object({
    rate  = number
    burst = number
  }))
  default = {}

  validation {
    condition     = alltrue([for limit in values(var.route_limits) : limit.rate > 0 && limit.burst >= 1 && floor(limit.burst) == limit.burst])
    error_message = "In route_limits, rate must be above 0, and burst must be a whole number of 1 or more."
  }
  validation {
    condition     = length(setsubtract(keys(var.route_limits), local.routes)) == 0
    error_message = "route_limits names a route that does not exist. The routes are: ${join(", ", local.routes)}."
  }
}

variable "checkout_authorization" {
  description = "Who may buy with POST /checkout. NONE: everybody, so a stranger may buy all there is. AWS_IAM: requests signed with AWS credentials. JWT: requests with a token, see jwt. There is no default: the deployer chooses."
  type        = string

  validation {
    condition     = try(contains(["NONE", "AWS_IAM", "JWT"], var.checkout_authorization), false)
    error_message = "checkout_authorization must be NONE, AWS_IAM or JWT."
  }
  validation {
    condition     = var.checkout_authorization != "JWT" || var.jwt != null
    error_message = "checkout_authorization JWT needs an issuer and an audience: set jwt."
  }
}

variable "jwt" {
  description = "Issuer and audiences of the tokens that are accepted if checkout_authorization is JWT."
  type = object({
    issuer   = string
    audience = set(string)
  })
  default = null

  validation {
    condition     = var.jwt == null ? true : can(regex("^https://[^/?#]+", var.jwt.issuer)) && length(var.jwt.audience) > 0
    error_message = "jwt.issuer must be an https URL, and jwt.audience must not be empty."
  }
}

variable "public_url" {
  description = "URL of a proxy of your own, at which customers and the factory reach the API. Leave it unset if you use api_domain, cdn or the address that AWS assigns. {api_id} is replaced by the id of the API."
  type        = string
  default     = null

  validation {
    condition     = var.public_url == null ? true : can(regex("^https?://[^/?#]+(/[^?#]*[^/?#])?$", var.public_url))
    error_message = "public_url must be a URL without a query and without a slash at the end, such as https://api.donut-states.example."
  }
  validation {
    condition     = var.public_url == null ? true : var.endpoint_url != null || can(regex("^(https://|http://(localhost|127[.]0[.]0[.]1)([:/]|$))", var.public_url))
    error_message = "public_url must use https, since callbacks carry signatures. http is allowed only for localhost, 127.0.0.1 and a local AWS (endpoint_url)."
  }
}

variable "callback_key_generation" {
  description = "Number of the key that signs callback URLs. To rotate the key, raise it by 1. URLs signed with the previous key stay valid until the next rotation."
  type        = number
  default     = 1

  validation {
    condition     = var.callback_key_generation >= 1 && floor(var.callback_key_generation) == var.callback_key_generation
    error_message = "callback_key_generation must be a whole number of 1 or more."
  }
}
