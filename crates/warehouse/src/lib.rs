//! The warehouse: products, their stock, the ledger that explains it, restocks and production orders.
//!
//! The only crate that knows SQL. Every operation may be repeated: called again after a lost answer it
//! changes nothing more and answers the same, so a step may be retried without a thought. What must
//! never happen is forbidden by a constraint of the database, whose name is in [`constraint`].

mod arrival;
mod assortment;
pub mod audit;
pub mod constraint;
mod database_url;
mod error;
mod history;
mod ledger;
mod migrations;
mod product;
mod restock;
mod sale;
mod session;
mod sweep;
mod users;

pub use arrival::{Credited, Recorded, Refused};
pub use assortment::NewProduct;
pub use database_url::{DatabaseUrl, Login, Passwords};
pub use error::{
    ArrivalError, AwaitError, CreditError, Error, LoginError, MigrationError, ProductError,
    UrlError,
};
pub use history::Movement;
pub use ledger::Books;
pub use migrations::migrate;
pub use product::{Product, RestockUnderWay};
pub use restock::{CloseReason, Closed, OpenRestock, Opened};
pub use sale::{Sale, Shelf, StockCheck};
pub use session::Warehouse;
pub use sweep::{Abandoned, Deadlines, Swept};
pub use users::{Proof, UserName, UserPassword, create_users, functions_with_a_user};

/// The product that the migrations create.
pub const FIRST_PRODUCT: &str = "CP-502101";

/// What an operation answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;
