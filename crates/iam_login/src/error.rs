use aws_sigv4::{http_request::SigningError, sign::v4::signing_params::BuildError};
use thiserror::Error;

/// Why there is no token.
#[derive(Debug, Error)]
pub enum Error {
    /// Lambda sets it, and nobody else need.
    #[error(
        "the database URL has no password, and to sign a token instead takes the environment \
         variable {0}"
    )]
    Missing(&'static str),
    /// The URL cannot be used so.
    #[error(transparent)]
    Url(#[from] warehouse::UrlError),
    /// Host, port or user cannot stand in a token.
    #[error("the database's host or user is none that a token can be for")]
    Login(#[from] url::ParseError),
    /// What a signature is made of is not complete.
    #[error("the token cannot be signed: {0}")]
    Incomplete(#[from] BuildError),
    /// It could not be signed.
    #[error("the token cannot be signed: {0}")]
    Signing(#[from] SigningError),
}
