use crate::ids::Cycle;

/// An execution of `purchase`: its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PurchaseExecution {
    /// Before `CheckStock`.
    CheckStock,
    /// Before `DecrementStock`.
    DecrementStock,
    /// In `DecrementStock`: found no earlier sale, and is about to run the transaction of `sell`.
    Selling,
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
