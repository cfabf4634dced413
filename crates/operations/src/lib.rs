//! What operators do with a deployment, on AWS or on this machine.
//!
//! - [`audit`]: compares the database with the executions and queues and prints a repair for each finding.
//! - [`redrive`]: moves dead letters back to `stock_queue`.
//! - [`why`]: prints the history of one product's stock.
//! - [`logs`]: the lines that the functions have logged.
//! - [`status`]: the products, their restocks, the dead letters and the last failures.
//! - [`advise`]: the reorder point and target that would have kept a service level.
//! - [`access`]: the way to the database, directly or through the functions for operators.
//! - [`stop`], [`text`]: a request to stop, and errors for people.
//! - [`executions`], [`dead_letters`]: access to the state machines and queues, also for the demo and for tests.
//!
//! Gets its AWS clients from `deployment` and reads the database with `warehouse::audit`; contains no SQL except in the
//! text of repairs. Start with [`audit::Auditor`].

pub mod access;
pub mod advise;
pub mod audit;
pub mod dead_letters;
pub mod executions;
pub mod logs;
pub mod redrive;
pub mod status;
pub mod stop;
pub mod text;
pub mod why;
