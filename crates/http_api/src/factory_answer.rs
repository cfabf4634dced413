//! Answers of the factory: `201 {"data": {"id": "<uuid>", "reqestor": …, "data": …}}`

use serde::Deserialize;

/// The id is written to execution histories and logs, so its length and its characters are limited.
const LONGEST_ID: usize = 64;

#[derive(Deserialize)]
struct Body {
    data: Manufacture,
}

#[derive(Deserialize)]
struct Manufacture {
    id: String,
}

/// Returns the factory's own id of the order, if the body has one.
pub fn order_id(body: &[u8]) -> Option<String> {
    let Body { data: Manufacture { id } } = serde_json::from_slice(body).ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (!id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(plain)).then_some(id)
}
