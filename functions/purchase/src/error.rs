use lambda_support::Failure;
use thiserror::Error;

/// Why a step of a purchase failed.
#[derive(Debug, Error)]
pub enum Error {
    /// The warehouse did not answer.
    #[error(transparent)]
    Warehouse(#[from] warehouse::Error),
    /// AWS did not take a call.
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// The purchase machine ended without a decision.
    #[error("the purchase machine did not decide: {0}")]
    Undecided(String),
    /// A message cannot be written.
    #[error("a message cannot be written as JSON: {0}")]
    Message(#[from] serde_json::Error),
}

impl Failure for Error {
    fn name(&self) -> &'static str {
        match self {
            Self::Warehouse(error) => error.name(),
            Self::Aws(error) => error.name(),
            Self::Undecided(_) => "Purchase.Undecided",
            Self::Message(_) => "Message.Unwritable",
        }
    }
}
