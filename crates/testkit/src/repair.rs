//! Does what an audit says, as an operator would: copies it.

use sqlx::{Executor, MySqlConnection};

/// What the SQL of a repair begins with.
const SQL: [&str; 5] = ["START", "UPDATE", "INSERT", "CALL", "ALTER"];

/// The paragraphs of a repair that are SQL.
fn statements(repair: &str) -> Vec<&str> {
    let is_sql = |paragraph: &&str| SQL.iter().any(|word| paragraph.starts_with(word));
    repair.split("\n\n").filter(is_sql).collect()
}

/// Runs the n-th way that a repair names.
pub async fn follow(connection: &mut MySqlConnection, repair: &str, way: usize) {
    let statements = statements(repair);
    let sql = statements.get(way).unwrap_or_else(|| panic!("no way {way} in {repair}"));
    let sql = sqlx::AssertSqlSafe((*sql).to_owned());
    connection.execute(sqlx::raw_sql(sql)).await.unwrap_or_else(|e| panic!("{e}\n{repair}"));
}
