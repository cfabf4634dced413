//! The figures of a run, in the form of `--json`.

mod text;

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{machine::Machine, statistics::Median};

/// All figures of a run. A part that was not measured has no rows.
#[derive(Debug, Serialize)]
pub struct Report {
    pub(crate) machine: Machine,
    pub(crate) functions: Vec<FunctionFigures>,
    pub(crate) hot_row: Vec<RowSales>,
    pub(crate) many_rows: Vec<RowSales>,
    /// Sales of one product in several rows.
    pub(crate) buckets: Vec<BucketSales>,
    pub(crate) refused: Vec<Refusals>,
    pub(crate) purchases: Vec<Purchases>,
    pub(crate) restocks: Vec<Restocks>,
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
    /// The same with TLS and an IAM token, for functions that use the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cold_tls_ms: Option<f64>,
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

/// The network and the disk of a database server.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Conditions {
    pub round_trip_ms: f64,
    pub flush_ms: f64,
}

/// Sales through `decrement-stock`, against the ceiling.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RowSales {
    pub environments: u32,
    #[serde(flatten)]
    pub conditions: Conditions,
    pub sales_per_s: f64,
    pub ceiling_per_s: f64,
    /// `sales_per_s` divided by `ceiling_per_s`.
    pub ratio: f64,
    pub spread: Spread,
}

/// Sales of one product whose stock is in several buckets, against the ceiling of as many rows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BucketSales {
    pub buckets: u32,
    #[serde(flatten)]
    pub sales: RowSales,
}

/// Purchases of a product that is sold out, with and without counting them.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Refusals {
    pub environments: u32,
    pub counted_per_s: f64,
    pub uncounted_per_s: f64,
    /// `counted_per_s` divided by `uncounted_per_s`.
    pub ratio: f64,
    pub spread: Spread,
}

/// Purchases through the HTTP API of the local cloud.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Purchases {
    pub clients: usize,
    pub per_s: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Answers other than `sold`.
    pub errors: u32,
    /// Units that were sold although there was no stock, or without an entry in the ledger.
    pub oversold: u32,
    pub spread: Spread,
}

/// Restocks on the local cloud.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Restocks {
    /// From the first purchase that is refused to the order at the factory.
    pub refusal_to_order_ms: f64,
    /// From the callback of the factory to the first sale.
    pub callback_to_sale_ms: f64,
    pub refusals: u32,
    /// For all of these refusals.
    pub production_orders: i64,
    pub spread: Spread,
}

impl Refusals {
    /// The figures of interleaved measurements, with and without counting.
    pub fn new(environments: u32, repeats: &[(f64, f64)]) -> Self {
        let counted = Median::of(repeats.iter().map(|(counted, _)| *counted));
        let uncounted = Median::of(repeats.iter().map(|(_, uncounted)| *uncounted));
        let ratio = Median::of(repeats.iter().map(|(counted, uncounted)| counted / uncounted));
        Self {
            environments,
            counted_per_s: counted.value,
            uncounted_per_s: uncounted.value,
            ratio: ratio.value,
            spread: spread([
                ("counted_per_s", counted),
                ("uncounted_per_s", uncounted),
                ("ratio", ratio),
            ]),
        }
    }
}

pub(crate) fn spread<const N: usize>(medians: [(&'static str, Median); N]) -> Spread {
    medians.map(|(name, median)| (name, median.spread)).into()
}

impl RowSales {
    /// The figures of interleaved measurements: sales and ceiling of each repeat.
    pub fn new(environments: u32, conditions: Conditions, repeats: &[(f64, f64)]) -> Self {
        let sales = Median::of(repeats.iter().map(|(sales, _)| *sales));
        let ceiling = Median::of(repeats.iter().map(|(_, ceiling)| *ceiling));
        let ratio = Median::of(repeats.iter().map(|(sales, ceiling)| sales / ceiling));
        Self {
            environments,
            conditions,
            sales_per_s: sales.value,
            ceiling_per_s: ceiling.value,
            ratio: ratio.value,
            spread: spread([("sales_per_s", sales), ("ceiling_per_s", ceiling), ("ratio", ratio)]),
        }
    }
}

impl Report {
    pub(crate) fn new(machine: Machine) -> Self {
        Self {
            machine,
            functions: Vec::new(),
            hot_row: Vec::new(),
            many_rows: Vec::new(),
            buckets: Vec::new(),
            refused: Vec::new(),
            purchases: Vec::new(),
            restocks: Vec::new(),
        }
    }
}

impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { round_trip_ms, flush_ms } = self;
        write!(f, "{round_trip_ms} ms of network, {flush_ms} ms for a flush")
    }
}
