use std::{num::NonZeroU32, time::Duration};

/// Who buys when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// All customers buy at the same moment, again and again.
    Crowd {
        /// The number of customers.
        buyers: NonZeroU32,
        /// The purchases of each customer.
        purchases: NonZeroU32,
    },
    /// A tenth of the rate, then suddenly the whole rate, then a tenth again.
    Spike {
        /// Purchases per second.
        rate: NonZeroU32,
        /// The length of the run.
        time: Duration,
    },
    /// The same rate for a long time.
    Soak {
        /// Purchases per second.
        rate: NonZeroU32,
        /// The length of the run.
        time: Duration,
    },
}

impl Scenario {
    /// The name of its script in `api/load`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crowd { .. } => "crowd",
            Self::Spike { .. } => "spike",
            Self::Soak { .. } => "soak",
        }
    }

    /// The settings of its script.
    pub(super) fn settings(self) -> [(&'static str, u64); 2] {
        match self {
            Self::Crowd { buyers, purchases } => {
                [("BUYERS", buyers.get().into()), ("PURCHASES", purchases.get().into())]
            }
            Self::Spike { rate, time } | Self::Soak { rate, time } => {
                [("RATE", rate.get().into()), ("SECONDS", time.as_secs())]
            }
        }
    }
}
