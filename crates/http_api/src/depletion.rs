//! Messages in `stock_queue`.

use domain::{Depletion, Object};

/// Reads a depletion from the body of a message.
pub fn read(body: &str) -> Result<Depletion, serde_json::Error> {
    serde_json::from_str(body).map(|Object(depletion)| depletion)
}
