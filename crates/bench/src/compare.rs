//! Compares two runs, figure by figure.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use terminal::{
    table::Table,
    tone::{Tone, Toned},
};

/// A figure that is worse by a smaller share is not slower: two runs of the same code differ as much.
const NOISE: f64 = 0.10;

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

/// Figures of which a larger number is better: rates and ratios. Of all others, a smaller one is.
fn is_better_if_larger(figure: &str) -> bool {
    figure.ends_with("per_s") || figure.ends_with("ratio")
}

/// A comparison of two runs.
#[derive(Debug)]
pub struct Comparison(Vec<Change>);

/// A figure of both runs.
#[derive(Debug)]
struct Change {
    /// `hot_row environments=32 flush_ms=2 ratio`
    figure: String,
    before: f64,
    now: f64,
    /// How many times slower, larger or worse it is now. Below 1, it is better.
    worse: f64,
    /// What `worse` may be without a reason.
    allowed: f64,
}

/// A figure, and how far its measurements are apart, as a share.
#[derive(Debug, Clone, Copy)]
struct Figure {
    value: f64,
    spread: f64,
}

impl Comparison {
    /// Compares two reports in the form of `--json`. A figure that only one of them has is left out.
    ///
    /// # Errors
    /// If one is not such a report.
    pub fn of(before: &str, now: &str) -> Result<Self> {
        let (before, now) = (figures(before)?, figures(now)?);
        let both = now.iter().filter_map(|(name, now)| Some((name, before.get(name)?, now)));
        Ok(Self(both.map(|(name, before, now)| Change::of(name, *before, *now)).collect()))
    }

    /// Whether a figure is worse by more than the noise.
    pub fn is_slower(&self) -> bool {
        self.0.iter().any(Change::is_slower)
    }
}

impl Change {
    fn of(name: &str, before: Figure, now: Figure) -> Self {
        let larger = now.value / before.value;
        Self {
            figure: name.to_owned(),
            before: before.value,
            now: now.value,
            worse: if is_better_if_larger(name) { larger.recip() } else { larger },
            allowed: 1.0 + (before.spread + now.spread).max(NOISE),
        }
    }

    /// Compared so that a figure that is no number, such as 0 divided by 0, is not slower.
    fn is_slower(&self) -> bool {
        self.worse > self.allowed
    }

    fn verdict(&self) -> Toned {
        match self.worse {
            _ if self.is_slower() => Toned::new("slower", Tone::Bad),
            worse if worse.recip() > self.allowed => Toned::new("faster", Tone::Good),
            _ => Toned::new("", Tone::Plain),
        }
    }
}

/// The figures of a report by their names.
fn figures(report: &str) -> Result<BTreeMap<String, Figure>> {
    let report: Map<String, Value> =
        serde_json::from_str(report).context("this is not the output of restock bench --json")?;
    let parts = report.iter().filter_map(|(part, rows)| Some((part, rows.as_array()?)));
    let rows = parts.flat_map(|(part, rows)| {
        rows.iter().filter_map(Value::as_object).map(move |row| (part, row))
    });
    Ok(rows.flat_map(|(part, row)| figures_of_row(part, row)).collect())
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

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headings = ["figure", "before", "now", "ratio", "noise", ""];
        let mut table =
            Table::new(&headings).with_numbers(&[1, 2, 3, 4]).with_whole(&[1, 2, 3, 4, 5]);
        for change in &self.0 {
            let ratio = change.now / change.before;
            let numbers = [change.before, change.now, ratio].map(|number| format!("{number:.2}"));
            let noise = format!("±{:.0} %", (change.allowed - 1.0) * 100.0);
            let plain = std::iter::once(change.figure.clone()).chain(numbers).chain([noise]);
            table.row(plain.map(Toned::from).chain([change.verdict()]));
        }
        write!(f, "{}", table.text())
    }
}

#[cfg(test)]
mod tests;
