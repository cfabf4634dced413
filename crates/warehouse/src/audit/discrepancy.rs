//! What an audit of the database can find.

use serde::{Deserialize, Serialize};

use super::{Guard, InvalidRow, LateArrivals, UnreadableValue};

/// Data that contradicts other data, or a rule of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Discrepancy {
    /// Movements whose `stock_after` is not the previous stock of the bucket plus the quantity.
    BrokenLedger {
        sku: String,
        bucket: u8,
        /// The first of these movements.
        movement: u64,
        /// The stock after the first movement, computed from the one before.
        explained: i64,
        /// The stock after the first movement, as recorded.
        stock_after: i64,
        /// Number of these movements.
        breaks: i64,
        /// The lowest stock that the quantities of the bucket add up to at any movement. Below zero: a movement is
        /// missing.
        lowest: i64,
    },
    /// The stock of a bucket is not the sum of its movements.
    UnexplainedStock {
        sku: String,
        bucket: u8,
        stock: i64,
        /// The sum of the movements.
        ledger: i64,
    },
    /// A purchase, arrival, count or move has two movements with the same part.
    DuplicateMovement(DuplicateMovement),
    /// Of the buckets of a product that are in use, some are missing.
    MissingBuckets { sku: String, buckets: u8, found: i64 },
    /// Goods are in a bucket that is not in use.
    UnusedBucket { sku: String, bucket: u8, stock: i64, buckets: u8 },
    /// The movements between the buckets of a product do not add up to 0.
    UnbalancedMove { sku: String, reference: String, sum: i64 },
    /// A purchase, arrival, count or move has no movement with part 0, so another one with its reference could be recorded.
    MissingPart {
        sku: String,
        kind: String,
        reference: String,
        /// The movement with the lowest part.
        movement: u64,
    },
    /// According to the ledger, more was sold than was in stock.
    NegativeStock {
        sku: String,
        bucket: u8,
        stock: i64,
        /// The lowest stock in the ledger.
        lowest: i64,
        /// The first movement with a stock below zero.
        movement: u64,
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
    WrongCycle { sku: String, cycle: i64, expected: i64 },
    /// An order is for more units than the target stock.
    OrderAboveTarget { production_order: String, sku: String, quantity: i32, target_stock: i32 },
    /// The factory of the product is not in the database.
    MissingFactory { sku: String, factory: String },
    /// The product is at or below its reorder point and has no open restock.
    ForgottenDepletion {
        sku: String,
        stock: i64,
        reorder_point: i32,
        /// How long the product has had no open restock.
        seconds: i64,
    },
    /// A sale is recorded as the one that crossed the reorder point, but the stock is above it. The next crossing would not
    /// be noticed by a sale.
    OutdatedCrossing { sku: String, purchase_id: String, stock: i64, reorder_point: i32 },
    /// A row that a guard refuses.
    InvalidRow(InvalidRow),
    /// A value that the types of the shop do not allow.
    UnreadableValue(UnreadableValue),
    /// Goods came after the restock had stopped waiting for them.
    LateArrivals(LateArrivals),
    /// A trigger. The migrations create none.
    UnexpectedTrigger { trigger: String, table: String },
    /// A guard that the migrations do not create. It refuses what the functions write.
    UnexpectedGuard {
        #[serde(flatten)]
        guard: Guard,
    },
    /// The database user of a function lacks rights.
    MissingRights {
        function: String,
        user: String,
        /// Statements that grant what is missing. Empty if the user itself is missing.
        grants: Vec<String>,
    },
    /// A guard is missing, or differs from the migrations.
    MissingGuard {
        #[serde(flatten)]
        guard: Guard,
        /// Whether the database has another guard of this name.
        changed: bool,
        /// Statements that grant the functions the right to call the procedure, to be run after it is restored.
        grants: Vec<String>,
    },
}

/// A movement that repeats an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateMovement {
    pub sku: String,
    pub bucket: u8,
    pub kind: String,
    pub reference: String,
    pub quantity: i32,
    /// Id of the later movement.
    pub movement: u64,
    /// Id of the first movement.
    pub first: u64,
}

/// A credited arrival that its production order does not explain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnexplainedArrival {
    /// Id of the movement, the first one if there are several.
    pub movement: u64,
    pub sku: String,
    /// The credited quantity.
    pub quantity: i64,
    pub production_order: String,
    /// Whether this order exists for this product.
    pub ordered: bool,
    /// The quantity that was recorded as arrived.
    pub arrived: Option<i32>,
}
