//! The guards of the database: keys, constraints, columns, storage engines and procedures. Compares what the server has with what the
//! migrations create.
//!
//! `SHOW CREATE TABLE` needs no right but `SELECT`. The text of a procedure needs `SHOW_ROUTINE`.

mod actual;
pub(super) mod expected;
mod table;
mod tokens;

use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::{Discrepancy, rights::FunctionUsers};
use crate::Result;

pub(super) use tokens::{in_parentheses, items};

/// What a guard is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardKind {
    PrimaryKey,
    Unique,
    ForeignKey,
    Check,
    /// The type, default and expression of a column.
    Column,
    Procedure,
    /// Only InnoDB has transactions.
    StorageEngine,
}

/// What prevents wrong data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// Empty for a procedure.
    pub table: String,
    pub kind: GuardKind,
    /// `PRIMARY` for a primary key.
    pub name: String,
    /// The definition in the migration.
    pub definition: String,
    /// The definition, so that it can be compared.
    #[serde(skip)]
    meaning: Vec<String>,
}

impl Guard {
    fn is_at(&self, other: &Self) -> bool {
        (&self.table, self.kind, &self.name) == (&other.table, other.kind, &other.name)
    }
}

/// The guards that are missing or differ, and a sentence for what could not be compared.
pub(super) async fn discrepancies(
    connection: &mut MySqlConnection,
    users: &FunctionUsers,
) -> Result<(Vec<Discrepancy>, Option<String>)> {
    let expected = expected::guards();
    let actual = actual::guards(connection, &expected).await?;
    let (mut missing, mut not_compared) = (Vec::new(), Vec::new());
    for guard in expected {
        match actual.iter().find(|actual| actual.is_at(&guard)) {
            Some(actual) if actual.meaning == guard.meaning => {}
            // A server shows the text of a procedure only to users with the right to see it.
            Some(actual) if actual.meaning.is_empty() => not_compared.push(guard.name),
            None if guard.kind == GuardKind::Procedure
                && !actual::sees_procedures(connection).await? =>
            {
                not_compared.push(guard.name);
            }
            found => {
                let grants = users.grants_of(&guard);
                missing.push(Discrepancy::MissingGuard { changed: found.is_some(), guard, grants });
            }
        }
    }
    missing.sort_by_key(order_of_repair);
    let sentence = (!not_compared.is_empty()).then(|| {
        format!(
            "the procedures {}: this database user may not see them. Grant SHOW_ROUTINE (on MariaDB: SELECT on \
             mysql.proc) to the user",
            not_compared.join(" and ")
        )
    });
    Ok((missing, sentence))
}

/// Only some engines have foreign keys, a key needs its columns, and a column that counts by itself needs its key.
fn order_of_repair(found: &Discrepancy) -> u8 {
    match found {
        Discrepancy::MissingGuard { guard, changed, .. } => match guard.kind {
            GuardKind::StorageEngine => 0,
            GuardKind::Column if !changed => 1,
            GuardKind::PrimaryKey | GuardKind::Unique => 2,
            _ => 3,
        },
        _ => 4,
    }
}
