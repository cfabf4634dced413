//! The URL of a factory, the network in which it is reached, and which addresses are public.

mod public_address;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::Error;

pub use public_address::is_public;

/// The base URL of a factory, without a slash at the end: `https://factory.example`, `http://10.0.0.7:8080/legacy`. At
/// most 200 characters; a name in lower case or an IPv4 address; no query; the port only if it is not the usual one.
/// [`FactoryNetwork::admits`] says whether an order may be sent there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FactoryUrl(Url);

impl TryFrom<String> for FactoryUrl {
    type Error = Error;

    /// Accepts only the form in which a URL is written back, so that the stored text is what was checked.
    fn try_from(text: String) -> Result<Self, Error> {
        let url = Url::parse(&text).map_err(|_| Error::FactoryUrl)?;
        let is_canonical = url.as_str().strip_suffix('/').unwrap_or(url.as_str()) == text;
        if is_canonical && is_base_url(&text) { Ok(Self(url)) } else { Err(Error::FactoryUrl) }
    }
}

/// The form that the CHECK `factory_url_form` of the database allows.
fn is_base_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let mut parts = rest.split('/');
    let authority = parts.next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "1"));
    text.len() <= 200
        && matches!(scheme, "http" | "https")
        && host.split('.').all(is_host_label)
        && is_port(port)
        && parts.all(is_path_segment)
}

fn is_host_label(label: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(plain)
}

fn is_port(port: &str) -> bool {
    (1..=5).contains(&port.len())
        && !port.starts_with('0')
        && port.bytes().all(|b| b.is_ascii_digit())
}

fn is_path_segment(segment: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'~' | b'-');
    !segment.is_empty() && segment.bytes().all(plain)
}

impl std::str::FromStr for FactoryUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.to_owned().try_into()
    }
}

impl From<FactoryUrl> for String {
    fn from(url: FactoryUrl) -> String {
        url.to_string()
    }
}

impl std::fmt::Display for FactoryUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = self.0.as_str();
        f.write_str(url.strip_suffix('/').unwrap_or(url))
    }
}

impl AsRef<Url> for FactoryUrl {
    fn as_ref(&self) -> &Url {
        &self.0
    }
}

impl FactoryUrl {
    /// The name or the IPv4 address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the host of the URL is this machine.
    fn is_loopback(&self) -> bool {
        match self.address() {
            Some(address) => address.is_loopback(),
            None => self.host() == "localhost",
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

/// The network in which a factory is reached, which decides which function sends the orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactoryNetwork {
    /// The Internet: `place-order`.
    Public,
    /// A network to which the VPC has a route: `place-private-order`.
    Private,
}

name_type!(FactoryNetwork, Error::FactoryNetwork);

impl FactoryNetwork {
    /// Whether orders may be sent to the URL in this network. Public: HTTPS to a name or a public address; HTTP only to
    /// this machine, for a factory simulator. Private: HTTPS or HTTP, but not to an address that serves credentials.
    pub fn admits(self, url: &FactoryUrl) -> Result<(), Error> {
        let is_https = url.0.scheme() == "https";
        let admitted = match self {
            _ if url.is_loopback() => true,
            Self::Public => is_https && url.address().is_none_or(is_public),
            Self::Private => url.address().is_none_or(is_of_a_machine),
        };
        match (admitted, self) {
            (true, _) => Ok(()),
            (false, Self::Public) => Err(Error::PublicFactoryUrl),
            (false, Self::Private) => Err(Error::PrivateFactoryUrl),
        }
    }
}

/// Whether another machine can have the address. Link-local addresses lead to the service that provides credentials.
pub fn is_of_a_machine(address: IpAddr) -> bool {
    let special = match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_broadcast() || ip.octets()[0] == 0,
        // fd00:ec2::/32: services of EC2, among them the one that provides credentials.
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.segments()[..2] == [0xfd00, 0x0ec2],
    };
    !(special || address.is_unspecified() || address.is_multicast())
}

#[cfg(test)]
mod tests;
