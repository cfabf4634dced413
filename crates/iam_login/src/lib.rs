//! Login to RDS with IAM tokens instead of passwords.
//!
//! A token is a presigned request that is never sent as a request. RDS checks it against the role that signed it.
//! Signing needs no network, so functions in a VPC without access to AWS can do it. The token is sent in clear text
//! inside TLS, so it is only sent to a server whose identity is verified.

mod environment;
mod error;
mod token;
mod tokens;

use std::{sync::Arc, time::SystemTime};

use warehouse::DatabaseUrl;

pub use environment::Signer;
pub use error::Error;
pub use tokens::Tokens;

/// Certificates of the authorities that sign the server certificates of RDS.
pub const RDS: &[u8] = include_bytes!("../certificates/rds.pem");

/// Trusts the authorities of RDS. If the URL requires TLS and has no password, also logs in with tokens that the role
/// of the function signs. Other URLs belong to local databases and get no token.
pub fn enable(url: DatabaseUrl) -> Result<DatabaseUrl, Error> {
    if url.has_password() || !url.asks_for_tls() {
        return Ok(trust_rds(url));
    }
    with_tokens(url, Signer::of_function()?)
}

/// Trusts server certificates that are signed by an authority of RDS.
pub fn trust_rds(url: DatabaseUrl) -> DatabaseUrl {
    url.trusting(RDS)
}

/// Logs in with tokens of the signer.
pub fn with_tokens(url: DatabaseUrl, signer: Signer) -> Result<DatabaseUrl, Error> {
    let tokens = Tokens::new(url.login(), signer, SystemTime::now);
    Ok(trust_rds(url).with_passwords(Arc::new(tokens))?)
}

#[cfg(test)]
mod tests;
