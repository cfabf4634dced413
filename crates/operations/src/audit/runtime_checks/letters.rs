//! Dead letters, also those that others have received.

use std::collections::BTreeMap;

use anyhow::Result;

use super::RuntimeChecks;
use crate::{audit::runtime_finding::RuntimeFinding, dead_letters::DeadLetter};

impl RuntimeChecks {
    /// The dead letters, grouped by product.
    pub(in crate::audit) async fn dead_letters(&self) -> Result<Vec<RuntimeFinding>> {
        let seen = self.queues.see(&self.stop).await?;
        let mut by_product: BTreeMap<Option<String>, Vec<DeadLetter>> = BTreeMap::new();
        for letter in seen.letters {
            let sku = letter.depletion.as_ref().map(|depletion| depletion.sku.to_string());
            by_product.entry(sku).or_default().push(letter);
        }
        let found = by_product.into_iter().map(|(sku, letters)| RuntimeFinding::DeadLetters {
            sku,
            count: letters.len(),
            oldest_seconds: letters.first().map(DeadLetter::age).unwrap_or_default().as_secs(),
            error: letters.last().map(|letter| letter.error.clone()).unwrap_or_default(),
        });
        let in_flight = seen.in_flight.map(|letters| RuntimeFinding::DeadLettersInFlight {
            count: letters.count,
            hidden: letters.to_string(),
        });
        Ok(found.chain(in_flight).collect())
    }
}
