//! How functions log in to a database on RDS.
//!
//! By a token instead of a password: a presigned request that is never sent, which RDS checks against
//! the role that signed it. To sign takes no call to anyone, so a function in a network without a way
//! to AWS can do it. A token is sent as it is, therefore only to a server that has proved to be the one.

mod environment;
mod error;
mod token;
mod tokens;

use std::{sync::Arc, time::SystemTime};

use warehouse::DatabaseUrl;

pub use environment::Signer;
pub use error::Error;
pub use tokens::Tokens;

/// The authorities that sign the certificates of databases on RDS.
const RDS: &[u8] = include_bytes!("../certificates/rds.pem");

/// Takes the word of RDS's authorities for who a server is. And where the URL asks for TLS and has no
/// password, logs in by tokens which the function's own role signs. A database that is asked for neither
/// is one to try the system with, and is sent nothing.
pub fn enable(url: DatabaseUrl) -> Result<DatabaseUrl, Error> {
    if url.has_password() || !url.asks_for_tls() {
        return Ok(trust_rds(url));
    }
    with_tokens(url, Signer::of_function()?)
}

/// Takes the word of RDS's authorities for who a server is.
pub fn trust_rds(url: DatabaseUrl) -> DatabaseUrl {
    url.trusting(RDS)
}

/// Logs in by tokens that the signer signs.
pub fn with_tokens(url: DatabaseUrl, signer: Signer) -> Result<DatabaseUrl, Error> {
    let tokens = Tokens::new(url.login(), signer, SystemTime::now);
    Ok(trust_rds(url).with_passwords(Arc::new(tokens))?)
}

#[cfg(test)]
mod tests;
