//! Creates the database and brings its schema up to date.
//!
//! Neither MySQL nor MariaDB can roll back a statement that creates or changes a table. Each migration is therefore
//! one statement, which either took effect or did not. If a run is interrupted, it is unknown which, so the next run
//! executes the statement again. An error that says that the table or procedure already exists then counts as success.

use std::path::Path;

use sqlx::{
    AssertSqlSafe, Connection, Executor, MySqlConnection,
    migrate::{Migrate, MigrateError, Migration, Migrator},
    mysql::MySqlDatabaseError,
    query, query_scalar,
};

use crate::{DatabaseUrl, MigrationError, database_url::SETUP_TIMEOUT};

type Result<T> = std::result::Result<T, MigrationError>;

/// All migrations, in order. Locking by sqlx is off, because [`lock`] covers more than the run.
static MIGRATIONS: Migrator = Migrator { locking: false, ..sqlx::migrate!("../../migrations") };

/// How long to wait for a concurrent migration, in seconds.
const LONGEST_MIGRATION: u32 = 600;

/// Functions use the database during a migration. A statement that waits for a table blocks all later statements on
/// that table, so it fails after 5 s and can be retried. A client that disappears loses the migration lock after 60 s.
const SESSION: &str = "SET SESSION lock_wait_timeout = 5, SESSION wait_timeout = 60";

/// The statements of all migrations, in order.
pub(crate) fn statements() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().map(|migration| migration.sql.as_str())
}

/// Like [`migrate`], with the migrations in a folder instead of those that were compiled in: for developers who have
/// changed them.
pub async fn migrate_from(folder: &Path, url: &DatabaseUrl) -> Result<()> {
    let mut migrations = Migrator::new(folder).await?;
    migrations.locking = false;
    run(&migrations, url).await
}

/// Creates the database at `url` if it does not exist, and runs the migrations that are missing. Can be repeated after
/// an interruption, and called concurrently: the calls run one after the other.
pub async fn migrate(url: &DatabaseUrl) -> Result<()> {
    run(&MIGRATIONS, url).await
}

async fn run(migrations: &Migrator, url: &DatabaseUrl) -> Result<()> {
    create_database(url).await?;
    let mut connection = url.connect_within(SETUP_TIMEOUT).await?;
    connection.execute(SESSION).await?;
    lock(&mut connection).await?;
    finish_interrupted(&mut connection).await?;
    let done = migrations.run_direct(None, &mut connection, false).await;
    if let Err(MigrateError::ExecuteMigration(..)) = &done {
        forget_failed(&mut connection).await?;
    }
    connection.close().await?;
    Ok(done?)
}

/// Takes the migration lock, which is held until the connection ends. The lock of sqlx does not work on MariaDB: it
/// asks to wait forever with a value that MariaDB treats as no wait, and ignores the result.
async fn lock(connection: &mut MySqlConnection) -> Result<()> {
    let lock = query_scalar("SELECT GET_LOCK(SHA2(DATABASE(), 256), ?)").bind(LONGEST_MIGRATION);
    let locked: Option<i64> = lock.fetch_one(connection).await?;
    if locked == Some(1) { Ok(()) } else { Err(MigrationError::UnderWay(LONGEST_MIGRATION)) }
}

async fn create_database(url: &DatabaseUrl) -> Result<()> {
    let (mut connection, name) = url.connect_to_server().await?;
    let exists = "SELECT EXISTS (SELECT 1 FROM information_schema.schemata WHERE schema_name = ?)";
    if !query_scalar(exists).bind(name).fetch_one(&mut connection).await? {
        let name = name.replace('`', "``");
        let create = format!("CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4");
        connection.execute(AssertSqlSafe(create)).await?;
    }
    connection.close().await?;
    Ok(())
}

/// Repeats the migration that was interrupted, if there is one.
async fn finish_interrupted(connection: &mut MySqlConnection) -> Result<()> {
    connection.ensure_migrations_table(&MIGRATIONS.table_name).await?;
    let interrupted = connection.dirty_version(&MIGRATIONS.table_name).await?;
    let Some(migration) = MIGRATIONS.iter().find(|known| Some(known.version) == interrupted) else {
        return Ok(());
    };
    match connection.execute(migration.sql.clone()).await {
        Ok(_) => {}
        Err(error) if already_exists(&error) => {}
        Err(error) => return Err(MigrateError::ExecuteMigration(error, migration.version).into()),
    }
    record_success(connection, migration).await
}

async fn record_success(connection: &mut MySqlConnection, migration: &Migration) -> Result<()> {
    query("UPDATE _sqlx_migrations SET success = TRUE, checksum = ? WHERE version = ?")
        .bind(&*migration.checksum)
        .bind(migration.version)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a statement failed because the table or procedure that it creates already exists. Add further "already
/// exists" error numbers here when a migration needs them; a test runs each migration twice. A migration that drops
/// something must use IF EXISTS.
fn already_exists(error: &sqlx::Error) -> bool {
    let number = error.as_database_error().map(|e| e.downcast_ref::<MySqlDatabaseError>().number());
    // ER_TABLE_EXISTS_ERROR, ER_SP_ALREADY_EXISTS
    matches!(number, Some(1050 | 1304))
}

/// Removes the record of a migration that failed. Its statement took no effect, so the next run must not treat an
/// existing table as its work.
async fn forget_failed(connection: &mut MySqlConnection) -> Result<()> {
    connection.execute("DELETE FROM _sqlx_migrations WHERE NOT success").await?;
    Ok(())
}
