//! The database: its rows, and what each transaction of the warehouse does to them.
//!
//! What the code does in one transaction under a lock is one function here. Where the code looks
//! first and writes later, the two are two functions, and others may come between them.

mod arrival;
mod opening;
mod sale;

pub use arrival::{Token, Verdict};
pub use opening::{Opened, Opening, Request};

/// The how-manieth restock of the product.
pub type Cycle = u8;
/// A production order: its place in the table.
pub type OrderId = usize;
/// An execution of `restock`: the how-manieth that was started.
pub type ExecutionId = usize;

/// The tables. There is one product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Database {
    /// `product.stock`.
    pub stock: i8,
    /// `product.restock_cycle`.
    pub cycle: Cycle,
    /// `restock`.
    pub restocks: Vec<Restock>,
    /// `production_order`.
    pub orders: Vec<Order>,
    /// `stock_movement`, the sales.
    pub sales: Vec<Sale>,
}

/// A row of `restock`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Restock {
    /// Its cycle.
    pub cycle: Cycle,
    /// Whether it is open, and how it ended.
    pub status: Status,
    /// The execution that opened it.
    pub owner: ExecutionId,
    /// Not in the database: whether operations heard that it failed.
    pub reported: bool,
}

/// `restock.status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Status {
    Open,
    Completed,
    Failed,
}

/// A row of `production_order`, and the movements that refer to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// The restock it is for.
    pub cycle: Cycle,
    /// The how-manieth of that restock.
    pub attempt: u8,
    /// How many are ordered.
    pub quantity: i8,
    /// Who waits for the goods.
    pub token: Option<Token>,
    /// How many came, once they have.
    pub arrived: Option<i8>,
    /// How many movements of kind `arrival` refer to it. More than one is a bug.
    pub credits: u8,
}

/// A movement of kind `sale`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sale {
    /// The idempotency key.
    pub key: u8,
    /// How many went.
    pub quantity: i8,
    /// What was left.
    pub stock_after: i8,
}

impl Database {
    /// A shop before its first sale.
    pub fn new(stock: i8) -> Self {
        Self { stock, cycle: 1, restocks: Vec::new(), orders: Vec::new(), sales: Vec::new() }
    }

    /// The open restocks. More than one is a bug.
    pub fn open_restocks(&self) -> impl Iterator<Item = &Restock> {
        self.restocks.iter().filter(|restock| restock.status == Status::Open)
    }

    /// The restock that an order is for.
    pub fn restock_of(&self, order: &Order) -> Option<&Restock> {
        self.restocks.iter().find(|restock| restock.cycle == order.cycle)
    }

    fn open_restock(&mut self) -> Option<&mut Restock> {
        self.restocks.iter_mut().find(|restock| restock.status == Status::Open)
    }

    /// Closes the open restock and begins the product's next cycle.
    fn close(&mut self, status: Status) {
        if let Some(restock) = self.open_restock() {
            restock.status = status;
            self.cycle += 1;
        }
    }

    /// `close_restock`: as failed, if the execution that gives up has it. Answers how its restock
    /// stands, if it ever had one.
    pub fn close_restock(&mut self, execution: ExecutionId) -> Option<Status> {
        if self.open_restocks().any(|restock| restock.owner == execution) {
            self.close(Status::Failed);
        }
        self.restocks.iter().find(|restock| restock.owner == execution).map(|r| r.status)
    }

    /// How many restocks have failed since one was completed.
    pub fn failures_in_a_row(&self) -> usize {
        let ends = self.restocks.iter().rev().filter(|restock| restock.status != Status::Open);
        ends.take_while(|restock| restock.status == Status::Failed).count()
    }

    /// Operations hear that the execution's restock failed.
    pub fn note_report(&mut self, execution: ExecutionId) {
        for restock in &mut self.restocks {
            restock.reported |= restock.owner == execution;
        }
    }
}
