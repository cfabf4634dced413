use std::fmt;

/// Something that must not be, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What must not be.
    pub rule: Rule,
    /// Where it was.
    pub found: String,
}

/// What must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// More was sold than there was.
    Oversold,
    /// A movement's stock, or the product's, is not the sum of the movements up to it.
    NotExplained,
    /// A key, an order or a count stands in the ledger twice.
    MovedTwice,
    /// A movement that nobody has asked for.
    MovedForNobody,
    /// The order of the ledger is not the order in which the movements were asked for and answered.
    OutOfOrder,
    /// `sold`, and the ledger has no such sale, or one that was told otherwise.
    SoldWithoutSale,
    /// `sold_out` or another answer for a key whose sale had been made before it was asked.
    SaleForgotten,
    /// `sold_out`, and at each moment while it was asked there was enough; or with a stock that was not.
    WronglySoldOut,
    /// `key_reused`, and nothing else was sold under the key.
    WronglyReused,
    /// Two orders to the factory for one attempt of one restock.
    OrderedTwice,
    /// Goods that were said to be in stock and are not in the ledger.
    ArrivalLost,
    /// An answer that no request of a round may have.
    Unexpected,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.found)
    }
}
