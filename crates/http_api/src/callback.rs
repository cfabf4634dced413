//! Messages in `completion_queue`: callbacks of the factory, which API Gateway has put there.
//!
//! Callbacks are read in two steps, because nothing else of a callback is read before its signature is verified.

use std::{collections::BTreeMap, str::FromStr};

use domain::{
    Arrival, CallbackCount, Object, Units,
    callback::{Claim, Keys},
};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::http::{BodyError, LARGEST_BODY};

/// A callback: a record of the event with which Lambda delivers messages.
///
/// Message attributes that are missing, binary or unknown do not make the record invalid: whoever calls the API can
/// perhaps add some. One record that cannot be parsed would keep the other records of its event from being handled.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub message_id: String,
    body: Option<String>,
    attributes: SystemAttributes,
    #[serde(default)]
    message_attributes: BTreeMap<String, Attribute>,
}

/// What SQS itself says about a message.
#[derive(Deserialize)]
struct SystemAttributes {
    #[serde(rename = "SentTimestamp")]
    sent: SentTimestamp,
}

/// Milliseconds since 1970, as text.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct SentTimestamp(u64);

impl TryFrom<String> for SentTimestamp {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attribute {
    string_value: Option<String>,
}

/// Why a callback with a valid signature is refused. The messages quote nothing of the body, because it contains the
/// signature.
#[derive(Debug, Error)]
pub enum Refusal {
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error(
        "the body must be the JSON object of the order: it is invalid at line {line}, column {column}"
    )]
    NotTheOrder {
        /// Starts at 1; 0 means the whole body.
        line: usize,
        /// Starts at 1; 0 means the whole body.
        column: usize,
    },
    #[error(transparent)]
    Count(#[from] domain::Error),
}

impl Message {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.message_attributes.get(name)?.string_value.as_deref()
    }

    /// When the gateway stored the callback, in seconds since 1970.
    fn stored_at(&self) -> u64 {
        self.attributes.sent.0 / 1000
    }
}

/// Returns the claim of the URL if its signature is valid, and if it had not expired when the callback was stored.
/// So a callback does not expire while it waits in the queue.
pub fn authenticate(message: &Message, keys: &Keys) -> Result<Claim, domain::Error> {
    let production_order =
        exact(message.attribute("production_order")).ok_or(domain::Error::ProductionOrderId)?;
    let ordered = exact::<u32>(message.attribute("quantity")).ok_or(domain::Error::Forged)?;
    let claim = Claim {
        production_order,
        ordered: Units::try_from(ordered).map_err(|_| domain::Error::Forged)?,
        expires: exact(message.attribute("expires")).ok_or(domain::Error::Forged)?,
    };
    let signature = message.attribute("signature").unwrap_or_default();
    keys.verify(&claim, signature, message.stored_at())?;
    Ok(claim)
}

/// Accepts a value only in the spelling that we use: `7`, but not `07` or `+7`. The signature covers the value and not
/// its spelling, so otherwise one URL would be valid in many forms.
fn exact<T: FromStr + ToString>(text: Option<&str>) -> Option<T> {
    let text = text?;
    text.parse().ok().filter(|value: &T| value.to_string() == text)
}

/// The body of a callback. The factory returns the whole order; only the count is read.
#[derive(Deserialize)]
struct Manufactured {
    #[serde(rename = "MessageAttributeProductCnt")]
    count: Option<Value>,
}

/// Reads the arrival that a callback reports.
pub fn read(message: &Message, claim: Claim) -> Result<Arrival, Refusal> {
    let body = message.body.as_deref().unwrap_or_default();
    if body.len() > LARGEST_BODY {
        return Err(BodyError::TooLarge.into());
    }
    let Object(Manufactured { count }) =
        serde_json::from_str(body).map_err(|error| not_the_order(&error))?;
    let count: CallbackCount =
        count.and_then(|count| serde_json::from_value(count).ok()).ok_or(domain::Error::Count)?;
    let quantity = count.within(claim.ordered)?;
    Ok(Arrival { production_order: claim.production_order, quantity })
}

/// Only the position of the error, because the body contains the signature.
fn not_the_order(error: &serde_json::Error) -> Refusal {
    Refusal::NotTheOrder { line: error.line(), column: error.column() }
}
