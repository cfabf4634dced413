use serde::{Deserialize, Serialize};

use crate::{Error, Quantity, Sku, Stock};

/// A customer's request to buy. Input of the `purchase` state machine and of its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    pub purchase_id: PurchaseId,
    pub sku: Sku,
    pub quantity: Quantity,
}

/// Identifies a purchase: the value of the customer's `Idempotency-Key` header, 1 to 64 visible ASCII characters
/// other than a comma. API Gateway joins the values of a repeated header with a comma, so a key with a comma may be two.
/// At most one purchase is made for each id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PurchaseId(String);

impl PurchaseId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_valid(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b',')
}

text_type!(PurchaseId, is_valid, Error::PurchaseId);

/// How a purchase ended. The same names are used by the database code, the state machine and the HTTP API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseOutcome {
    /// The goods are sold to the customer.
    Sold,
    /// The stock was lower than the quantity. Nothing was sold.
    SoldOut,
    /// There is no product with this SKU.
    UnknownProduct,
    /// The purchase id was used before for another product or quantity. Nothing more was sold.
    KeyReused,
    /// It is unknown whether the goods were sold, because the system did not answer in time. Only the HTTP API
    /// returns this outcome; a retry with the same id returns the real one.
    Unknown,
}

name_type!(PurchaseOutcome, Error::PurchaseOutcome);

/// The decision on a purchase. Output of the `purchase` state machine, and part of the output of `DecrementStock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseResult {
    pub outcome: PurchaseOutcome,
    /// After a sale: the stock that this sale left. Otherwise the current stock, if it is known.
    pub stock: Option<Stock>,
}
