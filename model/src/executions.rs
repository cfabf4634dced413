//! Executions of the state machines: what each of them remembers, and its position.
//!
//! Positions bear the names of the deployed states. A step that reads first and writes later has a second
//! position (`Selling`, `Opening`, `Crediting`, `Closing`, `Recording`) between its two halves.

mod completion;
mod purchase;
mod restock;

pub use completion::{CompletionExecution, CompletionPosition};
pub use purchase::{PurchaseExecution, PurchaseOutcome};
pub use restock::{RestockExecution, RestockOutcome, RestockPosition};
