//! Every guard that the migrations create is taken out, the damage that it prevents is done, and the printed repairs
//! are followed until nothing is found.

use testkit::database::{Stocked, ordered, purchase, sku};
use warehouse::audit::{GuardKind, expected_guards};

use crate::{
    guard_cases::{CASES, Case},
    harness::{arrive, findings, repair_all, run},
};

/// A product that was restocked once and bought once: movements 1 to 3, stock 49.
async fn restocked() -> Stocked {
    let stocked = Stocked::with(5).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    arrive(&stocked, order, 45).await;
    stocked.warehouse.sell(&purchase("bought", 1)).await.expect("sold");
    assert_eq!(findings(&stocked).await, []);
    stocked
}

fn owned(statements: &[&str]) -> Vec<String> {
    statements.iter().map(|statement| (*statement).to_owned()).collect()
}

#[tokio::test]
async fn the_damage_that_each_guard_prevents_is_found_and_repaired_and_the_guard_restored() {
    for Case { table, guard, remove, damage } in CASES {
        let stocked = restocked().await;
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {guard}");
        let remove = if remove.is_empty() { vec![drop] } else { owned(remove) };
        run(&stocked, &[remove, owned(damage)].concat()).await;
        let found = repair_all(&stocked).await;
        eprintln!("{table}.{guard}: {found:?}");
        assert_ne!(
            found.first().map(String::as_str),
            Some("missing_guard"),
            "{guard}: the damage is found"
        );
        assert_eq!(found.last().map(String::as_str), Some("missing_guard"), "{guard}: {found:?}");
        let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
        assert_eq!(totals.stock, totals.ledger, "{guard}");
    }
}

#[test]
fn the_damage_of_every_guard_is_tested() {
    for guard in expected_guards() {
        let is_constraint = !matches!(
            guard.kind,
            GuardKind::Column | GuardKind::Procedure | GuardKind::StorageEngine | GuardKind::Table
        );
        let is_tested =
            CASES.iter().any(|case| (case.table, case.guard) == (&guard.table, &guard.name));
        assert!(is_tested || !is_constraint, "no damage for {guard:?}");
    }
}

/// Statements that change a guard without damage, and the guards that must then be found.
const CHANGES: [(&[&str], &[&str]); 13] = [
    (&["DROP PROCEDURE sell"], &["sell"]),
    (
        &[
            "DROP PROCEDURE increment_stock",
            "CREATE PROCEDURE increment_stock (IN the_order CHAR(36)) BEGIN END",
        ],
        &["increment_stock"],
    ),
    (
        &["ALTER TABLE restock DROP INDEX one_open_restock, DROP COLUMN open_sku"],
        &["open_sku", "one_open_restock"],
    ),
    (&["ALTER TABLE stock_movement MODIFY COLUMN reference VARCHAR(64) NOT NULL"], &["reference"]),
    (
        &[
            "ALTER TABLE stock_bucket DROP CONSTRAINT stock_not_negative",
            "ALTER TABLE stock_bucket ADD CONSTRAINT stock_not_negative CHECK (stock >= -5)",
        ],
        &["stock_not_negative"],
    ),
    (
        &["ALTER TABLE stock_movement DROP INDEX one_movement_per_reference,
           ADD CONSTRAINT one_movement_per_reference UNIQUE (kind, reference, id)"],
        &["one_movement_per_reference"],
    ),
    (&["ALTER TABLE refusal ENGINE = MyISAM"], &["ENGINE"]),
    (&["DROP TABLE refusal"], &["refusal"]),
    (&["ALTER TABLE stock_movement ADD UNIQUE KEY `ex``tra` (sku, kind, quantity)"], &["ex`tra"]),
    (&["ALTER TABLE stock_bucket ADD CONSTRAINT few CHECK (stock < 60)"], &["few"]),
    (&["ALTER TABLE stock_movement ADD COLUMN by_whom INT NOT NULL"], &["by_whom"]),
    (
        &[
            "DROP PROCEDURE sell",
            "CREATE PROCEDURE sell (IN purchase_id VARCHAR(8), IN the_sku VARCHAR(40), IN the_quantity INT)
             BEGIN END",
        ],
        &["sell"],
    ),
    (
        &[
            "ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_bucket",
            "ALTER TABLE stock_movement ENGINE = MyISAM",
        ],
        &["ENGINE", "stock_movement_bucket"],
    ),
];

#[tokio::test]
async fn a_guard_that_is_gone_or_weaker_is_found_and_restored() {
    for (change, expected) in CHANGES {
        let stocked = restocked().await;
        run(&stocked, &owned(change)).await;
        let found = findings(&stocked).await;
        let names: Vec<String> = found
            .iter()
            .map(|finding| {
                let json = serde_json::to_value(finding).expect("JSON");
                json["name"].as_str().unwrap_or_default().to_owned()
            })
            .collect();
        assert_eq!(names, expected, "{change:?}: {found:#?}");
        repair_all(&stocked).await;
        let order = stocked.another().await;
        order.sell(&purchase("after", 40)).await.expect("the procedure works");
        ordered(stocked.open_restock("b", 2, 1).await);
        assert_eq!(findings(&stocked).await, []);
    }
}

#[tokio::test]
async fn a_user_who_may_only_read_sees_everything_but_the_text_of_procedures() {
    let stocked = restocked().await;
    let user = stocked.url.rsplit('/').next().expect("a database");
    let user = user.split('?').next().expect("a name").to_owned();
    run(
        &stocked,
        &[
            format!("CREATE USER 'r_{user}'@'%' IDENTIFIED BY 'reads'"),
            format!("GRANT SELECT ON {user}.* TO 'r_{user}'@'%'"),
        ],
    )
    .await;
    let url: warehouse::DatabaseUrl = stocked.url.parse().expect("a URL");
    let url = url.log_in_as(&format!("r_{user}"), "reads");
    let mut snapshot = warehouse::audit::Snapshot::take(&url).await.expect("a look");
    let audited = snapshot.audit(crate::harness::LIMITS).await.expect("an audit");
    assert_eq!(audited.discrepancies, []);
    let [triggers, procedures] = audited.not_examined.as_slice() else {
        panic!("{:?}", audited.not_examined)
    };
    assert!(triggers.contains("may not call the procedure triggers_of_the_shop"), "{triggers}");
    assert!(procedures.contains("the procedures sell and "), "{procedures}");
    assert!(procedures.contains("SHOW_ROUTINE"), "{procedures}");
}
