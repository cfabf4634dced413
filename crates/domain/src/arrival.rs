use serde::{Deserialize, Serialize};

use crate::{Error, ProductionOrderId, Units};

/// Goods that a callback reports: the input of the `completion` machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// The order that they were made for.
    pub production_order: ProductionOrderId,
    /// How many came.
    pub delivered: Units,
}

/// The count in a callback's body: the legacy factory sends numbers back as they were, or as strings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Delivered {
    /// `10`
    Number(u32),
    /// `"10"`
    Text(String),
}

impl Delivered {
    /// The count, if it is one and no more than was ordered.
    pub fn within(self, ordered: Units) -> Result<Units, Error> {
        let delivered = match self {
            Self::Number(number) => number,
            Self::Text(text) => digits(&text)?,
        };
        if delivered > ordered.get() {
            return Err(Error::MoreThanOrdered { delivered, ordered: ordered.get() });
        }
        Units::try_from(delivered).map_err(|_| Error::Count)
    }
}

/// Plain digits: `u32::from_str` alone would also take a leading plus sign.
fn digits(text: &str) -> Result<u32, Error> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().map_err(|_| Error::Count)
    } else {
        Err(Error::Count)
    }
}
