//! What operations look at and do: executions, dead letters, mails.

pub mod dead_letters;
pub mod executions;
pub mod mailbox;
pub mod redrive;
