//! The step `PlaceOrder` of the `restock` machine.

use restock_workflow::{factory::Factory, place_order};
use step::config::setting;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a TLS provider is installed already")?;
    let factory = Factory::new(
        setting("FACTORY_URL")?,
        setting("CALLBACK_URL")?,
        setting("CALLBACK_KEYS")?,
        setting("REQUESTER")?,
    )?;
    step::run(async |order| place_order::handle(&factory, order).await).await
}
