//! The text of each mail about what the database shows: late arrivals, and rows that cannot be read.

use super::MailTemplate;
use crate::report::{LateArrival, UnreadableRow};

pub(super) fn late_arrival(late: &LateArrival) -> MailTemplate {
    let LateArrival { production_order, sku, quantity, stock, target_stock, .. } = late;
    MailTemplate::new(
        format!("{quantity} {sku} arrived late"),
        format!(
            "The factory took {} s for an order of {quantity} {sku}. A restock waits {} s for an order. The \
             goods are in stock.",
            late.took_seconds, late.waited_seconds
        ),
    )
    .meaning(format!("{} {TOO_MANY}", order_under_way(late)))
    .action(LONGER_WAIT)
    .fact("Product:", sku)
    .fact("Order:", production_order)
    .fact("Took:", format_args!("{} s", late.took_seconds))
    .fact("Wait:", format_args!("{} s", late.waited_seconds))
    .fact("Stock now:", stock)
    .fact("Target:", target_stock)
}

fn order_under_way(late: &LateArrival) -> String {
    let LateArrival { sku, target_stock, .. } = late;
    if late.order_under_way {
        format!(
            "The restock has ordered again in the meantime. When that order arrives too, the stock of {sku} is \
             above the target of {target_stock}."
        )
    } else {
        format!(
            "The restock was over when the goods came. The stock of {sku} may be above the target of {target_stock}."
        )
    }
}

/// What late arrivals mean if they go on.
const TOO_MANY: &str =
    "If the factory stays this slow, each restock orders twice and gets both orders.";

pub(super) const LONGER_WAIT: &str = "Ask the factory whether it will stay this slow. If so, raise \
     await_completion_seconds above the longest time that the factory takes (docs/how-to.md, Change a time-out in \
     production).";

pub(super) fn rows_unreadable(rows: &[UnreadableRow]) -> MailTemplate {
    let template = MailTemplate::new(
        format!("{} cannot be read", counted(rows.len())),
        "The database holds values that the system does not allow. The sweep skips these rows and does all \
         other work.",
    )
    .meaning(SKIPPED)
    .action(MEND_ROWS);
    let fact = |template: MailTemplate, row: &UnreadableRow| {
        template.fact("Row:", format_args!("{}: {}", row.row, row.problem))
    };
    rows.iter().fold(template, fact)
}

fn counted(rows: usize) -> String {
    if rows == 1 {
        "a row of the database".to_owned()
    } else {
        format!("{rows} rows of the database")
    }
}

pub(super) const SKIPPED: &str = "These products are not restocked, and these restocks and arrivals are not repaired. \
     You get this mail once a day until the rows are mended.";

pub(super) const MEND_ROWS: &str = "Run the audit (restock audit). It lists the rows and what to do. The constraints of \
     the tables prevent such values, so find out which constraint is missing and who wrote the rows.";
