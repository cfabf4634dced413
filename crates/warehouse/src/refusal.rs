//! Counts purchases that were refused because the stock was too low.
//!
//! A crowd must not pay for being counted. Each environment of a function therefore adds up its refusals and writes them
//! at most once a second, with an invocation that comes anyway, unless the database is slow. What an environment holds when it
//! ends is lost: at most the refusals since its last write. A purchase that is sent again with the same key is counted again.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use domain::{Purchase, Sku};
use sqlx::MySqlConnection;
use tokio::time::timeout;
use uuid::Uuid;

use crate::{Error, Result, Warehouse};

/// The shortest time between two writes of one environment.
const PAUSE: Duration = Duration::from_secs(1);

/// The number of rows that share the refusals of one product and hour.
const SHARDS: u32 = 16;

/// After a purchase that took longer, nothing is written. A write would probably be given up, and then the next purchase
/// must log in again, while the database is slow.
const SLOW: Duration = Duration::from_millis(100);

/// A write that takes longer is given up, with its connection: the purchase is decided, and its answer must not wait.
const LONGEST_WRITE: Duration = Duration::from_millis(300);

/// Refusals that were not written yet.
#[derive(Debug)]
pub(crate) struct Refusals {
    held: Mutex<Held>,
    /// Chosen at random: environments of a function cannot be told apart by their process ids.
    shard: u32,
}

impl Default for Refusals {
    fn default() -> Self {
        let shard = u32::from(Uuid::new_v4().as_bytes()[0]) % SHARDS;
        Self { held: Mutex::default(), shard }
    }
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
    /// Counts a purchase that was refused because the stock was too low.
    pub fn count_refusal(&self, purchase: &Purchase) {
        self.refusals.add(purchase);
    }

    /// Writes the refusals that this process has counted, unless it wrote some less than a second ago, or the database took
    /// long for this invocation's purchase. Then a later call writes them.
    ///
    /// # Errors
    /// If the counts cannot be written. They are dropped then: an error must not slow down the crowd.
    pub async fn write_refusals(&self, purchase_took: Duration) -> Result<()> {
        if purchase_took > SLOW {
            return Ok(());
        }
        let due = self.refusals.take_due();
        if due.is_empty() {
            return Ok(());
        }
        let shard = self.refusals.shard;
        let write = self.run_once(async |connection| {
            for (sku, count) in &due {
                write(connection, sku, *count, shard).await?;
            }
            Ok(())
        });
        timeout(LONGEST_WRITE, write).await.unwrap_or(Err(Error::Slow(LONGEST_WRITE)))
    }
}

async fn write(
    connection: &mut MySqlConnection,
    sku: &Sku,
    count: Count,
    shard: u32,
) -> Result<()> {
    let write = sqlx::query("CALL count_refusal(?, ?, ?, ?)");
    let write = write.bind(sku.as_str()).bind(shard).bind(count.requests).bind(count.units);
    write.execute(connection).await?;
    Ok(())
}
