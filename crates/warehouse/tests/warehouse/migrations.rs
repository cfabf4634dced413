//! Migrations that are interrupted: the next run completes them.

use errors::NamedError;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, Connection, Executor, MySqlConnection, Row,
    migrate::{Migration, Migrator},
    mysql::MySqlRow,
};

use testkit::database::{fresh_database, server};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// The schema of a database, and the rows that the migrations insert.
type Shape = BTreeMap<String, String>;

struct Database {
    url: String,
    name: String,
}

impl Database {
    async fn empty() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("migrated_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        Self { url: server().await.create_database(&name).await.expect("a database"), name }
    }

    async fn connect(&self) -> MySqlConnection {
        MySqlConnection::connect(&self.url).await.expect("a connection")
    }

    async fn migrate(&self) -> Result<(), warehouse::MigrationError> {
        warehouse::migrate(&self.url.parse().expect("a URL")).await
    }

    /// A database with all migrations before this one. This one is recorded as begun and not as ended.
    async fn before(migration: &Migration) -> (Self, MySqlConnection) {
        let database = Self::empty().await;
        let mut connection = database.connect().await;
        let target = Some(migration.version - 1);
        MIGRATIONS.run_direct(target, &mut connection, false).await.expect("the migrations before");
        let begin = "INSERT INTO _sqlx_migrations
                     (version, description, success, checksum, execution_time)
                     VALUES (?, ?, FALSE, ?, -1)";
        let begin = sqlx::query(begin)
            .bind(migration.version)
            .bind(&*migration.description)
            .bind(&*migration.checksum);
        begin.execute(&mut connection).await.expect("the migration is recorded");
        (database, connection)
    }

    async fn shape(&self) -> Shape {
        shape(&mut self.connect().await).await
    }

    /// Ends all sessions that use the database.
    async fn end_sessions(&self) {
        let mut connection =
            MySqlConnection::connect(&server().await.url("")).await.expect("a connection");
        // Not information_schema.processlist: MySQL 9.7 cannot read it (error 3854) while a session runs a statement with a
        // binary value, as the one that records a migration with its checksum.
        let all = sqlx::raw_sql("SHOW PROCESSLIST").fetch_all(&mut connection).await;
        let of_database = |row: &MySqlRow| {
            let database: Option<String> = row.try_get_unchecked("db").expect("a database");
            database.as_ref() == Some(&self.name)
        };
        for row in all.expect("sessions").iter().filter(|row| of_database(row)) {
            let id: u64 = row.try_get_unchecked("Id").expect("an id");
            // The session may have ended before.
            drop(connection.execute(sqlx::query(AssertSqlSafe(format!("KILL {id}")))).await);
        }
    }
}

async fn shape(connection: &mut MySqlConnection) -> Shape {
    let mut shape = Shape::new();
    let tables = "SELECT CAST(table_name AS CHAR) FROM information_schema.tables
                  WHERE table_schema = DATABASE()";
    for table in
        sqlx::query_scalar::<_, String>(tables).fetch_all(&mut *connection).await.expect("tables")
    {
        let text = text_of(connection, &format!("SHOW CREATE TABLE {table}"), 1).await;
        shape.insert(table, text);
    }
    for procedure in ["sell", "increment_stock", "set_buckets"] {
        let text = text_of(connection, &format!("SHOW CREATE PROCEDURE {procedure}"), 2).await;
        shape.insert(procedure.to_owned(), text);
    }
    for rows in [
        "SELECT GROUP_CONCAT(version, ' ', success, ' ', HEX(checksum) ORDER BY version) FROM _sqlx_migrations",
        "SELECT GROUP_CONCAT(id, ' ', name) FROM factory",
        "SELECT GROUP_CONCAT(sku, ' ', name, ' ', buckets) FROM product",
        "SELECT GROUP_CONCAT(sku, ' ', bucket, ' ', stock) FROM stock_bucket",
    ] {
        shape.insert(rows.to_owned(), text_of(connection, rows, 0).await);
    }
    shape
}

async fn text_of(connection: &mut MySqlConnection, query: &str, column: usize) -> String {
    let row = connection.fetch_one(sqlx::query(AssertSqlSafe(query.to_owned()))).await;
    row.unwrap_or_else(|e| panic!("{query}: {e}")).get(column)
}

async fn expected() -> Shape {
    let url = fresh_database().await;
    shape(&mut MySqlConnection::connect(&url).await.expect("a connection")).await
}

