//! A function's settings, from its environment. `system.json` names them all.

use std::str::FromStr;

use thiserror::Error;

/// A setting that is missing or wrong. Says nothing of its value, which may be secret.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Not set.
    #[error("the environment variable {0} is not set: see system.json")]
    Missing(&'static str),
    /// Set to something else than was expected.
    #[error("the environment variable {name} cannot be used: {why}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// What it must be.
        why: String,
    },
}

/// The setting of this name.
pub fn setting<T>(name: &'static str) -> Result<T, ConfigError>
where
    T: FromStr<Err: std::fmt::Display>,
{
    let value = std::env::var(name).map_err(|_| ConfigError::Missing(name))?;
    value.parse().map_err(|why: T::Err| ConfigError::Wrong { name, why: why.to_string() })
}
