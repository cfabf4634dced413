//! The sessions of a database server. With `SHOW PROCESSLIST`, and not `information_schema.processlist`: MySQL 9.7 cannot read that
//! (error 3854) while a session runs a statement with a binary value.

use sqlx::{AssertSqlSafe, Executor, MySqlConnection, Row};

/// A session.
#[derive(Debug)]
pub struct Session {
    pub id: u64,
    /// The beginning of the statement that it executes now.
    pub statement: Option<String>,
}

/// The other sessions that use the database of this connection.
pub async fn others(connection: &mut MySqlConnection) -> Vec<Session> {
    let own = "SELECT CAST(CONNECTION_ID() AS UNSIGNED), DATABASE()";
    let (own, database): (u64, String) =
        sqlx::query_as(own).fetch_one(&mut *connection).await.expect("a database");
    let all = sqlx::raw_sql("SHOW PROCESSLIST").fetch_all(connection).await.expect("sessions");
    let here = all.iter().filter(|row| {
        let used: Option<String> = row.try_get_unchecked("db").expect("a database");
        used.as_ref() == Some(&database)
    });
    let sessions = here.map(|row| Session {
        id: row.try_get_unchecked("Id").expect("an id"),
        statement: row.try_get_unchecked("Info").expect("a statement"),
    });
    sessions.filter(|session| session.id != own).collect()
}

/// Ends these sessions. One may have ended before.
pub async fn end(connection: &mut MySqlConnection, sessions: &[Session]) {
    for Session { id, .. } in sessions {
        drop(connection.execute(sqlx::query(AssertSqlSafe(format!("KILL {id}")))).await);
    }
}
