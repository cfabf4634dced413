//! Step `PlaceOrder` of the `restock` state machine.

use lambda_support::{StartError, config::setting};
use restock_workflow::{factory::Factory, place_order};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start(), place_order::handle).await
}

fn start() -> Result<Factory, StartError> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a TLS provider is already installed")?;
    Ok(Factory::new(
        setting("FACTORY_URL")?,
        setting("CALLBACK_URL")?,
        setting("CALLBACK_KEYS")?,
        setting("REQUESTER")?,
    )?)
}
