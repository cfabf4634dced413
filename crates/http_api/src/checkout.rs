//! `POST /checkout`

use crate::http::Request;
use domain::{Object, Purchase, PurchaseId, Quantity, Sku};
use serde::Deserialize;

use crate::Error;

/// The body of a request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Checkout {
    sku: Sku,
    quantity: Quantity,
}

/// Reads the purchase from a request.
pub fn read(request: &Request) -> Result<Purchase, Error> {
    let purchase_id: PurchaseId =
        request.header("idempotency-key").ok_or(Error::KeyMissing)?.parse()?;
    let Object(Checkout { sku, quantity }) =
        serde_json::from_str(&request.body()?).map_err(Error::Checkout)?;
    Ok(Purchase { purchase_id, sku, quantity })
}
