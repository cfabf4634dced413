//! Resolves the name of a factory to addresses of the factory's network only. A factory URL must not lead into our own
//! network or to the service that provides credentials.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use domain::{FactoryNetwork, is_of_a_machine, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names to addresses that the network may have. Used for each connection, so a name cannot be pointed to
/// another address later.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver(pub FactoryNetwork);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self(network) = *self;
        Box::pin(async move {
            // The connector sets the port.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(usable(network, name.as_str(), found)?)
        })
    }
}

/// For a factory simulator on this machine, `localhost` is this machine.
fn usable(
    network: FactoryNetwork,
    name: &str,
    found: impl Iterator<Item = SocketAddr>,
) -> io::Result<Addrs> {
    let is_usable = |ip: IpAddr| match network {
        _ if ip.is_loopback() => name == "localhost",
        FactoryNetwork::Public => is_public(ip),
        FactoryNetwork::Private => is_of_a_machine(ip),
    };
    let usable: Vec<SocketAddr> = found.filter(|address| is_usable(address.ip())).collect();
    if usable.is_empty() {
        let why = format!("{name} has no address that a {network} factory may have");
        return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, why));
    }
    Ok(Box::new(usable.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(network: FactoryNetwork, name: &str, ips: &[[u8; 4]]) -> io::Result<Vec<IpAddr>> {
        let found = ips.iter().map(|ip| SocketAddr::from((*ip, 0)));
        Ok(usable(network, name, found)?.map(|address| address.ip()).collect())
    }

    #[test]
    fn a_public_name_is_reached_at_its_public_addresses_only() -> io::Result<()> {
        let found = [[10, 0, 0, 1], [8, 8, 8, 8], [127, 0, 0, 1]];
        let reached = reached(FactoryNetwork::Public, "factory.example", &found)?;
        assert_eq!(reached, [IpAddr::from([8, 8, 8, 8])]);
        Ok(())
    }

    #[test]
    fn a_private_name_is_not_reached_at_the_address_that_serves_credentials() -> io::Result<()> {
        let found = [[10, 0, 0, 1], [169, 254, 169, 254]];
        let reached = reached(FactoryNetwork::Private, "legacy.corp.example", &found)?;
        assert_eq!(reached, [IpAddr::from([10, 0, 0, 1])]);
        Ok(())
    }

    #[test]
    fn a_name_that_leads_to_this_machine_is_reached_only_if_it_is_localhost() {
        let this = [[127, 0, 0, 1]];
        for network in [FactoryNetwork::Public, FactoryNetwork::Private] {
            assert!(reached(network, "localhost", &this).is_ok());
            let refused = reached(network, "factory.example", &this);
            assert!(refused.is_err_and(|why| why.to_string().contains("no address that a")));
        }
    }
}
