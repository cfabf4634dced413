//! Terraform and the local cloud write the same names into `outputs.json`.

use std::collections::BTreeSet;

use deployment::outputs::Outputs;
use serde_json::{Value, json};

/// The names in the map of all outputs: lines `name = value`.
fn names_in_terraform() -> BTreeSet<String> {
    let text = include_str!("../../terraform/outputs.tf");
    let map =
        text.split_once("outputs = {").and_then(|(_, rest)| rest.split_once('}')).expect("a map").0;
    map.lines().filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned())).collect()
}

#[test]
fn the_outputs_of_terraform_are_exactly_what_is_read() {
    let names = names_in_terraform();
    assert!(names.contains("sales_api_url"), "{names:?}");
    let written: Value = names.iter().map(|name| (name.clone(), json!("a value"))).collect();
    let read: Outputs = serde_json::from_value(written.clone()).expect("every name is there");
    assert_eq!(serde_json::to_value(read).expect("JSON"), written, "a name is not known");
}
