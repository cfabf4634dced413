use thiserror::Error;

/// Why a value from outside is not one of our types. Each message says what would be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// Not the name of a product.
    #[error("sku must be 1 to 40 characters of A-Z, 0-9 and '-'")]
    Sku,
    /// Not a number of goods that one purchase may take.
    #[error("quantity must be a whole number from 1 to 100")]
    Quantity,
    /// Not a number of goods that the factory can make or deliver.
    #[error("a count of goods must be a whole number from 1 to 1000000")]
    Units,
    /// Not a name for a purchase.
    #[error("the idempotency key must be 1 to 64 visible ASCII characters")]
    PurchaseId,
    /// Not a name for a production order.
    #[error("a production order is named by a UUID in lower case with hyphens")]
    ProductionOrderId,
    /// Not a name for a factory.
    #[error("a factory is named by 1 to 40 characters of A-Z, 0-9 and '-'")]
    FactoryId,
    /// Not the number of a restock cycle.
    #[error("a restock cycle is a whole number from 1 to 4294967295")]
    RestockCycle,
    /// A callback's count is missing or no whole number above zero.
    #[error(
        "MessageAttributeProductCnt must be a whole number above zero, as a number or a string"
    )]
    Count,
    /// A callback reports more than was ordered.
    #[error("{delivered} were delivered but only {ordered} were ordered")]
    MoreThanOrdered {
        /// Goods that the factory says it made.
        delivered: u32,
        /// Goods that it was asked for.
        ordered: u32,
    },
    /// A callback's URL is not signed by any of our keys.
    #[error("the signature does not match")]
    Forged,
    /// A callback's URL was good once.
    #[error("the callback URL has expired")]
    Expired,
    /// The keys that sign callback URLs cannot be used.
    #[error(
        "callback keys must be one or two, separated by a comma, of at least 32 characters each"
    )]
    Keys,
}
