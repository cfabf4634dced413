//! The one connection of a function: made while it starts, kept, made anew once when it was lost.

use std::{str::FromStr, time::Duration};

use sqlx::{ConnectOptions, Connection, Executor, MySqlConnection, mysql::MySqlConnectOptions};
use tokio::{sync::Mutex, time::timeout};

use crate::{Error, Result};

/// A server that does not answer by then will not do so within the step's time either.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A kept connection may lead to a server that is gone without a word, as after a failover: then no
/// answer ever comes. By now one would have, and there is still time to ask on a new connection.
const KEPT_CONNECTION_TIMEOUT: Duration = Duration::from_millis(1500);

/// A transaction waits for a lock no longer than a step can, and sees what others have committed: it
/// decides by rows that it has locked, so a snapshot would only show it what is no longer so. The locks
/// of a function that vanished without a word are freed when its connection has been idle too long.
const SESSION: &str = "SET SESSION innodb_lock_wait_timeout = 1, SESSION wait_timeout = 900; \
     SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Where the database is, and who asks: `mysql://user:password@host:port/database`. Its `Debug` shows
/// nothing of it, because of the password.
#[derive(Clone)]
pub struct DatabaseUrl(MySqlConnectOptions);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        let options = MySqlConnectOptions::from_str(url).map_err(|_| Error::Url)?;
        Ok(Self(options.disable_statement_logging()))
    }
}

impl DatabaseUrl {
    /// A connection, with the settings that the operations count on.
    pub(crate) async fn connect(&self) -> Result<MySqlConnection> {
        self.connect_within(CONNECT_TIMEOUT).await
    }

    /// The same, for who has more time than a function, and perhaps a longer way.
    pub(crate) async fn connect_within(&self, time: Duration) -> Result<MySqlConnection> {
        timeout(time, async {
            let mut connection = self.0.connect().await?;
            connection.execute(SESSION).await?;
            Ok(connection)
        })
        .await
        .unwrap_or_else(|_| Err(no_answer()))
    }
}

fn no_answer() -> Error {
    Error::Unavailable(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))
}

/// The warehouse, as one function sees it. The operations stand in the modules of what they are about.
#[derive(Debug)]
pub struct Warehouse {
    url: DatabaseUrl,
    connection: Mutex<Option<MySqlConnection>>,
}

impl Warehouse {
    /// Connects ahead of the first call. Where that fails, the first call tries again and reports it.
    pub async fn open(url: DatabaseUrl) -> Self {
        let connection = url.connect().await.ok();
        Self { url, connection: Mutex::new(connection) }
    }

    /// Does some work on the connection; on a new one again, if the one that was kept turns out lost.
    /// The work may have been done the first time, which is why every operation may be repeated.
    pub(crate) async fn run<T>(
        &self,
        work: impl AsyncFn(&mut MySqlConnection) -> Result<T>,
    ) -> Result<T> {
        let mut kept = self.connection.lock().await;
        if let Some(connection) = kept.take() {
            let attempt = timeout(KEPT_CONNECTION_TIMEOUT, attempt(&mut kept, connection, &work));
            match attempt.await {
                Err(_) | Ok(Err(Error::Unavailable(_))) => {}
                Ok(result) => return result,
            }
        }
        let connection = self.url.connect().await?;
        attempt(&mut kept, connection, &work).await
    }

    /// Does some work in one transaction.
    pub(crate) async fn transaction<T>(
        &self,
        work: impl AsyncFn(&mut MySqlConnection) -> Result<T>,
    ) -> Result<T> {
        self.run(async |connection| in_transaction(connection, &work).await).await
    }
}

/// Keeps the connection unless it was lost.
async fn attempt<T>(
    kept: &mut Option<MySqlConnection>,
    mut connection: MySqlConnection,
    work: &impl AsyncFn(&mut MySqlConnection) -> Result<T>,
) -> Result<T> {
    let result = work(&mut connection).await;
    if !matches!(result, Err(Error::Unavailable(_))) {
        *kept = Some(connection);
    }
    result
}

/// Commits, or rolls back before it answers: a transaction that is merely dropped would be rolled back
/// with the next statement, and a frozen function would keep its locks until then.
async fn in_transaction<T>(
    connection: &mut MySqlConnection,
    work: &impl AsyncFn(&mut MySqlConnection) -> Result<T>,
) -> Result<T> {
    let mut transaction = connection.begin().await?;
    match work(&mut transaction).await {
        Ok(done) => {
            transaction.commit().await?;
            Ok(done)
        }
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}
