//! `GET /products/{sku}`

use crate::http::Request;
use domain::Sku;

use crate::Error;

/// Reads the SKU from a request.
pub fn read(request: &Request) -> Result<Sku, Error> {
    Ok(request.path("sku").unwrap_or_default().parse()?)
}
