//! The URL of the factory, and which addresses are public.

mod public_address;

use std::{fmt, net::IpAddr, str::FromStr};

use thiserror::Error;
use url::{Host, Url};

pub use public_address::is_public;

/// The base URL of the factory: HTTPS with a name or a public address, without a query. HTTP is only allowed to this
/// machine, for a factory simulator.
#[derive(Debug, Clone)]
pub struct FactoryUrl(Url);

/// The URL is not allowed as the URL of a factory.
#[derive(Debug, Error)]
#[error(
    "the factory URL must be https://HOST with a public address and without a query, or http://127.0.0.1:PORT for a \
     factory on this machine"
)]
pub struct InvalidFactoryUrl;

impl FromStr for FactoryUrl {
    type Err = InvalidFactoryUrl;

    fn from_str(text: &str) -> Result<Self, InvalidFactoryUrl> {
        let url = Self(Url::parse(text).map_err(|_| InvalidFactoryUrl)?);
        let allowed = match url.0.scheme() {
            "https" => url.is_loopback() || url.address().is_none_or(is_public),
            "http" => url.is_loopback(),
            _ => false,
        };
        let is_base = url.0.query().is_none() && url.0.fragment().is_none();
        if allowed && is_base { Ok(url) } else { Err(InvalidFactoryUrl) }
    }
}

impl FactoryUrl {
    /// Whether the host of the URL is this machine.
    pub fn is_loopback(&self) -> bool {
        match self.address() {
            Some(address) => address.is_loopback(),
            None => self.0.host_str() == Some("localhost"),
        }
    }

    fn address(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        }
    }
}

impl AsRef<Url> for FactoryUrl {
    fn as_ref(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for FactoryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factory_is_reached_by_https_and_on_this_machine_also_by_http() {
        for good in [
            "https://factory.example",
            "https://factory.example:8443/legacy",
            "https://93.184.215.14",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost:8080",
        ] {
            assert!(good.parse::<FactoryUrl>().is_ok(), "{good}");
        }
    }

    #[test]
    fn a_url_that_leads_into_our_own_network_or_has_a_query_is_refused() {
        for bad in [
            "http://factory.example",
            "ftp://factory.example",
            "https://10.0.0.7",
            "https://172.16.0.1",
            "https://192.168.1.1",
            "https://169.254.169.254/latest/meta-data",
            "https://169.254.170.2",
            "http://169.254.169.254",
            "https://0.0.0.0",
            // Other spellings of 10.0.0.7.
            "https://0x0a000007",
            "https://167772167",
            "https://[::ffff:10.0.0.7]",
            "https://[fd00:ec2::254]",
            "https://[fe80::1]",
            "not a URL",
            "https://factory.example/?tenant=1",
            "https://factory.example/#legacy",
        ] {
            assert!(bad.parse::<FactoryUrl>().is_err(), "{bad}");
        }
    }
}
