use serde::{Deserialize, Serialize};

use crate::{Error, Sku};

/// Counts the restocks of a product, from 1. It moves on when a restock is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct RestockCycle(u32);

number_type!(RestockCycle, (1..=u32::MAX), Error::RestockCycle);

impl RestockCycle {
    /// The cycle after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// One replenishment cycle of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestockId {
    /// The product.
    pub sku: Sku,
    /// Its cycle.
    pub cycle: RestockCycle,
}

/// `CP-502101_3`: also the name of the restock's execution. An SKU holds no underscore, so no two
/// restocks share a name, and the characters are those that executions may be logged under.
impl std::fmt::Display for RestockId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.sku, self.cycle)
    }
}

impl RestockId {
    /// The restock of an execution of this name, which may have a suffix: `CP-502101_3_a1b2`. `None` where
    /// the execution was no restock's.
    pub fn of_execution(name: &str) -> Option<Self> {
        let mut parts = name.split('_');
        let sku = parts.next()?.parse().ok()?;
        let cycle = parts.next()?.parse::<u32>().ok()?.try_into().ok()?;
        Some(Self { sku, cycle })
    }
}
