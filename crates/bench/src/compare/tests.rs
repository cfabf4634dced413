#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::Part;

fn report(cold: f64, sales: f64, spread: f64) -> String {
    json!({
        "machine": {"cpu": "AMD EPYC", "database": "MariaDB 10.11.14", "cores": 2, "command": "restock bench --json"},
        "functions": [
            {"name": "sales-api", "cold_ms": cold, "memory_mb": 5.0, "spread": {"cold_ms": spread}},
        ],
        "hot_row": [
            {"environments": 32, "round_trip_ms": 0.5, "flush_ms": 2.0, "sales_per_s": sales, "spread": {}},
        ],
    })
    .to_string()
}

fn compare(before: &str, now: &str) -> Result<Comparison> {
    Comparison::of(&before.parse()?, &now.parse()?)
}

fn slower(before: &str, now: &str) -> Vec<String> {
    let comparison = compare(before, now).unwrap();
    let slower = comparison.changes.iter().filter(|change| change.is_slower());
    slower.map(|change| change.figure.clone()).collect()
}

#[test]
fn a_slower_figure_is_flagged_and_named_with_its_conditions() {
    let before = report(3.0, 200.0, 0.0);
    assert_eq!(slower(&before, &report(3.5, 200.0, 0.0)), ["functions sales-api cold_ms"]);
    let fewer = "hot_row environments=32 round_trip_ms=0.5 flush_ms=2.0 sales_per_s";
    assert_eq!(slower(&before, &report(3.0, 150.0, 0.0)), [fewer]);
    assert!(compare(&before, &report(3.5, 200.0, 0.0)).unwrap().is_slower());
}

#[test]
fn a_faster_figure_and_one_within_the_noise_are_not_flagged() {
    let before = report(3.0, 200.0, 0.0);
    let none: [String; 0] = [];
    assert_eq!(slower(&before, &report(2.0, 300.0, 0.0)), none);
    assert_eq!(slower(&before, &report(3.2, 190.0, 0.0)), none);
    assert_eq!(slower(&report(3.0, 200.0, 0.2), &report(4.0, 200.0, 0.2)), none);
    assert!(!compare(&before, &before).unwrap().is_slower());
}

#[test]
fn a_figure_that_is_much_worse_is_slower_however_noisy_it_is() {
    let before = report(3.0, 200.0, 99.0);
    assert_eq!(slower(&before, &report(30.0, 200.0, 99.0)), ["functions sales-api cold_ms"]);
    let text = compare(&before, &before).unwrap().to_string();
    assert!(text.contains("1 figures have a noise of more than 50 %"), "{text}");
}

#[test]
fn a_run_without_a_part_that_is_to_be_measured_is_an_error() {
    let figures: Figures = report(3.0, 200.0, 0.0).parse().unwrap();
    let parts = |parts: &[Part]| figures.ensure_some_of(&parts.iter().copied().collect());
    assert!(parts(&[Part::Restock, Part::HotRow]).is_ok());
    assert!(parts(&[Part::Restock]).is_err());
}

#[test]
fn the_figures_of_the_repository_have_rows_of_each_part() {
    let baseline = include_str!("../../../../docs/benchmarks/baseline.json");
    let figures: Figures = baseline.parse().unwrap();
    for part in [
        Part::Functions,
        Part::HotRow,
        Part::ManyRows,
        Part::Buckets,
        Part::Refused,
        Part::Purchases,
        Part::Restock,
    ] {
        figures.ensure_some_of(&BTreeSet::from([part])).unwrap();
    }
}

#[test]
fn a_figure_that_only_one_run_has_is_left_out() {
    let before = report(3.0, 200.0, 0.0).replace("hot_row", "many_rows");
    let changes = compare(&before, &report(3.0, 200.0, 0.0)).unwrap().changes;
    assert!(changes.iter().all(|change| change.figure.starts_with("functions")), "{changes:?}");
}

#[test]
fn runs_without_a_common_figure_are_an_error() {
    let before = report(3.0, 200.0, 0.0).replace("hot_row", "many_rows").replace("sales-api", "x");
    let error = compare(&before, &report(3.0, 200.0, 0.0)).unwrap_err();
    assert!(error.to_string().contains("no figure in common"), "{error}");
}

#[test]
fn figures_that_were_not_measured_again_are_counted() {
    let before = report(3.0, 200.0, 0.0);
    let text = |now: &str| compare(&before, now).unwrap().to_string();
    assert!(!text(&before).contains("were not measured"));
    let renamed = before.replace("sales-api", "x");
    assert!(text(&renamed).contains(" figures of the earlier run were not measured now."));
}

#[test]
fn the_ceiling_of_the_plainest_client_is_not_slower_and_the_ratio_to_it_is() {
    let row = |ceiling: f64, ratio: f64| {
        json!({"hot_row": [{"environments": 32, "ceiling_per_s": ceiling, "ratio": ratio}]})
            .to_string()
    };
    let before = row(200.0, 0.9);
    let none: [String; 0] = [];
    assert_eq!(slower(&before, &row(100.0, 0.9)), none);
    assert_eq!(slower(&before, &row(200.0, 0.5)), ["hot_row environments=32 ratio"]);
}

#[test]
fn another_server_or_processor_is_said_in_a_warning() {
    let before = report(3.0, 200.0, 0.0);
    assert_eq!(compare(&before, &before).unwrap().warnings, [""; 0]);
    let now = before.replace("MariaDB 10.11.14", "MySQL 9.7.0").replace("AMD EPYC", "Graviton");
    let now = now.replace("\"cores\":2", "\"cores\":64");
    let text = compare(&before, &now).unwrap().to_string();
    for warning in [
        "another CPU: AMD EPYC before, Graviton now",
        "another number of cores: 2 before, 64 now",
        "another database server: MariaDB 10.11.14 before, MySQL 9.7.0 now",
    ] {
        assert!(text.contains(warning), "{text}");
    }
}

#[test]
fn the_text_says_what_is_slower() {
    let comparison = compare(&report(3.0, 200.0, 0.0), &report(6.0, 200.0, 0.0)).unwrap();
    let text = terminal::tone::without_colours(&comparison.to_string());
    let line = text.lines().find(|line| line.contains("cold_ms")).unwrap();
    assert!(line.contains("3.00") && line.contains("6.00") && line.contains("2.00"), "{text}");
    assert!(line.ends_with("slower"), "{text}");
}

#[test]
fn what_is_not_a_report_or_means_nothing_is_an_error() {
    for text in ["donut", r#"{"a":1}"#, r#"{"functions": []}"#] {
        let error = text.parse::<Figures>().unwrap_err();
        assert!(error.to_string().contains("not the output of restock bench --json"), "{error}");
    }
    let quick = report(3.0, 200.0, 0.0).replace("bench --json", "bench --quick --json");
    let error = quick.parse::<Figures>().unwrap_err();
    assert!(error.to_string().contains("--quick"), "{error}");
}
