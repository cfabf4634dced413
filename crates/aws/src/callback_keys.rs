//! The keys that sign callback URLs, each in a secret of its own. They are in no environment variable and in no state of
//! Terraform.

use std::{convert::Infallible, str::FromStr};

use domain::callback::Keys;
use errors::{ErrorName, NamedError};
use thiserror::Error;
use tokio::sync::OnceCell;

use crate::{Error, Secrets};

/// The secrets with the keys, by names or ARNs separated by commas, as in `CALLBACK_KEY_SECRETS`. The key in the first one
/// signs.
#[derive(Debug, Clone)]
pub struct KeySecrets(Vec<String>);

impl FromStr for KeySecrets {
    type Err = Infallible;

    fn from_str(list: &str) -> Result<Self, Infallible> {
        Ok(Self(list.split(',').map(|name| name.trim().to_owned()).collect()))
    }
}

/// Why there are no keys. Nothing was signed and nothing was checked.
#[derive(Debug, Error)]
pub enum KeyError {
    /// Secrets Manager did not answer. Worth a retry.
    #[error("the callback key in the secret {0} cannot be read now: {1}")]
    Unavailable(String, Error),
    #[error("the callback key in the secret {0} cannot be read: {1}")]
    Unreadable(String, Error),
    #[error("the callback keys cannot be used: {0}")]
    Unusable(#[from] domain::Error),
}

impl NamedError for KeyError {
    const NAMES: &'static [ErrorName] = &[ErrorName::AwsUnavailable, ErrorName::SignatureFailed];

    fn name(&self) -> ErrorName {
        match self {
            Self::Unavailable(..) => ErrorName::AwsUnavailable,
            Self::Unreadable(..) | Self::Unusable(_) => ErrorName::SignatureFailed,
        }
    }
}

/// The keys, read once.
#[derive(Debug)]
pub struct CallbackKeys {
    store: Secrets,
    secrets: KeySecrets,
    known: OnceCell<Keys>,
}

impl CallbackKeys {
    /// Reads the keys. If that fails, they are read again when they are needed.
    pub async fn read(store: Secrets, secrets: KeySecrets) -> Self {
        let keys = Self { store, secrets, known: OnceCell::new() };
        // The error comes again with the first use of the keys, and is reported then.
        let _ = keys.get().await;
        keys
    }

    pub async fn get(&self) -> Result<&Keys, KeyError> {
        self.known.get_or_try_init(|| self.read_all()).await
    }

    async fn read_all(&self) -> Result<Keys, KeyError> {
        let mut keys = Vec::new();
        for name in &self.secrets.0 {
            let key = self.store.read(name).await;
            keys.push(key.map_err(|error| match error {
                Error::Unavailable(_) => KeyError::Unavailable(name.clone(), error),
                _ => KeyError::Unreadable(name.clone(), error),
            })?);
        }
        Ok(keys.join(",").parse()?)
    }
}

#[cfg(test)]
mod tests;
