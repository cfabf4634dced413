use crate::{database::Attempt, ids::Cycle};

/// An execution of `purchase`: its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PurchaseExecution {
    /// Before `CheckStock`.
    CheckStock,
    /// Before `DecrementStock`.
    DecrementStock,
    /// In `DecrementStock`: has read the number of buckets, and is about to run a transaction of `sell`.
    Selling {
        /// The buckets of the transaction.
        attempt: Attempt,
        /// The stock was too low for the purchase at one moment since `DecrementStock` began.
        was_too_low: bool,
    },
    /// In `DecrementStock`: the sale is committed. About to read the product, and to claim a crossing.
    Sold,
    /// In `DecrementStock`: has read, without a lock, that a crossing is not claimed, and this cycle. Possible only
    /// without the guard `claim_reads_again`.
    Claiming(Cycle),
    /// Before `PublishSoldOut` or `PublishReorderPoint`.
    PublishDepletion(Cycle, PurchaseOutcome),
    /// The execution has ended.
    Ended(PurchaseOutcome),
}

/// What the customer learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PurchaseOutcome {
    /// The purchase is sold.
    Sold,
    /// The stock was too low.
    SoldOut,
    /// It is not known whether the purchase was sold.
    NotKnown,
}

impl PurchaseExecution {
    /// Whether the execution has ended.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Ended(_))
    }
}
