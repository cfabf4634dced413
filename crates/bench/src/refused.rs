//! The refused crowd: many environments of `check-stock` refuse purchases of a product that is sold out. Refusals are counted
//! in the database; measured with and without that, in turn.

use std::time::Duration;

use anyhow::Result;
use database_server::DatabaseServer;
use domain::{PurchaseOutcome, Stock};
use local_programs::console::Console;
use warehouse::bench_support;

use crate::{
    Options, Report,
    packages::Packages,
    report::Refusals,
    seller::{Function, rate},
    shop::Shop,
};

/// The number of environments that refuse at once.
const ENVIRONMENTS: u32 = 32;

pub(crate) async fn measure(
    options: &Options,
    packages: &Packages,
    console: Console,
    report: &mut Report,
) -> Result<()> {
    console.note("refusals of a product that is sold out");
    let server = DatabaseServer::start(console).await?;
    let shop = Shop::open(&server, Duration::ZERO, (1, Stock::new(0))).await?;
    let uncounting = Shop::open(&server, Duration::ZERO, (1, Stock::new(0))).await?;
    bench_support::stop_counting_refusals(&uncounting.database_url.parse()?).await?;
    let mut counted = refusing(&shop, packages).await?;
    let mut uncounted = refusing(&uncounting, packages).await?;
    let scale = options.scale;
    rate(&mut counted, 1, scale.warm_up).await?;
    rate(&mut uncounted, 1, scale.warm_up).await?;
    let mut repeats = Vec::new();
    for _ in 0..scale.repeats {
        let with = rate(&mut counted, 1, scale.slice).await?;
        repeats.push((with, rate(&mut uncounted, 1, scale.slice).await?));
    }
    report.refused.push(Refusals::new(ENVIRONMENTS, &repeats));
    server.stop().await;
    Ok(())
}

async fn refusing(shop: &Shop, packages: &Packages) -> Result<Vec<Function>> {
    let name = "check-stock";
    let expected = (usize::try_from(ENVIRONMENTS)?, PurchaseOutcome::SoldOut);
    shop.environments(name, packages.binary(name)?, expected).await
}
