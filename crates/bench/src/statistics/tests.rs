#![allow(clippy::float_cmp, clippy::unwrap_used, reason = "exact numbers; a test fails by ending")]

use super::*;

#[test]
fn the_median_is_the_middle_measurement_or_the_middle_of_two() {
    assert_eq!(Median::of([30.0, 10.0, 20.0]), Median { value: 20.0, spread: 0.5 });
    assert_eq!(Median::of([4.0, 1.0, 2.0, 3.0]).value, 2.5);
    assert_eq!(Median::of([7.0]), Median { value: 7.0, spread: 0.0 });
    assert_eq!(Median::of([]), Median { value: 0.0, spread: 0.0 });
}

#[test]
fn a_spread_of_zeros_is_zero() {
    assert_eq!(Median::of([0.0, 0.0]).spread, 0.0);
}

#[test]
fn percentiles_are_those_of_the_recorded_latencies() {
    let mut latencies = Latencies::new().unwrap();
    for microseconds in 1..=1000 {
        latencies.record(Duration::from_micros(microseconds));
    }
    let within_a_percent = |found: f64, expected: f64| (found / expected - 1.0).abs() < 0.01;
    assert!(within_a_percent(latencies.percentile(50.0), 0.5), "{}", latencies.percentile(50.0));
    assert!(within_a_percent(latencies.percentile(99.0), 0.99), "{}", latencies.percentile(99.0));
}

#[test]
fn a_latency_above_the_range_counts_as_the_largest() {
    let mut latencies = Latencies::new().unwrap();
    latencies.record(Duration::from_secs(3600));
    assert!(latencies.percentile(50.0) >= 60_000.0);
}
