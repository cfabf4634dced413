//! What is known of a product.

use serde::{Deserialize, Serialize};

use crate::Policy;

/// Minutes in an hour.
const HOUR: i64 = 60;

/// What is known of a product in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The first minute of the period, since 1970.
    pub from_minute: i64,
    /// The minute after the last one.
    pub to_minute: i64,
    pub sales: Vec<Sales>,
    pub refusals: Vec<Refusals>,
    /// Seconds from the need to the goods, failed attempts included. In the order of time.
    pub lead_times: Vec<u32>,
    /// The reorder point and the target of today.
    pub policy: Policy,
}

/// Units sold in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    /// Since 1970.
    pub minute: i64,
    pub units: u64,
}

/// Units refused for lack of stock in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// Since 1970.
    pub hour: i64,
    pub units: u64,
}

/// Units wanted in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    pub minute: i64,
    pub units: u64,
}

/// The wanted fill rate: more than 0 and less than 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
pub struct ServiceLevel(f64);

impl ServiceLevel {
    /// `None` unless it is between 1 and 99.99 percent.
    pub fn percent(percent: f64) -> Option<Self> {
        (1.0..=99.99).contains(&percent).then_some(Self(percent / 100.0))
    }

    /// The share of the demand that may be refused.
    pub fn refused_share(self) -> f64 {
        1.0 - self.0
    }

    /// The share of the demand that must be served.
    pub fn share(self) -> f64 {
        self.0
    }
}

impl History {
    /// What customers wanted, minute by minute: what was sold, and what was refused. Refusals are known by the hour and
    /// are spread evenly over it, because nothing is known about their minutes.
    pub fn demand(&self) -> Vec<Demand> {
        let sold = self.sales.iter().map(|sale| Demand { minute: sale.minute, units: sale.units });
        let mut all: Vec<Demand> = sold.chain(self.refusals.iter().flat_map(spread)).collect();
        all.sort_by_key(|demand| demand.minute);
        all.dedup_by(|later, earlier| {
            let same = later.minute == earlier.minute;
            if same {
                earlier.units += later.units;
            }
            same
        });
        all
    }
}

/// The units of an hour as whole units in its minutes.
fn spread(refusals: &Refusals) -> impl Iterator<Item = Demand> {
    let (hour, units) = (refusals.hour, u128::from(refusals.units));
    (0..HOUR).filter_map(move |minute| {
        let until = |minute: i64| units * u128::from(minute.unsigned_abs()) / 60;
        let units = u64::try_from(until(minute + 1) - until(minute)).ok()?;
        (units > 0).then_some(Demand { minute: hour * HOUR + minute, units })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_spread_over_their_hour_and_none_is_lost() {
        for units in [0, 1, 59, 60, 61, 1_000] {
            let spread: Vec<Demand> = spread(&Refusals { hour: 10, units }).collect();
            assert_eq!(spread.iter().map(|demand| demand.units).sum::<u64>(), units);
            assert!(spread.iter().all(|demand| (600..660).contains(&demand.minute)));
        }
    }

    #[test]
    fn a_service_level_is_a_share_that_can_be_kept_and_missed() {
        assert!(
            [0.0, 100.0, 120.0, -5.0, f64::NAN].iter().all(|p| ServiceLevel::percent(*p).is_none())
        );
        assert!(ServiceLevel::percent(95.0).is_some());
    }
}
