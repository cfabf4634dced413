//! What a policy would have done with the demand of the past.

use serde::{Deserialize, Serialize};

use crate::Demand;

/// A restock that sold out again before it arrived waits for the next sweep, at most so many minutes.
const SWEEP_MINUTES: i64 = 5;

/// A reorder point and a target stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// At or below this stock, an order is sent.
    pub reorder_point: u64,
    /// The order asks for what is missing to this stock.
    pub target_stock: u64,
}

/// What happened in a replay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub sold: u64,
    pub refused: u64,
    pub orders: u64,
}

impl Outcome {
    /// Whether at most this share of the demand was refused.
    pub fn keeps(&self, refused_share: f64) -> bool {
        let all = self.sold + self.refused;
        #[allow(clippy::cast_precision_loss, reason = "units are far below 2^52")]
        let (refused, all) = (self.refused as f64, all as f64);
        refused <= refused_share * all
    }
}

/// The shop during a replay.
struct Shop<'a> {
    policy: Policy,
    lead_times: &'a [i64],
    stock: u64,
    /// When the open order arrives, and its units.
    open: Option<(i64, u64)>,
    orders: u64,
}

/// Replays the demand with a policy. Begins with the target stock. The lead times are used in turn, in minutes.
/// `each` gets the demand of each minute, and how much of it was refused.
pub fn replay(
    demand: &[Demand],
    lead_times: &[i64],
    policy: Policy,
    mut each: impl FnMut(&Demand, u64),
) -> Outcome {
    let stock = policy.target_stock;
    let mut shop = Shop { policy, lead_times, stock, open: None, orders: 0 };
    let mut outcome = Outcome::default();
    for wanted in demand {
        shop.wait_until(wanted.minute);
        let sold = wanted.units.min(shop.stock);
        shop.stock -= sold;
        let refused = wanted.units - sold;
        outcome.sold += sold;
        outcome.refused += refused;
        each(wanted, refused);
        shop.order_if_low(wanted.minute);
    }
    Outcome { orders: shop.orders, ..outcome }
}

impl Shop<'_> {
    /// Lets orders arrive until a minute. If the stock is low even after an arrival, the next sweep orders again.
    fn wait_until(&mut self, minute: i64) {
        while let Some((arrives, units)) = self.open
            && arrives <= minute
        {
            self.stock += units;
            self.open = None;
            self.order_if_low(arrives + SWEEP_MINUTES);
        }
    }

    fn order_if_low(&mut self, minute: i64) {
        let Policy { reorder_point, target_stock } = self.policy;
        if self.open.is_some() || self.stock > reorder_point || self.lead_times.is_empty() {
            return;
        }
        let turn = usize::try_from(self.orders).unwrap_or_default() % self.lead_times.len();
        let lead_time = self.lead_times.get(turn).copied().unwrap_or_default();
        self.open = Some((minute + lead_time, target_stock.saturating_sub(self.stock)));
        self.orders += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(units: &[(i64, u64)], reorder_point: u64, target_stock: u64) -> Outcome {
        let demand: Vec<Demand> =
            units.iter().map(|(minute, units)| Demand { minute: *minute, units: *units }).collect();
        replay(&demand, &[10], Policy { reorder_point, target_stock }, |_, _| {})
    }

    #[test]
    fn goods_arrive_after_the_lead_time_and_not_before() {
        // 5 of 5 at minute 0; the order for 5 arrives at minute 10.
        let outcome = outcome(&[(0, 5), (9, 1), (10, 1)], 2, 5);
        assert_eq!((outcome.sold, outcome.refused, outcome.orders), (6, 1, 1));
    }

    #[test]
    fn only_one_order_is_open_at_a_time() {
        assert_eq!(outcome(&[(0, 3), (1, 1), (2, 1)], 4, 5).orders, 1);
    }

    #[test]
    fn a_stock_that_is_low_even_after_an_arrival_waits_for_the_sweep() {
        // Ordered 3 at minute 0, sold out at minute 1. The arrival leaves 3, at the reorder point: the sweep orders the
        // other 2 at minute 15, and they arrive at minute 25.
        let outcome = outcome(&[(0, 3), (1, 2), (10, 3), (24, 1), (25, 1)], 3, 5);
        assert_eq!((outcome.refused, outcome.orders), (1, 3));
    }

    #[test]
    fn no_unit_is_sold_twice_and_none_is_lost() {
        let demand: Vec<(i64, u64)> = (0..1_000).map(|minute| (minute, 1)).collect();
        let outcome = outcome(&demand, 3, 8);
        assert_eq!(outcome.sold + outcome.refused, 1_000);
    }
}
