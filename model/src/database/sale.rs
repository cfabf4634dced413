use std::cmp::Reverse;

use super::tables::{Database, SaleMovement};
use crate::{
    guards::Guards,
    scenario::{Checkout, Scenario},
};

/// Which buckets a transaction of `sell` locks and may take goods from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// The bucket that the purchase id determines.
    Own(usize),
    /// Another bucket, which held enough when it was read without a lock.
    Another(usize),
    /// All buckets.
    All,
    /// This bucket, and then as many others as are left, each in a transaction of its own. Possible only without the
    /// guard `lock_of_all`.
    OneByOne {
        /// The bucket.
        bucket: usize,
        /// Number of buckets that are left afterwards.
        left: usize,
    },
}

impl Database {
    /// Whether the purchase was sold.
    pub fn is_sold(&self, purchase_id: u8) -> bool {
        self.sales.iter().any(|sale| sale.purchase_id == purchase_id)
    }

    /// The first attempt of a purchase: `CRC32(purchase_id) MOD buckets`.
    pub fn first_attempt(&self, purchase_id: u8) -> Attempt {
        Attempt::Own((purchase_id % self.buckets_in_use).into())
    }

    /// The next attempt if the buckets of this one held too little, or `None` after the last.
    pub fn next_attempt(&self, guards: &Guards, quantity: i8, failed: Attempt) -> Option<Attempt> {
        let guards = &guards.buckets;
        match failed {
            Attempt::Own(_) if !guards.other_buckets => None,
            Attempt::Own(own) if !guards.lock_of_all => self.one_by_one(own, self.buckets.len()),
            Attempt::Own(own) => Some(self.after_own(own, quantity)),
            Attempt::Another(_) => Some(Attempt::All),
            Attempt::All => None,
            Attempt::OneByOne { bucket, left } => self.one_by_one(bucket, left),
        }
    }

    /// Looks without a lock for another bucket that holds enough, beginning after the own one.
    fn after_own(&self, own: usize, quantity: i8) -> Attempt {
        let rows = self.buckets.len();
        let mut others = (1..rows).map(|distance| (own + distance) % rows);
        let found = others.find(|bucket| self.buckets[*bucket].stock >= quantity);
        found.map_or(Attempt::All, Attempt::Another)
    }

    fn one_by_one(&self, bucket: usize, left: usize) -> Option<Attempt> {
        let left = left.checked_sub(1).filter(|left| *left > 0)?;
        Some(Attempt::OneByOne { bucket: (bucket + 1) % self.buckets.len(), left })
    }

    /// One transaction of the procedure `sell`. Returns `false` if its buckets hold too little. If the unique key
    /// rejects the movements, the transaction changes nothing. With `stock_only`, the server crashes before it writes
    /// the movements, which is possible only without a transaction.
    pub fn sell(
        &mut self,
        guards: &Guards,
        checkout: Checkout,
        attempt: Attempt,
        stock_only: bool,
    ) -> bool {
        let Some(parts) = self.parts(guards, checkout.quantity, attempt) else { return false };
        if self.key_rejects_sale(guards, checkout.purchase_id, &parts) {
            return true;
        }
        for (part, (bucket, quantity)) in (0..).zip(parts) {
            self.buckets[bucket].stock -= quantity;
            if !stock_only {
                let purchase_id = checkout.purchase_id;
                self.sales.push(SaleMovement { purchase_id, part, bucket, quantity });
            }
        }
        self.sales.sort();
        true
    }

    /// How much the transaction takes from which buckets, or `None` if they hold too little.
    fn parts(&self, guards: &Guards, quantity: i8, attempt: Attempt) -> Option<Vec<(usize, i8)>> {
        let bounded = guards.conditional_update || guards.secondary.stock_check;
        let suffices = |held: i8| !bounded || held >= quantity;
        match attempt {
            Attempt::Own(bucket) | Attempt::Another(bucket) | Attempt::OneByOne { bucket, .. } => {
                suffices(self.buckets[bucket].stock).then(|| vec![(bucket, quantity)])
            }
            Attempt::All => {
                let fullest = self.fullest_first();
                match fullest.iter().find(|(_, held)| suffices(*held)) {
                    Some((bucket, _)) => Some(vec![(*bucket, quantity)]),
                    None => (self.stock() >= quantity).then(|| several_parts(quantity, fullest)),
                }
            }
        }
    }

    /// All buckets and the goods that they hold.
    fn fullest_first(&self) -> Vec<(usize, i8)> {
        let held = self.buckets.iter().map(|bucket| bucket.stock);
        let mut buckets: Vec<_> = held.enumerate().collect();
        buckets.sort_by_key(|(number, held)| (Reverse(*held), *number));
        buckets
    }

    /// Whether the unique key rejects the movements: each sale has a part 0, so two sales of one purchase collide.
    fn key_rejects_sale(&self, guards: &Guards, id: u8, parts: &[(usize, i8)]) -> bool {
        let collides = |sale: &SaleMovement| match guards.buckets.part_zero {
            true => sale.part == 0,
            false => parts.iter().any(|(bucket, _)| *bucket == sale.bucket),
        };
        let mut sales = self.sales.iter().filter(|sale| sale.purchase_id == id);
        guards.unique_purchase_key && sales.any(collides)
    }

    /// Whether the stock is at or below the reorder point and no sale has claimed the crossing.
    pub fn has_unclaimed_crossing(&self, scenario: &Scenario) -> bool {
        self.stock() <= scenario.reorder_point && self.crossed_by.is_none()
    }
}

/// Takes goods from one bucket after the other until there are enough.
fn several_parts(quantity: i8, buckets: Vec<(usize, i8)>) -> Vec<(usize, i8)> {
    let mut missing = quantity;
    let take = |(bucket, held): (usize, i8)| {
        let taken = held.min(missing);
        missing -= taken;
        (bucket, taken)
    };
    buckets.into_iter().map(take).filter(|(_, taken)| *taken > 0).collect()
}
