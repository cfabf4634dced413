//! Rows that a guard of the migrations would refuse. They can exist only where the guard was missing for a time.
//!
//! The queries are made from the guards, so a new constraint is checked without further work.

use sqlx::{AssertSqlSafe, MySqlConnection, Row, mysql::MySqlRow};

use super::{
    Discrepancy,
    guards::{Guard, GuardKind, expected, in_parentheses, items},
};
use crate::Result;

/// Reported in another way, with more detail.
const ELSEWHERE: [&str; 15] = [
    "factory_id_form",
    "factory_url_form",
    "factory_lead_time_in_range",
    "factory_secret_form",
    "sku_form",
    "target_at_most_one_order",
    "product_cycle_in_range",
    "restock_cycle_in_range",
    "order_id_form",
    "ordered_quantity_in_range",
    "product_factory",
    "one_open_restock",
    "stock_not_negative",
    "stock_after_not_negative",
    "one_movement_per_reference",
];

/// So many rows of one kind are reported. The next audit reports the rest.
const MOST_ROWS: usize = 20;

/// A row that a guard refuses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InvalidRow {
    pub table: String,
    /// The name of the constraint, `PRIMARY`, or for a column that must not be empty its name.
    pub guard: String,
    pub kind: GuardKind,
    /// The definition of the guard in the migration.
    pub definition: String,
    /// The columns that identify the row, with their values.
    pub row: Vec<(String, Option<String>)>,
    /// The number of rows with these values.
    pub rows: i64,
}

pub(super) async fn invalid(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let guards = expected::guards();
    let mut found = Vec::new();
    for guard in guards.iter().filter(|guard| !ELSEWHERE.contains(&guard.name.as_str())) {
        if let Some(search) = Search::of(guard, &guards) {
            found.extend(search.rows(connection, guard).await?);
        }
    }
    Ok(found.into_iter().map(Discrepancy::InvalidRow).collect())
}

/// A query for the rows that a guard refuses.
struct Search {
    columns: Vec<String>,
    /// What follows the table in the query.
    condition: String,
}

impl Search {
    fn of(guard: &Guard, guards: &[Guard]) -> Option<Self> {
        let name = &guard.name;
        let condition = match guard.kind {
            GuardKind::Procedure | GuardKind::StorageEngine | GuardKind::Table => {
                return None;
            }
            GuardKind::Unique | GuardKind::PrimaryKey => return Some(Self::duplicates(guard)),
            GuardKind::Check => format!("NOT ({})", in_parentheses(&guard.definition)?),
            GuardKind::ForeignKey => orphan(guard)?,
            GuardKind::Column if guard.definition.to_uppercase().contains("NOT NULL") => {
                format!("{name} IS NULL")
            }
            GuardKind::Column => return None,
        };
        let columns = key(&guard.table, guards);
        let order = columns.join(", ");
        Some(Self {
            condition: format!("WHERE {condition} GROUP BY {order} ORDER BY {order}"),
            columns,
        })
    }

    /// A unique key allows any number of rows with NULL.
    fn duplicates(guard: &Guard) -> Self {
        let columns = columns(&guard.definition);
        let present: Vec<String> =
            columns.iter().map(|column| format!("{column} IS NOT NULL")).collect();
        let (present, order) = (present.join(" AND "), columns.join(", "));
        Self {
            condition: format!(
                "WHERE {present} GROUP BY {order} HAVING COUNT(*) > 1 ORDER BY {order}"
            ),
            columns,
        }
    }

    async fn rows(
        self,
        connection: &mut MySqlConnection,
        guard: &Guard,
    ) -> Result<Vec<InvalidRow>> {
        let shown: Vec<String> =
            self.columns.iter().map(|column| format!("CONVERT({column} USING utf8mb4)")).collect();
        let sql = format!(
            "SELECT COUNT(*), {} FROM {} {} LIMIT {MOST_ROWS}",
            shown.join(", "),
            guard.table,
            self.condition
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await?;
        rows.iter().map(|row| self.invalid_row(guard, row)).collect()
    }

    fn invalid_row(&self, guard: &Guard, row: &MySqlRow) -> Result<InvalidRow> {
        let values = self.columns.iter().enumerate();
        let values = values.map(|(at, column)| Ok((column.clone(), row.try_get(at + 1)?)));
        Ok(InvalidRow {
            table: guard.table.clone(),
            guard: guard.name.clone(),
            kind: guard.kind,
            definition: guard.definition.clone(),
            row: values.collect::<Result<_>>()?,
            rows: row.try_get(0)?,
        })
    }
}

/// `FOREIGN KEY (a, b) REFERENCES other (c, d)` as a condition that finds rows without a row in the other table.
fn orphan(guard: &Guard) -> Option<String> {
    let (own, references) = guard.definition.split_once(" REFERENCES ")?;
    let other = references.split(['(', ' ']).next()?;
    let pairs = columns(own).into_iter().zip(columns(references));
    let same: Vec<String> =
        pairs.map(|(own, theirs)| format!("{other}.{theirs} = {}.{own}", guard.table)).collect();
    Some(format!("NOT EXISTS (SELECT 1 FROM {other} WHERE {})", same.join(" AND ")))
}

/// The columns of the table's primary key.
fn key(table: &str, guards: &[Guard]) -> Vec<String> {
    let is_key = |guard: &&Guard| guard.table == table && guard.kind == GuardKind::PrimaryKey;
    guards.iter().find(is_key).map(|guard| columns(&guard.definition)).unwrap_or_default()
}

/// The names in the first parentheses.
fn columns(definition: &str) -> Vec<String> {
    let names = in_parentheses(definition).unwrap_or_default();
    items(names).into_iter().map(|name| name.trim().trim_matches('`').to_owned()).collect()
}
