//! The HTTP clients of the command line, the local cloud and the tests: one place for TLS, proxies and time-outs.

use std::time::Duration;

use anyhow::Result;
use reqwest::{Client, ClientBuilder};

/// A client for servers on this machine, or for a deployment. It waits as long as the gateway does.
pub fn client() -> Result<Client> {
    Ok(builder().timeout(Duration::from_secs(30)).build()?)
}

/// What all clients have in common: they know how to speak TLS, and no proxy is between us.
pub fn builder() -> ClientBuilder {
    // Fails where one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy()
}
