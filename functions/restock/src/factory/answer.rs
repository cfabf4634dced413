//! The body of the factory's answer. The status decides; the body only tells what the factory calls the
//! order. So a body that is not as it should be, or does not come, is no failure.

use http_api::factory_answer;
use reqwest::Response;

/// Its real answers have less than 1 KiB. What is longer is not read to its end.
const LIMIT: usize = 64 * 1024;

/// What the factory calls the order, if its answer says so.
pub async fn order_id(answer: Response) -> Option<String> {
    factory_answer::order_id(&read(answer).await?)
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
