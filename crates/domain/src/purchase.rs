use serde::{Deserialize, Serialize};

use crate::{Error, Quantity, Sku};

/// What a customer wants: the input of the `purchase` machine and of its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// The customer's `Idempotency-Key`: the purchase happens at most once under it.
    pub purchase_id: PurchaseId,
    /// The product.
    pub sku: Sku,
    /// How many.
    pub quantity: Quantity,
}

/// A customer's `Idempotency-Key`: 1 to 64 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PurchaseId(String);

impl PurchaseId {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

text_type!(PurchaseId, is_key, Error::PurchaseId);
