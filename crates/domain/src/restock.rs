use serde::{Deserialize, Serialize};

use crate::{Error, Sku};

/// Number of a restock of a product, from 1 to 1,000,000,000. The product moves to the next cycle when a restock is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct RestockCycle(u32);

number_type!(RestockCycle, (1..=1_000_000_000), Error::RestockCycle);

impl RestockCycle {
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// State of a restock in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestockStatus {
    /// An execution works on the restock. A product has at most one open restock.
    Open,
    /// The goods are in stock, or were no longer needed.
    Completed,
    /// The restock was given up.
    Failed,
}

name_type!(RestockStatus, Error::RestockStatus);

/// Identifies one restock of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestockId {
    pub sku: Sku,
    pub cycle: RestockCycle,
}

/// `CP-502101_3`. This is also the name of the restock's execution. An SKU contains no underscore, so the names of
/// two restocks always differ, and the name contains only characters that Step Functions allows.
impl std::fmt::Display for RestockId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.sku, self.cycle)
    }
}

impl RestockId {
    /// Reads the restock from the name of its execution, which may have a suffix: `CP-502101_3_a1b2`. Returns
    /// `None` if the execution does not belong to a restock.
    pub fn of_execution(name: &str) -> Option<Self> {
        let mut parts = name.split('_');
        let sku = parts.next()?.parse().ok()?;
        let cycle = parts.next()?.parse::<u32>().ok()?.try_into().ok()?;
        Some(Self { sku, cycle })
    }
}
