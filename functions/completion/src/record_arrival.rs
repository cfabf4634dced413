//! `RecordArrival`: one row lock decides what a callback is to the restock that ordered its goods.

use domain::{Arrival, ProductionOrderId};
use serde::Deserialize;
use step::Answer;
use warehouse::{Recorded, Warehouse};

use crate::Error;

/// What the factory said.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Callback {
    /// Goods have come.
    Good(Arrival),
    /// Something that cannot be counted. It is looked up only so that it can be reported.
    Refused {
        /// The order that it is for.
        production_order: ProductionOrderId,
        /// What is wrong with it.
        refused: String,
    },
}

/// Records an arrival, or looks up what a refused callback was for.
pub async fn handle(warehouse: &Warehouse, callback: Callback) -> Result<Answer<Recorded>, Error> {
    match callback {
        Callback::Good(arrival) => {
            let recorded = warehouse.record_arrival(&arrival).await?;
            let late = u64::from(matches!(recorded, Recorded::Late));
            Ok(Answer::new(recorded.clone(), sentence(&arrival, &recorded))
                .counted("LateCallbacks", late))
        }
        Callback::Refused { production_order: order, refused } => {
            let recorded = warehouse.refused_arrival(order).await?;
            Ok(Answer::new(
                recorded,
                format!("the callback for order {order} is refused: {refused}"),
            ))
        }
    }
}

fn sentence(arrival: &Arrival, recorded: &Recorded) -> String {
    let Arrival { production_order: order, delivered } = arrival;
    match recorded {
        Recorded::Awaited { .. } => {
            format!("{delivered} of order {order} have come and are awaited")
        }
        Recorded::Early => {
            format!("{delivered} of order {order} have come before they are awaited")
        }
        Recorded::Late => {
            format!("{delivered} of order {order} have come, and nobody waits any more")
        }
        Recorded::Duplicate => format!("the goods of order {order} are in stock already"),
        Recorded::Refused { .. } => format!("the callback for order {order} is refused"),
    }
}
