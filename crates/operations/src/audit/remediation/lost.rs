//! What executions know and the database has lost.

use super::{Remediation, duration, quoted};
use crate::audit::runtime_finding::{LostOrder, LostRestock};

pub(super) fn order(execution: &str, order: &LostOrder) -> Remediation {
    let LostOrder { sku, cycle, production_order, attempt, .. } = order;
    let what = format!(
        "{sku}: execution {execution} waits for production order {production_order}, attempt {attempt} of restock \
         {cycle}, but the database does not have this order. The callback of the factory will fail."
    );
    let repair = format!(
        "Record the order again. When the callback comes, the arrival is recorded; it is credited when the wait of \
         the execution ends.\n\n{}",
        insert(order, "")
    );
    Remediation::new(what, repair)
}

fn insert(order: &LostOrder, cycle: &str) -> String {
    let LostOrder { sku, production_order, attempt, quantity, .. } = order;
    let cycle = if cycle.is_empty() { order.cycle.to_string() } else { cycle.to_owned() };
    format!(
        "INSERT INTO production_order (id, sku, cycle, attempt, quantity)\n    \
         VALUES ({}, {}, {cycle}, {attempt}, {quantity});",
        quoted(production_order),
        quoted(sku)
    )
}

pub(super) fn token(sku: &str, cycle: u32, execution: &str, order: &str) -> Remediation {
    let what = format!(
        "{sku}: execution {execution} waits for production order {order} of restock {cycle}, but its task token is \
         not stored. The callback of the factory cannot continue the execution."
    );
    let repair = "Wait. Do not stop the execution, which would order the goods again. When the callback comes, the \
                  arrival is recorded. When the wait of the execution ends, the execution credits the arrival."
        .to_owned();
    Remediation::new(what, repair)
}

pub(super) fn restock(lost: &LostRestock) -> Remediation {
    let LostRestock { sku, execution, status, orders } = lost;
    let ids: Vec<&str> = orders.iter().map(|order| order.production_order.as_str()).collect();
    let what = format!(
        "{sku}: execution {execution} of `restock` has status {status} and has sent orders, but the database has no \
         such restock. Was the database restored? Production orders: {}.",
        ids.join(", ")
    );
    let (state, about) = if status == "RUNNING" {
        ("'open', NULL, NULL", "The execution still waits: the restock is recorded as open.")
    } else {
        (
            "'completed', NULL, CURRENT_TIMESTAMP(6)",
            "Then count the goods and correct the stock: sales and arrivals of that time are lost too.",
        )
    };
    let quoted_sku = quoted(sku);
    let orders: Vec<String> = orders.iter().map(|order| insert(order, "@cycle")).collect();
    let next = if status == "RUNNING" { 0 } else { 1 };
    let repair = format!(
        "Record the restock and its orders, so that their callbacks find them. {about} Nothing may be open for the \
         product: otherwise wait until the open restock is closed.\n\n\
         START TRANSACTION;\n\
         SET @cycle = (SELECT restock_cycle FROM product WHERE sku = {quoted_sku}\n    \
         AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = {quoted_sku}) FOR UPDATE);\n\
         INSERT INTO restock (sku, cycle, execution, status, failure, closed_at)\n    \
         VALUES ({quoted_sku}, @cycle, {}, {state});\n\
         UPDATE product SET restock_cycle = @cycle + {next} WHERE sku = {quoted_sku};\n{}\nCOMMIT;",
        quoted(execution),
        orders.join("\n")
    );
    Remediation::new(what, repair)
}

pub(super) fn callback(order: &str, execution: &str, seconds: i64) -> Remediation {
    let what = format!(
        "The factory called back {} ago for production order {order}, which is not in the database. Execution \
         {execution} of `completion` failed. Was the database restored?",
        duration(seconds)
    );
    let repair = format!(
        "If another finding records this order again, repair that one first; this finding then changes to a callback \
         that can be processed. Otherwise count the goods and correct the stock: `restock adjust SKU +UNITS --reason \
         \"goods of {order}\"`. The finding disappears when the id stands in a reason."
    );
    Remediation::new(what, repair)
}
