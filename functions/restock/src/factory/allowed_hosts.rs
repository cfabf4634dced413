//! The hosts to which orders may be sent. A row of the database can name any URL, but never add to this list.

use std::{convert::Infallible, str::FromStr};

use domain::{FactoryAddress, FactoryNetwork, ProductionOrder};
use thiserror::Error;
use url::Url;

/// Hosts, separated by commas, as in `FACTORY_HOSTS`. An empty list, or `-`, which is no host, allows none.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Vec<String>);

impl FromStr for Hosts {
    type Err = Infallible;

    fn from_str(list: &str) -> Result<Self, Infallible> {
        let hosts = list.split(',').map(str::trim).filter(|host| !host.is_empty());
        Ok(Self(hosts.map(str::to_lowercase).collect()))
    }
}

/// The hosts of one network to which orders may be sent.
#[derive(Debug, Clone)]
pub struct AllowedHosts {
    network: FactoryNetwork,
    hosts: Hosts,
}

/// An order must not be sent where its factory's row says.
#[derive(Debug, Error)]
#[error("orders of {factory} must not be sent to {url} ({network}): {why}")]
pub struct NotAllowed {
    factory: String,
    url: String,
    network: FactoryNetwork,
    why: String,
}

impl AllowedHosts {
    pub fn new(network: FactoryNetwork, hosts: Hosts) -> Self {
        Self { network, hosts }
    }

    pub(super) fn network(&self) -> FactoryNetwork {
        self.network
    }

    /// The URL of the factory, if orders may be sent there.
    pub(super) fn checked<'a>(
        &self,
        order: &ProductionOrder,
        address: &'a FactoryAddress,
    ) -> Result<&'a Url, NotAllowed> {
        match self.objection(address) {
            None => Ok(address.url.as_ref()),
            Some(why) => Err(NotAllowed {
                factory: order.factory.to_string(),
                url: address.url.to_string(),
                network: address.network,
                why,
            }),
        }
    }

    fn objection(&self, address: &FactoryAddress) -> Option<String> {
        let host = address.url.host();
        if address.network != self.network {
            return Some(format!("this function sends orders to {} factories only", self.network));
        }
        if let Err(error) = self.network.admits(&address.url) {
            return Some(error.to_string());
        }
        if self.hosts.0.iter().any(|allowed| allowed == host) {
            return None;
        }
        let variable = match self.network {
            FactoryNetwork::Public => "factory_hosts",
            FactoryNetwork::Private => "private_factory_hosts",
        };
        Some(format!(
            "if {host} is right, add it to the Terraform variable {variable} (the environment variable FACTORY_HOSTS \
             of this function) and apply, or start `restock up` with --factory-host {host}; otherwise correct the factory's URL"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objection(network: FactoryNetwork, url: &str, own: FactoryNetwork) -> Option<String> {
        let hosts = "factory.example, Other.example,10.0.0.7,".parse().unwrap_or_default();
        let url = url.parse().ok()?;
        let address = FactoryAddress { url, network, secret: None, contact: None };
        AllowedHosts::new(own, hosts).objection(&address)
    }

    #[test]
    fn an_order_goes_only_to_hosts_of_the_list() {
        use FactoryNetwork::Public;
        for good in ["https://factory.example", "https://other.example:8443/a"] {
            assert_eq!(objection(Public, good, Public), None, "{good}");
        }
        for bad in
            ["https://evil.example", "https://a.factory.example", "https://factory.example.evil"]
        {
            let objection = objection(Public, bad, Public).unwrap_or_default();
            assert!(objection.contains("Terraform variable factory_hosts"), "{bad}: {objection}");
        }
    }

    #[test]
    fn a_listed_host_is_still_refused_in_the_wrong_network_or_without_tls() {
        use FactoryNetwork::{Private, Public};
        assert_eq!(objection(Private, "http://10.0.0.7", Private), None);
        for (network, url, own) in [
            (Private, "https://factory.example", Public),
            (Public, "https://factory.example", Private),
            (Public, "https://10.0.0.7", Public),
            (Public, "http://factory.example", Public),
        ] {
            assert!(objection(network, url, own).is_some(), "{url}");
        }
        let unlisted = objection(Private, "http://10.0.0.8", Private).unwrap_or_default();
        assert!(unlisted.contains("Terraform variable private_factory_hosts"), "{unlisted}");
    }
}
