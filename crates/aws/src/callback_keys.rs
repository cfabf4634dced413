//! The keys that sign callback URLs, each in a secret of its own. They are in no environment variable and in no state of
//! Terraform.

use std::str::FromStr;

use domain::callback::Keys;
use errors::{ErrorName, NamedError};
use thiserror::Error;
use tokio::sync::OnceCell;

use crate::{Error, Secrets};

/// The secrets with the keys, by names or ARNs, as in `CALLBACK_KEY_SECRETS`: the current key, which signs, and after a rotation
/// the previous one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySecrets {
    current: String,
    previous: Option<String>,
}

#[derive(Debug, Error)]
#[error(
    "it must name the secret of the current key, and may name that of the previous key after a comma"
)]
pub struct InvalidKeySecrets;

impl FromStr for KeySecrets {
    type Err = InvalidKeySecrets;

    fn from_str(list: &str) -> Result<Self, InvalidKeySecrets> {
        let names: Vec<_> = list.split(',').map(|name| name.trim().to_owned()).collect();
        match names.as_slice() {
            names if names.iter().any(String::is_empty) => Err(InvalidKeySecrets),
            [current] => Ok(Self { current: current.clone(), previous: None }),
            [current, previous] => {
                Ok(Self { current: current.clone(), previous: Some(previous.clone()) })
            }
            _ => Err(InvalidKeySecrets),
        }
    }
}

impl KeySecrets {
    /// What a function needs that only signs.
    #[must_use]
    pub fn for_signing(self) -> Self {
        Self { previous: None, ..self }
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

impl KeyError {
    fn of(secret: &str, error: Error) -> Self {
        match error {
            Error::Unavailable(_) => Self::Unavailable(secret.to_owned(), error),
            _ => Self::Unreadable(secret.to_owned(), error),
        }
    }
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

    /// At the same time, so that two keys take no longer than one.
    async fn read_all(&self) -> Result<Keys, KeyError> {
        let (current, previous) = tokio::try_join!(self.current(), self.previous())?;
        let keys: Vec<_> = [Some(current), previous].into_iter().flatten().collect();
        Ok(keys.join(",").parse()?)
    }

    async fn current(&self) -> Result<String, KeyError> {
        let name = &self.secrets.current;
        self.store.read(name).await.map_err(|error| KeyError::of(name, error))
    }

    /// `None` if the secret does not exist: an old version of a function still lists the key that a rotation has deleted.
    async fn previous(&self) -> Result<Option<String>, KeyError> {
        match &self.secrets.previous {
            Some(name) => self.store.find(name).await.map_err(|error| KeyError::of(name, error)),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
