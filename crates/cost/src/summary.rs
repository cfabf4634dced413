//! The figures of the tables that programs and the budget need.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{
    prices::Usage,
    tables::{MILLION, items_of_use, per_month},
    usage::{Calculator, REFUSED, SOLD},
};

/// USD, rounded to cents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// A million purchases.
    pub per_million: PerMillion,
    /// A month, without any use.
    pub per_month: f64,
}

/// USD for a million purchases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerMillion {
    /// Sold.
    pub sold: f64,
    /// Refused because the product is sold out.
    pub sold_out: f64,
    /// Sold, with the refused purchases, requests and restocks of a typical shop.
    pub mix: f64,
}

impl Summary {
    pub(crate) fn of(calculator: &Calculator) -> Result<Self> {
        let million = |usage: Usage| -> Result<f64> {
            Ok(cents(calculator.prices.cost(&(usage * MILLION), &items_of_use())?))
        };
        let per_million = PerMillion {
            sold: million(calculator.usage(&SOLD)?)?,
            sold_out: million(calculator.usage(&REFUSED)?)?,
            mix: million(calculator.mix()?)?,
        };
        Ok(Self { per_million, per_month: cents(per_month(calculator)?) })
    }

    /// The figures by their names.
    pub fn figures(&self) -> BTreeMap<&'static str, f64> {
        let PerMillion { sold, sold_out, mix } = self.per_million;
        let per_month = self.per_month;
        [("sold", sold), ("sold_out", sold_out), ("mix", mix), ("per_month", per_month)].into()
    }
}

fn cents(usd: f64) -> f64 {
    (usd * 100.0).round() / 100.0
}
