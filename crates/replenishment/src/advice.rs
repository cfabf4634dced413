//! The smallest reorder point that keeps the promise.

use serde::Serialize;
use thiserror::Error;

use crate::{Demand, Formula, History, Outcome, Policy, ServiceLevel, replay};

/// No order may ask for more.
const LARGEST_TARGET: u64 = 1_000_000;

/// Minutes in a week.
const WEEK: i64 = 7 * 24 * 60;

/// What the shop should have had, and what would have happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    pub policy: Policy,
    /// The policy of today.
    pub today: Policy,
    pub formula: Formula,
    /// The number of measured lead times.
    pub lead_times: usize,
    /// The share of the demanded units that were not refused in the past.
    pub fill_rate: f64,
    /// The same in the replay of the advice.
    pub fill_rate_with_advice: f64,
    pub weeks: Vec<Week>,
}

/// One week of the past.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Week {
    /// The first minute since 1970.
    pub from_minute: i64,
    /// Units that customers wanted.
    pub wanted: u64,
    /// Units refused in the past.
    pub refused: u64,
    /// Units refused in the replay of the advice.
    pub refused_with_advice: u64,
}

/// Why there is no advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoAdvice {
    #[error("nobody wanted to buy the product in this time")]
    NoDemand,
    #[error("no order has arrived in this time, so the lead time is not known")]
    NoLeadTime,
    #[error(
        "no order can be large enough: even the largest target stock of 1,000,000 refuses more"
    )]
    OutOfReach,
}

/// Computes the advice. The size of an order stays as it is today (target less reorder point), unless the promise needs
/// larger ones.
///
/// # Errors
/// See [`NoAdvice`].
pub fn advise(history: &History, level: ServiceLevel) -> Result<Advice, NoAdvice> {
    let demand = history.demand();
    let lead_times: Vec<i64> =
        history.lead_times.iter().map(|seconds| i64::from(seconds.div_ceil(60)).max(1)).collect();
    if demand.iter().all(|wanted| wanted.units == 0) {
        return Err(NoAdvice::NoDemand);
    }
    if lead_times.is_empty() {
        return Err(NoAdvice::NoLeadTime);
    }
    let (from, to) = (history.from_minute, history.to_minute);
    let formula = Formula::of(&demand, from, to, &lead_times, level);
    let past = Past { demand: &demand, lead_times: &lead_times, level };
    let batch = history.policy.target_stock.saturating_sub(history.policy.reorder_point).max(1);
    let policy = past.smallest(formula.reorder_point, batch).ok_or(NoAdvice::OutOfReach)?;
    let weeks = weeks(history, &past, policy);
    Ok(Advice {
        policy,
        today: history.policy,
        formula,
        lead_times: lead_times.len(),
        fill_rate: fill_rate(&weeks, |week| week.refused),
        fill_rate_with_advice: fill_rate(&weeks, |week| week.refused_with_advice),
        weeks,
    })
}

/// The demand and what is promised.
struct Past<'a> {
    demand: &'a [Demand],
    lead_times: &'a [i64],
    level: ServiceLevel,
}

impl Past<'_> {
    fn keeps(&self, policy: Policy) -> bool {
        let outcome: Outcome = replay(self.demand, self.lead_times, policy, |_, _| {});
        outcome.keeps(self.level.refused_share())
    }

    /// The smallest reorder point with this order size that keeps the promise; if there is none, with twice the order
    /// size, and so on.
    fn smallest(&self, guess: u64, batch: u64) -> Option<Policy> {
        let mut batch = batch;
        while batch <= LARGEST_TARGET {
            let policy =
                |reorder_point| Policy { reorder_point, target_stock: reorder_point + batch };
            let largest = LARGEST_TARGET - batch;
            // Doubles the guess until it is enough, then halves the interval.
            let mut enough = guess.min(largest);
            while !self.keeps(policy(enough)) && enough < largest {
                enough = (enough * 2).clamp(1, largest);
            }
            if self.keeps(policy(enough)) {
                return Some(policy(self.halve(enough, policy)));
            }
            batch = (batch * 2).max(1);
        }
        None
    }

    /// The smallest reorder point up to `enough` that keeps the promise. Every policy that it returns was replayed.
    fn halve(&self, enough: u64, policy: impl Fn(u64) -> Policy) -> u64 {
        let (mut low, mut high) = (0, enough);
        while low < high {
            let middle = u64::midpoint(low, high);
            if self.keeps(policy(middle)) { high = middle } else { low = middle + 1 }
        }
        high
    }
}

fn weeks(history: &History, past: &Past<'_>, policy: Policy) -> Vec<Week> {
    let first = history.from_minute;
    let count =
        usize::try_from((history.to_minute - first).max(1).div_euclid(WEEK)).unwrap_or_default();
    let place = |minute: i64| usize::try_from((minute - first).max(0) / WEEK).unwrap_or_default();
    let mut weeks = vec![Week::default(); count + 1];
    for (week, number) in weeks.iter_mut().zip(0..) {
        week.from_minute = first + number * WEEK;
    }
    replay(past.demand, past.lead_times, policy, |wanted, refused| {
        if let Some(week) = weeks.get_mut(place(wanted.minute)) {
            week.wanted += wanted.units;
            week.refused_with_advice += refused;
        }
    });
    for refusals in &history.refusals {
        if let Some(week) = weeks.get_mut(place(refusals.hour * 60)) {
            week.refused += refusals.units;
        }
    }
    weeks.retain(|week| week.wanted > 0);
    weeks
}

#[allow(clippy::cast_precision_loss, reason = "units are far below 2^52")]
fn fill_rate(weeks: &[Week], refused: impl Fn(&Week) -> u64) -> f64 {
    let wanted: u64 = weeks.iter().map(|week| week.wanted).sum();
    let refused: u64 = weeks.iter().map(refused).sum();
    1.0 - refused as f64 / wanted.max(1) as f64
}
