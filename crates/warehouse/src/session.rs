//! The database connection of a function. It is opened at start-up, kept between invocations, and replaced once if it
//! is lost.

use std::time::Duration;

use sqlx::{Connection, MySqlConnection};
use tokio::{sync::Mutex, time::timeout};

use crate::{DatabaseUrl, Error, Result, refusal::Refusals};

/// A kept connection may lead to a server that is gone, for example after a failover, and then never answers. This time
/// is long enough for an answer, and leaves enough of the function's time to repeat the work on a new connection.
const KEPT_CONNECTION_TIMEOUT: Duration = Duration::from_millis(1500);

/// The database of the shop. The operations are implemented in the modules of their subjects.
#[derive(Debug)]
pub struct Warehouse {
    url: DatabaseUrl,
    connection: Mutex<Option<MySqlConnection>>,
    pub(crate) refusals: Refusals,
}

impl Warehouse {
    /// Connects before the first call. If this fails, the first call tries again and returns the error.
    pub async fn open(url: DatabaseUrl) -> Self {
        let connection = url.connect().await.ok();
        Self { url, connection: Mutex::new(connection), refusals: Refusals::default() }
    }

    /// Runs `work` on the connection. If a kept connection is lost, runs it again on a new one. The first run may have
    /// taken effect, so every operation must be idempotent.
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

    /// Runs work that is not idempotent on the connection, once.
    pub(crate) async fn run_once<T>(
        &self,
        work: impl AsyncFn(&mut MySqlConnection) -> Result<T>,
    ) -> Result<T> {
        let mut kept = self.connection.lock().await;
        let connection = match kept.take() {
            Some(connection) => connection,
            None => self.url.connect().await?,
        };
        attempt(&mut kept, connection, &work).await
    }

    /// Like [`run`](Self::run), in one transaction.
    pub(crate) async fn transaction<T>(
        &self,
        work: impl AsyncFn(&mut MySqlConnection) -> Result<T>,
    ) -> Result<T> {
        self.run(async |connection| in_transaction(connection, &work, |_| true).await).await
    }

    /// Runs work that may wait for many locks in one transaction, once and without a limit. A refusal, the inner error, rolls
    /// back what the work has done before.
    pub(crate) async fn long_transaction<T, E>(
        &self,
        work: impl AsyncFn(&mut MySqlConnection) -> Result<Result<T, E>>,
    ) -> Result<Result<T, E>> {
        self.forget_lost_connection().await;
        self.run_once(async |connection| in_transaction(connection, &work, Result::is_ok).await)
            .await
    }

    /// Work without a limit would not notice that the kept connection leads nowhere.
    async fn forget_lost_connection(&self) {
        let mut kept = self.connection.lock().await;
        if let Some(connection) = kept.as_mut() {
            let answered = timeout(KEPT_CONNECTION_TIMEOUT, connection.ping()).await;
            if !matches!(answered, Ok(Ok(()))) {
                *kept = None;
            }
        }
    }
}

/// Runs `work`, and keeps the connection unless it is lost.
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

/// Commits what is to be kept, or rolls back, before it returns. A transaction that is only dropped is rolled back with the next
/// statement; until then, a function that Lambda has frozen would keep its locks.
async fn in_transaction<T>(
    connection: &mut MySqlConnection,
    work: &impl AsyncFn(&mut MySqlConnection) -> Result<T>,
    is_kept: impl Fn(&T) -> bool,
) -> Result<T> {
    let mut transaction = connection.begin().await?;
    let result = work(&mut transaction).await;
    match &result {
        Ok(done) if is_kept(done) => transaction.commit().await?,
        _ => transaction.rollback().await?,
    }
    result
}
