//! What the factory answers: `201 {"data": {"id": "<uuid>", "reqestor": …, "data": …}}`.
//!
//! Its status decides; the body only tells what the factory calls the order. So a body that is not as
//! it should be, or does not come, is no failure.

use reqwest::Response;
use serde::Deserialize;

/// Its real answers have less than 1 KiB. What is longer is not read to its end.
const LIMIT: usize = 64 * 1024;

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

/// What the factory calls the order, if its answer says so.
pub async fn order_id(answer: Response) -> Option<String> {
    parse(&read(answer).await?)
}

/// The whole body, if it comes and is not too long.
async fn read(mut answer: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        if body.len() + chunk.len() > LIMIT {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

/// The name that a body gives the order.
pub fn parse(body: &[u8]) -> Option<String> {
    let Body { data: Manufacture { id } } = serde_json::from_slice(body).ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (!id.is_empty() && id.len() <= LONGEST_NAME && id.chars().all(plain)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factorys_name_for_the_order_is_read() {
        let body = br#"{"data": {"id": "6f1c", "reqestor": "Donut-States", "data": {}}}"#;
        assert_eq!(parse(body).as_deref(), Some("6f1c"));
    }

    #[test]
    fn what_is_no_name_is_left_alone() {
        let long = format!(r#"{{"data": {{"id": "{}"}}}}"#, "x".repeat(65));
        let bodies = ["", "{}", "null", r#"{"data": {"id": 7}}"#, r#"{"data": {"id": "a\nb"}}"#];
        for body in bodies.into_iter().chain([long.as_str()]) {
            assert_eq!(parse(body.as_bytes()), None, "{body}");
        }
    }
}
