//! The stock of a product in several buckets over time.
//!
//! The ledger has the order of the movements of each bucket, but not the order of movements of different buckets. Two
//! things are known about the stock of the product at a moment:
//!
//! - It is a sum of stocks that the buckets may have had.
//! - It is a sum of transactions: those that were certainly made before, and some of those that may have been made.
//!
//! Each alone allows too much. The first allows that a transaction was made in one of its buckets only; the second allows
//! that a movement was made before an earlier one of its bucket. A stock is possible if both allow it.

use std::{collections::BTreeSet, time::Duration};

use super::timeline::{Bounds, Timeline};

/// The stocks that a product may have had.
#[derive(Debug)]
pub(super) struct Totals {
    /// Moments at which the bounds of a movement begin or end, in order.
    moments: Vec<Duration>,
    /// The possible stocks before the first moment, at it, between it and the next one, and so on.
    possible: Vec<BTreeSet<i64>>,
}

/// The change of the stock by a transaction, and when it may have been made.
type Change = (i64, Bounds);

impl Totals {
    /// From the buckets and the transactions of a product.
    pub fn of<'a>(
        buckets: impl Iterator<Item = &'a Timeline> + Clone,
        transactions: &[Change],
    ) -> Self {
        let bounds = transactions.iter().map(|(_, bounds)| bounds);
        let mut moments: Vec<_> = bounds.flat_map(|b| [b.earliest, b.latest]).collect();
        moments.sort_unstable();
        moments.dedup();
        // Nothing is requested before the time zero.
        let mut possible = vec![BTreeSet::from([0])];
        for &moment in &moments {
            let at = buckets.clone().map(|bucket| bucket.between(moment, moment));
            possible.push(&sums(at) & &at_moment(transactions, moment));
            let after = buckets.clone().map(|bucket| bucket.after(moment));
            possible.push(&sums(after) & &after_moment(transactions, moment));
        }
        Self { moments, possible }
    }

    /// Returns the possible stocks between two moments: a set for each part of this time in which they are the same.
    pub fn between(&self, began: Duration, ended: Duration) -> &[BTreeSet<i64>] {
        self.possible.get(self.part(began)..=self.part(ended)).unwrap_or_default()
    }

    fn part(&self, moment: Duration) -> usize {
        match self.moments.binary_search(&moment) {
            Ok(number) => 2 * number + 1,
            Err(number) => 2 * number,
        }
    }
}

/// Each sum of one stock of each bucket.
fn sums<'a>(buckets: impl Iterator<Item = &'a [i64]>) -> BTreeSet<i64> {
    buckets.fold(BTreeSet::from([0]), |sums, stocks| {
        stocks.iter().flat_map(|stock| sums.iter().map(move |sum| sum + stock)).collect()
    })
}

/// The stocks that the transactions may have made until a moment.
fn at_moment(transactions: &[Change], moment: Duration) -> BTreeSet<i64> {
    stocks(transactions, |it| it.latest < moment, |it| it.earliest <= moment)
}

/// The stocks after a moment and before the next one.
fn after_moment(transactions: &[Change], moment: Duration) -> BTreeSet<i64> {
    stocks(transactions, |it| it.latest <= moment, |it| it.earliest <= moment)
}

fn stocks(
    transactions: &[Change],
    is_made: impl Fn(&Bounds) -> bool,
    may_be_made: impl Fn(&Bounds) -> bool,
) -> BTreeSet<i64> {
    let made = transactions.iter().filter(|(_, bounds)| is_made(bounds));
    let made = made.map(|(quantity, _)| quantity).sum();
    let open = transactions.iter().filter(|(_, bounds)| !is_made(bounds) && may_be_made(bounds));
    open.fold(BTreeSet::from([made]), |stocks, (quantity, _)| {
        stocks.iter().flat_map(|stock| [*stock, stock + quantity]).collect()
    })
}
