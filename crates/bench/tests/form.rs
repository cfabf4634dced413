//! A very short run of all parts has the form that docs/benchmarks.md documents. No figure is looked at that depends on time.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

use std::{collections::BTreeSet, path::PathBuf};

use bench::{Comparison, Figures, Options, Part, Report, Scale};
use local_programs::{build, console::Console};
use serde_json::Value;

const DOCUMENTATION: &str = include_str!("../../../docs/benchmarks.md");

/// The example of the output in the documentation.
fn documented() -> Value {
    let example = DOCUMENTATION.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
    serde_json::from_str(example.expect("an example")).expect("JSON")
}

/// The development builds of the functions: the form of a release build is the same, and it takes minutes.
async fn functions() -> PathBuf {
    let binaries = build::functions().await.expect("the functions");
    binaries["sales-api"].parent().expect("a folder").to_owned()
}

async fn measured() -> Report {
    let parts = [
        Part::Functions,
        Part::HotRow,
        Part::ManyRows,
        Part::Buckets,
        Part::Refused,
        Part::Purchases,
        Part::Restock,
    ];
    let options =
        Options { parts: parts.into(), functions: Some(functions().await), scale: Scale::QUICK };
    bench::run(options, Console::on_stderr()).await.expect("figures")
}

/// The paths of all values, with the type of each: `hot_row[].ratio number`. Rows may have different fields, so all are
/// looked at.
fn form(value: &Value, path: &str, form: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            fields
                .iter()
                .for_each(|(name, field)| self::form(field, &format!("{path}.{name}"), form));
        }
        Value::Array(rows) => {
            rows.iter().for_each(|row| self::form(row, &format!("{path}[]"), form))
        }
        Value::Number(_) => drop(form.insert(format!("{path} number"))),
        Value::String(_) => drop(form.insert(format!("{path} text"))),
        other => panic!("{path} is {other}"),
    }
}

fn form_of(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    form(value, "", &mut found);
    found
}

fn assert_nothing_went_wrong(report: &Value) {
    for row in report["purchases"].as_array().expect("rows") {
        assert_eq!((&row["errors"], &row["oversold"]), (&0.into(), &0.into()), "{row}");
    }
    assert_eq!(report["restocks"][0]["production_orders"], 1, "{report}");
}

#[tokio::test]
async fn the_figures_have_the_documented_form_and_can_be_drawn_and_compared() {
    let report = measured().await;
    let text = serde_json::to_string(&report).expect("JSON");
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(form_of(&json), form_of(&documented()));
    assert_nothing_went_wrong(&json);
    let figures: Figures = text.parse().expect("figures");
    assert!(!Comparison::of(&figures, &figures).expect("a comparison").is_slower());
    let folder = tempfile::tempdir().expect("a folder");
    report.draw(folder.path()).expect("plots");
    for plot in ["hot-row", "many-rows", "buckets", "starts", "purchases"] {
        let file = folder.path().join(format!("{plot}.svg"));
        let svg = std::fs::read_to_string(file).expect("a plot");
        assert!(svg.contains("<svg") && svg.contains("<text"), "{plot}");
    }
}

#[test]
fn the_figures_of_the_repository_have_the_documented_form() {
    let baseline = include_str!("../../../docs/benchmarks/baseline.json");
    let figures = serde_json::from_str(baseline).expect("JSON");
    assert_eq!(form_of(&figures), form_of(&documented()));
}
