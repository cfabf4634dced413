//! The HTTP client of the command, the local cloud and the tests. Configures TLS, proxies and timeouts in one place.
//!
//! Uses no other crate of this workspace. Deployed functions do not use this crate.

use std::time::Duration;

use anyhow::Result;
use reqwest::{Client, ClientBuilder};

/// A client with a timeout of 30 s, which is also the limit of API Gateway.
pub fn client() -> Result<Client> {
    Ok(builder().timeout(Duration::from_secs(30)).build()?)
}

/// A builder with TLS by ring, and without a proxy: most servers are on this machine.
pub fn builder() -> ClientBuilder {
    // Fails if a provider is already installed, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy()
}
