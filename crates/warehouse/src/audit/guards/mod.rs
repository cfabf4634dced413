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
    Table,
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

    /// Whether it can refuse what the migrations allow.
    fn refuses(&self) -> bool {
        let has = |word: &str| self.meaning.iter().any(|token| token.starts_with(word));
        match self.kind {
            GuardKind::PrimaryKey
            | GuardKind::Unique
            | GuardKind::ForeignKey
            | GuardKind::Check => true,
            GuardKind::Column => has("not null") && !has("default") && !has("auto_increment"),
            GuardKind::Procedure | GuardKind::StorageEngine | GuardKind::Table => false,
        }
    }
}

/// The differences between the database and the migrations.
#[derive(Default)]
pub(super) struct Compared {
    /// Guards that the migrations do not create.
    pub unexpected: Vec<Discrepancy>,
    /// Guards that are missing or differ, in the order in which they can be restored.
    pub missing: Vec<Discrepancy>,
    /// A sentence for what could not be compared.
    pub not_compared: Option<String>,
}

pub(super) async fn compare(
    connection: &mut MySqlConnection,
    users: &FunctionUsers,
) -> Result<Compared> {
    let expected = expected::guards();
    let actual = actual::guards(connection, &expected).await?;
    let (mut missing, mut hidden) = (Vec::new(), Vec::new());
    for guard in expected.iter().filter(|guard| can_be_restored(guard, &actual)) {
        match actual.iter().find(|actual| actual.is_at(guard)) {
            Some(actual) if actual.meaning == guard.meaning => {}
            // A server shows the text of a procedure only to users with the right to see it.
            Some(actual) if actual.meaning.is_empty() => hidden.push(guard.name.as_str()),
            None if guard.kind == GuardKind::Procedure
                && !actual::sees_procedures(connection).await? =>
            {
                hidden.push(guard.name.as_str());
            }
            found => missing.push(Discrepancy::MissingGuard {
                changed: found.is_some(),
                guard: guard.clone(),
                grants: users.grants_of(guard),
            }),
        }
    }
    missing.sort_by_key(order_of_repair);
    Ok(Compared {
        unexpected: unexpected(&actual, &expected),
        missing,
        not_compared: sentence(&hidden),
    })
}

/// The guards of a table that is missing come back with the table.
fn can_be_restored(guard: &Guard, actual: &[Guard]) -> bool {
    let is_table = |other: &Guard| other.kind == GuardKind::Table && other.name == guard.table;
    matches!(guard.kind, GuardKind::Procedure | GuardKind::Table) || actual.iter().any(is_table)
}

fn unexpected(actual: &[Guard], expected: &[Guard]) -> Vec<Discrepancy> {
    let is_expected = |guard: &Guard| expected.iter().any(|expected| expected.is_at(guard));
    let unexpected = actual.iter().filter(|guard| guard.refuses() && !is_expected(guard));
    unexpected.map(|guard| Discrepancy::UnexpectedGuard { guard: guard.clone() }).collect()
}

fn sentence(hidden: &[&str]) -> Option<String> {
    (!hidden.is_empty()).then(|| {
        format!(
            "the procedures {}: this database user may not see them. Grant SHOW_ROUTINE (on MariaDB: SELECT on \
             mysql.proc) to the user",
            hidden.join(" and ")
        )
    })
}

/// Only some engines have foreign keys, a key needs its columns, and a column that counts by itself needs its key.
fn order_of_repair(found: &Discrepancy) -> u8 {
    match found {
        Discrepancy::MissingGuard { guard, changed, .. } => match guard.kind {
            GuardKind::Table => 0,
            GuardKind::StorageEngine => 1,
            GuardKind::Column if !changed => 2,
            GuardKind::PrimaryKey | GuardKind::Unique => 3,
            _ => 4,
        },
        _ => 5,
    }
}
