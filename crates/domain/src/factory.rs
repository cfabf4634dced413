use serde::{Deserialize, Serialize};

use crate::{Error, FactoryNetwork, FactoryUrl, sku::is_label};

/// Identifies a factory: 1 to 40 characters of `A-Z`, `0-9` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FactoryId(String);

text_type!(FactoryId, is_label, Error::FactoryId);

/// Name of a secret in Secrets Manager: 1 to 128 characters of `A-Z`, `a-z`, `0-9`, `/`, `_`, `.` and `-`. The secret
/// holds one header, as `Name: value`, that the factory requires. The name is not secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

text_type!(SecretName, is_secret_name, Error::SecretName);

impl SecretName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_secret_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'.' | b'-');
    (1..=128).contains(&text.len()) && text.bytes().all(plain)
}

/// Seconds from an order to its arrival, as the factory promises: 1 second to 30 days, after which a callback is not
/// valid any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct LeadTime(u32);

number_type!(LeadTime, (1..=30 * 24 * 3600), Error::LeadTime);

/// Where and how orders are sent to a factory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactoryAddress {
    pub url: FactoryUrl,
    pub network: FactoryNetwork,
    /// The secret with the header that the factory requires. `None` if it requires none.
    pub secret: Option<SecretName>,
    /// Whom to ask about an order.
    pub contact: Option<String>,
}
