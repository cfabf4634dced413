//! What the buttons do.

use anyhow::{Context, Result};
use deployment::{
    api_client::ApiClient,
    crowd::{Answers, Crowd},
};
use domain::Sku;
use factory_simulator::{ActiveFault, AdminClient, Fault};
use operations::{
    dead_letters::Queues,
    redrive::{record, redrive},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use warehouse::{Reason, audit::History};

use crate::{Deployment, source::Source};

/// The largest crowd, so that a slip of the finger does not keep the machine busy for hours.
const LARGEST_CROWD: u32 = 1_000;

/// A purchase of one unit by each of so many customers.
#[derive(Debug, Deserialize)]
pub(crate) struct Buy {
    sku: Sku,
    customers: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SetFault {
    factory: String,
    /// `None`: the factory works as it should again.
    fault: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Crash {
    function: String,
    /// `false`: takes back a kill that still waits.
    wanted: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Redrive {
    /// `None`: of all products.
    sku: Option<Sku>,
    reason: Reason,
}

/// The result of a redrive.
#[derive(Debug, Serialize)]
pub(crate) struct Redriven {
    moved: usize,
    left: usize,
}

pub(crate) async fn buy(source: &Source, buy: Buy) -> Result<Answers> {
    let customers = buy.customers;
    let in_range = (1..=LARGEST_CROWD).contains(&customers);
    anyhow::ensure!(in_range, "a crowd has 1 to {LARGEST_CROWD} customers");
    let api = ApiClient::new(&source.deployment.outputs.sales_api_url)?;
    let name = format!("console-{}", Uuid::new_v4().simple());
    Crowd { api: &api, sku: buy.sku.as_str(), name: &name, customers }.buy(|_| {}).await
}

pub(crate) async fn set_fault(source: &Source, set: SetFault) -> Result<()> {
    let url = source.deployment.outputs.factory_simulators.get(&set.factory);
    let url = url.with_context(|| format!("there is no simulator of factory {}", set.factory))?;
    let simulator = AdminClient::new(url)?;
    match set.fault {
        Some(fault) => {
            simulator.set_fault(ActiveFault::lasting(fault.parse::<Fault>()?)).await?;
        }
        None => {
            simulator.clear_fault().await?;
            simulator.release().await?;
        }
    }
    Ok(())
}

pub(crate) fn crash(source: &Source, crash: &Crash) -> Result<()> {
    let outputs = &source.deployment.outputs;
    match crash.wanted {
        true => local_cloud::crash::request(outputs, &crash.function),
        false => local_cloud::crash::take_back(outputs, &crash.function),
    }
}

pub(crate) async fn redrive_letters(source: &Source, request: Redrive) -> Result<Redriven> {
    let _alone = source.letters.lock().await;
    let Deployment { outputs, warehouse } = &source.deployment;
    let (queues, sku) = (Queues::of(outputs).await, request.sku.as_ref());
    record(outputs, warehouse, sku, &request.reason).await?;
    let done = redrive(&queues, sku, false, &mut std::io::sink()).await?;
    Ok(Redriven { moved: done.moved, left: done.left })
}

pub(crate) async fn ledger(source: &Source, sku: &str) -> Result<History> {
    source.deployment.warehouse.history(&sku.parse()?).await
}
