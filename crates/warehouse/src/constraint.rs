//! The names of the constraints that the code relies on. They must be the same in `migrations/`.

/// A product has at most one open restock.
pub const ONE_OPEN_RESTOCK: &str = "one_open_restock";

/// A restock has at most one order for each attempt.
pub const ONE_ORDER_PER_ATTEMPT: &str = "one_order_per_attempt";

/// The stock of a product is at least 0.
pub const STOCK_NOT_NEGATIVE: &str = "stock_not_negative";

/// A restock orders at least one unit.
pub const TARGET_ABOVE_REORDER_POINT: &str = "target_above_reorder_point";

/// A restock orders at most what one order may ask for.
pub const TARGET_AT_MOST_ONE_ORDER: &str = "target_at_most_one_order";

/// The factory of a product exists.
pub const PRODUCT_FACTORY: &str = "product_factory";

/// A movement changes the stock.
pub const MOVEMENT_MOVES: &str = "movement_moves";

/// The constraints whose violation is explained to operators.
const EXPLAINED: [&str; 5] = [
    STOCK_NOT_NEGATIVE,
    TARGET_ABOVE_REORDER_POINT,
    TARGET_AT_MOST_ONE_ORDER,
    PRODUCT_FACTORY,
    MOVEMENT_MOVES,
];

/// The constraint that a change has violated. Its name is in the message, in quotes or backquotes.
pub(crate) fn of_check(error: &sqlx::Error) -> Option<&'static str> {
    let error = error.as_database_error()?;
    let message = error.message();
    let is_named =
        |name: &&str| ['`', '\''].iter().any(|quote| message.contains(&format!("{name}{quote}")));
    EXPLAINED.into_iter().find(|name| is_named(name))
}

/// Whether a database error is a violation of the constraint. The driver does not report the name of the constraint;
/// the message ends with it, as `table.name` on MySQL and as `name` on MariaDB.
pub(crate) fn is_violated(error: &sqlx::Error, constraint: &str) -> bool {
    let Some(error) = error.as_database_error() else { return false };
    error.is_unique_violation() && error.message().trim_end_matches('\'').ends_with(constraint)
}
