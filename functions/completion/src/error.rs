use lambda_support::Failure;
use thiserror::Error;

/// Why a step of a completion failed.
#[derive(Debug, Error)]
pub enum Error {
    /// The warehouse did not answer.
    #[error(transparent)]
    Warehouse(#[from] warehouse::Error),
    /// AWS did not take a call.
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// No execution waits under that token any more.
    #[error("no execution waits for production order {0} any more")]
    TokenClosed(domain::ProductionOrderId),
    /// A message cannot be written.
    #[error("a message cannot be written as JSON: {0}")]
    Message(#[from] serde_json::Error),
}

impl Failure for Error {
    fn name(&self) -> &'static str {
        match self {
            Self::Warehouse(error) => error.name(),
            Self::Aws(error) => error.name(),
            Self::TokenClosed(_) => "Completion.TokenClosed",
            Self::Message(_) => "Message.Unwritable",
        }
    }
}
