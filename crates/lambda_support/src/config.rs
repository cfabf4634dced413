//! Settings of a function, from environment variables. `system.json` lists them.

use std::str::FromStr;

use thiserror::Error;

/// A setting is missing or invalid. The message does not contain the value, which may be secret.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(
        "the environment variable {0} is not set; system.json lists the settings of each function"
    )]
    Missing(&'static str),
    #[error("the environment variable {name} is invalid: {why}")]
    Wrong {
        name: &'static str,
        /// What a valid value is.
        why: String,
    },
}

/// Reads the setting from the environment variable `name`.
pub fn setting<T>(name: &'static str) -> Result<T, ConfigError>
where
    T: FromStr<Err: std::fmt::Display>,
{
    let value = std::env::var(name).map_err(|_| ConfigError::Missing(name))?;
    value.parse().map_err(|why: T::Err| ConfigError::Wrong { name, why: why.to_string() })
}
