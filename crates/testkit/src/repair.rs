//! Runs the SQL of a repair that an audit prints, as an operator would.

use sqlx::{Executor, MySqlConnection};

/// The first words of SQL statements.
const SQL: [&str; 11] = [
    "CREATE",
    "START",
    "UPDATE",
    "INSERT",
    "CALL",
    "ALTER",
    "SET",
    "DELETE",
    "DROP",
    "GRANT",
    "DELIMITER",
];

/// The paragraphs of a repair that are SQL.
fn statements(repair: &str) -> Vec<&str> {
    let is_sql = |paragraph: &&str| SQL.iter().any(|word| paragraph.starts_with(word));
    repair.split("\n\n").filter(is_sql).collect()
}

/// Runs the n-th of the alternatives in a repair, from 0.
pub async fn follow(connection: &mut MySqlConnection, repair: &str, alternative: usize) {
    let statements = statements(repair);
    let sql = statements.get(alternative);
    let sql = sql.unwrap_or_else(|| panic!("no alternative {alternative} in {repair}"));
    for sql in delimited(sql) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        connection.execute(sqlx::raw_sql(sql)).await.unwrap_or_else(|e| panic!("{e}\n{repair}"));
    }
}

/// The statements between `DELIMITER //` and `DELIMITER ;`, as the client `mysql` splits them. Other SQL is sent whole.
fn delimited(sql: &str) -> Vec<&str> {
    let inner = sql.strip_prefix("DELIMITER //").and_then(|sql| sql.strip_suffix("DELIMITER ;"));
    match inner {
        Some(inner) => inner.split("//").map(str::trim).filter(|sql| !sql.is_empty()).collect(),
        None => vec![sql],
    }
}
