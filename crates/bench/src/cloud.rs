//! Whole purchases and restocks, through the HTTP API of the local cloud. The functions that a purchase and a restock pass
//! are release builds. The others only have to be there.

mod purchases;
mod restock;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use anyhow::Result;
use deployment::api_client::ApiClient;
use domain::{Sku, Stock};
use local_cloud::{LocalCloud, Options as CloudOptions};
use local_programs::{build, console::Console};

use crate::{
    Options, Part, Report,
    packages::Packages,
    products::{self, PLENTY},
};

/// Each of the four stages of the factory.
const STAGE: Duration = Duration::from_millis(250);

pub(crate) async fn measure(
    options: &Options,
    packages: &Packages,
    console: Console,
    report: &mut Report,
) -> Result<()> {
    let cloud_options = CloudOptions {
        factory_stage: STAGE,
        binaries: Some(binaries(packages).await?),
        ..CloudOptions::default()
    };
    let cloud = LocalCloud::start(cloud_options, console).await?;
    let measured = measure_on(&cloud, options, console, report);
    let measured = cloud.backing_services.while_running(measured).await;
    cloud.stop().await;
    measured
}

/// The binaries of all functions: those that are measured, and development builds of the others.
async fn binaries(packages: &Packages) -> Result<BTreeMap<String, PathBuf>> {
    let mut binaries = build::functions().await?.clone();
    binaries.extend(packages.all().clone());
    Ok(binaries)
}

async fn measure_on(
    cloud: &LocalCloud,
    options: &Options,
    console: Console,
    report: &mut Report,
) -> Result<()> {
    let api = ApiClient::new(&cloud.outputs.sales_api_url)?;
    if options.has(Part::Purchases) {
        console.note("whole purchases");
        let sku = product(cloud, "BENCH-PURCHASES", PLENTY).await?;
        report.purchases = purchases::measure(cloud, &api, &sku, options.scale).await?;
    }
    if options.has(Part::Restock) {
        console.note("restocks");
        report.restocks.push(restock::measure(cloud, &api, options.scale).await?);
    }
    Ok(())
}

/// Adds a product of the first factory.
async fn product(cloud: &LocalCloud, sku: &str, stock: Stock) -> Result<Sku> {
    let sku = sku.parse()?;
    products::add(&cloud.warehouse, &sku, stock).await?;
    Ok(sku)
}
