use std::fmt;

/// A broken rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub rule: Rule,
    /// The movement, response or order that breaks the rule.
    pub found: String,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// More was sold than existed.
    Oversold,
    /// The stock, or `stock_after` of a bucket's movement, is not the sum of the movements.
    NotExplained,
    /// Two transactions have the same kind and reference.
    MovedTwice,
    /// No request asked for this transaction.
    NotRequested,
    /// The order of a bucket's ledger contradicts the times of requests and responses.
    OutOfOrder,
    /// The response was `sold`, but the ledger has no such sale, or a sale with another stock.
    SoldWithoutSale,
    /// The response was `sold_out` or similar, but the sale had been made before the request.
    SaleForgotten,
    /// The response was `sold_out`, but the stock was sufficient all the time, or never had the value in the response.
    WronglySoldOut,
    /// The response was `key_reused`, but nothing else was sold under the purchase id.
    WronglyReused,
    /// One attempt of a restock has two production orders.
    OrderedTwice,
    /// A credit was confirmed but is not in the ledger.
    ArrivalLost,
    /// The ledger of a product does not explain the responses about it: some are correct at no moment of their requests.
    NotLinearizable,
    /// A response that must not occur in a round.
    Unexpected,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.found)
    }
}
