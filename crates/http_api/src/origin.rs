//! Where a request must come from. CloudFront adds a secret header to each request, so that nobody can avoid its web
//! ACL.

use std::{fmt, str::FromStr};

use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::http::Request;

/// The header that CloudFront adds. `terraform/edge.tf` has its name too.
pub const HEADER: &str = "x-restock-origin";

const SHORTEST: usize = 32;

/// The secret in the header, or none if requests may come from everywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct RequiredOrigin(Option<String>);

/// A secret that could be guessed. The message does not contain the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it must be a hyphen, or a secret of at least {SHORTEST} characters")]
pub struct WeakSecret;

impl FromStr for RequiredOrigin {
    type Err = WeakSecret;

    fn from_str(text: &str) -> Result<Self, WeakSecret> {
        match text {
            "-" => Ok(Self(None)),
            secret if secret.len() >= SHORTEST => Ok(Self(Some(secret.to_owned()))),
            _ => Err(WeakSecret),
        }
    }
}

impl RequiredOrigin {
    /// Whether the request may be handled. The comparison takes constant time.
    pub fn admits(&self, request: &Request) -> bool {
        let Some(secret) = &self.0 else { return true };
        let given = request.header(HEADER).unwrap_or_default();
        secret.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

/// Does not show the secret.
impl fmt::Debug for RequiredOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "RequiredOrigin(secret)" } else { "RequiredOrigin(any)" })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn request(header: &str) -> Request {
        serde_json::from_value(json!({ "headers": { HEADER: header } })).expect("a request")
    }

    fn required(text: &str) -> RequiredOrigin {
        text.parse().expect("a hyphen or a secret")
    }

    #[test]
    fn only_a_request_with_the_secret_passes() {
        let origin = required(SECRET);
        assert!(origin.admits(&request(SECRET)));
        for wrong in ["", "-", &SECRET[1..], &format!("{SECRET},{SECRET}")] {
            assert!(!origin.admits(&request(wrong)), "{wrong}");
        }
        assert!(!origin.admits(&serde_json::from_value(json!({})).expect("a request")));
    }

    #[test]
    fn without_a_secret_every_request_passes() {
        assert!(required("-").admits(&request("")));
    }

    #[test]
    fn a_short_secret_is_refused_and_a_secret_is_not_shown() {
        assert_eq!("short".parse::<RequiredOrigin>(), Err(WeakSecret));
        assert_eq!("".parse::<RequiredOrigin>(), Err(WeakSecret));
        assert!(!format!("{:?}", required(SECRET)).contains(SECRET));
    }
}
