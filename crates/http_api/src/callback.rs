//! `POST /factory/completions/{production_order}`
//!
//! In two steps, because nothing of a callback is looked at before its signature.

use std::str::FromStr;

use crate::http::Request;
use domain::{
    Arrival, Delivered, Object, Units,
    callback::{Claim, Keys},
};
use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// What the URL says, if we made it and it is still good at `now` (seconds since 1970).
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

/// A value that is written as we write it: `7`, but neither `07` nor `+7`. What is signed is the value,
/// so that another spelling would be as good, and one URL would be many.
fn exact<T: FromStr + ToString>(text: Option<&str>) -> Option<T> {
    let text = text?;
    text.parse().ok().filter(|value: &T| value.to_string() == text)
}

/// What the factory sends back: the order as it got it, of which only the count is read.
#[derive(Deserialize)]
struct Manufactured {
    #[serde(rename = "MessageAttributeProductCnt")]
    count: Option<Value>,
}

/// The goods that a callback reports.
pub fn read(request: &Request, claim: Claim) -> Result<Arrival, Error> {
    let Object(Manufactured { count }) =
        serde_json::from_str(&request.body()?).map_err(|error| Error::callback(&error))?;
    let count: Delivered =
        count.and_then(|count| serde_json::from_value(count).ok()).ok_or(domain::Error::Count)?;
    let delivered = count.within(claim.ordered)?;
    Ok(Arrival { production_order: claim.production_order, delivered })
}
