//! Which stocks a product may have had at a given time.
//!
//! The ledger gives the order of movements; the calls give bounds on their times. A movement was made after its first
//! call began and before the first answer that reports it. It was also made after all earlier movements of the product
//! and before all later ones. These bounds are conservative: the checker reports only what cannot have happened.

use std::time::Duration;

/// The earliest and the latest time at which a movement may have been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub earliest: Duration,
    pub latest: Duration,
}

impl Bounds {
    /// No bounds.
    pub const ANY: Self = Self { earliest: Duration::ZERO, latest: Duration::MAX };

    /// The bounds of a movement that one of several calls made: after the first of them began, before the first answer that
    /// reports it.
    pub fn and(self, other: Self) -> Self {
        Self { earliest: self.earliest.min(other.earliest), latest: self.latest.min(other.latest) }
    }
}

/// The successive stocks of a product.
#[derive(Debug)]
pub(super) struct Timeline {
    /// The stock before the first movement, then the stock after each movement.
    stocks: Vec<i64>,
    /// The bounds of each movement. Both ends increase monotonically.
    bounds: Vec<Bounds>,
}

impl Timeline {
    /// A timeline from the quantity and the own bounds of each movement, in the order of the ledger.
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

    /// The bounds of a movement, given all other movements.
    pub fn of(&self, movement: usize) -> Bounds {
        self.bounds[movement]
    }

    /// The first movement that cannot have been made at any time, if there is one.
    pub fn contradiction(&self) -> Option<usize> {
        self.bounds.iter().position(|bounds| bounds.earliest > bounds.latest)
    }

    /// The stocks that a reader may have seen between two moments, in order.
    pub fn between(&self, began: Duration, ended: Duration) -> &[i64] {
        // A stock lasts until the next movement.
        let gone = self.bounds.partition_point(|bounds| bounds.latest < began);
        let begun = self.bounds.partition_point(|bounds| bounds.earliest <= ended);
        // Contradictory bounds give no stocks; `contradiction` reports them.
        self.stocks.get(gone..=begun).unwrap_or_default()
    }
}
