//! Requests as API Gateway sends them.

use base64::{Engine, engine::general_purpose::STANDARD};
use http_api::http::Request;
use serde_json::{Value, json};

use super::refused;

/// The parts of an event that differ between tests.
#[derive(Debug, Clone, Default)]
pub struct Event<'a> {
    pub headers: Vec<(&'a str, &'a str)>,
    pub path: Vec<(&'a str, &'a str)>,
    pub query: Vec<(&'a str, &'a str)>,
    pub body: &'a [u8],
}

impl Event<'_> {
    /// The request with its body as text. `None` if the body is not UTF-8.
    pub fn as_text(&self) -> Option<Request> {
        let body = std::str::from_utf8(self.body).ok()?;
        self.request(&json!({"body": body, "isBase64Encoded": false}))
    }

    /// The request with its body in Base64, as API Gateway sends a binary body.
    pub fn as_base64(&self) -> Option<Request> {
        self.request(&json!({"body": STANDARD.encode(self.body), "isBase64Encoded": true}))
    }

    /// The request with this body.
    fn request(&self, body: &Value) -> Option<Request> {
        let map = |pairs: &[(&str, &str)]| -> Value {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
        };
        let event = json!({
            "version": "2.0",
            "headers": map(&self.headers),
            "pathParameters": map(&self.path),
            "queryStringParameters": map(&self.query),
            "requestContext": {"http": {"method": "POST"}},
            "body": body["body"],
            "isBase64Encoded": body["isBase64Encoded"],
        });
        serde_json::from_value(event).ok()
    }
}

/// Every parser parses or refuses any event that is a request.
pub fn an_event_is_parsed_or_refused(event: &[u8]) {
    let Ok(request) = serde_json::from_slice::<Request>(event) else { return };
    if let Err(error) = http_api::checkout::read(&request) {
        assert!(matches!(refused(&error), 400 | 413));
    }
    if let Err(error) = http_api::product::read(&request) {
        assert_eq!(refused(&error), 400);
    }
}
