use anyhow::Result;
use serde::Serialize;
use warehouse::SentOrder;

/// A disagreement between the database and the executions or queues. Serialized, it is part of `audit --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum RuntimeFinding {
    /// A restock is open, but its execution does not run.
    RestockWithoutExecution(StalledRestock),
    /// A restock has been open longer than an execution can run, but its execution is still running.
    RestockTooOld {
        /// The product.
        sku: String,
        /// The restock cycle.
        cycle: u32,
        /// The execution that opened the restock.
        execution: String,
        /// Seconds since the restock was opened.
        seconds: i64,
    },
    /// An execution of `restock` runs without an open restock.
    ExecutionWithoutRestock {
        /// The name of the execution.
        execution: String,
        /// Seconds since it started.
        seconds: i64,
    },
    /// A restock failed, but its execution sent no dead letter and no mail.
    UnreportedFailure {
        /// The product.
        sku: String,
        /// The restock cycle.
        cycle: u32,
        /// The execution that closed the restock.
        execution: String,
        /// The error name.
        failure: String,
    },
    /// The factory called back, but the arrival is not recorded: the execution that handles the callback failed, or the
    /// database was restored to a time before the callback.
    UnprocessedCallback {
        /// The production order in the callback.
        production_order: String,
        /// The ended execution of `completion`.
        execution: String,
        /// The input of that execution, as JSON.
        input: String,
    },
    /// Dead letters wait for an operator.
    DeadLetters {
        /// The product, or `None` for messages that are not valid depletions.
        sku: Option<String>,
        /// The number of dead letters.
        count: usize,
        /// The age of the oldest one.
        oldest_seconds: u64,
        /// The error name of the latest one.
        error: String,
    },
    /// Dead letters that somebody has received and neither deleted nor put back.
    DeadLettersInFlight {
        /// The number of dead letters.
        count: usize,
        /// Until when they are hidden, as a sentence.
        hidden: String,
    },
    /// An execution has placed an order that is not in the database, although its restock is open.
    OrderMissing {
        /// The execution.
        execution: String,
        /// The order, as the execution knows it.
        #[serde(flatten)]
        order: LostOrder,
    },
    /// An execution waits for a callback, but its task token is not stored.
    TokenMissing {
        /// The product.
        sku: String,
        /// The restock cycle.
        cycle: u32,
        /// The execution that waits.
        execution: String,
        /// The production order that it waits for.
        production_order: String,
    },
    /// An execution has sent orders, but its restock is not in the database.
    LostRestock(LostRestock),
    /// The factory called back for a production order that is not in the database.
    UnknownCallback {
        /// The production order in the callback.
        production_order: String,
        /// The ended execution of `completion`.
        execution: String,
        /// Seconds since the callback.
        seconds: i64,
    },
    /// The sweep does not run, or each run fails.
    LateSweep {
        /// Seconds since the last run that did not fail; `None` if no such run is known.
        seconds: Option<i64>,
    },
}

/// An open restock whose execution does not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StalledRestock {
    /// The product.
    pub sku: String,
    /// The restock cycle.
    pub cycle: u32,
    /// The execution that opened the restock.
    pub execution: String,
    /// How the execution ended; `None` if Step Functions knows no execution of that name (any more).
    pub status: Option<String>,
    /// Seconds since the restock was opened.
    pub seconds: i64,
    /// Seconds until the sweep closes the restock. Zero or negative: the sweep should have closed it.
    pub closed_in: i64,
}

/// A production order that an execution knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LostOrder {
    /// The product.
    pub sku: String,
    /// The restock cycle.
    pub cycle: u32,
    /// The id of the order.
    pub production_order: String,
    /// The attempt number.
    pub attempt: u64,
    /// The ordered quantity.
    pub quantity: u64,
}

impl LostOrder {
    /// The order as it is recorded again.
    pub(crate) fn sent(&self) -> Result<SentOrder> {
        let quantity: u32 = self.quantity.try_into()?;
        Ok(SentOrder {
            production_order: self.production_order.parse()?,
            attempt: self.attempt.try_into()?,
            quantity: quantity.try_into()?,
        })
    }
}

/// A restock that an execution knows and the database does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LostRestock {
    /// The product.
    pub sku: String,
    /// The execution.
    pub execution: String,
    /// The status of the execution.
    pub status: String,
    /// The orders that it has sent.
    pub orders: Vec<LostOrder>,
}
