//! A consistent snapshot of the database, for audits ([`Discrepancy`]) and for the history of a product ([`History`]).
//!
//! Ids, stocks, cycles and quantities are plain text and numbers here, not types of `domain`: an audit must also read
//! and report values that those types do not allow.

mod history;
mod ledger;
mod restocks;

use std::time::Duration;

use serde::Serialize;
use sqlx::{Executor, MySqlConnection};

pub use history::{ArrivedOrder, EventKind, History, HistoryEvent};
pub use restocks::{FailedRestock, OpenRestock};

use crate::{DatabaseUrl, Result};

/// Long, because operators may connect through a tunnel.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// All queries see the same moment, even while the shop sells, and nothing can be changed.
const BEGIN: [&str; 2] = [
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
];

/// Ages from which a state is reported as a discrepancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// An arrival must be credited within this time.
    pub arrival_forgotten_seconds: u32,
    /// A product at its reorder point must have an open restock within this time.
    pub depletion_forgotten_seconds: u32,
    /// An execution must end within this time after its restock is closed.
    pub closed_lately_seconds: u32,
}

/// Data that contradicts other data, or a rule of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Discrepancy {
    /// Movements whose `stock_after` is not the previous stock plus the quantity.
    BrokenLedger {
        sku: String,
        /// The first of these movements.
        movement: u64,
        /// The stock after the first movement, computed from the one before.
        explained: i64,
        /// The stock after the first movement, as recorded.
        stock_after: i64,
        /// Number of these movements.
        breaks: i64,
    },
    /// The stock is not the sum of the product's movements.
    UnexplainedStock {
        sku: String,
        stock: i64,
        /// The sum of the movements.
        ledger: i64,
    },
    NegativeStock {
        sku: String,
        stock: i32,
    },
    /// An arrival was credited that was not recorded, or with another quantity.
    UnexplainedArrival(UnexplainedArrival),
    /// An arrival is recorded but not credited.
    ForgottenArrival {
        production_order: String,
        sku: String,
        quantity: i32,
        /// Age of the arrival.
        seconds: i64,
    },
    SeveralOpenRestocks {
        sku: String,
        /// Number of open restocks.
        open: i64,
        latest_cycle: u32,
    },
    /// The product's cycle is that of a closed restock, or not that of the open restock. The next order cannot be
    /// recorded.
    WrongCycle {
        sku: String,
        cycle: i64,
        expected: i64,
    },
    /// An order is for more units than the target stock.
    OrderAboveTarget {
        production_order: String,
        sku: String,
        quantity: i32,
        target_stock: i32,
    },
    /// The factory of the product is not in the database.
    MissingFactory {
        sku: String,
        factory: String,
    },
    /// The product is at or below its reorder point and has no open restock.
    ForgottenDepletion {
        sku: String,
        stock: i32,
        reorder_point: i32,
        /// How long the product has had no open restock.
        seconds: i64,
    },
}

/// A credited arrival that its production order does not explain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnexplainedArrival {
    /// Id of the movement.
    pub movement: u64,
    pub sku: String,
    /// The credited quantity.
    pub quantity: i32,
    pub production_order: String,
    /// Whether this order exists for this product.
    pub ordered: bool,
    /// The quantity that was recorded as arrived.
    pub arrived: Option<i32>,
}

/// Discrepancies within the database, and data to compare with executions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// In the order in which they should be repaired.
    pub discrepancies: Vec<Discrepancy>,
    pub open: Vec<OpenRestock>,
    /// Failed restocks that should have been reported to operations, of products that were not restocked since.
    pub failed: Vec<FailedRestock>,
    /// Executions whose restock was closed recently. They may still be running to report it.
    pub closed_lately: Vec<String>,
    /// Production orders without a recorded arrival.
    pub unreported: Vec<String>,
    /// Number of products.
    pub products: i64,
    /// Number of rows of the ledger.
    pub movements: i64,
}

/// The database at one moment.
#[derive(Debug)]
pub struct Snapshot {
    connection: MySqlConnection,
}

impl Snapshot {
    /// Starts a read-only transaction that sees the database as it is now.
    pub async fn take(url: &DatabaseUrl) -> Result<Self> {
        let mut connection = url.connect_within(CONNECT_TIMEOUT).await?;
        for statement in BEGIN {
            connection.execute(statement).await?;
        }
        Ok(Self { connection })
    }

    /// Runs all queries of an audit.
    pub async fn audit(&mut self, limits: Limits) -> Result<Audited> {
        let connection = &mut self.connection;
        let mut discrepancies = ledger::discrepancies(connection, limits).await?;
        discrepancies.extend(restocks::discrepancies(connection, limits).await?);
        let (products, movements) = ledger::size(connection).await?;
        Ok(Audited {
            discrepancies,
            open: restocks::open(connection).await?,
            failed: restocks::failed(connection).await?,
            closed_lately: restocks::closed_lately(connection, limits.closed_lately_seconds)
                .await?,
            unreported: ledger::unreported(connection).await?,
            products,
            movements,
        })
    }

    pub async fn open_restocks(&mut self) -> Result<Vec<OpenRestock>> {
        restocks::open(&mut self.connection).await
    }
}
