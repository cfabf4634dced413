//! `GET /products/{sku}`: the stock, the price and the restock under way.

use std::convert::Infallible;

use domain::Sku;
use errors::NamedError;
use http_api::http::{Reply, Request};
use serde_json::json;
use warehouse::Warehouse;

/// Answers 200 with the product, 404 where there is none. A database that is away is a 503.
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
    let detail = format!("there is no product {sku}");
    Reply::problem(404, "unknown_product", "Unknown product", detail)
}

/// What went wrong goes into the log; the customer need not know it.
fn unavailable(error: &warehouse::Error) -> Reply {
    Reply::problem(503, "unavailable", "Unavailable", "the stock cannot be read now: try again")
        .header("retry-after", "2")
        .sentence(format!("answered 503: {error}"))
        .failed(error.name())
        .counted("Unavailable")
}
