//! Recovery: whatever single message, callback or process is lost, no depletion is forgotten.

mod callbacks;
mod database;
mod ends;
mod executions;
mod frozen;
mod messages;
mod names;
mod network;
mod pauses;
mod restore;
mod told;
