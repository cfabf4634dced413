//! The guards that the server has.

use sqlx::{AssertSqlSafe, MySqlConnection, Row, mysql::MySqlRow};

use super::{Guard, GuardKind, table, tokens::tokens};
use crate::Result;
use crate::audit::procedure::{cannot_be_called, number};

/// ER_TABLEACCESS_DENIED_ERROR
const TABLE_ACCESS_DENIED: u16 = 1142;

/// The table of which operators may not read every column. Without its procedure, its guards cannot be compared.
const PARTLY_SECRET: &str = "production_order";

/// ER_NO_SUCH_TABLE
const NO_SUCH_TABLE: u16 = 1146;

/// The guards of the tables of these guards, and all procedures of the database.
pub(super) async fn guards(
    connection: &mut MySqlConnection,
    expected: &[Guard],
) -> Result<Vec<Guard>> {
    let mut tables: Vec<&str> = expected.iter().map(|guard| guard.table.as_str()).collect();
    tables.dedup();
    let mut found = Vec::new();
    for name in tables.into_iter().filter(|name| !name.is_empty()) {
        if let Some(create) = create_table(connection, name).await? {
            found.extend(table::guards(name, &create));
        }
    }
    found.extend(procedures(connection).await?);
    Ok(found)
}

async fn create_table(connection: &mut MySqlConnection, name: &str) -> Result<Option<String>> {
    let show = format!("SHOW CREATE TABLE `{name}`");
    let shown = sqlx::query(AssertSqlSafe(show)).fetch_one(&mut *connection).await;
    let shown = match shown {
        Err(error) if number(&error) == Some(TABLE_ACCESS_DENIED) && name == PARTLY_SECRET => {
            sqlx::raw_sql("CALL definition_of_production_order()").fetch_one(connection).await
        }
        shown => shown,
    };
    match shown {
        Ok(row) => Ok(Some(row.try_get(1)?)),
        Err(error) if number(&error) == Some(NO_SUCH_TABLE) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The procedures that this user may see. The text is empty if the user may not see it.
async fn procedures(connection: &mut MySqlConnection) -> Result<Vec<Guard>> {
    let mut found = Vec::new();
    for row in procedure_rows(connection).await? {
        let (body, has_rights): (Option<String>, bool) = (row.try_get(1)?, row.try_get(2)?);
        let parameters: Option<String> = row.try_get(3)?;
        let body = body.unwrap_or_default();
        let mut meaning = table::procedure(&parameters.unwrap_or_default(), &tokens(&body));
        if !has_rights {
            meaning.push("without the rights of its definer".to_owned());
        }
        if body.is_empty() {
            meaning.clear();
        }
        found.push(Guard {
            table: String::new(),
            kind: GuardKind::Procedure,
            name: row.try_get::<String, _>(0)?.to_lowercase(),
            definition: String::new(),
            meaning,
        });
    }
    Ok(found)
}

/// The procedure shows the text to every user. Without it, a user with fewer privileges sees less.
async fn procedure_rows(connection: &mut MySqlConnection) -> Result<Vec<MySqlRow>> {
    let called = sqlx::raw_sql("CALL procedures_of_the_shop()").fetch_all(&mut *connection).await;
    match called {
        Ok(rows) => Ok(rows),
        Err(error) if cannot_be_called(&error) => {
            let visible = sqlx::query(
                "SELECT CONVERT(routine_name USING utf8mb4), CONVERT(routine_definition USING utf8mb4),
                        security_type = 'DEFINER',
                        (SELECT CONVERT(GROUP_CONCAT(
                                     parameter_mode, ' ', parameter_name, ' ', dtd_identifier,
                                     IF(character_set_name = 'ascii', CONCAT(' COLLATE ', collation_name), '')
                                     ORDER BY ordinal_position SEPARATOR ', ') USING utf8mb4)
                         FROM information_schema.parameters
                         WHERE specific_schema = routine_schema AND specific_name = routine_name
                         AND parameters.routine_type = 'PROCEDURE' AND ordinal_position > 0)
                 FROM information_schema.routines
                 WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'",
            );
            Ok(visible.fetch_all(connection).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether this user would see the procedures. Otherwise a procedure that is not seen may still exist.
pub(super) async fn sees_procedures(connection: &mut MySqlConnection) -> Result<bool> {
    let sees = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM information_schema.user_privileges
                        WHERE privilege_type IN ('SHOW_ROUTINE', 'CREATE ROUTINE', 'ALTER ROUTINE', 'EXECUTE'))
             OR EXISTS (SELECT 1 FROM information_schema.schema_privileges
                        WHERE table_schema = DATABASE()
                        AND privilege_type IN ('CREATE ROUTINE', 'ALTER ROUTINE', 'EXECUTE'))",
    );
    Ok(sees.fetch_one(connection).await?)
}
