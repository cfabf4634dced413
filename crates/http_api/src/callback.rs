//! `POST /factory/completions/{production_order}`
//!
//! Callbacks are read in two steps, because nothing else of a callback is read before its signature is verified.

use std::str::FromStr;

use crate::http::Request;
use domain::{
    Arrival, CallbackCount, Object, Units,
    callback::{Claim, Keys},
};
use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// Returns the claim of the URL if its signature is valid and it has not expired at `now` (seconds since 1970).
pub fn authenticate(request: &Request, keys: &Keys, now: u64) -> Result<Claim, Error> {
    let production_order = exact(request.path("production_order"))
        .ok_or(Error::UnknownOrder(domain::Error::ProductionOrderId))?;
    let forged = || Error::Unauthorized(domain::Error::Forged);
    let ordered = exact::<u32>(request.query("quantity")).ok_or_else(forged)?;
    let claim = Claim {
        production_order,
        ordered: Units::try_from(ordered).map_err(|_| forged())?,
        expires: exact(request.query("expires")).ok_or_else(forged)?,
    };
    let signature = request.query("signature").unwrap_or_default();
    keys.verify(&claim, signature, now).map_err(Error::Unauthorized)?;
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
pub fn read(request: &Request, claim: Claim) -> Result<Arrival, Error> {
    let Object(Manufactured { count }) =
        serde_json::from_str(&request.body()?).map_err(|error| Error::callback(&error))?;
    let count: CallbackCount =
        count.and_then(|count| serde_json::from_value(count).ok()).ok_or(domain::Error::Count)?;
    let quantity = count.within(claim.ordered)?;
    Ok(Arrival { production_order: claim.production_order, quantity })
}
