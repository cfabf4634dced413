use serde::{Deserialize, Serialize};

use crate::{Error, ProductionOrderId, Units};

/// The goods that a valid callback reports. Input of the `completion` state machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    pub production_order: ProductionOrderId,
    pub quantity: Units,
}

/// The count in the body of a callback. The legacy factory returns the number of the order either as a number or
/// as a string.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum CallbackCount {
    /// `10`
    Number(u32),
    /// `"10"`
    Text(String),
}

impl CallbackCount {
    /// Converts the count. Fails if it is not a whole number from 1 to the ordered quantity.
    pub fn within(self, ordered: Units) -> Result<Units, Error> {
        let reported = match self {
            Self::Number(number) => number,
            Self::Text(text) => digits(&text)?,
        };
        if reported > ordered.get() {
            return Err(Error::MoreThanOrdered { reported, ordered: ordered.get() });
        }
        Units::try_from(reported).map_err(|_| Error::Count)
    }
}

/// Only digits are valid. `u32::from_str` would also accept a leading plus sign.
fn digits(text: &str) -> Result<u32, Error> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().map_err(|_| Error::Count)
    } else {
        Err(Error::Count)
    }
}
