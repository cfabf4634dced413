//! Whatever single message, callback or process is lost: no depletion is forgotten.

mod database;
mod executions;
mod messages;
