//! Who redrives dead letters, and why.

use std::collections::BTreeMap;

use anyhow::Result;
use deployment::outputs::Outputs;
use domain::Sku;
use uuid::Uuid;
use warehouse::{Change, ChangeRequest, Reason, audit::Overview};

use crate::{
    access::{WarehouseAccess, operator},
    dead_letters::{Queues, Seen},
    stop::Stop,
};

/// Records the redrive of the dead letters that are there now, for each product, or for one. To be called before the
/// redrive: one without a record must not happen.
///
/// # Errors
/// If the letters cannot be read, or the database does not record it.
pub async fn record(
    outputs: &Outputs,
    warehouse: &WarehouseAccess,
    sku: Option<&Sku>,
    reason: &Reason,
) -> Result<()> {
    let seen = Queues::of(outputs).await.see_all(&Stop::default()).await?;
    let by = operator(outputs).await?;
    for (product, letters) in known(&seen, &warehouse.overview().await?) {
        if sku.is_none_or(|sku| *sku == product) {
            let change = Change::Redrive { sku: product, letters };
            let (id, by, reason) = (Uuid::new_v4(), by.clone(), reason.clone());
            warehouse.change(&ChangeRequest { id, by, reason, change }).await?;
        }
    }
    Ok(())
}

/// The number of letters of each product. An unknown product has no history to record a redrive in.
fn known(seen: &Seen, overview: &Overview) -> BTreeMap<Sku, u32> {
    let is_known = |sku: &Sku| overview.products.iter().any(|product| product.sku == sku.as_str());
    let mut letters = BTreeMap::new();
    for depletion in seen.letters.iter().filter_map(|letter| letter.depletion.as_ref()) {
        if is_known(&depletion.sku) {
            *letters.entry(depletion.sku.clone()).or_default() += 1;
        }
    }
    letters
}
