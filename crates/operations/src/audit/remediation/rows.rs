//! Rows that a guard refuses. Each repair makes the row one that the guard allows, so that the guard can be restored.

use warehouse::audit::{GuardKind, InvalidRow};

use super::{Remediation, quoted};

pub(super) fn invalid(invalid: &InvalidRow) -> Remediation {
    let InvalidRow { table, guard, definition, rows, .. } = invalid;
    let row: Vec<String> = invalid
        .row
        .iter()
        .map(|(column, value)| format!("{column} {}", value.as_deref().unwrap_or("NULL")))
        .collect();
    let row = row.join(", ");
    let what = match invalid.kind {
        GuardKind::Unique | GuardKind::PrimaryKey => {
            format!("Table {table} has {rows} rows with {row}, but its key {guard} allows one.")
        }
        _ => format!(
            "Table {table}, row with {row}: its guard {guard} does not allow it: {definition}."
        ),
    };
    let condition: Vec<String> = invalid
        .row
        .iter()
        .map(|(column, value)| format!("{column} <=> {}", literal(value.as_deref())))
        .collect();
    let repair = match statement(invalid, &condition.join(" AND ")) {
        Some((why, sql)) => format!("{why}\n\n{sql}"),
        None => format!(
            "Correct the row so that its guard allows it. To see it: SELECT * FROM {table} WHERE {}.",
            condition.join(" AND ")
        ),
    };
    Remediation::new(what, repair)
}

fn literal(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), quoted)
}

/// What the repair does, and its SQL.
fn statement(invalid: &InvalidRow, row: &str) -> Option<(&'static str, String)> {
    let spare = invalid.rows - 1;
    let repair = match (invalid.table.as_str(), invalid.guard.as_str()) {
        ("factory", "PRIMARY") => (
            "Delete the second row.",
            unchecked(&format!("DELETE FROM factory WHERE {row} LIMIT {spare};")),
        ),
        ("product", "PRIMARY") => (
            "Keep the row with the highest restock cycle.",
            unchecked(&format!(
                "DELETE FROM product WHERE {row}\n    ORDER BY restock_cycle LIMIT {spare};"
            )),
        ),
        ("stock_bucket", "PRIMARY") => (
            "Keep the row whose stock is the sum of the ledger.",
            unchecked(&format!(
                "DELETE FROM stock_bucket WHERE {row}\n    ORDER BY stock = (SELECT SUM(quantity) FROM stock_movement WHERE \
                 {row}) LIMIT {spare};"
            )),
        ),
        ("restock", "PRIMARY") => (
            "Keep a completed row before a failed one, and a failed one before an open one.",
            unchecked(&format!(
                "DELETE FROM restock WHERE {row}\n    ORDER BY FIELD(status, 'open', 'failed', 'completed') LIMIT {spare};"
            )),
        ),
        ("production_order", "PRIMARY") => (
            "Keep a row whose goods have arrived.",
            format!(
                "DELETE FROM production_order WHERE {row}\n    ORDER BY arrived_at IS NOT NULL LIMIT {spare};"
            ),
        ),
        (
            table @ ("unreadable_row" | "operator_change" | "refusal" | "function_user"),
            "PRIMARY",
        ) => ("Keep one row.", format!("DELETE FROM {table} WHERE {row} LIMIT {spare};")),
        ("stock_movement", "PRIMARY") => (
            "Give the later row an id of its own. Then run the audit again: it may find a broken ledger.",
            format!(
                "SET @last = (SELECT MAX(id) FROM stock_movement);\n\
                 UPDATE stock_movement SET id = @last + 1 WHERE {row} ORDER BY moved_at DESC LIMIT 1;"
            ),
        ),
        ("production_order", "one_order_per_attempt") => (
            "Both orders were sent. Give the one that the restock waits for the highest attempt.",
            format!(
                "SET @last = (SELECT MAX(all_orders.attempt) FROM production_order AS mine\n    \
                 JOIN production_order AS all_orders USING (sku, cycle) WHERE mine.{});\n\
                 UPDATE production_order SET attempt = @last + 1 WHERE {row}\n    \
                 ORDER BY task_token IS NOT NULL DESC, ordered_at DESC LIMIT 1;",
                row.replace(" AND ", " AND mine.")
            ),
        ),
        (table, guard) => return of_guard(table, guard, row),
    };
    Some(repair)
}

