//! The database: products, their stock, the ledger that explains the stock, restocks and production orders.
//!
//! No other library queries the product's tables. Every operation is idempotent: if it is called again after its
//! answer was lost, it changes nothing more and returns the same result. Steps can therefore be retried. Constraints
//! of the database prevent what must never happen; [`constraint`] has the names that the code relies on.
//!
//! Start with [`Warehouse`]. Its operations are in the module of their subject: `sale`, `restock`, `arrival`, `sweep`,
//! `product`, `listing`, `factory`, `ledger`.

mod arrival;
pub mod audit;
pub mod bench_support;
mod catalog;
mod change;
pub mod constraint;
mod database_url;
mod error;
mod factory;
mod ledger;
mod listing;
mod migrations;
mod movements;
mod nodelay;
mod product;
mod refusal;
mod restock;
mod sale;
mod session;
mod sweep;
mod transient;
mod users;

pub use arrival::{ArrivalStatus, Credited, RefusedCallback};
pub use catalog::NewProduct;
pub use change::{
    Change, ChangeRequest, Changed, Operator, ProductUpdate, Reason, SentOrder, SentOrders,
};
pub use database_url::{DatabaseUrl, Login, PasswordProvider};
pub use error::{
    ArrivalError, AwaitError, ChangeError, CreditError, Error, FactoryError, LoginError,
    MigrationError, ProductError, UrlError,
};
pub use factory::{
    AuthenticationChange, FIRST_FACTORY, Factory, FactoryChange, locate_first_factory,
};
pub use ledger::ProductTotals;
pub use listing::ProductList;
pub use migrations::{migrate, migrate_from};
pub use movements::StockMovement;
pub use product::{OpenRestockSummary, Product};
pub use restock::{CloseRequest, ClosedRestock, OpenRequest, Opened, ReportSubject};
pub use sale::{Decision, StockCheck, StockLevel};
pub use session::Warehouse;
pub use sweep::{SweepRequest, SweepResult, UnreadableRow, UnsettledRestock};
pub use users::{
    Authentication, UserName, UserPassword, create_users, functions_with_database_user,
};

/// The product that the migrations create.
pub const FIRST_PRODUCT: &str = "CP-502101";

pub type Result<T, E = Error> = std::result::Result<T, E>;
