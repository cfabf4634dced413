//! The numbers of dead letters, and of callbacks that were not counted.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use anyhow::Result;
use deployment::outputs::Outputs;
use serde::Serialize;

use crate::{dead_letters::Queues, logs::Logs, stop::Stop};

/// How far back callbacks are counted.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The dead letters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LetterStatus {
    /// Letters that anybody can receive.
    pub visible: usize,
    /// Letters that somebody has received and neither deleted nor put back.
    pub in_flight: usize,
    /// Milliseconds since 1970 after which those are visible again, at the latest.
    pub hidden_until: Option<u64>,
    /// The age of the oldest visible letter in seconds.
    pub oldest_seconds: Option<u64>,
    /// The number of visible letters of each product.
    pub of_products: BTreeMap<String, usize>,
}

impl LetterStatus {
    pub(super) async fn of(outputs: &Outputs, stop: &Stop) -> Result<Self> {
        let seen = Queues::of(outputs).await.see(stop).await?;
        let mut of_products = BTreeMap::new();
        for depletion in seen.letters.iter().filter_map(|letter| letter.depletion.as_ref()) {
            *of_products.entry(depletion.sku.to_string()).or_default() += 1;
        }
        let until = |until: SystemTime| until.duration_since(SystemTime::UNIX_EPOCH).ok();
        let until = seen.in_flight.and_then(|letters| until(letters.until));
        Ok(Self {
            visible: seen.letters.len(),
            in_flight: seen.in_flight.map_or(0, |letters| letters.count),
            hidden_until: until.and_then(|time| time.as_millis().try_into().ok()),
            oldest_seconds: seen.letters.first().map(|letter| letter.age().as_secs()),
            of_products,
        })
    }

    pub(super) fn attention(&self) -> Option<String> {
        let all = self.visible + self.in_flight;
        (all > 0).then(|| format!("dead letters: {all}. Run `restock dead-letters list`"))
    }
}

/// Callbacks that were not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CallbackCounts {
    /// With an invalid body: the factory must say how many units it delivered.
    pub refused: u64,
    /// Without a valid signature: dropped.
    pub forged: u64,
}

impl CallbackCounts {
    pub(super) async fn of(outputs: &Outputs) -> Result<Self> {
        let logs = Logs::of(outputs, Some("receive-completion")).await?;
        let since = SystemTime::now().checked_sub(DAY).unwrap_or(SystemTime::UNIX_EPOCH);
        let [refused, forged] = logs.sums(["RefusedCallbacks", "ForgedCallbacks"], since).await?;
        Ok(Self { refused, forged })
    }

    pub(super) fn attention(self) -> Option<String> {
        (self.refused > 0).then(|| {
            format!(
                "callbacks refused in the last 24 hours: {}. Ask the factory how many units it delivered",
                self.refused
            )
        })
    }
}
