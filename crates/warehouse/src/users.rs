//! Database users of the functions. Each user has only the privileges that its function needs.
//!
//! The procedures `sell` and `increment_stock`, which change the stock, run with the privileges of their definer. No
//! function can change `product.stock` or the ledger in another way. Only `record-arrival`, which passes task tokens
//! on, can read them.

use std::collections::BTreeMap;

use serde::Deserialize;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::{DatabaseUrl, LoginError, MigrationError, database_url::SETUP_TIMEOUT};

type Result<T> = std::result::Result<T, MigrationError>;

/// A privilege, and the table or procedure that it applies to.
type Grant = (&'static str, &'static str);

/// Privileges to lock the row of a product and to move the product to its next cycle.
const LOCK_PRODUCT: &str = "SELECT (sku, stock, reorder_point, target_stock, restock_cycle, retired_at, factory), \
     UPDATE (restock_cycle)";

/// Adds to the count of refused purchases.
const COUNT_REFUSALS: Grant = ("EXECUTE", "PROCEDURE count_refusal");

/// The privileges of each function.
const GRANTS: [(&str, &[Grant]); 13] = [
    (
        "check-stock",
        &[
            ("SELECT (sku, stock, reorder_point, restock_cycle, retired_at)", "product"),
            ("SELECT (id, kind, reference)", "stock_movement"),
            COUNT_REFUSALS,
        ],
    ),
    ("decrement-stock", &[("EXECUTE", "PROCEDURE sell"), COUNT_REFUSALS]),
    (
        "show-product",
        &[
            ("SELECT (sku, name, price, stock, retired_at)", "product"),
            ("SELECT (sku, cycle, open_sku)", "restock"),
            ("SELECT (sku, cycle, attempt, quantity, ordered_at)", "production_order"),
        ],
    ),
    (
        "list-products",
        &[
            ("SELECT (sku, name, price, stock, retired_at)", "product"),
            ("SELECT (sku, cycle, open_sku)", "restock"),
            ("SELECT (sku, cycle, attempt, quantity, ordered_at)", "production_order"),
        ],
    ),
    (
        "open-restock",
        &[
            (LOCK_PRODUCT, "product"),
            ("SELECT (id, url, network, contact, secret)", "factory"),
            ("SELECT (cycle, open_sku, execution)", "restock"),
            ("INSERT (sku, cycle, execution), UPDATE (status, closed_at)", "restock"),
            ("SELECT (id, sku, cycle, attempt, quantity, arrived_at)", "production_order"),
            ("INSERT (id, sku, cycle, attempt, quantity), UPDATE (task_token)", "production_order"),
        ],
    ),
    ("await-completion", &[("SELECT (id, arrived_at), UPDATE (task_token)", "production_order")]),
    ("increment-stock", &[("EXECUTE", "PROCEDURE increment_stock")]),
    (
        "close-restock",
        &[
            ("EXECUTE", "PROCEDURE increment_stock"),
            ("SELECT (sku, stock, restock_cycle), UPDATE (restock_cycle)", "product"),
            ("SELECT (sku, cycle, status, execution, open_sku, failure, reported_at)", "restock"),
            ("INSERT (sku, cycle, status, execution, failure, closed_at)", "restock"),
            ("UPDATE (status, failure, closed_at)", "restock"),
            (
                "SELECT (id, sku, cycle, attempt, arrived_at), UPDATE (task_token)",
                "production_order",
            ),
            ("SELECT (kind, reference)", "stock_movement"),
        ],
    ),
    (
        "record-arrival",
        &[
            ("SELECT (id, sku, cycle, attempt, task_token, arrived_at)", "production_order"),
            ("UPDATE (arrived_quantity, arrived_at)", "production_order"),
            ("SELECT (sku, cycle, status)", "restock"),
            ("SELECT (kind, reference)", "stock_movement"),
            ("SELECT (sku, stock)", "product"),
        ],
    ),
    (
        "find-depleted",
        &[
            ("SELECT (sku, stock, reorder_point, restock_cycle, retired_at)", "product"),
            (
                "SELECT (sku, cycle, status, execution, open_sku, opened_at, failure, reported_at)",
                "restock",
            ),
            ("SELECT (id, arrived_at)", "production_order"),
            ("SELECT (kind, reference)", "stock_movement"),
            ("SELECT (name, reported_at)", "unreadable_row"),
        ],
    ),
    (
        "inspect-warehouse",
        &[
            ("SELECT", "factory"),
            ("SELECT", "product"),
            ("SELECT", "restock"),
            (
                "SELECT (id, sku, cycle, attempt, quantity, has_task_token, ordered_at, arrived_quantity, \
                 arrived_at)",
                "production_order",
            ),
            ("SELECT", "stock_movement"),
            ("SELECT", "unreadable_row"),
            ("SELECT", "operator_change"),
            ("SELECT", "refusal"),
            ("SELECT", "_sqlx_migrations"),
            ("EXECUTE", "PROCEDURE procedures_of_the_shop"),
            ("EXECUTE", "PROCEDURE definition_of_production_order"),
        ],
    ),
    (
        "change-warehouse",
        &[
            ("EXECUTE", "PROCEDURE adjust_stock"),
            (
                "SELECT (sku, name, price, stock, reorder_point, target_stock, factory, retired_at)",
                "product",
            ),
            ("INSERT (sku, name, price, reorder_point, target_stock, factory)", "product"),
            ("UPDATE (name, price, reorder_point, target_stock, factory, retired_at)", "product"),
            ("SELECT (id, content)", "operator_change"),
            ("INSERT (id, sku, content, changed_by, reason)", "operator_change"),
            ("SELECT (id, name, url, network, lead_time_seconds, contact, secret)", "factory"),
            ("INSERT (id, name, url, network, lead_time_seconds, contact, secret)", "factory"),
            ("UPDATE (name, url, network, lead_time_seconds, contact, secret)", "factory"),
        ],
    ),
    (
        "record-report",
        &[
            ("SELECT (sku, execution, status, reported_at), UPDATE (reported_at)", "restock"),
            ("SELECT (name), INSERT (name), UPDATE (reported_at)", "unreadable_row"),
        ],
    ),
];

