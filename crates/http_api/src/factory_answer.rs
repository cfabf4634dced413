//! What the factory answers: `201 {"data": {"id": "<uuid>", "reqestor": …, "data": …}}`

use serde::Deserialize;

/// Names are written into histories and logs: none is longer than this, and all are plain.
const LONGEST_NAME: usize = 64;

#[derive(Deserialize)]
struct Body {
    data: Manufacture,
}

#[derive(Deserialize)]
struct Manufacture {
    id: String,
}

/// What the factory calls the order, if the body says so.
pub fn order_id(body: &[u8]) -> Option<String> {
    let Body { data: Manufacture { id } } = serde_json::from_slice(body).ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (!id.is_empty() && id.len() <= LONGEST_NAME && id.chars().all(plain)).then_some(id)
}
