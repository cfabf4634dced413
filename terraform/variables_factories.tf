# To which factories orders may be sent. A factory's row in the database says where its orders go, but the functions send an
# order only to a host that is listed here, and read only the secrets that are listed here.

variable "factory_hosts" {
  description = "Hosts of further factories on the Internet, such as factory.example. The host of factory_url is always allowed."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for host in var.factory_hosts : can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", host))])
    error_message = "factory_hosts must be hosts in lower case, without https:// and without a port, such as [\"factory.example\"]."
  }
}

variable "factory_secrets" {
  description = "Names of the secrets in Secrets Manager with the headers that factories on the Internet require. Each secret is one text: `Name: value`. It must be encrypted with the key aws/secretsmanager, the default, or with kms_key_arn."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.factory_secrets : can(regex("^[A-Za-z0-9/_.-]{1,128}$", name)) && name != "-"])
    error_message = "factory_secrets must be names of 1 to 128 characters of A-Z, a-z, 0-9, /, _, . and -, not ARNs."
  }
}

variable "private_factory_hosts" {
  description = "Hosts of factories in private networks: names or IPv4 addresses, such as 10.20.0.7. The function place-private-order sends their orders, from the VPC. With at least one, Terraform creates an interface endpoint for Secrets Manager in its own VPC, which costs about USD 20 a month. An existing VPC needs its own route to Secrets Manager."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for host in var.private_factory_hosts : can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", host))])
    error_message = "private_factory_hosts must be hosts in lower case, without https:// and without a port, such as [\"10.20.0.7\"]."
  }
}

variable "private_factory_networks" {
  description = "Where place-private-order may connect to: the IPv4 ranges and ports of the private factories. The VPC needs a route to each range (output private_network)."
  type = set(object({
    cidr = string
    port = number
  }))
  default = []

  validation {
    condition = alltrue([
      for network in var.private_factory_networks :
      try(cidrhost(network.cidr, 0) == split("/", network.cidr)[0], false) && network.port >= 1 && network.port <= 65535 && floor(network.port) == network.port
    ])
    error_message = "private_factory_networks must be IPv4 ranges that start with their first address, each with a port from 1 to 65535, such as [{ cidr = \"10.20.0.0/24\", port = 443 }]."
  }
}

variable "private_factory_secrets" {
  description = "As factory_secrets, for factories in private networks."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.private_factory_secrets : can(regex("^[A-Za-z0-9/_.-]{1,128}$", name)) && name != "-"])
    error_message = "private_factory_secrets must be names of 1 to 128 characters of A-Z, a-z, 0-9, /, _, . and -, not ARNs."
  }
}
