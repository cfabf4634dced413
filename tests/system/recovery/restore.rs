//! The database is restored from a backup that was taken while a restock waited for its goods.

use operations::audit::{FindingKind, RuntimeFinding};
use sqlx::{Executor, MySqlConnection};

use crate::{audits::Audits, audits::complete_again, callbacks::good::wait_for_goods};
use system::Settings;
use system_testkit::{Callback, LONG_WAIT, System, eventually};
use testkit::database::SKU;

/// The third restock waits until its lost order is recorded again, and the test lasts as long as this wait.
const A_WAIT: Settings = Settings { await_completion_seconds: 40, ..LONG_WAIT };

/// The columns that can be inserted: all but the generated ones. MySQL has an empty expression for these, MariaDB none.
const COLUMNS: &str = "SELECT CAST(GROUP_CONCAT(CONCAT('`', column_name, '`')) AS CHAR)
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = ? AND COALESCE(generation_expression, '') = ''";

const TABLES: &str = "SELECT CAST(table_name AS CHAR) FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name";

/// A copy of all rows of the database at one moment, in a second database.
struct Backup {
    database: String,
    /// Each table with its columns.
    tables: Vec<(String, String)>,
}

async fn run(connection: &mut MySqlConnection, sql: String) {
    let done = connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone()))).await;
    done.unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

async fn tables(connection: &mut MySqlConnection) -> Vec<(String, String)> {
    let names: Vec<String> =
        sqlx::query_scalar(TABLES).fetch_all(&mut *connection).await.expect("tables");
    let mut tables = Vec::new();
    for name in names {
        let columns = sqlx::query_scalar(COLUMNS).bind(&name).fetch_one(&mut *connection).await;
        tables.push((name, columns.expect("columns")));
    }
    tables
}

impl Backup {
    /// Locks all tables, so that the copy is of one moment.
    async fn take(system: &System) -> Self {
        let mut connection = system.admin_connection().await;
        let name = sqlx::query_scalar("SELECT CAST(DATABASE() AS CHAR)").fetch_one(&mut connection);
        let name: String = name.await.expect("a name");
        let database = format!("{name}_backup");
        let tables = tables(&mut connection).await;
        run(&mut connection, format!("CREATE DATABASE {database}")).await;
        let mut locks = Vec::new();
        for (table, columns) in &tables {
            let create =
                format!("CREATE TABLE {database}.{table} AS SELECT {columns} FROM {table} LIMIT 0");
            run(&mut connection, create).await;
            locks.push(format!("{table} READ, {database}.{table} WRITE"));
        }
        run(&mut connection, format!("LOCK TABLES {}", locks.join(", "))).await;
        for (table, columns) in &tables {
            let copy = format!("INSERT INTO {database}.{table} SELECT {columns} FROM {table}");
            run(&mut connection, copy).await;
        }
        run(&mut connection, "UNLOCK TABLES".to_owned()).await;
        Self { database, tables }
    }

    /// The database is again as it was when the backup was taken.
    async fn restore(&self, system: &System) {
        let mut connection = system.admin_connection().await;
        run(&mut connection, "SET FOREIGN_KEY_CHECKS = 0".to_owned()).await;
        run(&mut connection, "START TRANSACTION".to_owned()).await;
        for (table, columns) in &self.tables {
            let Self { database, .. } = self;
            run(&mut connection, format!("DELETE FROM {table}")).await;
            let insert =
                format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {database}.{table}");
            run(&mut connection, insert).await;
        }
        run(&mut connection, "COMMIT".to_owned()).await;
    }
}

/// Customers buy all 50, and one more finds the product sold out. Returns the callback of the order that follows.
async fn sell_out(system: &System, name: &str, order: usize) -> Callback {
    system.buy_several(name, 50).await;
    let answer = system.buy(&format!("{name}-too-late")).await;
    assert_eq!(answer.outcome(), "sold_out", "{answer:?}");
    system.callback(order).await
}

/// The factory delivers an order for which an execution waits.
async fn deliver(system: &System, callback: &Callback, arrived: i64) {
    eventually("an execution waits for the order", async || {
        let rows = system.order_rows().await;
        rows.iter().find(|row| row.id == callback.order())?.task_token.as_ref().map(drop)
    })
    .await;
    assert_eq!(system.call_back(callback).await, 200);
    system.wait_for_arrivals(arrived).await;
}

/// The backup is of the time when the first restock waited. Then the goods of the first order were sold, those of the
/// second as well, and the third restock waited when the backup was restored.
async fn restored() -> (System, [Callback; 3]) {
    let system = System::with(0, A_WAIT).await;
    let first = wait_for_goods(&system).await;
    let backup = Backup::take(&system).await;
    deliver(&system, &first, 50).await;
    let second = sell_out(&system, "lost-1", 2).await;
    deliver(&system, &second, 100).await;
    let third = sell_out(&system, "lost-2", 3).await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_2").await, "SUCCEEDED");
    backup.restore(&system).await;
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.ledger, totals.open_restocks), (0, 0, 1), "{totals:?}");
    (system, [first, second, third])
}

async fn found(system: &System) -> Vec<(RuntimeFinding, String)> {
    let report = system.audit().await;
    let runtime = |kind| if let FindingKind::Runtime(found) = kind { Some(found) } else { None };
    let found = report
        .findings
        .iter()
        .filter_map(|finding| Some((runtime(finding.kind.clone())?, finding.repair.clone())));
    let found: Vec<_> = found.collect();
    assert_eq!(found.len(), report.findings.len(), "the database agrees with itself: {report}");
    found
}