/// The SQL without comments.
fn statement(migration: &Migration) -> String {
    let lines = migration.sql.as_str().lines().filter(|line| !line.trim().starts_with("--"));
    lines.collect::<Vec<_>>().join("\n").trim().trim_end_matches(';').to_owned()
}

/// Whether the migration changes the schema: MySQL cannot roll that back.
fn changes_schema(migration: &Migration) -> bool {
    !["INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| statement(migration).starts_with(verb))
}

#[test]
fn each_migration_is_one_statement() {
    for migration in MIGRATIONS.iter() {
        let statement = statement(migration);
        let one = if statement.starts_with("CREATE PROCEDURE ") {
            statement.ends_with("\nEND") && statement.matches("\nEND").count() == 1
        } else {
            !statement.contains(';')
        };
        assert!(one, "{}: {statement}", migration.description);
    }
}

#[tokio::test]
async fn a_migration_that_was_begun_and_not_executed_is_run_again() {
    let expected = expected().await;
    for migration in MIGRATIONS.iter() {
        let (database, _) = Database::before(migration).await;
        database.migrate().await.unwrap_or_else(|e| panic!("{}: {e}", migration.description));
        assert_eq!(database.shape().await, expected, "{}", migration.description);
    }
}

#[tokio::test]
async fn a_migration_that_was_executed_and_not_recorded_as_ended_does_not_fail_when_it_is_run_again()
 {
    let expected = expected().await;
    for migration in MIGRATIONS.iter().filter(|migration| changes_schema(migration)) {
        let (database, mut connection) = Database::before(migration).await;
        connection.execute(migration.sql.clone()).await.expect("the statement");
        database.migrate().await.unwrap_or_else(|e| panic!("{}: {e}", migration.description));
        assert_eq!(database.shape().await, expected, "{}", migration.description);
    }
}

/// The connection is cut later in each round, until a run ends before the cut.
#[tokio::test]
async fn a_run_whose_connection_is_cut_at_any_time_is_completed_by_the_next_run() {
    let expected = expected().await;
    let mut cuts = 0;
    for after in (0..).map(|n| Duration::from_millis(7 * n)) {
        let database = Database::empty().await;
        let cut_later = async {
            tokio::time::sleep(after).await;
            database.end_sessions().await;
        };
        let (first, ()) = tokio::join!(database.migrate(), cut_later);
        database.migrate().await.unwrap_or_else(|e| panic!("{after:?}: {e}, after {first:?}"));
        assert_eq!(database.shape().await, expected, "{after:?}: after {first:?}");
        cuts += u32::from(first.is_err());
        if first.is_ok() && after > Duration::from_millis(50) {
            break;
        }
    }
    assert!(cuts > 0, "no run was cut");
}

#[tokio::test]
async fn several_simultaneous_runs_create_the_database_once() {
    let database = Database::empty().await;
    let mut connection = database.connect().await;
    let drop = format!("DROP DATABASE {}", database.name);
    connection.execute(sqlx::query(AssertSqlSafe(drop))).await.expect("dropped");
    let runs = futures::future::join_all((0..4).map(|_| database.migrate())).await;
    assert!(runs.iter().all(Result::is_ok), "{runs:?}");
    assert_eq!(database.shape().await, expected().await);
}

#[tokio::test]
async fn a_foreign_table_with_the_name_of_ours_is_an_error_and_not_taken_for_a_finished_migration()
{
    let database = Database::empty().await;
    database.connect().await.execute("CREATE TABLE product (mine INT)").await.expect("a table");
    for _ in 0..2 {
        let error = database.migrate().await.expect_err("there is a table of that name");
        assert_eq!(error.name().as_str(), "Database.Migration");
        assert!(error.to_string().contains("product"), "{error}");
    }
    database.connect().await.execute("DROP TABLE product").await.expect("no table");
    database.migrate().await.expect("nothing is in the way");
    assert_eq!(database.shape().await, expected().await);
}

#[tokio::test]
async fn a_begun_migration_that_fails_when_it_is_run_again_is_not_taken_for_done() {
    let orders = MIGRATIONS.iter().find(|migration| migration.description == "production order");
    let orders = orders.expect("the migration that creates production_order");
    let (database, mut connection) = Database::before(orders).await;
    connection.execute("DROP TABLE restock").await.expect("the table that it refers to is dropped");
    database.migrate().await.expect_err("the foreign key has no table");
    let success = sqlx::query_scalar("SELECT success FROM _sqlx_migrations WHERE version = ?");
    let success: Option<bool> =
        success.bind(orders.version).fetch_optional(&mut connection).await.expect("an answer");
    assert_ne!(success, Some(true));
}
