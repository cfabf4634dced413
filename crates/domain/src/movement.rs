use serde::{Deserialize, Serialize};

use crate::Error;

/// Why a row of the ledger changed the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Sold to a customer.
    Sale,
    /// Delivered by the factory.
    Arrival,
    /// Corrected after people counted the goods.
    Count,
    /// Moved between the buckets of the product.
    Move,
}

name_type!(MovementKind, Error::MovementKind);
