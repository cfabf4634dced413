use crate::http::{BodyError, Reply};
use thiserror::Error;

const HOW_TO_ASK: &str = r#"the body must read {"sku":"CP-502101","quantity":1}, where quantity is a whole number from 1 to 100"#;

/// Why a request cannot be taken. Each message says what to do; none says what a key or a signature was.
#[derive(Debug, Error)]
pub enum Error {
    /// A purchase without a name.
    #[error(
        "the header Idempotency-Key is missing: send a new key for each purchase, and the same \
         key when you send a purchase again"
    )]
    KeyMissing,
    /// Not one of the words of the shop.
    #[error(transparent)]
    Word(#[from] domain::Error),
    /// A body that is too large, or no text.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A body that is no purchase.
    #[error("{HOW_TO_ASK}; the problem is: {0}")]
    Checkout(serde_json::Error),
    /// A callback for what is no production order.
    #[error(transparent)]
    UnknownOrder(domain::Error),
    /// A callback URL that we have not made, or that has expired.
    #[error(transparent)]
    Unauthorized(domain::Error),
    /// A callback's body that is no JSON object. Where it stops being one is told, and not what it says
    /// there: the order holds our signature.
    #[error("the body must be the JSON of the order: it is not at line {line} column {column}")]
    Callback {
        /// From 1; 0 for the whole of it.
        line: usize,
        /// From 1; 0 for the whole of it.
        column: usize,
    },
}

impl Error {
    pub(crate) fn callback(error: &serde_json::Error) -> Self {
        Self::Callback { line: error.line(), column: error.column() }
    }

    /// The answer to such a request.
    pub fn reply(&self) -> Reply {
        let (status, outcome, title) = match self {
            Self::KeyMissing | Self::Word(_) | Self::Checkout(_) | Self::Callback { .. } => {
                (400, "bad_request", "Bad request")
            }
            Self::Body(BodyError::NotText) => (400, "bad_request", "Bad request"),
            Self::Body(BodyError::TooLarge) => (413, "too_large", "Content too large"),
            Self::UnknownOrder(_) => (404, "unknown_order", "Unknown order"),
            Self::Unauthorized(_) => (401, "unauthorized", "Unauthorized"),
        };
        Reply::problem(status, outcome, title, self)
    }
}
