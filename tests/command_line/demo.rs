//! `restock --json`

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::run::Place;

/// The lines of the output that README.md shows.
fn excerpt() -> Vec<&'static str> {
    let (_, rest) = include_str!("../../README.md").split_once("```text\n").expect("an excerpt");
    let (excerpt, _) = rest.split_once("```").expect("the end of the excerpt");
    excerpt.lines().collect()
}

/// A restock may begin before the last unit is sold. It then orders fewer units, and fewer are sold.
fn without_figures(line: &str) -> String {
    line.replace(|character: char| character.is_ascii_digit(), "")
}

#[test]
fn the_demo_ends_as_expected_and_its_summary_is_one_json_object() {
    let place = Place::new();
    let ended = place.run(&["--json"]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    // Fails if stdout contains anything but one object.
    let summary: Value = serde_json::from_str(&ended.stdout).expect("one JSON object");
    let keys: BTreeSet<&str> =
        summary.as_object().expect("an object").keys().map(String::as_str).collect();
    let expected = [
        "ok",
        "products",
        "sold",
        "refused",
        "stock",
        "ledger",
        "restocks",
        "production_orders",
        "dead_letters",
        "mails",
        "seconds",
    ];
    assert_eq!(keys, BTreeSet::from(expected));

    assert_eq!(summary["ok"], true, "{summary}");
    assert_eq!(summary["restocks"], json!({"completed": 4, "failed": 1}));
    let counts = (&summary["production_orders"], &summary["dead_letters"], &summary["mails"]);
    assert_eq!(counts, (&json!(5), &json!(1), &json!(2)), "{summary}");
    assert_eq!(summary["stock"], summary["ledger"], "{summary}");
    for number in ["products", "sold", "refused", "stock", "seconds"] {
        assert!(summary[number].as_u64().is_some_and(|n| n > 0), "{number}: {summary}");
    }
    assert!(ended.stderr.contains("5. The factory is back"), "progress is printed to stderr");
    let excerpt = excerpt();
    assert!(excerpt.len() > 10, "{excerpt:?}");
    let printed: BTreeSet<_> = ended.stderr.lines().map(without_figures).collect();
    let missing = excerpt.iter().find(|line| !printed.contains(&without_figures(line)));
    assert_eq!(missing, None, "README.md shows what the demo does not print: {}", ended.stderr);
    assert!(place.leftovers().is_empty(), "{:?}", place.leftovers());
}
