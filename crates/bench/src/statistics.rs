//! Medians, spreads and percentiles.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The median of repeated measurements, and how far they are apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Median {
    pub value: f64,
    /// Half of the distance between the smallest and the largest measurement, as a share of the median.
    pub spread: f64,
}

impl Median {
    /// The median is 0 without measurements.
    pub fn of(measured: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = measured.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else {
            return Self { value: 0.0, spread: 0.0 };
        };
        let middle = sorted.len() / 2;
        let below = if sorted.len().is_multiple_of(2) { middle - 1 } else { middle };
        let value = f64::midpoint(sorted[below], sorted[middle]);
        let spread = if value == 0.0 { 0.0 } else { (most - least) / 2.0 / value };
        Self { value, spread }
    }
}

/// Latencies, with an error of at most 1 %.
#[derive(Debug)]
pub(crate) struct Latencies(Histogram<u64>);

impl Latencies {
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, 60_000_000_000, 2)?))
    }

    pub fn record(&mut self, latency: Duration) {
        let nanoseconds = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.0.saturating_record(nanoseconds);
    }

    /// The latency in milliseconds that this percentage of all latencies do not exceed.
    pub fn percentile(&self, percentage: f64) -> f64 {
        milliseconds(Duration::from_nanos(self.0.value_at_percentile(percentage)))
    }
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests;
