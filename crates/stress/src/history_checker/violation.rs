use std::fmt;

/// A rule that was violated, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The violated rule.
    pub rule: Rule,
    /// The call or the ledger row that violates it.
    pub detail: String,
}

/// The ways in which a round can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The stock went below zero.
    Oversold,
    /// The `stock_after` of a movement, or the stock of the product, is not the sum of the movements up to it.
    StockNotExplained,
    /// Two movements have the same kind and reference.
    DuplicateMovement,
    /// No call requested the movement.
    UnrequestedMovement,
    /// The order of the ledger contradicts the times of the calls.
    OutOfOrder,
    /// The answer was `sold`, but the ledger has no such sale, or another `stock_after`.
    SoldWithoutSale,
    /// The answer was not `sold`, although the sale had been made before the call began.
    SaleForgotten,
    /// The answer was `sold_out`, but the stock was never too low during the call, or never what the answer says.
    WronglySoldOut,
    /// The answer was `key_reused`, but nothing else was sold under the key.
    WronglyReused,
    /// Two production orders exist for one attempt of one restock.
    DuplicateOrder,
    /// The answer says that goods were credited, but the ledger has no such arrival.
    CreditLost,
    /// No call of a round may be answered like this.
    UnexpectedAnswer,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.detail)
    }
}
