//! Identifiers and messages that all parts of the model share.

/// Number of a restock cycle of the product, starting at 1.
pub type Cycle = u8;
/// Number of a bucket.
pub type BucketId = u8;
/// Index of a production order in [`Database::orders`](crate::Database::orders).
pub type OrderId = usize;
/// Index of an execution in [`State::restocks`](crate::State::restocks).
pub type ExecutionId = usize;

/// A task token. Each time an execution enters `AwaitCompletion`, it gets a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// The execution of `restock` that waits.
    pub execution: ExecutionId,
    /// Number of the token within its execution, starting at 1.
    pub number: u8,
}

/// A message in `stock_queue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Depletion {
    /// The restock cycle that the message asks for.
    pub cycle: Cycle,
    /// Who published the message.
    pub reason: Reason,
}

/// Who published a depletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// A purchase that found the product sold out or crossed the reorder point.
    Purchase,
    /// The sweep.
    Sweep,
    /// An operator who moved a dead letter back to `stock_queue`.
    Redrive,
}
