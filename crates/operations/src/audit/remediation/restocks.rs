//! Findings in restocks and their products.

use super::{Remediation, RepairCommands, duration, quoted};

pub(super) fn several_open(sku: &str, open: i64, latest: u32) -> Remediation {
    let what = format!(
        "{sku}: {open} restocks are open. Each of them orders goods, so too many goods will arrive."
    );
    let sku = quoted(sku);
    let repair = format!(
        "The unique key that allows one open restock per product is missing. The statements below close all \
         restocks but the latest. Arrivals for the closed restocks are still credited.\n\n\
         START TRANSACTION;\n\
         UPDATE product SET restock_cycle = {latest} WHERE sku = {sku};\n\
         UPDATE restock SET status = 'failed', failure = 'Restock.ClosedByHand',\n    \
         closed_at = CURRENT_TIMESTAMP(6) WHERE sku = {sku} AND status = 'open' AND cycle < {latest};\n\
         COMMIT;"
    );
    Remediation::new(what, repair)
}

pub(super) fn wrong_cycle(sku: &str, cycle: i64, expected: i64) -> Remediation {
    let what = format!(
        "{sku}: the product's restock cycle is {cycle}, but its restocks require {expected}. Its restocks fail, or soon \
         will."
    );
    let repair = format!(
        "Correct the restock cycle. The sweep then requests a restock if one is needed.\n\n\
         UPDATE product SET restock_cycle = {expected} WHERE sku = {} AND restock_cycle = {cycle};",
        quoted(sku)
    );
    Remediation::new(what, repair)
}

pub(super) fn order_above_target(
    order: &str,
    sku: &str,
    quantity: i32,
    target: i32,
) -> Remediation {
    let what = format!(
        "{sku}: production order {order} asks for {quantity}, but the target stock is {target}."
    );
    let repair = format!(
        "If the target stock was lowered after the order, do nothing: the finding disappears when the goods \
         arrive. If fewer goods are wanted, ask the factory to make fewer: what arrives is credited. If the \
         target stock is wrong, correct it:\n\n\
         UPDATE product SET target_stock = {quantity} WHERE sku = {};",
        quoted(sku)
    );
    Remediation::new(what, repair)
}

pub(super) fn missing_factory(sku: &str, factory: &str) -> Remediation {
    let what = format!("{sku}: the product's factory {factory} is not in the table `factory`.");
    let factory = quoted(factory);
    let repair = format!(
        "If this id is right, add the factory:\n\n\
         INSERT INTO factory (id, name, url) VALUES ({factory}, {factory}, 'https://factory.invalid');\n\n\
         If the id is wrong, set the product's factory to one of: SELECT id, name FROM factory."
    );
    Remediation::new(what, repair)
}

pub(super) fn forgotten_depletion(
    sku: &str,
    (stock, reorder_point): (i64, i32),
    seconds: i64,
    commands: &RepairCommands,
) -> Remediation {
    let what = format!(
        "{sku}: the stock is {stock}, at or below the reorder point of {reorder_point}, but no restock has \
         been open for {}.",
        duration(seconds)
    );
    let repair = format!(
        "The sweep should have requested a restock. Run the sweep now:\n\n{}\n\n\
         If no restock opens, see how the latest sweeps ended and read the log of `start-restock`:\n\n{}",
        commands.start_sweep(),
        commands.list_sweeps()
    );
    Remediation::new(what, repair)
}

pub(super) fn outdated_crossing(
    sku: &str,
    purchase_id: &str,
    stock: i64,
    reorder_point: i32,
) -> Remediation {
    let what = format!(
        "{sku}: purchase {purchase_id} is recorded as the one that crossed the reorder point of {reorder_point}, but the \
         stock is {stock}. The sale that crosses it next would not publish a depletion."
    );
    let repair = format!(
        "Someone changed the stock or the reorder point by hand. Remove the record. Until then, only the sweep finds the \
         depletion.\n\n\
         UPDATE product SET crossed_by = NULL WHERE sku = {};",
        quoted(sku)
    );
    Remediation::new(what, repair)
}
