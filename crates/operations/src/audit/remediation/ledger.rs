//! Findings in the ledger.

use warehouse::audit::UnexplainedArrival;

use super::{Remediation, quoted, time};

pub(super) fn broken(sku: &str, movement: u64, says: (i64, i64), breaks: i64) -> Remediation {
    let (explained, stock_after) = says;
    let what = format!(
        "{sku}: the ledger contradicts itself, first at movement {movement}: it says that {stock_after} \
         were left after it, and by the movement before it were {explained}. Such movements: {breaks}."
    );
    let sku = quoted(sku);
    let repair = format!(
        "Someone has changed the stock or the ledger by hand. If you know which movement was changed, \
         change it back. Else have it told anew what was left after each, then audit again: the stock may \
         have to be mended after it.\n\n\
         UPDATE stock_movement JOIN (SELECT id, SUM(quantity) OVER (ORDER BY id) AS explained\n    \
         FROM stock_movement WHERE sku = {sku}) AS sums ON sums.id = stock_movement.id\n    \
         SET stock_after = explained WHERE stock_after <> explained;"
    );
    Remediation::new(what, repair)
}

pub(super) fn unexplained(sku: &str, stock: i64, ledger: i64) -> Remediation {
    let what = format!("{sku}: the stock is {stock}, and its movements add up to {ledger}.");
    let sku = quoted(sku);
    let sum = format!("(SELECT COALESCE(SUM(quantity), 0) FROM stock_movement WHERE sku = {sku})");
    let repair = format!(
        "Someone has changed one of the two by hand. Count the shelf. If the movements are right:\n\n\
         UPDATE product SET stock = {sum} WHERE sku = {sku};\n\n\
         If the stock is right, write down that it was counted:\n\n\
         INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)\n    \
         SELECT sku, 'count', stock - {sum},\n    \
         CONCAT('audit ', UUID()), stock FROM product WHERE sku = {sku};"
    );
    Remediation::new(what, repair)
}

pub(super) fn negative(sku: &str, stock: i32) -> Remediation {
    let what = format!("{sku}: the stock is {stock}: more was sold than there was.");
    let sku = quoted(sku);
    let repair = format!(
        "The constraint that forbids it is gone. Write down that nothing is left, put the constraint back, \
         and see which customers have to wait:\n\n\
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
        (false, _) => "there is no such order of it".to_owned(),
        (true, None) => "nobody has reported that any came".to_owned(),
        (true, Some(arrived)) => format!("{arrived} were reported"),
    };
    let what = format!(
        "{sku}: movement {movement} credits {quantity} for production order {production_order}, and \
         {known}."
    );
    let repair =
        if *ordered { as_credited(production_order, *quantity) } else { as_counted(*movement) };
    Remediation::new(what, repair)
}

/// Customers may have bought what was credited, so that stands.
fn as_credited(order: &str, quantity: i32) -> String {
    let order = quoted(order);
    format!(
        "Write down in the order what was credited, then count the shelf:\n\n\
         UPDATE production_order SET quantity = GREATEST(quantity, {quantity}),\n    \
         arrived_quantity = {quantity}, arrived_at = COALESCE(arrived_at, CURRENT_TIMESTAMP(6))\n    \
         WHERE id = {order};"
    )
}

fn as_counted(movement: u64) -> String {
    format!(
        "It was put there by hand. Have it be a count, which it is, then count the shelf:\n\n\
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
        "{sku}: {quantity} arrived {} ago for production order {order} and are not in stock.",
        time(seconds)
    );
    let repair = format!(
        "The next sweep credits them; if they are still not in stock in five minutes, it does not run. To \
         credit them now, which does no harm twice:\n\nCALL increment_stock({});",
        quoted(order)
    );
    Remediation::new(what, repair)
}
