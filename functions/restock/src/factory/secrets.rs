//! Headers that factories require, each from a secret in Secrets Manager: `Name: value`.
//!
//! Only the secrets that the deployment lists can be read. A header is read before the first order and kept, until a factory
//! rejects it: it may have been changed then. No message and no log line holds any part of a secret.

use std::{
    collections::HashMap,
    convert::Infallible,
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use aws::Secrets;
use domain::SecretName;
use futures::future::join_all;
use reqwest::{
    StatusCode,
    header::{HeaderName, HeaderValue},
};
use thiserror::Error;

/// Names, separated by commas, as in `FACTORY_SECRETS`. Names that no factory can have are left out, and `-`, which stands for
/// an empty list.
#[derive(Debug, Clone, Default)]
pub struct SecretNames(Vec<SecretName>);

impl FromStr for SecretNames {
    type Err = Infallible;

    fn from_str(list: &str) -> Result<Self, Infallible> {
        let names = list.split(',').map(str::trim).filter(|name| *name != "-");
        Ok(Self(names.filter_map(|name| name.parse().ok()).collect()))
    }
}

pub(super) type Header = (HeaderName, HeaderValue);

/// The secrets that may be read.
#[derive(Debug)]
pub struct HeaderSecrets {
    store: Secrets,
    names: Vec<SecretName>,
    /// `HeaderValue` is marked as sensitive, so `Debug` does not show it.
    known: Mutex<HashMap<SecretName, Header>>,
}

/// A header cannot be used.
#[derive(Debug, Error)]
pub enum SecretError {
    /// Secrets Manager did not answer. Worth a retry.
    #[error("the secret {0} cannot be read now: {1}")]
    Unavailable(SecretName, aws::Error),
    #[error("the secret {0} {1}")]
    Unusable(SecretName, String),
}

impl HeaderSecrets {
    /// Reads all secrets of the list, at the same time: Lambda gives a function ten seconds to start. One that cannot be read is
    /// read again when an order needs it.
    pub async fn read(store: Secrets, SecretNames(names): SecretNames) -> Self {
        let secrets = Self { store, names, known: Mutex::default() };
        // An error comes again with the order that needs the secret, and is reported then.
        let _ = join_all(secrets.names.iter().map(|name| secrets.header(name))).await;
        secrets
    }

    /// The header in a secret.
    pub(super) async fn header(&self, name: &SecretName) -> Result<Header, SecretError> {
        if let Some(header) = self.known().get(name) {
            return Ok(header.clone());
        }
        if !self.names.contains(name) {
            let why = "is not in the Terraform variable for factory secrets of this function (its environment \
                       variable FACTORY_SECRETS): add the name and apply";
            return Err(SecretError::Unusable(name.clone(), why.to_owned()));
        }
        let header = read(&self.store, name).await?;
        self.known().insert(name.clone(), header.clone());
        Ok(header)
    }

    /// A factory that rejects a header may have a new one: the next order reads the secret again.
    pub(super) fn forget_if_rejected(&self, name: &SecretName, status: StatusCode) {
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            self.known().remove(name);
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<SecretName, Header>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(store: &Secrets, name: &SecretName) -> Result<Header, SecretError> {
    let secret = store.read(name.as_str()).await.map_err(|error| match error {
        aws::Error::Refused(code) => SecretError::Unusable(
            name.clone(),
            format!("cannot be read ({code}): create it, or allow the function to read it"),
        ),
        error => SecretError::Unavailable(name.clone(), error),
    })?;
    header(&secret).ok_or_else(|| {
        let why = "is not one header: write it as `Name: value`";
        SecretError::Unusable(name.clone(), why.to_owned())
    })
}

fn header(secret: &str) -> Option<Header> {
    let (name, value) = secret.trim().split_once(':')?;
    let (name, value) = (name.trim().parse().ok()?, value.trim());
    let mut value = HeaderValue::from_str(value).ok().filter(|value| !value.is_empty())?;
    value.set_sensitive(true);
    Some((name, value))
}

#[cfg(test)]
mod tests;
