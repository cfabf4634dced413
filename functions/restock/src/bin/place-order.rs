//! Step `PlaceOrder` of the `restock` state machine.

use lambda_support::config::setting;
use restock_workflow::{factory::Factory, place_order};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a TLS provider is already installed")?;
    let factory = Factory::new(
        setting("FACTORY_URL")?,
        setting("CALLBACK_URL")?,
        setting("CALLBACK_KEYS")?,
        setting("REQUESTER")?,
    )?;
    lambda_support::run(async |order| place_order::handle(&factory, order).await).await
}
