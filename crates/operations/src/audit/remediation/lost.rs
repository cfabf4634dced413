//! What executions know and the database has lost.

use super::{Remediation, RepairCommands, duration};
use crate::audit::runtime_finding::{LostOrder, LostRestock};

pub(super) fn order(execution: &str, order: &LostOrder, commands: &RepairCommands) -> Remediation {
    let LostOrder { sku, cycle, production_order, attempt, .. } = order;
    let what = format!(
        "{sku}: execution {execution} waits for production order {production_order}, attempt {attempt} of restock \
         {cycle}, but the database does not have this order. The callback of the factory will fail."
    );
    let repair = format!(
        "Record the order again. When the callback comes, the arrival is recorded; it is credited when the wait of \
         the execution ends.\n\n{}",
        commands.record_lost_restock(execution)
    );
    Remediation::new(what, repair)
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

pub(super) fn restock(lost: &LostRestock, commands: &RepairCommands) -> Remediation {
    let LostRestock { sku, execution, status, orders } = lost;
    let ids: Vec<&str> = orders.iter().map(|order| order.production_order.as_str()).collect();
    let what = format!(
        "{sku}: execution {execution} of `restock` has status {status} and has sent orders, but the database has no \
         such restock. Was the database restored? Production orders: {}.",
        ids.join(", ")
    );
    let about = if status == "RUNNING" {
        "The execution still waits: the restock is recorded as open."
    } else {
        "Then count the goods and correct the stock: sales and arrivals of that time are lost too."
    };
    let repair = format!(
        "Record the restock and its orders, so that their callbacks find them. {about} The command is refused while \
         another restock of the product is open.\n\n{}",
        commands.record_lost_restock(execution)
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
