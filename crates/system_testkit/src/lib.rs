//! What the tests of the whole deployed system share.
//!
//! [`System`] is the system, deployed for one test into an emulator of its own. Start with `deployed_system`.
//!
//! | module | what a test does with it |
//! | --- | --- |
//! | `deployed_system` | start the system; reach its API, factory, queues and state machines |
//! | `actions` | buy, send a message, sweep, stop an execution, change the database |
//! | `faults` | set a fault: the factory fails, Lambda throttles a function, time passes |
//! | `factories` | start with a second factory; change a factory |
//! | `network` | put a network that can fail before the database |
//! | `processes`, `sockets` | pause a process of the system with SIGSTOP; look at its sockets |
//! | `callback`, `customer` | send HTTP requests that no correct client sends |
//! | `observe`, `executions`, `queues`, `logs` | look at what happened, and wait for it |
//! | `finish` | end the test: every test ends with [`System::finish`] or [`System::finish_without`] |
//! | `invariants` | the seven invariants that `finish` checks |
//! | `sometimes` | the rare states that some test must reach |
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation fails the test"
)]
#![allow(missing_docs, reason = "test code: the names say it")]

mod actions;
mod callback;
pub mod customer;
mod deployed_system;
mod executions;
mod factories;
mod faults;
mod finish;
mod invariants;
mod logs;
mod network;
mod observe;
mod processes;
mod queues;
mod sockets;
mod sometimes;

pub use callback::Callback;
pub use deployed_system::{LONG_WAIT, QUICK, SHORT_WAIT, System, eventually};
pub use executions::{entered_states, task_errors};
pub use faults::Orders;
pub use finish::Check;
pub use logs::Log;
pub use network::{DatabaseNetwork, Network};
pub use observe::{FIRST_RESTOCK, OrderRow, SECOND_RESTOCK, mailed_reports};
pub use processes::{Paused, Process};
pub use queues::DeadLetterMessage;
pub use sockets::sockets_of;
pub use sometimes::SOMETIMES;