/// Other tables refer to the row that remains.
fn unchecked(sql: &str) -> String {
    format!("SET FOREIGN_KEY_CHECKS = 0;\n{sql}\nSET FOREIGN_KEY_CHECKS = 1;")
}

fn of_guard(table: &str, guard: &str, row: &str) -> Option<(&'static str, String)> {
    let (why, change) = match guard {
        "production_order_restock" => return Some(restock_of_order(row)),
        "restock_product" | "stock_bucket_product" => return Some(product_of(table, row)),
        "stock_movement_bucket" => return Some(bucket_of(row)),
        "bucket_in_range" => return Some(renumbered(row)),
        "buckets_in_range" => (
            "Set the number to the nearest that is allowed.",
            "buckets = LEAST(GREATEST(buckets, 1), 64)",
        ),
        "reorder_point_not_negative" => ("Set the reorder point to 0.", "reorder_point = 0"),
        "target_above_reorder_point" => (
            "Set the target stock above the reorder point, or to the number that you want.",
            "target_stock = reorder_point + 1",
        ),
        "closed_when_not_open" => (
            "The status is right more often than the time.",
            "closed_at = IF(status = 'open', NULL, COALESCE(closed_at, CURRENT_TIMESTAMP(6)))",
        ),
        "failure_when_failed" => (
            "The status is right more often than the error.",
            "failure = IF(status = 'failed', COALESCE(failure, 'Restock.ClosedByHand'), NULL)",
        ),
        "attempt_from_one" => (
            "Give the order the next attempt.",
            "attempt = (SELECT COALESCE(MAX(others.attempt), 0) + 1 FROM (SELECT * FROM production_order) AS others\n    \
             WHERE others.sku = production_order.sku AND others.cycle = production_order.cycle)",
        ),
        "reference_form" => (
            "Give a sale a purchase id without other characters, and mark an arrival without an order as a count.",
            "reference = IF(kind = 'sale' AND reference <> '', REGEXP_REPLACE(reference, '[^-!-+.-~]', '_'),\n    \
             CONCAT(IF(kind = 'sale', 'audit_', 'audit '), UUID())),\n    kind = IF(kind = 'sale', kind, 'count')",
        ),
        "arrived_with_a_time" => (
            "If the ledger credits an arrival, record it. Otherwise the arrival is unknown.",
            "arrived_quantity = (SELECT MAX(quantity) FROM stock_movement\n    WHERE kind = 'arrival' AND \
             reference = production_order.id),\n    \
             arrived_at = IF(arrived_quantity IS NULL, NULL, COALESCE(arrived_at, CURRENT_TIMESTAMP(6)))",
        ),
        "arrived_within_order" => (
            "If more arrived than was ordered, the order was larger. If less than one unit arrived, nothing did.",
            "quantity = GREATEST(quantity, COALESCE(arrived_quantity, 1)),\n    \
             arrived_at = IF(arrived_quantity < 1, NULL, arrived_at),\n    \
             arrived_quantity = IF(arrived_quantity < 1, NULL, arrived_quantity)",
        ),
        "movement_moves" => {
            let delete = format!("DELETE FROM stock_movement WHERE {row};");
            return Some(("The row moves nothing. Delete it.", delete));
        }
        "change_by_somebody" => ("Nobody knows who it was.", "changed_by = 'unknown'"),
        "change_for_a_reason" => ("Nobody knows why.", "reason = 'unknown'"),
        "sales_go_arrivals_come" => (
            "Mark the movement as a count. Then count the goods.",
            "kind = 'count', reference = CONCAT('audit ', UUID())",
        ),
        _ => return empty_value(table, guard, row),
    };
    Some((why, format!("UPDATE {table} SET {change}\n    WHERE {row};")))
}

