//! `PlaceOrder`: asks the legacy factory for goods, once.
//!
//! The factory cannot be asked what became of an order, and asked twice it makes the goods twice. So
//! an order is sent again only where it was certainly not taken: connection refused, 429, 503.
//! Where it was perhaps taken (time-out, other 5xx, a connection that broke) the callback will tell.

use domain::ProductionOrder;
use errors::{ErrorName, NamedError};
use lambda_support::Answer;
use reqwest::StatusCode;
use serde::Serialize;
use thiserror::Error;

use crate::factory::{Factory, answer};

/// Why an order was certainly not placed.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// The factory did not take the order, and may take it later. Worth a retry.
    #[error("the factory is not available: {0}")]
    Unavailable(String),
    /// The factory rejected the order.
    #[error("the factory rejected the order: {0}")]
    Refused(String),
    /// The callback URL could not be signed.
    #[error("the callback URL cannot be signed: {0}")]
    Unsigned(#[from] domain::Error),
}

impl NamedError for PlaceError {
    const NAMES: &'static [ErrorName] =
        &[ErrorName::FactoryUnavailable, ErrorName::FactoryRefused, ErrorName::SignatureFailed];

    fn name(&self) -> ErrorName {
        match self {
            Self::Unavailable(_) => ErrorName::FactoryUnavailable,
            Self::Refused(_) => ErrorName::FactoryRefused,
            Self::Unsigned(_) => ErrorName::SignatureFailed,
        }
    }
}

/// Whether the factory has the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// It said so.
    Confirmed,
    /// It may have it. The callback will tell.
    Unconfirmed,
}

/// What became of an order that was sent.
#[derive(Debug, Serialize)]
pub struct Placed {
    acceptance: Acceptance,
    /// What the factory answered, in a few words.
    answer: String,
    /// What the factory calls the order, if it said so: its people know no other name.
    #[serde(skip_serializing_if = "Option::is_none")]
    factory_order: Option<String>,
}

impl Placed {
    fn new(acceptance: Acceptance, answer: String) -> Self {
        Self { acceptance, answer, factory_order: None }
    }
}

/// Sends an order.
pub async fn handle(
    factory: &Factory,
    order: ProductionOrder,
) -> Result<Answer<Placed>, PlaceError> {
    let placed = match factory.send(&order).await? {
        Ok(answer) => {
            let placed = judge(answer.status())?;
            Placed { factory_order: answer::order_id(answer).await, ..placed }
        }
        Err(error) if error.is_connect() => {
            return Err(PlaceError::Unavailable(why(&error)));
        }
        Err(error) => Placed::new(Acceptance::Unconfirmed, why(&error)),
    };
    let sentence = sentence(&order, &placed);
    Ok(Answer::new(placed, sentence))
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

/// What the factory's status says of the order.
fn judge(status: StatusCode) -> Result<Placed, PlaceError> {
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

/// An error's causes, innermost last: "connection refused" stands there.
fn why(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
