#![allow(clippy::expect_used)]

use std::time::UNIX_EPOCH;

use serde_json::json;

use super::*;
use crate::metrics::Metrics;

/// The line of an invocation that did what it had to do.
fn written(log: &Log, metrics: Option<EmbeddedMetrics>) -> Value {
    let ids = Ids { sku: Some("CP-502101".to_owned()), ..Ids::default() };
    let entry = Entry { ids: &ids, sentence: &"sold", error: None, metrics };
    parsed(&log.line("r-1").fields(entry, UNIX_EPOCH))
}

fn parsed(fields: &Fields<'_>) -> Value {
    serde_json::from_str(&fields.to_string()).expect("one JSON object")
}

#[test]
fn a_line_has_the_sentence_and_the_ids_and_nothing_that_is_unknown() {
    let log = Log::new();
    written(&log, None);
    let expected = json!({
        "timestamp": "1970-01-01T00:00:00.000Z", "level": "INFO", "message": "sold", "request_id": "r-1", "sku": "CP-502101",
    });
    assert_eq!(written(&log, None), expected);
}

#[test]
fn only_the_first_line_of_an_environment_is_cold() {
    let log = Log::new();
    assert_eq!(written(&log, None)["cold"], true);
    assert_eq!(written(&log, None).get("cold"), None);
}

#[test]
fn the_metrics_are_in_the_same_line() {
    let metrics = Metrics::of_namespace("donuts").embedded(&[("Sold", 1)]);
    let line = written(&Log::new(), metrics);
    assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], "donuts");
    assert_eq!((&line["Sold"], &line["message"]), (&json!(1), &json!("sold")));
}

#[test]
fn a_failure_is_an_error_with_its_name() {
    let (log, ids) = (Log::new(), Ids::default());
    let error = Some(ErrorName::FactoryRefused);
    let entry = Entry { ids: &ids, sentence: &"400", error, metrics: None };
    let line = parsed(&log.line("r-1").fields(entry, UNIX_EPOCH));
    assert_eq!((&line["level"], &line["error"]), (&json!("ERROR"), &json!("Factory.Refused")));
}
