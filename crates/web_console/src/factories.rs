//! The factory simulators: their faults and their latest orders.

use std::collections::BTreeMap;

use anyhow::Result;
use deployment::outputs::Outputs;
use factory_simulator::AdminClient;
use serde_json::Value;

use crate::state::{FactoryOrder, FactoryState};

/// So many orders of each factory are shown.
const ORDERS: usize = 6;

pub(crate) async fn read(outputs: &Outputs) -> Result<BTreeMap<String, FactoryState>> {
    let mut all = BTreeMap::new();
    for (id, url) in &outputs.factory_simulators {
        let simulator = AdminClient::new(url)?;
        let fault = simulator.fault().await?.map(|active| active.fault().to_string());
        let orders = simulator.orders().await?;
        let orders = orders.iter().rev().take(ORDERS).map(order).collect();
        all.insert(id.clone(), FactoryState { fault, orders });
    }
    Ok(all)
}

fn order(record: &Value) -> FactoryOrder {
    let attributes = &record["body"]["MessageAttributeProductId"];
    let (progress, step) = progress(&record["progress"]);
    FactoryOrder {
        id: record["id"].as_str().unwrap_or_default().to_owned(),
        product: attributes.as_str().unwrap_or_default().to_owned(),
        count: record["body"]["MessageAttributeProductCnt"].as_u64().unwrap_or_default(),
        progress,
        step,
    }
}

/// See `factory_simulator::Progress`.
fn progress(progress: &Value) -> (String, u8) {
    if let Some(stage) = progress["stage"].as_u64() {
        return (format!("stage {stage} of 4"), u8::try_from(stage).unwrap_or_default());
    }
    let name = progress.as_str().unwrap_or_default();
    let step = match name {
        "held" => 4,
        "called_back" => 5,
        _ => 0,
    };
    (name.replace('_', " "), step)
}
