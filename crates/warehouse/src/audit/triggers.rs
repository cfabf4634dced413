//! Triggers. The migrations create none: a trigger changes what the statements of functions and of repairs do.

use sqlx::{MySqlConnection, Row, mysql::MySqlRow};

use super::{Discrepancy, procedure::cannot_be_called};
use crate::Result;

/// The triggers, and a sentence if this user may not see them all.
pub(super) async fn unexpected(
    connection: &mut MySqlConnection,
) -> Result<(Vec<Discrepancy>, Option<String>)> {
    let called = sqlx::raw_sql("CALL triggers_of_the_shop()").fetch_all(&mut *connection).await;
    match called {
        Ok(rows) => Ok((found(&rows)?, None)),
        Err(error) if cannot_be_called(&error) => {
            let visible = sqlx::query(
                "SELECT CONVERT(trigger_name USING utf8mb4), CONVERT(event_object_table USING utf8mb4)
                 FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY trigger_name",
            );
            let hidden = "the triggers: this database user may not call the procedure triggers_of_the_shop. \
                 Grant EXECUTE to the user, or restore the procedure";
            Ok((found(&visible.fetch_all(connection).await?)?, Some(hidden.to_owned())))
        }
        Err(error) => Err(error.into()),
    }
}

fn found(rows: &[MySqlRow]) -> Result<Vec<Discrepancy>> {
    let trigger = |row: &MySqlRow| {
        Ok(Discrepancy::UnexpectedTrigger { trigger: row.try_get(0)?, table: row.try_get(1)? })
    };
    rows.iter().map(trigger).collect()
}
