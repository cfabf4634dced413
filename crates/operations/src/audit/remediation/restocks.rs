//! Findings in restocks and their products.

use super::{Commands, Remediation, quoted, time};

pub(super) fn several(sku: &str, open: i64, latest: u32) -> Remediation {
    let what = format!("{sku}: {open} restocks are open: the goods come more than once.");
    let sku = quoted(sku);
    let repair = format!(
        "The unique key that forbids it is gone. Close all but the latest, and put the key back. What \
         their orders bring is credited all the same.\n\n\
         START TRANSACTION;\n\
         UPDATE product SET restock_cycle = {latest} WHERE sku = {sku};\n\
         UPDATE restock SET status = 'failed', failure = 'Restock.ClosedByHand',\n    \
         closed_at = CURRENT_TIMESTAMP(6) WHERE sku = {sku} AND status = 'open' AND cycle < {latest};\n\
         COMMIT;\n\
         ALTER TABLE restock ADD CONSTRAINT one_open_restock UNIQUE (open_sku);"
    );
    Remediation::new(what, repair)
}

pub(super) fn wrong_cycle(sku: &str, cycle: i64, expected: i64) -> Remediation {
    let what = format!(
        "{sku}: its restock cycle is {cycle}, and by its restocks it is {expected}: no order can be written \
         down, so nobody restocks it."
    );
    let repair = format!(
        "Set it right; the sweep does the rest:\n\n\
         UPDATE product SET restock_cycle = {expected} WHERE sku = {} AND restock_cycle = {cycle};",
        quoted(sku)
    );
    Remediation::new(what, repair)
}

pub(super) fn above_target(order: &str, sku: &str, quantity: i32, target: i32) -> Remediation {
    let what = format!(
        "{sku}: production order {order} asks for {quantity}, and the target stock is {target}."
    );
    let repair = format!(
        "If the target was lowered after the order, nothing: it is over when the goods come. Ask the \
         factory to make fewer if they are not wanted; fewer are credited as they come. If the target is \
         wrong:\n\nUPDATE product SET target_stock = {quantity} WHERE sku = {};",
        quoted(sku)
    );
    Remediation::new(what, repair)
}

pub(super) fn no_factory(sku: &str, factory: &str) -> Remediation {
    let what = format!("{sku}: its factory {factory} is not in the database.");
    let factory = quoted(factory);
    let repair = format!(
        "If the name is right, write it down:\n\n\
         INSERT INTO factory (id, name) VALUES ({factory}, {factory});\n\n\
         Else give the product another, of SELECT id, name FROM factory."
    );
    Remediation::new(what, repair)
}

pub(super) fn forgotten(
    sku: &str,
    (stock, reorder_point): (i32, i32),
    seconds: i64,
    commands: &Commands,
) -> Remediation {
    let what = format!(
        "{sku}: {stock} are left, at or below the reorder point of {reorder_point}, and for {} nobody has \
         restocked it.",
        time(seconds)
    );
    let repair = format!(
        "The sweep should have asked for a restock. Have it look now:\n\n{}\n\n\
         If that does not help, see how the latest ended, and what is in the log of start-restock:\n\n{}",
        commands.sweep(),
        commands.sweeps()
    );
    Remediation::new(what, repair)
}
