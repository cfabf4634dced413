//! What operations look at and do: the books, executions, dead letters, mails.

pub mod audit;
pub mod dead_letters;
pub mod executions;
pub mod mailbox;
pub mod redrive;
pub mod why;
