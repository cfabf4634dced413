//! How the database gets its shape.
//!
//! Neither MySQL nor MariaDB can take back a statement that makes or changes a table. So each migration
//! is one statement: it happened or it did not, and where nobody was told which, it is run again. Then it
//! either does its work or meets its own, which is as good.

use sqlx::{
    AssertSqlSafe, Connection, Executor, MySqlConnection,
    migrate::{Migrate, MigrateError, Migration, Migrator},
    mysql::MySqlDatabaseError,
    query, query_scalar,
};

use crate::{DatabaseUrl, MigrationError, database_url::UNHURRIED};

type Result<T> = std::result::Result<T, MigrationError>;

/// All migrations there are, in their order. The lock is ours: it spans more than their run.
static MIGRATIONS: Migrator = Migrator { locking: false, ..sqlx::migrate!("../../migrations") };

/// In seconds. So long is waited for another who migrates.
const LONGEST_MIGRATION: u32 = 600;

/// Functions are at work meanwhile. One statement that waits for a table has all later ones wait behind
/// it: it had better fail, and be tried again. And who vanishes without a word must not keep the lock.
const MANNERS: &str = "SET SESSION lock_wait_timeout = 5, SESSION wait_timeout = 60";

/// Brings the database at `url` to the newest shape; makes it first if it is not there. May be run
/// again, also where it ended half-way, and by several at once: one after the other does what is left.
pub async fn migrate(url: &DatabaseUrl) -> Result<()> {
    create_database(url).await?;
    let mut connection = url.connect_within(UNHURRIED).await?;
    connection.execute(MANNERS).await?;
    lock(&mut connection).await?;
    finish_what_was_begun(&mut connection).await?;
    let done = MIGRATIONS.run_direct(None, &mut connection, false).await;
    if let Err(MigrateError::ExecuteMigration(..)) = &done {
        forget_what_was_refused(&mut connection).await?;
    }
    connection.close().await?;
    Ok(done?)
}

/// Until the connection ends, however it does. Not by sqlx, which asks MariaDB to wait for ever in a way
/// that it takes for not at all, and does not look at the answer.
async fn lock(connection: &mut MySqlConnection) -> Result<()> {
    let lock = query_scalar("SELECT GET_LOCK(SHA2(DATABASE(), 256), ?)").bind(LONGEST_MIGRATION);
    let locked: Option<i64> = lock.fetch_one(connection).await?;
    if locked == Some(1) { Ok(()) } else { Err(MigrationError::UnderWay(LONGEST_MIGRATION)) }
}

async fn create_database(url: &DatabaseUrl) -> Result<()> {
    let (mut connection, name) = url.connect_to_server().await?;
    let is_there =
        "SELECT EXISTS (SELECT 1 FROM information_schema.schemata WHERE schema_name = ?)";
    if !query_scalar(is_there).bind(name).fetch_one(&mut connection).await? {
        let name = name.replace('`', "``");
        let create = format!("CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4");
        connection.execute(AssertSqlSafe(create)).await?;
    }
    connection.close().await?;
    Ok(())
}

/// Runs the migration again that was under way when its connection was lost, if there is one.
async fn finish_what_was_begun(connection: &mut MySqlConnection) -> Result<()> {
    connection.ensure_migrations_table(&MIGRATIONS.table_name).await?;
    let begun = connection.dirty_version(&MIGRATIONS.table_name).await?;
    let Some(migration) = MIGRATIONS.iter().find(|known| Some(known.version) == begun) else {
        return Ok(());
    };
    match connection.execute(migration.sql.clone()).await {
        Ok(_) => {}
        Err(error) if met_itself(&error) => {}
        Err(error) => return Err(MigrateError::ExecuteMigration(error, migration.version).into()),
    }
    note_done(connection, migration).await
}

async fn note_done(connection: &mut MySqlConnection, migration: &Migration) -> Result<()> {
    query("UPDATE _sqlx_migrations SET success = TRUE, checksum = ? WHERE version = ?")
        .bind(&*migration.checksum)
        .bind(migration.version)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a statement failed because what it makes is there: a table, a procedure. Other things join
/// with the first migration that makes them: a test runs each one twice. What drops must say IF EXISTS.
fn met_itself(error: &sqlx::Error) -> bool {
    let number = error.as_database_error().map(|e| e.downcast_ref::<MySqlDatabaseError>().number());
    // ER_TABLE_EXISTS_ERROR, ER_SP_ALREADY_EXISTS
    matches!(number, Some(1050 | 1304))
}

/// A statement that the server refused has not happened: what stands in its way may be no work of ours.
async fn forget_what_was_refused(connection: &mut MySqlConnection) -> Result<()> {
    connection.execute("DELETE FROM _sqlx_migrations WHERE NOT success").await?;
    Ok(())
}
