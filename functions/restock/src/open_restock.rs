//! `OpenRestock`: decides what there is to do for a depletion, and writes the order down before
//! anything is sent.

use lambda_support::Answer;
use warehouse::{OpenRestock, Opened, ProductError, Warehouse};

/// Opens a restock, or goes on with the next order of one.
pub async fn handle(
    warehouse: &Warehouse,
    request: OpenRestock,
) -> Result<Answer<Opened>, ProductError> {
    let opened = warehouse.open_restock(&request).await?;
    let OpenRestock { sku, restock_cycle: cycle, attempt, .. } = request;
    let sentence = match &opened {
        Opened::Ordered { order } => format!(
            "restock {sku}_{} orders {} in attempt {}: production order {}",
            order.restock_cycle, order.quantity, order.attempt, order.production_order
        ),
        Opened::Arrived { order } => {
            format!("the goods of production order {} for {sku} are there", order.production_order)
        }
        Opened::NotNeeded => {
            format!("{sku} needs no restock: its stock is above the reorder point")
        }
        Opened::Superseded => format!("restock {sku}_{cycle} is closed: nothing to do"),
        Opened::UnderWay => format!("another execution restocks {sku}: nothing to do"),
        Opened::Exhausted => {
            format!("restock {sku}_{cycle} may not order again: attempt {attempt}")
        }
    };
    Ok(Answer::new(opened, sentence))
}
