//! Messages in `stock_queue`

use domain::{Depletion, Object};

/// The depletion that a message's body tells of.
pub fn read(body: &str) -> Result<Depletion, serde_json::Error> {
    serde_json::from_str(body).map(|Object(depletion)| depletion)
}
