//! `PlaceOrder`: sends an order to the factory.
//!
//! The factory has no way to query an order, and it makes the goods twice if it receives an order twice. An order is
//! therefore sent again only if the factory certainly did not accept it: connection refused, 429, 503. After a
//! time-out, another 5xx status or a broken connection, the factory may have accepted it, and the restock waits for
//! the callback.

use aws::{CallbackKeys, KeySecrets, Secrets};
use domain::{FactoryAddress, FactoryNetwork, ProductionOrder};
use errors::{ErrorName, NamedError};
use lambda_support::{StartError, StepOutput, config::setting};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use crate::factory::{AllowedHosts, Factory, HeaderSecrets, SecretError, SendError, answer};

/// An order, and the factory that it is sent to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRequest {
    order: ProductionOrder,
    factory: FactoryAddress,
}

/// Reads the settings of a function that sends orders to the factories of a network.
pub async fn start(network: FactoryNetwork) -> Result<Factory, StartError> {
    let (headers, keys) =
        (setting("FACTORY_SECRETS")?, setting::<KeySecrets>("CALLBACK_KEY_SECRETS")?);
    let secrets = Secrets::new(&aws::aws().await);
    let (headers, keys) = tokio::join!(
        HeaderSecrets::read(secrets.clone(), headers),
        CallbackKeys::read(secrets, keys.for_signing())
    );
    Factory::new(
        AllowedHosts::new(network, setting("FACTORY_HOSTS")?),
        headers,
        setting::<Url>("CALLBACK_URL")?,
        keys,
        setting("REQUESTER")?,
    )
}

/// Why an order was certainly not placed.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// The factory did not accept the order, and may accept it later. Worth a retry.
    #[error("the factory is not available: {0}")]
    Unavailable(String),
    /// The factory rejected the order.
    #[error("the factory rejected the order: {0}")]
    Refused(String),
    /// Nothing was sent.
    #[error(transparent)]
    NotSent(#[from] SendError),
}

impl NamedError for PlaceError {
    const NAMES: &'static [ErrorName] = &[
        ErrorName::FactoryUnavailable,
        ErrorName::FactoryRefused,
        ErrorName::FactoryNotAllowed,
        ErrorName::FactorySecretUnusable,
        ErrorName::AwsUnavailable,
        ErrorName::SignatureFailed,
    ];

    fn name(&self) -> ErrorName {
        match self {
            Self::Unavailable(_) => ErrorName::FactoryUnavailable,
            Self::Refused(_) => ErrorName::FactoryRefused,
            Self::NotSent(SendError::NotAllowed(_)) => ErrorName::FactoryNotAllowed,
            Self::NotSent(SendError::Secret(SecretError::Unusable(..))) => {
                ErrorName::FactorySecretUnusable
            }
            Self::NotSent(SendError::Secret(SecretError::Unavailable(..))) => {
                ErrorName::AwsUnavailable
            }
            Self::NotSent(SendError::Keys(error)) => error.name(),
            Self::NotSent(SendError::Unsigned(_)) => ErrorName::SignatureFailed,
        }
    }
}

/// Whether the factory accepted the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    Confirmed,
    /// Unknown. A callback shows that it did.
    Unconfirmed,
}

#[derive(Debug, Serialize)]
pub struct Placed {
    acceptance: Acceptance,
    /// The answer of the factory, for the log and the execution history.
    answer: String,
    /// The factory's own id of the order, for questions to the factory. `None` if its answer has no id.
    #[serde(skip_serializing_if = "Option::is_none")]
    factory_order: Option<String>,
}

impl Placed {
    fn new(acceptance: Acceptance, answer: String) -> Self {
        Self { acceptance, answer, factory_order: None }
    }
}

/// Sends the order once.
pub async fn handle(
    factory: &Factory,
    PlaceRequest { order, factory: address }: PlaceRequest,
) -> Result<StepOutput<Placed>, PlaceError> {
    let placed = match factory.send(&order, &address).await? {
        Ok(answer) => {
            let placed = placed(answer.status()).map_err(|error| error.of(&order, &address))?;
            Placed { factory_order: answer::order_id(answer).await, ..placed }
        }
        Err(error) if error.is_connect() => {
            return Err(PlaceError::Unavailable(causes(&error)).of(&order, &address));
        }
        Err(error) => Placed::new(Acceptance::Unconfirmed, causes(&error)),
    };
    let sentence = sentence(&order, &placed);
    Ok(StepOutput::new(placed, sentence))
}

impl PlaceError {
    /// Adds the factory and whom to ask, for the mail to operations.
    fn of(self, order: &ProductionOrder, address: &FactoryAddress) -> Self {
        let contact = address.contact.as_deref().unwrap_or("nobody is named");
        let about = |what| format!("{what} (factory {}, contact: {contact})", order.factory);
        match self {
            Self::Unavailable(what) => Self::Unavailable(about(what)),
            Self::Refused(what) => Self::Refused(about(what)),
            Self::NotSent(error) => Self::NotSent(error),
        }
    }
}

fn sentence(order: &ProductionOrder, placed: &Placed) -> String {
    let ProductionOrder { production_order, sku, quantity, .. } = order;
    let how = match placed.acceptance {
        Acceptance::Confirmed => "placed",
        Acceptance::Unconfirmed => "perhaps placed",
    };
    let named = placed.factory_order.as_ref().map(|name| format!(" and calls it {name}"));
    let named = named.unwrap_or_default();
    format!(
        "production order {production_order} for {quantity} {sku} is {how}: {}{named}",
        placed.answer
    )
}

/// Interprets the HTTP status of the factory's answer.
fn placed(status: StatusCode) -> Result<Placed, PlaceError> {
    let answer = format!("the factory answered {status}");
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Err(PlaceError::Unavailable(answer))
        }
        StatusCode::REQUEST_TIMEOUT => Ok(Placed::new(Acceptance::Unconfirmed, answer)),
        _ if status.is_success() => Ok(Placed::new(Acceptance::Confirmed, answer)),
        _ if status.is_server_error() => Ok(Placed::new(Acceptance::Unconfirmed, answer)),
        _ => Err(PlaceError::Refused(answer)),
    }
}

/// The error with its causes. The innermost cause says what happened, for example "connection refused".
fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
