//! `GET /products/{sku}`: the price, the stock and the open restock of a product.

use std::convert::Infallible;

use domain::{PurchaseOutcome, Sku};
use errors::NamedError;
use http_api::http::{Reply, Request};
use serde_json::json;
use warehouse::Warehouse;

/// Returns 200 with the product, 400 if the SKU is invalid, 404 if it is unknown, and 503 if the database cannot be
/// read.
pub async fn handle(warehouse: &Warehouse, request: Request) -> Result<Reply, Infallible> {
    let sku = match http_api::product::read(&request) {
        Ok(sku) => sku,
        Err(error) => return Ok(error.reply()),
    };
    match warehouse.show_product(&sku).await {
        Ok(Some(product)) => {
            let sentence = format!("showed {sku}: {} in stock", product.stock);
            Ok(Reply::json(200, json!(product), sentence))
        }
        Ok(None) => Ok(unknown(&sku)),
        Err(error) => Ok(unavailable(&error)),
    }
}

fn unknown(sku: &Sku) -> Reply {
    let outcome = PurchaseOutcome::UnknownProduct.to_string();
    Reply::problem(404, &outcome, "Unknown product", format!("There is no product {sku}."))
}

/// The error is logged and not shown to the customer.
fn unavailable(error: &warehouse::Error) -> Reply {
    let detail = "The product cannot be read at the moment. Try again.";
    Reply::problem(503, "unavailable", "Unavailable", detail)
        .header("retry-after", "2")
        .sentence(format!("answered 503: {error}"))
        .failed(error.name())
        .counted("Unavailable")
}
