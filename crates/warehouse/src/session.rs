//! The one connection of a function: made while it starts, kept, made anew once when it was lost.

use std::time::Duration;

use sqlx::{Connection, MySqlConnection};
use tokio::{sync::Mutex, time::timeout};

use crate::{DatabaseUrl, Error, Result};

/// A kept connection may lead to a server that is gone without a word, as after a failover: then no
/// answer ever comes. By now one would have, and there is still time to ask on a new connection.
const KEPT_CONNECTION_TIMEOUT: Duration = Duration::from_millis(1500);

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
