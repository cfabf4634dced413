//! A case of damage for each guard.

/// A guard, the statements that remove it, and the statements that do damage without it.
pub struct Case {
    pub table: &'static str,
    pub guard: &'static str,
    pub remove: &'static [&'static str],
    pub damage: &'static [&'static str],
}

const fn check(table: &'static str, guard: &'static str, damage: &'static [&'static str]) -> Case {
    Case { table, guard, remove: &[], damage }
}

pub const NO_CHECKS: &str = "SET FOREIGN_KEY_CHECKS = 0";

/// Constraints without statements of their own are dropped by name.
pub const CASES: [Case; 45] = [
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
            "ALTER TABLE stock_bucket DROP CONSTRAINT stock_bucket_product",
            "ALTER TABLE product DROP PRIMARY KEY",
        ],
        damage: &[
            "INSERT INTO product SELECT * FROM product",
            "UPDATE product SET restock_cycle = 1 LIMIT 1",
        ],
    },
    Case {
        table: "stock_bucket",
        guard: "PRIMARY",
        remove: &[
            "ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_bucket",
            "ALTER TABLE stock_bucket ADD KEY instead (sku), DROP PRIMARY KEY",
        ],
        damage: &[
            "INSERT INTO stock_bucket SELECT * FROM stock_bucket",
            "UPDATE stock_bucket SET stock = 3 LIMIT 1",
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
            "UPDATE stock_bucket SET stock = 48",
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
            "UPDATE stock_bucket SET stock = 93",
        ],
    },
    check("product", "product_factory", &[NO_CHECKS, "DELETE FROM factory"]),
    check("restock", "restock_product", &[NO_CHECKS, "DELETE FROM product"]),
    check("stock_bucket", "stock_bucket_product", &[NO_CHECKS, "DELETE FROM product"]),
    check("stock_movement", "stock_movement_bucket", &[NO_CHECKS, "DELETE FROM stock_bucket"]),
    check("product", "buckets_in_range", &["UPDATE product SET buckets = 0"]),
    check("stock_bucket", "bucket_in_range", &[
        "INSERT INTO stock_bucket (sku, bucket) VALUES ('CP-502101', 64)",
    ]),
    check("production_order", "production_order_restock", &["DELETE FROM restock"]),
    check("stock_bucket", "stock_not_negative", &["UPDATE stock_bucket SET stock = -3"]),
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
        "UPDATE stock_bucket SET sku = 'cp-502101'",
        "UPDATE restock SET sku = 'cp-502101'",
        "UPDATE production_order SET sku = 'cp-502101'",
        "UPDATE stock_movement SET sku = 'cp-502101'",
    ]),
    check("restock", "restock_cycle_in_range", &[
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
    check("product", "product_cycle_in_range", &["UPDATE product SET restock_cycle = 0"]),
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
        "UPDATE stock_bucket SET stock = 51",
    ]),
    check("stock_movement", "stock_after_not_negative", &[
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'sale', -52, 'too-many', -3), ('CP-502101', 'count', 13, 'found', 10)",
        "UPDATE stock_bucket SET stock = 10",
    ]),
    Case {
        table: "stock_bucket",
        guard: "stock",
        remove: &["ALTER TABLE stock_bucket MODIFY COLUMN stock INT NULL"],
        damage: &["UPDATE stock_bucket SET stock = NULL"],
    },
    Case {
        table: "operator_change",
        guard: "PRIMARY",
        remove: &["ALTER TABLE operator_change DROP PRIMARY KEY"],
        damage: &["INSERT INTO operator_change (id, content, changed_by, reason)
                   VALUES ('a', '{}', 'kim', 'counted'), ('a', '{}', 'kim', 'counted')"],
    },
    check("operator_change", "change_by_somebody", &[
        "INSERT INTO operator_change (id, content, changed_by, reason) VALUES ('a', '{}', '', 'counted')",
    ]),
    check("operator_change", "change_for_a_reason", &[
        "INSERT INTO operator_change (id, content, changed_by, reason) VALUES ('a', '{}', 'kim', '')",
    ]),
    Case {
        table: "function_user",
        guard: "PRIMARY",
        remove: &["ALTER TABLE function_user DROP PRIMARY KEY"],
        damage: &["INSERT INTO function_user VALUES ('former', 'one'), ('former', 'two')"],
    },
    Case {
        table: "refusal",
        guard: "PRIMARY",
        remove: &["ALTER TABLE refusal DROP PRIMARY KEY"],
        damage: &["INSERT INTO refusal (sku, hour, shard, requests, units)
                   VALUES ('CP-502101', 1, 1, 1, 1), ('CP-502101', 1, 1, 2, 2)"],
    },
];
