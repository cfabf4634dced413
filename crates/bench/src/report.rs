//! The figures of a run, in the form of `--json`.

mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{machine::Machine, statistics::Median};

/// All figures of a run. A part that was not measured has no rows.
#[derive(Debug, Serialize)]
pub struct Report {
    pub(crate) machine: Machine,
    pub(crate) functions: Vec<FunctionFigures>,
    pub(crate) hot_row: Vec<RowSales>,
    pub(crate) many_rows: Vec<RowSales>,
}

/// The spread of each figure of a row, by its name: half of the distance between the smallest and the largest measurement,
/// as a share of the median.
pub(crate) type Spread = BTreeMap<&'static str, f64>;

/// A function.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FunctionFigures {
    pub name: &'static str,
    /// From the start of the process to its first poll.
    pub cold_ms: f64,
    /// The first invocation of a process.
    pub first_ms: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Seconds of CPU for 1,000 invocations.
    pub cpu_s_per_1000: f64,
    /// The most memory that the process has used.
    pub memory_mb: f64,
    /// The size of the package.
    pub zip_mb: f64,
    pub spread: Spread,
}

/// Sales through `decrement-stock`, against the ceiling.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RowSales {
    pub environments: usize,
    pub round_trip_ms: f64,
    pub flush_ms: f64,
    pub sales_per_s: f64,
    pub ceiling_per_s: f64,
    /// `sales_per_s` divided by `ceiling_per_s`.
    pub ratio: f64,
    pub spread: Spread,
}

impl RowSales {
    /// The figures of interleaved measurements: sales and ceiling of each repeat.
    pub fn new(conditions: (usize, f64, f64), repeats: &[(f64, f64)]) -> Self {
        let (environments, round_trip_ms, flush_ms) = conditions;
        let sales = Median::of(repeats.iter().map(|(sales, _)| *sales));
        let ceiling = Median::of(repeats.iter().map(|(_, ceiling)| *ceiling));
        let ratio = Median::of(repeats.iter().map(|(sales, ceiling)| sales / ceiling));
        Self {
            environments,
            round_trip_ms,
            flush_ms,
            sales_per_s: sales.value,
            ceiling_per_s: ceiling.value,
            ratio: ratio.value,
            spread: Spread::from([
                ("sales_per_s", sales.spread),
                ("ceiling_per_s", ceiling.spread),
                ("ratio", ratio.spread),
            ]),
        }
    }
}

impl Report {
    pub(crate) fn new(machine: Machine) -> Self {
        Self { machine, functions: Vec::new(), hot_row: Vec::new(), many_rows: Vec::new() }
    }
}
