//! Counts purchases that were refused because the stock was too low.
//!
//! A crowd must not pay for being counted. Each environment of a function therefore adds up its refusals and writes them
//! at most once a second, with an invocation that comes anyway. What an environment holds when it ends is lost: at most
//! the refusals since its last write. A purchase that is sent again with the same key is counted again.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use domain::{Purchase, Sku};
use sqlx::MySqlConnection;

use crate::{Error, Result, Warehouse};

/// The shortest time between two writes of one environment.
const PAUSE: Duration = Duration::from_secs(1);

/// The number of rows that share the refusals of one product and hour.
const SHARDS: u32 = 16;

/// ER_NO_REFERENCED_ROW_2: the product is not in the catalog.
const NO_PRODUCT: &str = "refusal_product";

/// Refusals that were not written yet.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    by_sku: BTreeMap<Sku, Count>,
    written: Option<Instant>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    requests: u32,
    units: u32,
}

impl Refusals {
    fn add(&self, purchase: &Purchase) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.by_sku.entry(purchase.sku.clone()).or_default();
        count.requests = count.requests.saturating_add(1);
        count.units = count.units.saturating_add(purchase.quantity.get());
    }

    /// Takes what is held, if it is time to write.
    fn take_due(&self) -> BTreeMap<Sku, Count> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = held.written.is_none_or(|written| written.elapsed() >= PAUSE);
        if held.by_sku.is_empty() || !is_due {
            return BTreeMap::new();
        }
        held.written = Some(Instant::now());
        std::mem::take(&mut held.by_sku)
    }
}

impl Warehouse {
    /// Counts a purchase that was refused because the stock was too low, and writes what is due.
    ///
    /// # Errors
    /// If the counts cannot be written. They are dropped then: an error must not slow down the crowd.
    pub async fn count_refusal(&self, purchase: &Purchase) -> Result<()> {
        self.refusals.add(purchase);
        self.write_refusals().await
    }

    /// Writes the refusals that this process has counted, unless it wrote some less than a second ago.
    ///
    /// # Errors
    /// See [`count_refusal`](Self::count_refusal).
    pub async fn write_refusals(&self) -> Result<()> {
        let due = self.refusals.take_due();
        if due.is_empty() {
            return Ok(());
        }
        // A process keeps its shard, and different processes have different ones, mostly.
        let shard = std::process::id() % SHARDS;
        self.run_once(async |connection| {
            for (sku, count) in &due {
                write(connection, sku, *count, shard).await?;
            }
            Ok(())
        })
        .await
    }
}

async fn write(
    connection: &mut MySqlConnection,
    sku: &Sku,
    count: Count,
    shard: u32,
) -> Result<()> {
    let write = sqlx::query!(
        "INSERT INTO refusal (sku, hour, shard, requests, units)
         VALUES (?, UNIX_TIMESTAMP() DIV 3600, ?, ?, ?)
         ON DUPLICATE KEY UPDATE requests = requests + ?, units = units + ?",
        sku.as_str(),
        shard,
        count.requests,
        count.units,
        count.requests,
        count.units
    );
    match write.execute(connection).await {
        // Unknown products are refused too, and are nobody's demand.
        Err(error) if is_unknown_product(&error) => Ok(()),
        Err(error) => Err(Error::from(error)),
        Ok(_) => Ok(()),
    }
}

fn is_unknown_product(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains(NO_PRODUCT))
}
