//! `GET /products`: the price, the stock and the open restock of each product, page by page.

use std::convert::Infallible;

use errors::NamedError;
use http_api::{
    http::{Reply, Request},
    products::{self, Page},
};
use serde_json::json;
use warehouse::Warehouse;

/// Returns 200 with a page of products, 400 if a parameter is invalid, and 503 if the database cannot be read.
pub async fn handle(warehouse: &Warehouse, request: Request) -> Result<Reply, Infallible> {
    let Page { limit, after } = match products::read(&request) {
        Ok(page) => page,
        Err(error) => return Ok(error.reply()),
    };
    match warehouse.list_products(after.as_ref(), limit).await {
        Ok(list) => {
            let sentence = format!("listed {} products", list.products.len());
            Ok(Reply::json(200, json!(list), sentence))
        }
        Err(error) => Ok(unavailable(&error)),
    }
}

/// The error is logged and not shown to the customer.
fn unavailable(error: &warehouse::Error) -> Reply {
    let detail = "The products cannot be read at the moment. Try again.";
    Reply::problem(503, "unavailable", "Unavailable", detail)
        .header("retry-after", "2")
        .sentence(format!("answered 503: {error}"))
        .failed(error.name())
        .counted("Unavailable")
}
