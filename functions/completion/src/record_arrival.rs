//! `RecordArrival`: records an arrival and determines what has to be done with it.

use domain::{Arrival, ProductionOrderId};
use lambda_support::StepOutput;
use serde::{Deserialize, Serialize};
use warehouse::{ArrivalError, ArrivalStatus, RefusedCallback, Warehouse};

/// The input of the `completion` state machine.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Callback {
    Valid(Arrival),
    /// A callback that was refused. Its order is only looked up for the report.
    Refused {
        production_order: ProductionOrderId,
        /// Why the callback was refused.
        refused: String,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum CallbackOutput {
    Recorded(ArrivalStatus),
    Refused {
        /// Always `refused`.
        outcome: &'static str,
        #[serde(flatten)]
        refused: RefusedCallback,
    },
}

/// Records the arrival of a valid callback, or looks up the order of a refused one.
pub async fn handle(
    warehouse: &Warehouse,
    callback: Callback,
) -> Result<StepOutput<CallbackOutput>, ArrivalError> {
    match callback {
        Callback::Valid(arrival) => {
            let status = warehouse.record_arrival(&arrival).await?;
            let late = u64::from(matches!(status, ArrivalStatus::Late));
            let sentence = sentence(&arrival, &status);
            let output = CallbackOutput::Recorded(status);
            Ok(StepOutput::new(output, sentence).counted("LateCallbacks", late))
        }
        Callback::Refused { production_order: order, refused: reason } => {
            let refused = warehouse.refused_callback(order).await?;
            let sentence = format!("refused the callback for production order {order}: {reason}");
            Ok(StepOutput::new(CallbackOutput::Refused { outcome: "refused", refused }, sentence))
        }
    }
}

fn sentence(arrival: &Arrival, status: &ArrivalStatus) -> String {
    let Arrival { production_order: order, quantity } = arrival;
    let status = match status {
        ArrivalStatus::Awaited { .. } => "a restock waits for them",
        ArrivalStatus::Early => "the restock does not wait for them yet",
        ArrivalStatus::Late => "no restock waits for them any more",
        ArrivalStatus::Duplicate => "they are already credited",
    };
    format!("{quantity} units of production order {order} arrived: {status}")
}
