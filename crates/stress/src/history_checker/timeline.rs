//! When a product's stock may have been what: the ledger knows the order, the requests know the bounds.
//!
//! A movement was made after its first request began, and before the first answer that tells of it came.
//! The movements of a product are made one after the other, in the order of the ledger; so a movement is
//! also made after all before it, and before all after it. What these bounds allow may still not have
//! been so, but what they forbid was not: nothing is reported that could be right.

use std::time::Duration;

/// From when to when a movement may have been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub earliest: Duration,
    pub latest: Duration,
}

impl Bounds {
    /// At some time.
    pub const ANY: Self = Self { earliest: Duration::ZERO, latest: Duration::MAX };

    /// Of a movement that several requests may have made: the first to be asked may have made it, and
    /// it was there when the first was told of it.
    pub fn and(self, other: Self) -> Self {
        Self { earliest: self.earliest.min(other.earliest), latest: self.latest.min(other.latest) }
    }
}

/// The stocks that a product has had.
#[derive(Debug)]
pub(super) struct Timeline {
    /// The first is what was there before any movement; after each movement there is one more.
    stocks: Vec<i64>,
    /// Of each movement. Neither end ever goes back.
    bounds: Vec<Bounds>,
}

impl Timeline {
    /// Of movements in the order of the ledger: how many goods each moved, and when on its own.
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

    /// When the movement may have been made, given all others.
    pub fn of(&self, movement: usize) -> Bounds {
        self.bounds[movement]
    }

    /// The first movement that can have been made at no time, if there is one.
    pub fn contradiction(&self) -> Option<usize> {
        self.bounds.iter().position(|bounds| bounds.earliest > bounds.latest)
    }

    /// The stocks that may have been seen between two moments, in their order.
    pub fn between(&self, began: Duration, ended: Duration) -> &[i64] {
        // A stock lasts from its movement until the next.
        let gone = self.bounds.partition_point(|bounds| bounds.latest < began);
        let begun = self.bounds.partition_point(|bounds| bounds.earliest <= ended);
        // Where the bounds contradict each other, that is reported, and nothing can be said here.
        self.stocks.get(gone..=begun).unwrap_or_default()
    }
}
