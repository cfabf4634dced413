use lambda_support::Failure;
use thiserror::Error;

/// Why a step of a restock failed.
#[derive(Debug, Error)]
pub enum Error {
    /// The warehouse did not answer.
    #[error(transparent)]
    Warehouse(#[from] warehouse::Error),
    /// AWS did not take a call.
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// The factory has certainly not taken the order, and may take it later.
    #[error("the factory is not available: {0}")]
    FactoryUnavailable(String),
    /// The factory does not want the order.
    #[error("the factory refused the order: {0}")]
    FactoryRefused(String),
    /// The callback URL cannot be signed.
    #[error("the callback URL cannot be signed: {0}")]
    Signature(#[from] domain::Error),
    /// A message cannot be written.
    #[error("a message cannot be written: {0}")]
    Message(String),
}

impl Failure for Error {
    fn name(&self) -> &'static str {
        match self {
            Self::Warehouse(error) => error.name(),
            Self::Aws(error) => error.name(),
            Self::FactoryUnavailable(_) => "Factory.Unavailable",
            Self::FactoryRefused(_) => "Factory.Refused",
            Self::Signature(_) => "Signature.Failed",
            Self::Message(_) => "Message.Unwritable",
        }
    }
}
