//! The step `PlaceOrder` of the `restock` machine.

use std::time::Duration;

use reqwest::redirect::Policy;
use restock_workflow::place_order::{self, Factory};
use step::config::setting;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a TLS provider is installed already")?;
    let factory = Factory {
        client: client()?,
        url: setting("FACTORY_URL")?,
        callback_url: setting("CALLBACK_URL")?,
        keys: setting("CALLBACK_KEYS")?,
        requester: setting("REQUESTER")?,
    };
    step::run(async |order| place_order::handle(&factory, order).await).await
}

/// A client that sends an order once and to the factory only: a connection that was kept could turn
/// out closed after the order was sent, and the library would send it again on a new one.
fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(1))
        .timeout(Duration::from_secs(5))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
}
