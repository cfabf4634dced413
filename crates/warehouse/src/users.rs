//! Database users of the functions. Each user has only the privileges that its function needs.
//!
//! The procedures `sell` and `increment_stock`, which change the stock, run with the privileges of their definer. No
//! function can change `product.stock` or the ledger in another way. Only `record-arrival`, which passes task tokens
//! on, can read them.

use std::collections::BTreeMap;

use serde::Deserialize;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};

use crate::{DatabaseUrl, LoginError, MigrationError, database_url::SETUP_TIMEOUT};

mod grants;

pub(crate) use grants::{GRANTS, Grant};

type Result<T> = std::result::Result<T, MigrationError>;

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
    record(&mut connection, users).await?;
    connection.close().await?;
    Ok(())
}

/// The audit reads which user belongs to which function.
async fn record(
    connection: &mut MySqlConnection,
    users: &BTreeMap<String, UserName>,
) -> Result<()> {
    for (function, user) in users {
        let replace = sqlx::query!(
            "REPLACE INTO function_user (function_name, user_name) VALUES (?, ?)",
            function,
            user.as_str()
        );
        replace.execute(&mut *connection).await?;
    }
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
    let mut statements = vec![
        format!("CREATE USER IF NOT EXISTS '{user}'@'%' {authentication}"),
        format!("ALTER USER '{user}'@'%' {authentication}"),
    ];
    statements.extend(grants.iter().map(|grant| grant_statement(grant, user)));
    statements
}

/// Without a semicolon.
pub(crate) fn grant_statement((privilege, object): &Grant, user: &str) -> String {
    format!("GRANT {privilege} ON {object} TO '{user}'@'%'")
}

/// The functions that log in to the database.
pub fn functions_with_database_user() -> impl Iterator<Item = &'static str> {
    GRANTS.into_iter().map(|(function, _)| function)
}

#[cfg(test)]
mod tests;
