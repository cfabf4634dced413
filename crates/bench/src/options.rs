//! What to measure, and how long.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// The parts to measure.
    pub parts: BTreeSet<Part>,
    /// A folder with packages or binaries that are already built; `None` builds the functions.
    pub functions: Option<PathBuf>,
    /// How long and how often.
    pub scale: Scale,
}

impl Options {
    pub(crate) fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

/// A part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Start, latency, CPU, memory and size of each function.
    Functions,
    /// Sales of one product.
    HotRow,
    /// Sales of many products.
    ManyRows,
    /// Sales of one product in several buckets.
    Buckets,
    /// Refusals of a product that is sold out.
    Refused,
    /// Whole purchases through the HTTP API of the local cloud.
    Purchases,
    /// From a sold-out product to its first sale after a restock.
    Restock,
}

impl Part {
    /// The name of its rows in the JSON of a run.
    pub(crate) fn rows(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::HotRow => "hot_row",
            Self::ManyRows => "many_rows",
            Self::Buckets => "buckets",
            Self::Refused => "refused",
            Self::Purchases => "purchases",
            Self::Restock => "restocks",
        }
    }
}

/// How long and how often to measure.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// How often each figure is measured. Its median is reported.
    pub repeats: usize,
    /// How long one measurement of a rate takes.
    pub slice: Duration,
    /// Before the first measurement: caches fill, and processes and connections start.
    pub warm_up: Duration,
    /// How many processes of a function are started.
    pub starts: usize,
    /// How long one measurement of whole purchases takes.
    pub purchases: Duration,
    /// Purchases that one restock refuses.
    pub refusals: u32,
    /// Invocations of a function in one measurement of its latency.
    pub invocations: usize,
}

impl Scale {
    /// For figures that can be compared: less than 6 minutes for all parts.
    pub const FULL: Self = Self {
        repeats: 3,
        slice: Duration::from_millis(600),
        warm_up: Duration::from_millis(300),
        starts: 20,
        purchases: Duration::from_secs(3),
        refusals: 1000,
        invocations: 1000,
    };

    /// For a look at the form of the output. The figures mean little.
    pub const QUICK: Self = Self {
        repeats: 1,
        slice: Duration::from_millis(50),
        warm_up: Duration::from_millis(10),
        starts: 2,
        purchases: Duration::from_millis(300),
        refusals: 20,
        invocations: 20,
    };
}
