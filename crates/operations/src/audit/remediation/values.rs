//! Values that no step can read, and arrivals that come too late.

use warehouse::audit::{LateArrivals, UnreadableValue};

use super::{Remediation, duration, quoted};

pub(super) fn unreadable(found: &UnreadableValue) -> Remediation {
    let UnreadableValue { table, column, value, row, problem, .. } = found;
    let what = format!(
        "Table {table}, row {row}: no step can read the value {value:?} of {column}: {problem}. The product of this \
         row is not restocked."
    );
    let repair = format!(
        "Write a value that is allowed. If you know the right one, use it in place of this one:\n\n{}",
        statement(found)
    );
    Remediation::new(what, repair)
}

fn statement(found: &UnreadableValue) -> String {
    let row = quoted(&found.row);
    let (sku, cycle) = found.row.rsplit_once('_').unwrap_or((&found.row, "0"));
    let of_restock = format!("sku = {} AND cycle = {cycle}", quoted(sku));
    match (found.table.as_str(), found.column.as_str()) {
        (_, "sku") => renamed(
            &found.value,
            &["product", "stock_bucket", "restock", "production_order", "stock_movement"],
            "sku",
        ),
        ("factory", "url") => format!(
            "UPDATE factory SET url = 'https://factory.invalid' WHERE id = {row}; -- its own URL instead"
        ),
        ("factory", "network") => {
            format!("UPDATE factory SET network = 'public' WHERE id = {row};")
        }
        ("factory", "lead_time_seconds") => format!(
            "UPDATE factory SET lead_time_seconds = LEAST(GREATEST(lead_time_seconds, 1), 2592000) WHERE id = {row};"
        ),
        ("factory", "secret") => format!("UPDATE factory SET secret = NULL WHERE id = {row};"),
        ("factory", _) => format!(
            "SET FOREIGN_KEY_CHECKS = 0;\nUPDATE factory SET id = {new} WHERE id = {row};\n\
             UPDATE product SET factory = {new} WHERE factory = {row};\nSET FOREIGN_KEY_CHECKS = 1;",
            new = quoted(&label(&found.value))
        ),
        ("product", "restock_cycle") => format!(
            "UPDATE product SET restock_cycle =\n    \
             (SELECT COALESCE(MAX(cycle), 0) + 1 FROM restock\n    \
             WHERE sku = product.sku AND cycle < 1000000000) WHERE sku = {row};"
        ),
        ("product", _) => format!(
            "UPDATE product SET reorder_point = LEAST(reorder_point, 999999),\n    \
             target_stock = GREATEST(reorder_point + 1, LEAST(target_stock, 1000000)) WHERE sku = {row};"
        ),
        ("restock", "cycle") => free_cycle(sku, cycle),
        ("restock", _) => format!(
            "UPDATE restock SET status = CASE WHEN closed_at IS NULL THEN 'open'\n    \
             WHEN failure IS NULL THEN 'completed' ELSE 'failed' END WHERE {of_restock};"
        ),
        ("production_order", "id") => format!(
            "SET @id = UUID();\nUPDATE production_order SET id = @id WHERE id = {row};\n\
             UPDATE stock_movement SET reference = @id WHERE kind = 'arrival' AND reference = {row};"
        ),
        _ => format!(
            "UPDATE production_order SET quantity = LEAST(GREATEST(quantity, 1), 1000000),\n    \
             arrived_quantity = LEAST(arrived_quantity, 1000000) WHERE id = {row};"
        ),
    }
}

fn renamed(old: &str, tables: &[&str], column: &str) -> String {
    let (old, new) = (quoted(old), quoted(&label(old)));
    let updates = tables
        .iter()
        .map(|table| format!("UPDATE {table} SET {column} = {new} WHERE {column} = {old};"));
    let updates: Vec<String> = updates.collect();
    format!("SET FOREIGN_KEY_CHECKS = 0;\n{}\nSET FOREIGN_KEY_CHECKS = 1;", updates.join("\n"))
}

/// The nearest id that is allowed: 1 to 40 characters of `A-Z`, `0-9` and `-`.
fn label(text: &str) -> String {
    let allowed = text.to_uppercase().chars().take(40).collect::<String>();
    let label: String =
        allowed.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if label.is_empty() { "NO-ID".to_owned() } else { label }
}

/// Moves a cycle out of range to the product's next cycle. The restock must be closed: an open one is that of the current cycle.
fn free_cycle(sku: &str, cycle: &str) -> String {
    let sku = quoted(sku);
    format!(
        "SET FOREIGN_KEY_CHECKS = 0;\n\
         SET @cycle = (SELECT COALESCE(MAX(cycle), 0) + 1 FROM restock\n    \
         WHERE sku = {sku} AND cycle < 1000000000);\n\
         UPDATE restock SET cycle = @cycle WHERE sku = {sku} AND cycle = {cycle};\n\
         UPDATE production_order SET cycle = @cycle WHERE sku = {sku} AND cycle = {cycle};\n\
         UPDATE product SET restock_cycle = GREATEST(restock_cycle, @cycle + 1) WHERE sku = {sku};\n\
         SET FOREIGN_KEY_CHECKS = 1;"
    )
}

pub(super) fn late(found: &LateArrivals) -> Remediation {
    let LateArrivals { sku, late, arrivals, longest_seconds, waited_seconds } = found;
    let what = format!(
        "{sku}: of the last {arrivals} arrivals, {late} came after the restock had stopped waiting for them. The \
         longest took {}; the restock had waited {}. Goods were ordered twice.",
        duration(*longest_seconds),
        duration(*waited_seconds)
    );
    let repair = format!(
        "The factory is slower than the wait. Raise `await_completion_seconds` in system.json above {longest_seconds} \
         (`restock up`: --await-completion), deploy again, and ask the factory why it is slow. The finding disappears \
         after three arrivals in time. The stock is right: all goods that came are counted."
    );
    Remediation::new(what, repair)
}
