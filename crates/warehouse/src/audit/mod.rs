//! The whole warehouse at one moment, for who asks whether it is in order ([`Discrepancy`]) and how a
//! product's stock came to be what it is ([`History`]).
//!
//! Here, and nowhere else in this crate, names are plain text: an audit must also read what cannot be.

mod history;
mod ledger;
mod restocks;

use std::time::Duration;

use serde::Serialize;
use sqlx::{Executor, MySqlConnection};

pub use history::{Arrived, Event, Happened, History, Movement, MovementKind};
pub use restocks::{Failed, Open};

use crate::{DatabaseUrl, Result};

/// Operations may be far away, behind a tunnel.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// All that is asked sees the same moment, however busy the shop is, and nothing can be changed.
const BEGIN: [&str; 2] = [
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
];

/// How long something may be as it is before it is a discrepancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Goods that have arrived are in stock by then.
    pub arrival_forgotten_seconds: u32,
    /// A depleted product has an open restock by then.
    pub depletion_forgotten_seconds: u32,
    /// An execution has ended by then whose restock is closed.
    pub closed_lately_seconds: u32,
}

/// What the database says of itself that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Discrepancy {
    /// Movements of which the stock after is not the stock before and what was moved.
    BrokenLedger {
        /// The product.
        sku: String,
        /// The first of these movements.
        movement: u64,
        /// What the stock was after it, by the one before and what it moved.
        explained: i64,
        /// What it says.
        stock_after: i64,
        /// How many there are.
        breaks: i64,
    },
    /// The stock is not the sum of the product's movements.
    UnexplainedStock {
        /// The product.
        sku: String,
        /// Goods on hand.
        stock: i64,
        /// The sum of its movements.
        ledger: i64,
    },
    /// The stock is below zero.
    NegativeStock {
        /// The product.
        sku: String,
        /// Less than nothing.
        stock: i32,
    },
    /// Goods were credited that nobody reported, or another number of them.
    UnexplainedArrival(UnexplainedArrival),
    /// Goods have arrived and are not in stock.
    ForgottenArrival {
        /// The order that they were made for.
        production_order: String,
        /// The product.
        sku: String,
        /// How many.
        quantity: i32,
        /// How long ago.
        seconds: i64,
    },
    /// More than one restock of a product is open.
    SeveralOpenRestocks {
        /// The product.
        sku: String,
        /// How many.
        open: i64,
        /// The latest of them.
        latest_cycle: u32,
    },
    /// The product's cycle is that of a closed restock, or not that of the open one: the next order
    /// cannot be written down.
    WrongCycle {
        /// The product.
        sku: String,
        /// Its cycle.
        cycle: i64,
        /// What it should be.
        expected: i64,
    },
    /// More was ordered than the product may have in stock.
    OrderAboveTarget {
        /// The order.
        production_order: String,
        /// The product.
        sku: String,
        /// How many were ordered.
        quantity: i32,
        /// The stock that is to be reached.
        target_stock: i32,
    },
    /// Nobody makes the product.
    MissingFactory {
        /// The product.
        sku: String,
        /// Who should.
        factory: String,
    },
    /// A product is at or below its reorder point, and nobody restocks it.
    ForgottenDepletion {
        /// The product.
        sku: String,
        /// Goods on hand.
        stock: i32,
        /// At or below this it is depleted.
        reorder_point: i32,
        /// For how long nobody has restocked it.
        seconds: i64,
    },
}

/// Goods that were credited, and what is known of their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnexplainedArrival {
    /// The movement.
    pub movement: u64,
    /// The product whose stock it moved.
    pub sku: String,
    /// What was credited.
    pub quantity: i32,
    /// The production order that it names.
    pub production_order: String,
    /// Whether there is such an order of that product.
    pub ordered: bool,
    /// What arrived for it.
    pub arrived: Option<i32>,
}

/// What there is to be compared with executions, which the database knows nothing of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// What cannot be, whatever executions say. What is to be mended first comes first.
    pub discrepancies: Vec<Discrepancy>,
    /// The restocks that are under way.
    pub open: Vec<Open>,
    /// The failures that operations were to be told of, and that are not over.
    pub failed: Vec<Failed>,
    /// The executions of restocks that were closed a moment ago: they have yet to report it.
    pub closed_lately: Vec<String>,
    /// Orders whose goods nobody has reported.
    pub unreported: Vec<String>,
    /// How many products there are.
    pub products: i64,
    /// How many movements there are.
    pub movements: i64,
}

/// The whole warehouse at one moment.
#[derive(Debug)]
pub struct Snapshot {
    connection: MySqlConnection,
}

impl Snapshot {
    /// The warehouse as it is now.
    pub async fn take(url: &DatabaseUrl) -> Result<Self> {
        let mut connection = url.connect_within(CONNECT_TIMEOUT).await?;
        for statement in BEGIN {
            connection.execute(statement).await?;
        }
        Ok(Self { connection })
    }

    /// Everything that an audit asks.
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

    /// The restocks that are under way.
    pub async fn open_restocks(&mut self) -> Result<Vec<Open>> {
        restocks::open(&mut self.connection).await
    }
}
