//! `GET /products/{sku}`

use domain::Sku;
use lambda_support::http::Request;

use crate::Error;

/// The product that a request asks for.
pub fn read(request: &Request) -> Result<Sku, Error> {
    Ok(request.path("sku").unwrap_or_default().parse()?)
}
