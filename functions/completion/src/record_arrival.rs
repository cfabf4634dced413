//! `RecordArrival`: one row lock decides what a callback is to the restock that ordered its goods.

use domain::{Arrival, ProductionOrderId};
use lambda_support::Answer;
use serde::{Deserialize, Serialize};
use warehouse::{ArrivalError, Recorded, Refused, Warehouse};

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

/// What the callback is.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Judged {
    /// To the restock that ordered its goods.
    Recorded(Recorded),
    /// Nothing that could be counted.
    Refused {
        /// `refused`
        outcome: &'static str,
        /// What is known of its order.
        #[serde(flatten)]
        refused: Refused,
    },
}

/// Records an arrival, or looks up what a refused callback was for.
pub async fn handle(
    warehouse: &Warehouse,
    callback: Callback,
) -> Result<Answer<Judged>, ArrivalError> {
    match callback {
        Callback::Good(arrival) => {
            let recorded = warehouse.record_arrival(&arrival).await?;
            let late = u64::from(matches!(recorded, Recorded::Late));
            let sentence = sentence(&arrival, &recorded);
            Ok(Answer::new(Judged::Recorded(recorded), sentence).counted("LateCallbacks", late))
        }
        Callback::Refused { production_order: order, refused: why } => {
            let refused = warehouse.refused_arrival(order).await?;
            let sentence = format!("the callback for order {order} is refused: {why}");
            Ok(Answer::new(Judged::Refused { outcome: "refused", refused }, sentence))
        }
    }
}

fn sentence(arrival: &Arrival, recorded: &Recorded) -> String {
    let Arrival { production_order: order, delivered } = arrival;
    let what = match recorded {
        Recorded::Awaited { .. } => "have come and are awaited",
        Recorded::Early => "have come before they are awaited",
        Recorded::Late => "have come, and nobody waits for them any more",
        Recorded::Duplicate => "have come, and are in stock already",
    };
    format!("{delivered} of production order {order} {what}")
}
