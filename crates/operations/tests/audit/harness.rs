//! An audit of a database, and repairs as an operator follows them.

use domain::Arrival;
use operations::audit::{AuditReport, Finding, RepairCommands};
use sqlx::{AssertSqlSafe, Executor};
use testkit::{
    database::{SKU, Stocked},
    outputs::outputs,
    repair::follow,
};
use warehouse::audit::{Limits, Snapshot};

pub const LIMITS: Limits = Limits {
    arrival_forgotten_seconds: 3600,
    depletion_forgotten_seconds: 3600,
    closed_lately_seconds: 600,
};

fn commands() -> RepairCommands {
    let outputs = serde_json::from_value(outputs()).expect("outputs");
    RepairCommands::of(&outputs, "outputs.json".as_ref())
}

pub async fn findings(stocked: &Stocked) -> Vec<Finding> {
    let url = stocked.url.parse().expect("a URL");
    let audited =
        Snapshot::take(&url).await.expect("a look").audit(LIMITS).await.expect("an audit");
    AuditReport::of(&audited, &commands()).findings
}

pub fn name(finding: &Finding) -> String {
    let json = serde_json::to_value(finding).expect("JSON");
    json["finding"].as_str().expect("a name").to_owned()
}

/// Changes the database by hand, as no function does.
pub async fn tamper(stocked: &Stocked, statements: &[&'static str]) {
    let mut connection = stocked.admin_connection().await;
    for statement in statements {
        connection.execute(*statement).await.expect(statement);
    }
}

/// Expects exactly one finding.
pub async fn finds(stocked: &Stocked, expected: &str) -> Finding {
    let found = findings(stocked).await;
    let [one] = found.as_slice() else { panic!("{expected} alone: {found:#?}") };
    assert_eq!(name(one), expected, "{found:#?}");
    assert!(one.what.contains(SKU), "{found:#?}");
    one.clone()
}

/// Expects exactly one finding, and none after its repair.
pub async fn finds_and_repairs(stocked: &Stocked, expected: &str) {
    let finding = finds(stocked, expected).await;
    follow(&mut stocked.admin_connection().await, &finding.repair, 0).await;
    assert_eq!(findings(stocked).await, []);
}

/// A callback reports the goods, and they are credited.
pub async fn arrive(stocked: &Stocked, production_order: domain::ProductionOrderId, count: u32) {
    let arrival = Arrival { production_order, quantity: count.try_into().expect("a count") };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
    stocked.warehouse.increment_stock(production_order).await.expect("credited");
}

/// Follows the first repair, and then audits again, until nothing is found. Returns the names of what was found.
pub async fn repair_all(stocked: &Stocked) -> Vec<String> {
    let mut found = Vec::new();
    for _ in 0..16 {
        let Some(first) = findings(stocked).await.into_iter().next() else { return found };
        found.push(name(&first));
        follow(&mut stocked.admin_connection().await, &first.repair, 0).await;
    }
    panic!("not repaired: {found:?} {:#?}", findings(stocked).await)
}

/// Runs statements that are made by the test.
pub async fn run(stocked: &Stocked, statements: &[String]) {
    let mut connection = stocked.admin_connection().await;
    for statement in statements {
        let sql = sqlx::raw_sql(AssertSqlSafe(statement.clone()));
        connection.execute(sql).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
    }
}
