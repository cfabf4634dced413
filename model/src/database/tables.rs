use crate::ids::{Cycle, ExecutionId, Token};

/// The tables. There is one product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Database {
    /// Rows of `stock_bucket`, by their number. Rows are never deleted.
    pub buckets: Vec<Bucket>,
    /// `product.buckets`: number of buckets that arrivals are spread over. Rows beyond it hold nothing.
    pub buckets_in_use: u8,
    /// `product.crossed_by`: the purchase that claimed the crossing of the reorder point, until goods come.
    pub crossed_by: Option<u8>,
    /// `product.restock_cycle`.
    pub cycle: Cycle,
    /// Rows of `restock`, in the order of their cycles.
    pub restocks: Vec<Restock>,
    /// Rows of `production_order`, in the order of their creation.
    pub orders: Vec<ProductionOrder>,
    /// Rows of `stock_movement` of kind `sale`, sorted.
    pub sales: Vec<SaleMovement>,
}

/// A row of `stock_bucket`, with the stock movements that refer to it, except sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// `stock_bucket.stock`.
    pub stock: i8,
    /// Sum of the movements of the bucket that are not sales: the first count, arrivals, and moves between buckets.
    pub moved: i8,
}

impl Bucket {
    /// A new row.
    pub const EMPTY: Self = Self { stock: 0, moved: 0 };
}

/// A row of `restock`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Restock {
    /// `restock.cycle`.
    pub cycle: Cycle,
    /// `restock.status`.
    pub status: RestockStatus,
    /// The execution that opened the restock.
    pub owner: ExecutionId,
    /// Operations received a report that the restock failed. Not a column of the table.
    pub reported: bool,
}

/// `restock.status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values of the column")]
pub enum RestockStatus {
    Open,
    Completed,
    Failed,
}

/// A row of `production_order`, with the stock movements that refer to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProductionOrder {
    /// The restock cycle that the order belongs to.
    pub cycle: Cycle,
    /// Attempt number of the order within its restock, starting at 1.
    pub attempt: u8,
    /// Number of items ordered.
    pub quantity: i8,
    /// The task token of the execution that waits for the goods.
    pub token: Option<Token>,
    /// Number of items that arrived.
    pub arrived: Option<i8>,
    /// Number of stock movements of kind `arrival` for this order. More than one is an error.
    pub credits: u8,
}

/// A row of `stock_movement` of kind `sale`. The chain of `stock_after` is left out: it follows from the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SaleMovement {
    /// `stock_movement.reference`.
    pub purchase_id: u8,
    /// `stock_movement.part`: 0, 1, and so on, if the sale takes from several buckets.
    pub part: u8,
    /// `stock_movement.bucket`.
    pub bucket: usize,
    /// Number of items that were taken from the bucket.
    pub quantity: i8,
}

/// How `RecordArrival` classifies a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallbackClass {
    /// An execution waits for the goods with this task token.
    Awaited(Token),
    /// No execution has stored a task token yet.
    Early,
    /// The restock is closed, or a later order has replaced this one.
    Late,
    /// The goods are in stock already.
    Duplicate,
}

impl Database {
    /// The database before the first sale.
    pub fn new(stock: i8, buckets: u8) -> Self {
        let mut database = Self {
            buckets: vec![Bucket::EMPTY; buckets.into()],
            buckets_in_use: buckets,
            crossed_by: None,
            cycle: 1,
            restocks: Vec::new(),
            orders: Vec::new(),
            sales: Vec::new(),
        };
        database.spread(stock, false);
        database
    }

    /// The restocks that are open. More than one is an error.
    pub fn open_restocks(&self) -> impl Iterator<Item = &Restock> {
        self.restocks.iter().filter(|restock| restock.status == RestockStatus::Open)
    }

    /// The restock that the order belongs to.
    pub fn restock_of(&self, order: &ProductionOrder) -> Option<&Restock> {
        self.restocks.iter().find(|restock| restock.cycle == order.cycle)
    }
}
