//! The one connection of a function: made while it starts, kept, made anew once when it was lost.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Executor, MySqlConnection,
    mysql::{MySqlConnectOptions, MySqlSslMode},
};
use tokio::{sync::Mutex, time::timeout};

use crate::{Error, Result};

/// A server that does not answer by then will not do so within the step's time either.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A transaction waits for a lock no longer than a step can, and sees what others have committed: it
/// decides by rows that it has locked, so a snapshot would only show it what is no longer so.
const SESSION: &str = "SET SESSION innodb_lock_wait_timeout = 1; \
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
        Ok(Self(options.ssl_mode(MySqlSslMode::Preferred).disable_statement_logging()))
    }
}

impl DatabaseUrl {
    /// A connection, with the settings that the operations count on.
    pub(crate) async fn connect(&self) -> Result<MySqlConnection> {
        let connecting = timeout(CONNECT_TIMEOUT, self.0.connect());
        let mut connection = connecting.await.map_err(|elapsed| {
            Error::Unavailable(sqlx::Error::Io(std::io::Error::new(
                std::io::ErrorKind::TimedOut,
                elapsed,
            )))
        })??;
        connection.execute(SESSION).await?;
        Ok(connection)
    }
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
            match attempt(&mut kept, connection, &work).await {
                Err(Error::Unavailable(_)) => {}
                result => return result,
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
