//! The names of the constraints that the code relies on. They must be the same in `migrations/`.

/// A product has at most one open restock.
pub const ONE_OPEN_RESTOCK: &str = "one_open_restock";

/// A restock has at most one order for each attempt.
pub const ONE_ORDER_PER_ATTEMPT: &str = "one_order_per_attempt";

/// Whether a database error is a violation of the constraint. The driver does not report the name of the constraint;
/// the message ends with it, as `table.name` on MySQL and as `name` on MariaDB.
pub(crate) fn is_violated(error: &sqlx::Error, constraint: &str) -> bool {
    let Some(error) = error.as_database_error() else { return false };
    error.is_unique_violation() && error.message().trim_end_matches('\'').ends_with(constraint)
}
