use aws_sigv4::{http_request::SigningError, sign::v4::signing_params::BuildError};
use thiserror::Error;

/// Why no token could be signed.
#[derive(Debug, Error)]
pub enum Error {
    #[error(
        "the database URL has no password, so an IAM token must be signed, but the environment variable \
         {0} is not set: set the variables of an AWS role, or add a password to the URL"
    )]
    Missing(&'static str),
    #[error(transparent)]
    Url(#[from] warehouse::UrlError),
    #[error("a token cannot be signed for the host, port or user of the database URL: {0}")]
    Login(#[from] url::ParseError),
    #[error("the token cannot be signed: {0}")]
    Incomplete(#[from] BuildError),
    #[error("the token cannot be signed: {0}")]
    Signing(#[from] SigningError),
}
