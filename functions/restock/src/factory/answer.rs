//! The body of the factory's answer. Only the HTTP status matters for the restock. The body has the factory's own id
//! of the order, so an invalid or missing body is not an error.

use http_api::factory_answer;
use reqwest::Response;

/// Longer bodies are not read. Real answers have less than 1 KiB.
const LIMIT: usize = 64 * 1024;

/// Returns the factory's own id of the order, if the body has one.
pub async fn order_id(answer: Response) -> Option<String> {
    factory_answer::order_id(&read(answer).await?)
}

/// Reads the body. Returns `None` if it is too long or the connection breaks.
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
