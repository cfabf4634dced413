//! What operations were told of. Recorded after the report is on its way, so that a report that was not sent is repeated.

use domain::Sku;
use serde::Deserialize;
use sqlx::MySqlConnection;

use crate::{Result, Warehouse};

/// What a report was about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReportSubject {
    /// The restock of an execution failed.
    Restock {
        sku: Sku,
        /// The execution that opened the restock.
        execution: String,
    },
    /// Rows that the sweep could not read: their names, as the sweep lists them.
    Unreadable(Vec<String>),
}

impl Warehouse {
    /// Records that operations were told. The first time stands for a restock, the last one for an unreadable row.
    pub async fn record_report(&self, told: &ReportSubject) -> Result<()> {
        self.run(async |connection| match told {
            ReportSubject::Restock { sku, execution } => {
                record_restock(connection, sku, execution).await
            }
            ReportSubject::Unreadable(rows) => record_rows(connection, rows).await,
        })
        .await
    }
}

/// Also for a restock that is still open, because the database could not be reached when it was to be closed: closing it
/// later is no second failure.
async fn record_restock(
    connection: &mut MySqlConnection,
    sku: &Sku,
    execution: &str,
) -> Result<()> {
    let record = sqlx::query!(
        "UPDATE restock SET reported_at = CURRENT_TIMESTAMP(6)
         WHERE sku = ? AND execution = ? AND status <> 'completed' AND reported_at IS NULL",
        sku.as_str(),
        execution
    );
    record.execute(connection).await?;
    Ok(())
}

async fn record_rows(connection: &mut MySqlConnection, rows: &[String]) -> Result<()> {
    for row in rows {
        let again = sqlx::query!(
            "UPDATE unreadable_row SET reported_at = CURRENT_TIMESTAMP(6) WHERE name = LEFT(?, 200)",
            row
        );
        if again.execute(&mut *connection).await?.rows_affected() == 0 {
            let first =
                sqlx::query!("INSERT IGNORE INTO unreadable_row (name) VALUES (LEFT(?, 200))", row);
            first.execute(&mut *connection).await?;
        }
    }
    Ok(())
}
