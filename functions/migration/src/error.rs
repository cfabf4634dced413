use lambda_support::Failure;
use thiserror::Error;

/// Why the database has not its shape.
#[derive(Debug, Error)]
pub enum Error {
    /// The database said no, or nothing.
    #[error(transparent)]
    Database(#[from] warehouse::Error),
    /// AWS said no, or nothing.
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// What Secrets Manager keeps is not what RDS would have put there.
    #[error("the secret is not a text of JSON with a username and a password")]
    Secret,
    /// The function that migrates failed. This is what it said.
    #[error("migrate failed: {0}")]
    Migrate(String),
    /// What was to be sent to it cannot be written as JSON.
    #[error("the call of migrate cannot be written: {0}")]
    Unwritable(#[source] serde_json::Error),
}

impl Failure for Error {
    fn name(&self) -> &'static str {
        match self {
            Self::Database(error) => error.name(),
            Self::Aws(error) => error.name(),
            Self::Secret => "Migration.Secret",
            Self::Migrate(_) => "Migration.Failed",
            Self::Unwritable(_) => "Message.Unwritable",
        }
    }
}
