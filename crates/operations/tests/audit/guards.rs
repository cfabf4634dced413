//! Every guard that the migrations create is taken out, the damage that it prevents is done, and the printed repairs
//! are followed until nothing is found.

use testkit::database::{Stocked, ordered, purchase, sku};
use warehouse::audit::{GuardKind, expected_guards};

use crate::harness::{arrive, findings, repair_all, run};

/// A guard, the statements that remove it, and the statements that do damage without it.
struct Case {
    table: &'static str,
    guard: &'static str,
    remove: &'static [&'static str],
    damage: &'static [&'static str],
}

const fn check(table: &'static str, guard: &'static str, damage: &'static [&'static str]) -> Case {
    Case { table, guard, remove: &[], damage }
}

const NO_CHECKS: &str = "SET FOREIGN_KEY_CHECKS = 0";

/// Constraints without statements of their own are dropped by name.
const CASES: [Case; 36] = [
    Case {
        table: "factory",
        guard: "PRIMARY",
        remove: &[
            "ALTER TABLE product DROP CONSTRAINT product_factory",
            "ALTER TABLE factory DROP PRIMARY KEY",
        ],
        damage: &["INSERT INTO factory SELECT * FROM factory"],
    },
    Case {
        table: "product",
        guard: "PRIMARY",
        remove: &[
            "ALTER TABLE restock DROP CONSTRAINT restock_product",
            "ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_product",
            "ALTER TABLE product DROP PRIMARY KEY",
        ],
        damage: &[
            "INSERT INTO product SELECT * FROM product",
            "UPDATE product SET stock = 3 LIMIT 1",
        ],
    },
    Case {
        table: "restock",
        guard: "PRIMARY",
        remove: &[
            "ALTER TABLE production_order DROP CONSTRAINT production_order_restock",
            "ALTER TABLE restock ADD KEY instead (sku, cycle), DROP PRIMARY KEY",
        ],
        damage: &["INSERT INTO restock (sku, cycle, execution) SELECT sku, cycle, 'again' FROM restock"],
    },
    Case {
        table: "production_order",
        guard: "PRIMARY",
        remove: &["ALTER TABLE production_order DROP PRIMARY KEY"],
        damage: &["INSERT INTO production_order (id, sku, cycle, attempt, quantity)
                   SELECT id, sku, cycle, 2, 5 FROM production_order"],
    },
    Case {
        table: "stock_movement",
        guard: "PRIMARY",
        remove: &["ALTER TABLE stock_movement MODIFY COLUMN id BIGINT UNSIGNED NOT NULL, DROP PRIMARY KEY"],
        damage: &[
            "INSERT INTO stock_movement (id, sku, kind, quantity, reference, stock_after)
             VALUES (3, 'CP-502101', 'sale', -1, 'the-same-id', 48)",
            "UPDATE product SET stock = 48",
        ],
    },
    Case {
        table: "unreadable_row",
        guard: "PRIMARY",
        remove: &["ALTER TABLE unreadable_row DROP PRIMARY KEY"],
        damage: &["INSERT INTO unreadable_row (name) VALUES ('product x'), ('product x')"],
    },
    Case {
        table: "restock",
        guard: "one_open_restock",
        remove: &["ALTER TABLE restock DROP INDEX one_open_restock"],
        damage: &["INSERT INTO restock (sku, cycle, execution) VALUES ('CP-502101', 2, 'b'), ('CP-502101', 3, 'c')"],
    },
    Case {
        table: "production_order",
        guard: "one_order_per_attempt",
        remove: &["ALTER TABLE production_order ADD KEY instead (sku, cycle), DROP INDEX one_order_per_attempt"],
        damage: &["INSERT INTO production_order (id, sku, cycle, attempt, quantity)
                   SELECT '00000000-0000-4000-8000-000000000001', sku, cycle, attempt, 5 FROM production_order"],
    },
    Case {
        table: "stock_movement",
        guard: "one_movement_per_reference",
        remove: &["ALTER TABLE stock_movement DROP INDEX one_movement_per_reference"],
        damage: &[
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
             VALUES ('CP-502101', 'sale', -1, 'bought', 48)",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
             SELECT sku, kind, quantity, reference, 93 FROM stock_movement WHERE kind = 'arrival'",
            "UPDATE product SET stock = 93",
        ],
    },
    check("product", "product_factory", &[NO_CHECKS, "DELETE FROM factory"]),
    check("restock", "restock_product", &[NO_CHECKS, "DELETE FROM product"]),
    check("stock_movement", "stock_movement_product", &[NO_CHECKS, "DELETE FROM product"]),
    check("production_order", "production_order_restock", &["DELETE FROM restock"]),
    check("product", "stock_not_negative", &["UPDATE product SET stock = -3"]),
    check("product", "reorder_point_not_negative", &["UPDATE product SET reorder_point = -1"]),
    check("product", "target_above_reorder_point", &["UPDATE product SET target_stock = 10"]),
    check("restock", "closed_when_not_open", &["UPDATE restock SET closed_at = NULL"]),
    check("restock", "failure_when_failed", &["UPDATE restock SET failure = 'Factory.Refused'"]),
    check("factory", "factory_id_form", &[
        NO_CHECKS,
        "UPDATE product SET factory = 'ff 1'",
        "UPDATE factory SET id = 'ff 1'",
    ]),
    check("factory", "factory_url_form", &["UPDATE factory SET url = 'https://user@factory.example'"]),
    check("factory", "factory_lead_time_in_range", &["UPDATE factory SET lead_time_seconds = 0"]),
    check("factory", "factory_secret_form", &["UPDATE factory SET secret = 'two words'"]),
    check("product", "sku_form", &[
        NO_CHECKS,
        "UPDATE product SET sku = 'cp-502101'",
        "UPDATE restock SET sku = 'cp-502101'",
        "UPDATE production_order SET sku = 'cp-502101'",
        "UPDATE stock_movement SET sku = 'cp-502101'",
    ]),
    check("restock", "restock_cycle_from_one", &[
        NO_CHECKS,
        "UPDATE restock SET cycle = 0",
        "UPDATE production_order SET cycle = 0",
    ]),
    check("production_order", "order_id_form", &[
        "ALTER TABLE stock_movement DROP CONSTRAINT reference_form",
        "UPDATE production_order SET id = 'not-a-uuid'",
        "UPDATE stock_movement SET reference = 'not-a-uuid' WHERE kind = 'arrival'",
    ]),
    check("stock_movement", "reference_form", &[
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'sale', -1, 'two words', 48), ('CP-502101', 'sale', -1, 'one,other', 47),
                ('CP-502101', 'arrival', 1, 'no order', 48)",
    ]),
    check("product", "target_at_most_one_order", &["UPDATE product SET target_stock = 1000050"]),
    check("product", "product_cycle_from_one", &["UPDATE product SET restock_cycle = 0"]),
    check("production_order", "attempt_from_one", &["UPDATE production_order SET attempt = 0"]),
    check("production_order", "ordered_quantity_in_range", &[
        "ALTER TABLE production_order DROP CONSTRAINT arrived_within_order",
        "UPDATE production_order SET quantity = 0",
    ]),
    check("production_order", "arrived_with_a_time", &["UPDATE production_order SET arrived_at = NULL"]),
    check("production_order", "arrived_within_order", &["UPDATE production_order SET quantity = 44"]),
    check("stock_movement", "movement_moves", &[
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'count', 0, 'nothing', 49)",
    ]),
    check("stock_movement", "sales_go_arrivals_come", &[
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'sale', 2, 'backwards', 51)",
        "UPDATE product SET stock = 51",
    ]),
    check("stock_movement", "stock_after_not_negative", &[
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'sale', -52, 'too-many', -3), ('CP-502101', 'count', 13, 'found', 10)",
        "UPDATE product SET stock = 10",
    ]),
    Case {
        table: "product",
        guard: "stock",
        remove: &["ALTER TABLE product MODIFY COLUMN stock INT NULL"],
        damage: &["UPDATE product SET stock = NULL"],
    },
];

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
        let is_constraint = !matches!(guard.kind, GuardKind::Column | GuardKind::Procedure);
        let is_tested =
            CASES.iter().any(|case| (case.table, case.guard) == (&guard.table, &guard.name));
        assert!(is_tested || !is_constraint, "no damage for {guard:?}");
    }
}

/// Statements that change a guard without damage, and the guards that must then be found.
const CHANGES: [(&[&str], &[&str]); 6] = [
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
            "ALTER TABLE product DROP CONSTRAINT stock_not_negative",
            "ALTER TABLE product ADD CONSTRAINT stock_not_negative CHECK (stock >= -5)",
        ],
        &["stock_not_negative"],
    ),
    (
        &["ALTER TABLE stock_movement DROP INDEX one_movement_per_reference,
           ADD CONSTRAINT one_movement_per_reference UNIQUE (kind, reference, id)"],
        &["one_movement_per_reference"],
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
    let [sentence] = audited.not_examined.as_slice() else { panic!("{:?}", audited.not_examined) };
    assert!(sentence.contains("sell and increment_stock"), "{sentence}");
    assert!(sentence.contains("SHOW_ROUTINE"), "{sentence}");
}
