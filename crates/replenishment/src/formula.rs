//! The textbook formula for the reorder point.

use serde::Serialize;

use crate::{Demand, ServiceLevel};

/// The numbers of the formula: reorder point = mean demand over the lead time + z × its standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Formula {
    /// The mean lead time in minutes.
    pub lead_time: f64,
    /// Mean demand over one lead time, in units.
    pub mean: f64,
    /// Standard deviation of the demand over one lead time, in units.
    pub deviation: f64,
    /// The safety factor: the quantile of the normal distribution for the service level.
    pub z: f64,
    pub reorder_point: u64,
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "statistics of numbers that are small and not negative; the result is only a first guess"
)]
impl Formula {
    /// Divides the period into windows of one mean lead time each.
    pub(crate) fn of(
        demand: &[Demand],
        from: i64,
        to: i64,
        lead: &[i64],
        level: ServiceLevel,
    ) -> Self {
        let lead_time = lead.iter().sum::<i64>() as f64 / lead.len().max(1) as f64;
        let window = (lead_time.ceil() as i64).max(1);
        let windows = ((to - from) / window).max(1);
        let mut sums = std::collections::BTreeMap::<i64, u64>::new();
        for wanted in demand {
            *sums.entry((wanted.minute - from) / window).or_default() += wanted.units;
        }
        let count = windows as f64;
        let mean = sums.values().sum::<u64>() as f64 / count;
        let squares: f64 = sums.values().map(|units| (*units as f64).powi(2)).sum();
        let deviation = (squares / count - mean.powi(2)).max(0.0).sqrt();
        let z = quantile(level.share());
        let reorder_point = (mean + z * deviation).max(0.0).ceil() as u64;
        Self { lead_time, mean, deviation, z, reorder_point }
    }
}

/// The quantile of the standard normal distribution, by bisection of its distribution function. Exact to 1e-6.
fn quantile(share: f64) -> f64 {
    let (mut low, mut high) = (-6.0, 6.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if distribution(middle) < share { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The distribution function of the standard normal distribution, by its Taylor series, which converges for |x| ≤ 6.
fn distribution(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        let n = f64::from(n);
        term *= -x * x / (2.0 * n) * (2.0 * n - 1.0) / (2.0 * n + 1.0);
        sum += term;
    }
    0.5 + sum / (2.0 * std::f64::consts::PI).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_are_those_of_the_tables() {
        for (share, z) in [(0.5, 0.0), (0.9, 1.281_552), (0.95, 1.644_854), (0.99, 2.326_348)] {
            assert!((quantile(share) - z).abs() < 1e-5, "{share}: {}", quantile(share));
        }
    }

    #[test]
    fn a_steady_demand_needs_its_mean_over_the_lead_time() {
        let demand: Vec<Demand> = (0..1_000).map(|minute| Demand { minute, units: 2 }).collect();
        let level = ServiceLevel::percent(95.0).unwrap_or_else(|| unreachable!());
        let formula = Formula::of(&demand, 0, 1_000, &[10, 10], level);
        assert_eq!((formula.reorder_point, formula.deviation < 1e-6), (20, true));
    }
}
