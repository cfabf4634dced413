//! `OpenRestock`: decides what has to be done for a depletion, and records the order before it is sent.

use lambda_support::StepOutput;
use warehouse::{OpenRequest, Opened, ProductError, Warehouse};

/// Opens a restock, or continues it with its next order.
pub async fn handle(
    warehouse: &Warehouse,
    request: OpenRequest,
) -> Result<StepOutput<Opened>, ProductError> {
    let opened = warehouse.open_restock(&request).await?;
    let sentence = sentence(&request, &opened);
    Ok(StepOutput::new(opened, sentence))
}

fn sentence(request: &OpenRequest, opened: &Opened) -> String {
    let OpenRequest { sku, restock_cycle: cycle, attempts_allowed, .. } = request;
    match opened {
        Opened::Ordered { order, factory } => format!(
            "restock {sku}_{} orders {} units from {} at {} in attempt {}: production order {}",
            order.restock_cycle,
            order.quantity,
            order.factory,
            factory.url,
            order.attempt,
            order.production_order
        ),
        Opened::Arrived { order } => {
            format!("the goods of production order {} for {sku} arrived", order.production_order)
        }
        Opened::NotNeeded => {
            format!("{sku} needs no restock: its stock is above the reorder point")
        }
        Opened::Superseded => format!("restock {sku}_{cycle} is already closed: nothing to do"),
        Opened::UnderWay => format!("another execution restocks {sku}: nothing to do"),
        Opened::Exhausted => {
            format!("restock {sku}_{cycle} has used all {attempts_allowed} attempts")
        }
    }
}
