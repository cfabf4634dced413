//! Findings in stock and ledger.

use warehouse::audit::UnexplainedArrival;

use super::{Remediation, duration, quoted};

pub(super) fn broken(sku: &str, movement: u64, after: (i64, i64), breaks: i64) -> Remediation {
    let (explained, stock_after) = after;
    let what = format!(
        "{sku}: the ledger contradicts itself. The first wrong row is stock movement {movement}: its \
         `stock_after` is {stock_after}, but the movement before it and its own quantity give {explained}. \
         Number of wrong rows: {breaks}."
    );
    let sku = quoted(sku);
    let repair = format!(
        "Someone changed the ledger, or the stock before a sale, by hand. If you know the changed row, change \
         it back. Otherwise compute `stock_after` of all rows again. Then run the audit once more: it may \
         find that the stock has to be repaired as well.\n\n\
         UPDATE stock_movement JOIN (SELECT id, SUM(quantity) OVER (ORDER BY id) AS explained\n    \
         FROM stock_movement WHERE sku = {sku}) AS sums ON sums.id = stock_movement.id\n    \
         SET stock_after = explained WHERE stock_after <> explained;"
    );
    Remediation::new(what, repair)
}

pub(super) fn unexplained(sku: &str, stock: i64, ledger: i64) -> Remediation {
    let what = format!("{sku}: the stock is {stock}, but the ledger adds up to {ledger}.");
    let sku = quoted(sku);
    let sum = format!("(SELECT COALESCE(SUM(quantity), 0) FROM stock_movement WHERE sku = {sku})");
    let repair = format!(
        "Someone changed the stock or the ledger by hand. Count the goods. If the ledger is right, set the \
         stock:\n\n\
         UPDATE product SET stock = {sum} WHERE sku = {sku};\n\n\
         If the stock is right, add a count to the ledger:\n\n\
         INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)\n    \
         SELECT sku, 'count', stock - {sum},\n    \
         CONCAT('audit ', UUID()), stock FROM product WHERE sku = {sku};"
    );
    Remediation::new(what, repair)
}

pub(super) fn negative(sku: &str, stock: i32) -> Remediation {
    let what = format!("{sku}: the stock is {stock}. More was sold than was in stock.");
    let sku = quoted(sku);
    let repair = format!(
        "The constraint that prevents a negative stock is missing. The statements below set the stock to 0, \
         add a count to the ledger, and restore the constraint. Afterwards, find the customers whose \
         purchases cannot be delivered yet.\n\n\
         START TRANSACTION;\n\
         SELECT stock FROM product WHERE sku = {sku} FOR UPDATE;\n\
         INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)\n    \
         SELECT sku, 'count', -stock, CONCAT('audit ', UUID()), 0 FROM product WHERE sku = {sku};\n\
         UPDATE product SET stock = 0 WHERE sku = {sku};\n\
         COMMIT;\n\
         ALTER TABLE product ADD CONSTRAINT stock_not_negative CHECK (stock >= 0);"
    );
    Remediation::new(what, repair)
}

pub(super) fn unexplained_arrival(arrival: &UnexplainedArrival) -> Remediation {
    let UnexplainedArrival { movement, sku, quantity, production_order, ordered, arrived } =
        arrival;
    let known = match (ordered, arrived) {
        (false, _) => format!("{sku} has no such production order"),
        (true, None) => "no callback has reported an arrival for it".to_owned(),
        (true, Some(arrived)) => format!("the callback reported {arrived}"),
    };
    let what = format!(
        "{sku}: stock movement {movement} credits {quantity} for production order {production_order}, but \
         {known}."
    );
    let repair =
        if *ordered { as_credited(production_order, *quantity) } else { as_counted(*movement) };
    Remediation::new(what, repair)
}

/// Keeps the credit: customers may have bought the goods.
fn as_credited(order: &str, quantity: i32) -> String {
    let order = quoted(order);
    format!(
        "Record the credited quantity in the production order. Then count the goods.\n\n\
         UPDATE production_order SET quantity = GREATEST(quantity, {quantity}),\n    \
         arrived_quantity = {quantity}, arrived_at = COALESCE(arrived_at, CURRENT_TIMESTAMP(6))\n    \
         WHERE id = {order};"
    )
}

fn as_counted(movement: u64) -> String {
    format!(
        "Someone inserted this movement by hand. Mark the movement as a count. Then count the goods.\n\n\
         UPDATE stock_movement SET kind = 'count' WHERE id = {movement};"
    )
}

pub(super) fn forgotten_arrival(
    order: &str,
    sku: &str,
    quantity: i32,
    seconds: i64,
) -> Remediation {
    let what = format!(
        "{sku}: {quantity} arrived {} ago for production order {order}, but are not in stock.",
        duration(seconds)
    );
    let repair = format!(
        "The next sweep credits the arrival. If the goods are not in stock after five minutes, the sweep does \
         not run. To credit the arrival now (a second call changes nothing):\n\nCALL increment_stock({});",
        quoted(order)
    );
    Remediation::new(what, repair)
}
