use sqlx::migrate::{MigrateDatabase, MigrateError, Migrator};

use crate::DatabaseUrl;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Brings the database at `url` to the newest shape; makes it first if it is not there. May be run
/// again, and by several at once: one after the other does what is left to do.
pub async fn migrate(url: &str) -> Result<(), MigrateError> {
    if !sqlx::MySql::database_exists(url).await? {
        sqlx::MySql::create_database(url).await?;
    }
    let url: DatabaseUrl = url.parse().map_err(|e| MigrateError::Source(Box::new(e)))?;
    let mut connection = url.connect().await.map_err(|e| MigrateError::Source(Box::new(e)))?;
    MIGRATIONS.run_direct(None, &mut connection, false).await
}