/// What the findings are about: an execution or a production order, in the order of the audit.
fn subjects(found: &[(RuntimeFinding, String)]) -> Vec<(&'static str, String)> {
    let subject = |found: &RuntimeFinding| match found {
        RuntimeFinding::RestockWithoutExecution(stalled) => ("stalled", stalled.execution.clone()),
        RuntimeFinding::LostRestock(lost) => ("lost", lost.execution.clone()),
        RuntimeFinding::UnprocessedCallback { production_order, .. } => {
            ("unprocessed", production_order.clone())
        }
        RuntimeFinding::UnknownCallback { production_order, .. } => {
            ("unknown", production_order.clone())
        }
        RuntimeFinding::DeadLetters { error, .. } => ("dead letters", error.clone()),
        other => panic!("{other:?}"),
    };
    found.iter().map(|(found, _)| subject(found)).collect()
}

/// Starts `completion` again for the callback, with the input that the audit prints.
async fn process_again(
    system: &System,
    found: &[(RuntimeFinding, String)],
    callback: &Callback,
    outcome: &str,
) {
    let of = |(found, repair): &(RuntimeFinding, String)| match found {
        RuntimeFinding::UnprocessedCallback { production_order, input, .. }
            if *production_order == callback.order() =>
        {
            assert!(repair.contains(&format!("--input '{input}'")), "{repair}");
            Some(input.clone())
        }
        _ => None,
    };
    let input = found.iter().find_map(of).expect("a callback to process");
    let output = complete_again(system, &callback.order(), &input).await;
    assert_eq!(output["outcome"], outcome, "{output}");
}

/// The backup knows the first order as open, and neither of the others.
#[tokio::test]
async fn a_restored_database_sells_and_restocks_again_and_the_audit_leads_to_agreement() {
    let (system, [first, second, third]) = restored().await;
    assert_eq!(system.call_back(&third).await, 200);
    assert_eq!(system.final_status(&system.completions(), &third.order()).await, "FAILED");
    let before = found(&system).await;
    let lost = |execution: &str| ("lost", execution.to_owned());
    let expected = [
        ("stalled", "CP-502101_1".to_owned()),
        lost("CP-502101_2"),
        lost("CP-502101_3"),
        ("unprocessed", first.order()),
        ("unknown", third.order()),
    ];
    assert_eq!(subjects(&before), expected, "{before:?}");

    // An operator processes the callback of the known order: it completes its restock.
    process_again(&system, &before, &first, "late").await;
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (50, 1, 0));

    // Then records the lost restocks, the oldest first, and processes their callbacks.
    system.run_printed(&before[1].1).await;
    system.run_printed(&before[2].1).await;
    let recorded = found(&system).await;
    let unprocessed = |callback: &Callback| ("unprocessed", callback.order());
    let mut subjects = subjects(&recorded);
    subjects.sort();
    let mut expected = vec![unprocessed(&second), unprocessed(&third)];
    expected.sort();
    assert_eq!(subjects, expected, "{recorded:?}");
    process_again(&system, &recorded, &second, "late").await;
    process_again(&system, &recorded, &third, "early").await;
    system.wait_for_arrivals(150).await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_3").await, "SUCCEEDED");
    system.assert_no_findings().await;

    // Last, the operator counts. The 100 that were sold in the lost time have left.
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.ledger, totals.open_restocks), (150, 150, 0));
    recount(&system, -100).await;
    system.assert_no_findings().await;
    assert_sells_and_restocks(&system).await;
    system.assert_no_findings().await;
    system.finish().await;
}

/// As docs/how-to.md says.
async fn recount(system: &System, difference: i32) {
    let mut connection = system.admin_connection().await;
    let count = format!(
        "START TRANSACTION;
         UPDATE stock_bucket SET stock = stock + {difference} WHERE sku = '{SKU}';
         INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         SELECT sku, 'count', {difference}, 'after the restore', stock FROM stock_bucket WHERE sku = '{SKU}';
         COMMIT;"
    );
    run(&mut connection, count).await;
}

/// The product is sold out, restocked, sold out and restocked again, without the sweep.
async fn assert_sells_and_restocks(system: &System) {
    system.clear_fault().await;
    for purchase in ["restored-1", "restored-2"] {
        let credited = system.totals().await.arrived;
        system.buy_several(purchase, 50).await;
        system.wait_for_arrivals(credited + 50).await;
    }
}

/// Nobody has repaired anything. Executions of the lost time have the names of the next restocks, and one of them runs.
#[tokio::test]
async fn a_restored_database_is_restocked_by_the_sweep_though_lost_executions_have_the_names() {
    let (system, [first, ..]) = restored().await;
    system.clear_fault().await;
    let arrived = async |units| system.totals().await.arrived == units;
    system
        .sweep_until("the open restock is closed and another one succeeds", async || {
            arrived(50).await
        })
        .await;
    system.assert_reported("Restock.Abandoned", 2, "restock CP-502101_1 failed").await;
    system.buy_several("restored", 50).await;
    system.sweep_until("the product is restocked again", async || arrived(100).await).await;
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.ledger, totals.failed_restocks), (50, 50, 1), "{totals:?}");
    let found = found(&system).await;
    process_again(&system, &found, &first, "late").await;
    system.wait_for_arrivals(150).await;
    system.finish().await;
}
