//! The users that the steps log in as: each may do what its step needs, and nothing else.
//!
//! What moves stock is in the procedures `sell` and `increment_stock`, which run with the rights of
//! who made them: no step may change `product.stock` or the ledger by itself, and task tokens can be
//! read by the one step that hands them on.

use std::collections::BTreeMap;

use serde::Deserialize;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::{DatabaseUrl, LoginError, MigrationError, database_url::UNHURRIED};

type Result<T> = std::result::Result<T, MigrationError>;

/// A privilege, and the table or procedure that it is for.
type Grant = (&'static str, &'static str);

/// What it takes to lock a product's row and begin its next cycle.
const LOCK_PRODUCT: &str = "SELECT (sku, stock, reorder_point, target_stock, restock_cycle, factory), \
     UPDATE (restock_cycle)";

/// Each function, and what it is granted.
const STEPS: [(&str, &[Grant]); 9] = [
    (
        "check-stock",
        &[
            ("SELECT (sku, stock, reorder_point, restock_cycle)", "product"),
            ("SELECT (id, kind, reference)", "stock_movement"),
        ],
    ),
    ("decrement-stock", &[("EXECUTE", "PROCEDURE sell")]),
    (
        "show-product",
        &[
            ("SELECT (sku, name, price, stock)", "product"),
            ("SELECT (sku, cycle, open_sku)", "restock"),
            ("SELECT (sku, cycle, attempt, quantity, ordered_at)", "production_order"),
        ],
    ),
    (
        "open-restock",
        &[
            (LOCK_PRODUCT, "product"),
            ("SELECT (open_sku, execution)", "restock"),
            ("INSERT (sku, cycle, execution), UPDATE (status, closed_at)", "restock"),
            ("SELECT (id, sku, cycle, attempt, quantity, arrived_at)", "production_order"),
            ("INSERT (id, sku, cycle, attempt, quantity)", "production_order"),
        ],
    ),
    ("await-completion", &[("SELECT (id, arrived_at), UPDATE (task_token)", "production_order")]),
    ("increment-stock", &[("EXECUTE", "PROCEDURE increment_stock")]),
    (
        "close-restock",
        &[
            ("EXECUTE", "PROCEDURE increment_stock"),
            (LOCK_PRODUCT, "product"),
            ("SELECT (sku, cycle, status, execution, open_sku)", "restock"),
            ("UPDATE (status, failure, closed_at)", "restock"),
            ("SELECT (id, sku, cycle, attempt, arrived_at)", "production_order"),
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
            ("SELECT (sku, stock, reorder_point, restock_cycle)", "product"),
            ("SELECT (sku, cycle, status, execution, open_sku, opened_at)", "restock"),
            ("SELECT (id, sku, cycle, arrived_at)", "production_order"),
            ("SELECT (kind, reference)", "stock_movement"),
        ],
    ),
];

/// What a database user is called: 1 to 32 of `a-z`, `0-9` and `_`.
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
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The password of a database user: letters and digits.
#[derive(Clone)]
pub struct UserPassword(String);

impl TryFrom<String> for UserPassword {
    type Error = LoginError;

    fn try_from(text: String) -> std::result::Result<Self, LoginError> {
        let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
        if plain { Ok(Self(text)) } else { Err(LoginError::Password) }
    }
}

/// How a user proves who it is.
#[derive(Clone)]
pub enum Proof {
    /// By a password: on a laptop.
    Password(UserPassword),
    /// By a token of AWS IAM, over TLS: on RDS.
    IamToken,
}

impl Proof {
    fn clause(&self) -> String {
        match self {
            Self::Password(UserPassword(password)) => format!("IDENTIFIED BY '{password}'"),
            Self::IamToken => {
                "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL".to_owned()
            }
        }
    }
}

/// Makes the user of each function, with what it may do in the database at `url`. Run again it makes
/// what is not there, and takes nothing away: functions of the version before may still be at work.
pub async fn create_users(
    url: &DatabaseUrl,
    users: &BTreeMap<String, UserName>,
    proof: &Proof,
) -> Result<()> {
    let statements = all_statements(users, proof)?;
    let mut connection = url.connect_within(UNHURRIED).await?;
    for statement in statements {
        connection.execute(AssertSqlSafe(statement)).await?;
    }
    connection.close().await?;
    Ok(())
}

fn all_statements(users: &BTreeMap<String, UserName>, proof: &Proof) -> Result<Vec<String>> {
    if let Some(stranger) = users.keys().find(|name| STEPS.iter().all(|(step, _)| step != name)) {
        return Err(MigrationError::Users(stranger.clone()));
    }
    let clause = proof.clause();
    let mut all = Vec::new();
    for (function, grants) in STEPS {
        let user = users.get(function).ok_or_else(|| MigrationError::Users(function.to_owned()))?;
        all.extend(statements(user.as_str(), &clause, grants));
    }
    Ok(all)
}

/// Names and passwords cannot be bound in such statements. What stands here holds no quotes.
fn statements(user: &str, proof: &str, grants: &[Grant]) -> Vec<String> {
    let user = format!("'{user}'@'%'");
    let mut statements = vec![
        format!("CREATE USER IF NOT EXISTS {user} {proof}"),
        format!("ALTER USER {user} {proof}"),
    ];
    let grant = |(privilege, object): &Grant| format!("GRANT {privilege} ON {object} TO {user}");
    statements.extend(grants.iter().map(grant));
    statements
}

/// The functions that have a user.
pub fn functions_with_a_user() -> impl Iterator<Item = &'static str> {
    STEPS.into_iter().map(|(function, _)| function)
}

#[cfg(test)]
mod tests;
