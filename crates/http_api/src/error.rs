use crate::http::{BodyError, Reply};
use thiserror::Error;

const VALID_CHECKOUT: &str = r#"{"sku":"CP-502101","quantity":1}"#;

/// Why a request is rejected. The messages say what a valid request is. They contain no keys and no signatures.
#[derive(Debug, Error)]
pub enum Error {
    #[error(
        "the Idempotency-Key header is missing: send a new key for each purchase, and the same key when \
         you retry a purchase"
    )]
    KeyMissing,
    #[error(transparent)]
    Value(#[from] domain::Error),
    /// The parameter `after` of `GET /products` is invalid.
    #[error("after: {0}")]
    After(domain::Error),
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The body of `POST /checkout` is invalid.
    #[error(
        "the body must look like {VALID_CHECKOUT}, where quantity is a whole number from 1 to 100: {0}"
    )]
    Checkout(serde_json::Error),
}

impl Error {
    /// Returns the HTTP response to the request.
    pub fn reply(&self) -> Reply {
        let (status, outcome, title) = match self {
            Self::KeyMissing | Self::Value(_) | Self::After(_) | Self::Checkout(_) => {
                (400, "bad_request", "Bad request")
            }
            Self::Body(BodyError::NotText) => (400, "bad_request", "Bad request"),
            Self::Body(BodyError::TooLarge) => (413, "too_large", "Content too large"),
        };
        Reply::problem(status, outcome, title, self.sentence())
    }

    /// The message as a sentence.
    fn sentence(&self) -> String {
        let message = self.to_string();
        let mut letters = message.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string());
        format!("{}{}.", first.unwrap_or_default(), letters.as_str())
    }
}
