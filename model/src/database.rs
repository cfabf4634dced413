//! The database: its tables, and what each transaction of the warehouse does to them.
//!
//! A transaction that holds the lock it needs is one function. A transaction that reads without a lock and
//! writes later is two functions, so that other transactions can run between them.

mod arrival;
mod buckets;
mod opening;
mod restock;
mod sale;
mod tables;

pub use opening::{OpenDecision, OpenOutcome, OpenRequest};
pub use sale::Attempt;
pub use tables::{
    Bucket, CallbackClass, Database, ProductionOrder, Restock, RestockStatus, SaleMovement,
};
