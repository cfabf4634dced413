use thiserror::Error;

/// Why a value from outside is invalid. Each message says what a valid value is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    #[error("the SKU must be 1 to 40 characters of A-Z, 0-9 and '-'")]
    Sku,
    #[error("the quantity must be a whole number from 1 to 100")]
    Quantity,
    #[error("the number of units must be a whole number from 1 to 1000000")]
    Units,
    #[error("the number of buckets must be a whole number from 1 to 64")]
    Buckets,
    #[error("limit must be a whole number from 1 to 100")]
    PageLimit,
    #[error("the stock must be a whole number from 0 to 2147483647")]
    Stock,
    #[error(
        "the idempotency key must be 1 to 64 visible ASCII characters other than a comma: send one \
         Idempotency-Key header, with one key"
    )]
    PurchaseId,
    #[error("the production order must be a UUID in lower case with hyphens")]
    ProductionOrderId,
    #[error("the factory must be 1 to 40 characters of A-Z, 0-9 and '-'")]
    FactoryId,
    #[error(
        "the URL of a factory must be https://HOST, with :PORT and /PATH if needed, without a query and without a \
         slash at the end, and at most 200 characters long"
    )]
    FactoryUrl,
    #[error(
        "the URL of a public factory must be https://HOST with a name or a public address, or http://127.0.0.1:PORT \
         for a factory on this machine"
    )]
    PublicFactoryUrl,
    #[error(
        "the URL of a private factory must not lead to the link-local addresses that serve credentials"
    )]
    PrivateFactoryUrl,
    #[error("the network of a factory must be public or private")]
    FactoryNetwork,
    #[error(
        "the name of a secret must be 1 to 128 characters of A-Z, a-z, 0-9, '/', '_', '.' and '-'"
    )]
    SecretName,
    #[error("the name must be 1 to 200 characters on one line")]
    DisplayName,
    #[error("the contact must be 1 to 200 characters on one line")]
    Contact,
    #[error("the lead time must be a whole number of seconds from 1 to 2592000")]
    LeadTime,
    #[error("the restock cycle must be a whole number from 1 to 1000000000")]
    RestockCycle,
    #[error("the restock status must be open, completed or failed")]
    RestockStatus,
    #[error("the outcome must be sold, sold_out, unknown_product, key_reused or unknown")]
    PurchaseOutcome,
    #[error("the kind of a stock movement must be sale, arrival, count or move")]
    MovementKind,
    /// The count of a callback is missing, or not a whole number above zero.
    #[error(
        "MessageAttributeProductCnt must be a whole number above zero, as a number or a string"
    )]
    Count,
    /// A callback reports more units than were ordered.
    #[error("the callback reports {reported} units, but only {ordered} were ordered")]
    MoreThanOrdered { reported: u32, ordered: u32 },
    /// None of our keys made the signature of a callback URL.
    #[error("the signature is invalid")]
    Forged,
    /// The signature of a callback URL is valid, but its time is over.
    #[error("the callback URL has expired")]
    Expired,
    /// The keys that sign callback URLs are invalid.
    #[error("there must be one or two keys, separated by a comma, each of at least 32 characters")]
    Keys,
}
