//! The SQL that operators copy from the pages.

use sqlx::{AssertSqlSafe, Executor};
use testkit::database::Stocked;
use warehouse::audit::{Limits, Snapshot};

use crate::repository::read;

/// Longer than the test takes.
const AN_HOUR: u32 = 3600;

const LIMITS: Limits = Limits {
    arrival_forgotten_seconds: AN_HOUR,
    depletion_forgotten_seconds: AN_HOUR,
    closed_lately_seconds: AN_HOUR,
};

/// The SQL blocks of a page, in their order.
fn blocks(page: &str) -> Vec<&str> {
    let blocks = page.split("```sql\n").skip(1);
    blocks.filter_map(|rest| rest.split("```").next()).collect()
}

#[tokio::test]
async fn every_statement_for_operators_runs_and_leaves_nothing_for_the_audit() {
    let stocked = Stocked::with(10).await;
    let page = read("docs/how-to.md");
    let blocks = blocks(&page);
    assert_eq!(blocks.len(), 1, "a factory");
    let mut connection = stocked.admin_connection().await;
    for block in blocks {
        let sql = sqlx::raw_sql(AssertSqlSafe(block.to_owned()));
        connection.execute(sql).await.unwrap_or_else(|error| panic!("{block}: {error}"));
    }
    let url = stocked.url.parse().expect("a URL");
    let snapshot = Snapshot::take(&url).await.expect("a snapshot").audit(LIMITS).await;
    let audited = snapshot.expect("an audit");
    assert_eq!(audited.discrepancies, []);
    assert_eq!((audited.products, audited.movements), (2, 2));
}
