//! The stock of a bucket over time. The ledger has the order of the movements, and the requests bound their times.
//!
//! A movement was made after its first request began, and before the first response that confirms it. The movements of
//! a bucket are made one after the other, in the order of the ledger, so a movement was also made after all earlier
//! ones and before all later ones. The checker reports only what these bounds exclude, so it reports no correct
//! response.

use std::{ops::RangeInclusive, time::Duration};

/// The time in which a movement may have been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub earliest: Duration,
    pub latest: Duration,
}

impl Bounds {
    /// No bounds.
    pub const ANY: Self = Self { earliest: Duration::ZERO, latest: Duration::MAX };

    /// Bounds of a movement that several requests may have made: the first request may have made it, and it existed
    /// when the first response confirmed it.
    pub fn and(self, other: Self) -> Self {
        Self { earliest: self.earliest.min(other.earliest), latest: self.latest.min(other.latest) }
    }

    /// Bounds of movements that one transaction has made: at one moment, which is in the bounds of each.
    pub fn together(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.min(other.latest) }
    }
}

/// The stock of a bucket after each movement.
#[derive(Debug)]
pub(super) struct Timeline {
    /// The stock before the first movement, then the stock after each movement.
    stocks: Vec<i64>,
    /// Bounds of each movement. Neither `earliest` nor `latest` decreases.
    bounds: Vec<Bounds>,
}

impl Timeline {
    /// From the movements in the order of the ledger: the quantity and the own bounds of each.
    pub fn new(movements: &[(i64, Bounds)]) -> Self {
        let mut stocks = vec![0];
        let mut bounds: Vec<Bounds> = movements.iter().map(|(_, bounds)| *bounds).collect();
        let mut stock = 0;
        let mut earliest = Duration::ZERO;
        for ((quantity, _), bounds) in movements.iter().zip(&mut bounds) {
            stock += quantity;
            stocks.push(stock);
            earliest = earliest.max(bounds.earliest);
            bounds.earliest = earliest;
        }
        let mut latest = Duration::MAX;
        for bounds in bounds.iter_mut().rev() {
            latest = latest.min(bounds.latest);
            bounds.latest = latest;
        }
        Self { stocks, bounds }
    }

    /// The bounds of each movement, considering all other movements of the bucket.
    pub fn bounds(&self) -> &[Bounds] {
        &self.bounds
    }

    /// Returns the first movement whose bounds are contradictory.
    pub fn contradiction(&self) -> Option<usize> {
        self.bounds.iter().position(|bounds| bounds.earliest > bounds.latest)
    }

    /// Returns the stocks that may have existed between two moments, in order.
    pub fn between(&self, began: Duration, ended: Duration) -> &[i64] {
        // A stock exists from its movement until the next one.
        let gone = self.bounds.partition_point(|bounds| bounds.latest < began);
        let begun = self.bounds.partition_point(|bounds| bounds.earliest <= ended);
        self.stocks(gone..=begun)
    }

    /// Returns the stocks that may have existed after one moment and before the next moment at which bounds begin or end.
    pub fn after(&self, moment: Duration) -> &[i64] {
        let gone = self.bounds.partition_point(|bounds| bounds.latest <= moment);
        let begun = self.bounds.partition_point(|bounds| bounds.earliest <= moment);
        self.stocks(gone..=begun)
    }

    /// Contradictory bounds are reported as `OutOfOrder`, and no stock is known here.
    fn stocks(&self, range: RangeInclusive<usize>) -> &[i64] {
        self.stocks.get(range).unwrap_or_default()
    }
}
