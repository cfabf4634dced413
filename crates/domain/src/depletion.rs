use serde::{Deserialize, Serialize};

use crate::{PurchaseId, RestockCycle, RestockId, Sku};

/// "This product is at or below its reorder point": the message from the topic to `stock_queue`, and
/// the body of a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depletion {
    /// The product.
    pub sku: Sku,
    /// The restock that it asks for. A product that has moved on needs it no more.
    pub restock_cycle: RestockCycle,
    /// The stock when it was noticed. `None` where the database could not be asked.
    #[serde(default)]
    pub stock: Option<u32>,
    /// What noticed it.
    pub reason: Reason,
    /// The purchase that found the product sold out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_id: Option<PurchaseId>,
}

impl Depletion {
    /// The restock that it asks for.
    pub fn restock(&self) -> RestockId {
        RestockId { sku: self.sku.clone(), cycle: self.restock_cycle }
    }
}

/// What noticed a depletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A purchase that could not be served.
    SoldOut,
    /// The one sale that crossed the reorder point.
    ReorderPoint,
    /// The sweep, which looks at the database itself.
    Sweep,
    /// An operator who moved a dead letter back.
    Redrive,
}

impl Reason {
    /// Whether the depletion holds even though there has been a restock of its cycle: the sweep has
    /// asked the database, an operator insists. What purchases noticed may be older than that restock.
    pub fn outlasts_a_restock(self) -> bool {
        matches!(self, Self::Sweep | Self::Redrive)
    }
}
