use serde::{Deserialize, Serialize};

use crate::{PurchaseId, RestockCycle, RestockId, Sku, Stock};

/// The message that a product is at or below its reorder point. It goes from the topic to `stock_queue`, and it is
/// the body of a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depletion {
    pub sku: Sku,
    /// The restock that the message asks for. If the product is already in a later cycle, the message is outdated.
    pub restock_cycle: RestockCycle,
    /// The stock when the depletion was noticed. `None` if the database could not be read.
    #[serde(default)]
    pub stock: Option<Stock>,
    pub reason: Reason,
    /// The purchase that found the product sold out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_id: Option<PurchaseId>,
}

impl Depletion {
    /// The restock that the message asks for.
    pub fn restock(&self) -> RestockId {
        RestockId { sku: self.sku.clone(), cycle: self.restock_cycle }
    }
}

/// Why a depletion was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A purchase found the product sold out.
    SoldOut,
    /// A sale took the stock from above the reorder point to at or below it.
    ReorderPoint,
    /// The sweep found the product in the database.
    Sweep,
    /// An operator redrove a dead letter.
    Redrive,
}

impl Reason {
    /// Whether the request is valid even if the restock it names is already closed. The sweep has just read the
    /// database, and an operator decided to retry. A message from a purchase may be older than that restock.
    pub fn outlasts_a_restock(self) -> bool {
        matches!(self, Self::Sweep | Self::Redrive)
    }
}
