//! Computes the reorder point and the target stock that would have kept a wanted service level.
//!
//! - [`advise`]: the advice. Start here.
//! - [`History`]: what is known of a product: demand, refusals, lead times.
//! - [`replay`](replay()): what a policy would have done with that demand.
//!
//! The service level is the *fill rate*: the share of the demanded units that were not refused. The shop works by a
//! continuous-review (s, S) policy: at or below the reorder point *s* it orders up to the target *S*, with one order open
//! at a time. The first guess is the textbook formula for *s*; replaying the history then finds the smallest *s* that
//! keeps the promise. Source of the formula: Silver, Pyke and Thomas, *Inventory and Production Management in Supply
//! Chains*, 4th edition, CRC Press 2017, chapter 6.
//!
//! Knows no database and no AWS.

mod advice;
mod formula;
mod history;
mod replay;

pub use advice::{Advice, NoAdvice, Week, advise};
pub use formula::Formula;
pub use history::{Demand, History, Refusals, Sales, ServiceLevel};
pub use replay::{Outcome, Policy, replay};
