//! The figures of a run, read from its JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use anyhow::{Context, Error, Result, ensure};
use serde_json::{Map, Value};

use crate::Part;

/// What says under which conditions a row was measured. Other numbers of a row are figures.
const CONDITIONS: [&str; 8] = [
    "name",
    "environments",
    "clients",
    "buckets",
    "round_trip_ms",
    "flush_ms",
    "refusals",
    "spread",
];

/// The figures of a run by their names, and where they were measured.
#[derive(Debug)]
pub struct Figures {
    machine: Map<String, Value>,
    pub(super) by_name: BTreeMap<String, Figure>,
}

/// A figure, and how far its measurements are apart, as a share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure {
    pub value: f64,
    pub spread: f64,
}

impl Figures {
    /// A field of `machine`; `unknown` in files of earlier versions.
    pub(super) fn place(&self, name: &str) -> String {
        match self.machine.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => "unknown".to_owned(),
        }
    }

    /// Fails unless there is a figure of one of these parts.
    ///
    /// # Errors
    /// If there is none: the runs would have nothing in common.
    pub fn ensure_some_of(&self, parts: &BTreeSet<Part>) -> Result<()> {
        let is_of = |name: &str, part: &Part| name.split(' ').next() == Some(part.rows());
        let has = |part| self.by_name.keys().any(|name| is_of(name, part));
        ensure!(parts.iter().any(has), "it has no figure of a part that is to be measured");
        Ok(())
    }

    fn is_quick(&self) -> bool {
        self.place("command").split(' ').any(|argument| argument == "--quick")
    }
}

impl FromStr for Figures {
    type Err = Error;

    /// # Errors
    /// If the text is not the output of `restock bench --json`, or has no figures that mean anything.
    fn from_str(text: &str) -> Result<Self> {
        let report: Map<String, Value> =
            serde_json::from_str(text).context("this is not the output of restock bench --json")?;
        let parts = report.iter().filter_map(|(part, rows)| Some((part, rows.as_array()?)));
        let rows = parts.flat_map(|(part, rows)| {
            rows.iter().filter_map(Value::as_object).map(move |row| (part, row))
        });
        let by_name: BTreeMap<_, _> =
            rows.flat_map(|(part, row)| figures_of_row(part, row)).collect();
        let machine = report.get("machine").and_then(Value::as_object).cloned();
        let figures = Self { machine: machine.unwrap_or_default(), by_name };
        ensure!(
            !figures.by_name.is_empty(),
            "this has no figures: it is not the output of restock bench --json"
        );
        ensure!(!figures.is_quick(), "this is of a run with --quick, whose figures mean nothing");
        Ok(figures)
    }
}

fn figures_of_row(part: &str, row: &Map<String, Value>) -> Vec<(String, Figure)> {
    let conditions = CONDITIONS.iter().filter(|name| **name != "spread");
    let conditions = conditions.filter_map(|name| Some(condition(name, row.get(*name)?)));
    let row_name: String = std::iter::once(part.to_owned()).chain(conditions).collect();
    let figures = row.iter().filter(|(name, _)| !CONDITIONS.contains(&name.as_str()));
    let figures = figures.filter_map(|(name, value)| {
        let spread = row.get("spread").and_then(|spread| spread.get(name)?.as_f64());
        let figure = Figure { value: value.as_f64()?, spread: spread.unwrap_or_default() };
        Some((format!("{row_name} {name}"), figure))
    });
    figures.collect()
}

/// ` clients=16`
fn condition(name: &str, value: &Value) -> String {
    match value.as_str() {
        Some(text) => format!(" {text}"),
        None => format!(" {name}={value}"),
    }
}
