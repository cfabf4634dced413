//! The demo: one sold-out day on the local cloud, which `cargo run` shows.
//!
//! Customers buy until the product is sold out, the factory makes more, the factory fails, and a redrive recovers. Two
//! products of a second factory are restocked while the first one is down. At the end the summary compares what customers and operations saw with the database.
//!
//! - `scenario`: the steps of the demo. Start here.
//! - `summary`: the numbers at the end and the checks on them.
//!
//! Uses the system as customers and operators do, through `deployment` and `operations`; only the summary reads the
//! database.

mod scenario;
mod summary;

use std::time::Duration;

use anyhow::Result;
use local_cloud::{LocalCloud, Options};
use local_programs::console::Console;

use scenario::{OPENING_STOCK, Scenario};
pub use summary::Summary;

/// Starts a local cloud, runs the demo on it, and stops the local cloud. Prints progress to the console.
///
/// # Errors
/// If the local cloud does not start, if a part of it ends, or if the demo does not end in time. Unexpected numbers are no error:
/// [`Summary::unexpected`] lists them.
pub async fn run(factory_stage: Duration, console: Console) -> Result<Summary> {
    console
        .title("Restock: sells donuts, notices when they run out, and has the factory make more.");
    let options = Options {
        stock: Some(OPENING_STOCK),
        second_factory: true,
        factory_stage,
        ..Options::default()
    };
    let cloud = LocalCloud::start(options, console).await?;
    let scenario = async { Scenario::new(&cloud, console).await?.run(factory_stage).await };
    let summary = cloud.backing_services.while_running(scenario).await;
    cloud.stop().await;
    summary
}
