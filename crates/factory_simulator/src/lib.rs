//! The factory simulator: behaves like the legacy factory (Factory-States), and misbehaves on demand.
//!
//! Like the real factory it accepts `POST /api/manufactures`, answers `201`, works through four stages in memory, and
//! then POSTs the request body to `CallbackUrl`, once and without authentication. An order that is sent twice is made
//! twice. Unlike the real factory it has [faults](Fault) that can be switched on, and an admin interface on a second
//! port that shows every order (see `admin.rs`).
//!
//! - `server`: the HTTP interface for orders. `worker`: the stages and the callback of each order.
//! - `order_log`: the orders and their progress. `event`: what observers receive.
//! - `fault`: the faults by name. `active_fault` and `fault_state`: which fault is active. `fault_effects`: what a fault
//!   does to an order.
//! - `listener`: a port that can be closed, with connections that can be dropped.
//!
//! Knows nothing of Restock: it may use `http_client` and no other crate of this workspace. Start with [`Factory`].

mod active_fault;
mod admin;
mod admin_client;
mod callback;
mod event;
mod factory;
mod fault;
mod fault_effects;
mod fault_state;
mod listener;
mod lock;
mod order;
mod order_log;
mod order_record;
mod server;
#[cfg(test)]
mod tests;
mod worker;

pub use self::active_fault::{ActiveFault, UncountableFault};
pub use self::admin_client::AdminClient;
pub use self::event::Event;
pub use self::factory::{Factory, Settings};
pub use self::fault::{Fault, UnknownFault};
pub use self::order_record::{CallbackAnswer, OrderRecord, Progress};
