//! Resolves the name of the factory to addresses of the public Internet only. A factory URL must not lead into our own
//! network or to the service that provides credentials.

use std::{io, net::SocketAddr};

use domain::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names to their public addresses only. Used for each connection, so a name cannot be pointed to a private
/// address later.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The connector sets the port.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(public(name.as_str(), found)?)
        })
    }
}

fn public(name: &str, found: impl Iterator<Item = SocketAddr>) -> io::Result<Addrs> {
    let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
    if public.is_empty() {
        let why = format!("{name} has no public address");
        return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, why));
    }
    Ok(Box::new(public.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_reached_at_its_public_addresses_only() -> io::Result<()> {
        let found = [[10, 0, 0, 1], [8, 8, 8, 8]].into_iter().map(|ip| SocketAddr::from((ip, 0)));
        let reached: Vec<SocketAddr> = public("factory.example", found)?.collect();
        assert_eq!(reached, [SocketAddr::from(([8, 8, 8, 8], 0))]);
        Ok(())
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_reached() {
        let resolved = match "localhost".parse() {
            Ok(name) => PublicOnly.resolve(name).await.map(drop),
            Err(_) => Ok(()),
        };
        assert!(resolved.is_err_and(|why| why.to_string().contains("no public address")));
    }
}
