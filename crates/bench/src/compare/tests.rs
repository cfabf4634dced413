#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

fn report(cold: f64, sales: f64, spread: f64) -> String {
    json!({
        "machine": {"cores": 2},
        "functions": [
            {"name": "sales-api", "cold_ms": cold, "memory_mb": 5.0, "spread": {"cold_ms": spread}},
        ],
        "hot_row": [
            {"environments": 32, "round_trip_ms": 0.5, "flush_ms": 2.0, "sales_per_s": sales, "spread": {}},
        ],
    })
    .to_string()
}

fn slower(before: &str, now: &str) -> Vec<String> {
    let comparison = Comparison::of(before, now).unwrap();
    let slower = comparison.0.iter().filter(|change| change.is_slower());
    slower.map(|change| change.figure.clone()).collect()
}

#[test]
fn a_slower_figure_is_flagged_and_named_with_its_conditions() {
    let before = report(3.0, 200.0, 0.0);
    assert_eq!(slower(&before, &report(3.5, 200.0, 0.0)), ["functions sales-api cold_ms"]);
    let fewer = "hot_row environments=32 round_trip_ms=0.5 flush_ms=2.0 sales_per_s";
    assert_eq!(slower(&before, &report(3.0, 150.0, 0.0)), [fewer]);
    assert!(Comparison::of(&before, &report(3.5, 200.0, 0.0)).unwrap().is_slower());
}

#[test]
fn a_faster_figure_and_one_within_the_noise_are_not_flagged() {
    let before = report(3.0, 200.0, 0.0);
    let none: [String; 0] = [];
    assert_eq!(slower(&before, &report(2.0, 300.0, 0.0)), none);
    assert_eq!(slower(&before, &report(3.2, 190.0, 0.0)), none);
    assert_eq!(slower(&report(3.0, 200.0, 0.2), &report(4.0, 200.0, 0.2)), none);
    assert!(!Comparison::of(&before, &before).unwrap().is_slower());
}

#[test]
fn a_figure_that_only_one_run_has_is_left_out() {
    let comparison = Comparison::of(r#"{"functions": []}"#, &report(3.0, 200.0, 0.0)).unwrap();
    assert!(comparison.0.is_empty());
}

#[test]
fn the_text_says_what_is_slower() {
    let comparison = Comparison::of(&report(3.0, 200.0, 0.0), &report(6.0, 200.0, 0.0)).unwrap();
    let text = terminal::tone::without_colours(&comparison.to_string());
    let line = text.lines().find(|line| line.contains("cold_ms")).unwrap();
    assert!(line.contains("3.00") && line.contains("6.00") && line.contains("2.00"), "{text}");
    assert!(line.ends_with("slower"), "{text}");
}

#[test]
fn what_is_not_a_report_is_an_error() {
    let error = Comparison::of("donut", "{}").unwrap_err();
    assert_eq!(error.to_string(), "this is not the output of restock bench --json");
}