/// A column that must not be empty.
fn empty_value(table: &str, column: &str, row: &str) -> Option<(&'static str, String)> {
    let value = match (table, column) {
        ("stock_bucket", "stock") => {
            "(SELECT COALESCE(SUM(quantity), 0) FROM stock_movement\n    \
             WHERE sku = stock_bucket.sku AND bucket = stock_bucket.bucket)"
        }
        ("product", "buckets") => "1",
        ("stock_movement", "bucket" | "part") => "0",
        ("product", "restock_cycle") => {
            "(SELECT COALESCE(MAX(cycle), 0) + 1 FROM restock WHERE sku = product.sku)"
        }
        ("product", "reorder_point") => "0",
        ("product", "target_stock") => "reorder_point + 1",
        ("restock", "opened_at") => "COALESCE(closed_at, CURRENT_TIMESTAMP(6))",
        ("production_order", "ordered_at") => "COALESCE(arrived_at, CURRENT_TIMESTAMP(6))",
        ("stock_movement", "moved_at") => "CURRENT_TIMESTAMP(6)",
        _ => return None,
    };
    let sql = format!("UPDATE {table} SET {column} = {value}\n    WHERE {row};");
    Some((
        "Fill in the value that follows from the other rows, or the right one if you know it.",
        sql,
    ))
}

/// The restock that an order belongs to, closed.
fn restock_of_order(row: &str) -> (&'static str, String) {
    let sql = format!(
        "INSERT INTO restock (sku, cycle, status, execution, failure, opened_at, closed_at)\n    \
         SELECT sku, cycle, 'failed', CONCAT(sku, '_', cycle), 'Restock.ClosedByHand', ordered_at, \
         CURRENT_TIMESTAMP(6)\n    FROM production_order WHERE {row};"
    );
    ("Somebody deleted the restock of this order. Record it again, as closed.", sql)
}

/// Inserts the missing product of a restock or of a movement, with a placeholder for each value that no other table has.
fn product_of(table: &str, row: &str) -> (&'static str, String) {
    let sql = format!(
        "INSERT INTO product (sku, name, price, buckets, reorder_point, target_stock, restock_cycle, retired_at, factory)\n    \
         SELECT sku, sku, 0, (SELECT 1 + COALESCE(MAX(bucket), 0) FROM stock_bucket AS other\n    \
         WHERE other.sku = {table}.sku), 0, 1,\n    \
         (SELECT COALESCE(MAX(cycle), 0) + 1 FROM restock AS cycles WHERE cycles.sku = {table}.sku),\n    \
         CURRENT_TIMESTAMP(6), (SELECT MIN(id) FROM factory)\n    FROM {table} WHERE {row};"
    );
    (
        "Somebody deleted the product. Record it again, as a retired product, so that nobody buys it for 0 won. To sell it, set \
         its name, price, reorder point, target stock and factory, and then set retired_at to NULL.",
        sql,
    )
}

/// Inserts the missing bucket of a movement.
fn bucket_of(row: &str) -> (&'static str, String) {
    let sql = format!(
        "INSERT INTO stock_bucket (sku, bucket, stock)\n    \
         SELECT sku, bucket, GREATEST(0, (SELECT SUM(quantity) FROM stock_movement AS ledger\n    \
         WHERE ledger.sku = movement.sku AND ledger.bucket = movement.bucket))\n    \
         FROM stock_movement AS movement WHERE {row};"
    );
    (
        "Somebody deleted the bucket. Record it again, with the stock that the ledger adds up to.",
        sql,
    )
}

/// Gives a bucket the next number.
fn renumbered(row: &str) -> (&'static str, String) {
    let sql = unchecked(&format!(
        "SET @next = (SELECT COALESCE(MAX(other.bucket), -1) + 1 FROM stock_bucket AS wrong\n    \
         LEFT JOIN stock_bucket AS other ON other.sku = wrong.sku AND other.bucket < 64 WHERE wrong.{});\n\
         UPDATE stock_movement SET bucket = @next WHERE {row};\n\
         UPDATE stock_bucket SET bucket = @next WHERE {row};",
        row.replace(" AND ", " AND wrong.")
    ));
    (
        "Give the bucket the next number. If it has stock, another finding has the goods moved to a bucket in use.",
        sql,
    )
}