/// Name of a database user: 1 to 32 characters of `a-z`, `0-9` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct UserName(String);

impl TryFrom<String> for UserName {
    type Error = LoginError;

    fn try_from(text: String) -> std::result::Result<Self, LoginError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if (1..=32).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text))
        } else {
            Err(LoginError::Name)
        }
    }
}

impl UserName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Password of a database user: letters and digits.
#[derive(Clone)]
pub struct UserPassword(String);

impl TryFrom<String> for UserPassword {
    type Error = LoginError;

    fn try_from(text: String) -> std::result::Result<Self, LoginError> {
        let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
        if plain { Ok(Self(text)) } else { Err(LoginError::Password) }
    }
}

/// How database users authenticate.
#[derive(Clone)]
pub enum Authentication {
    /// With a password, for local databases.
    Password(UserPassword),
    /// With an AWS IAM token over TLS, for RDS.
    IamToken,
}

impl Authentication {
    fn clause(&self) -> String {
        match self {
            Self::Password(UserPassword(password)) => format!("IDENTIFIED BY '{password}'"),
            Self::IamToken => {
                "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL".to_owned()
            }
        }
    }
}

/// Creates the user of each function and grants its privileges in the database at `url`. A repeated call adds what is
/// missing. Nothing is revoked, because functions of the previous version may still run.
pub async fn create_users(
    url: &DatabaseUrl,
    users: &BTreeMap<String, UserName>,
    authentication: &Authentication,
) -> Result<()> {
    let statements = all_statements(users, authentication)?;
    let mut connection = url.connect_within(SETUP_TIMEOUT).await?;
    for statement in statements {
        connection.execute(AssertSqlSafe(statement)).await?;
    }
    connection.close().await?;
    Ok(())
}

fn all_statements(
    users: &BTreeMap<String, UserName>,
    authentication: &Authentication,
) -> Result<Vec<String>> {
    if let Some(unknown) =
        users.keys().find(|name| GRANTS.iter().all(|(function, _)| function != name))
    {
        return Err(MigrationError::Users(unknown.clone()));
    }
    let clause = authentication.clause();
    let mut all = Vec::new();
    for (function, grants) in GRANTS {
        let user = users.get(function).ok_or_else(|| MigrationError::Users(function.to_owned()))?;
        all.extend(statements(user.as_str(), &clause, grants));
    }
    Ok(all)
}

/// These statements take no bind parameters. The validated name and the authentication clause contain no quotes that
/// could end a string.
fn statements(user: &str, authentication: &str, grants: &[Grant]) -> Vec<String> {
    let user = format!("'{user}'@'%'");
    let mut statements = vec![
        format!("CREATE USER IF NOT EXISTS {user} {authentication}"),
        format!("ALTER USER {user} {authentication}"),
    ];
    let grant = |(privilege, object): &Grant| format!("GRANT {privilege} ON {object} TO {user}");
    statements.extend(grants.iter().map(grant));
    statements
}

/// The functions that log in to the database.
pub fn functions_with_database_user() -> impl Iterator<Item = &'static str> {
    GRANTS.into_iter().map(|(function, _)| function)
}

#[cfg(test)]
mod tests;
