//! The HTTP client of the command line.

use std::time::Duration;

use anyhow::Result;
use reqwest::Client;

/// A client for servers on this machine, or for a deployment. It waits as long as the gateway does.
pub fn client() -> Result<Client> {
    // Fails where one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(Client::builder().timeout(Duration::from_secs(30)).no_proxy().build()?)
}
