//! What the history of an execution of `restock` says about its orders.

use aws_sdk_sfn::{primitives::DateTime, types::HistoryEvent};
use serde_json::Value;

use crate::audit::LostOrder;

/// The orders of an execution, and its wait.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The orders that were passed to a state that sends one.
    pub orders: Vec<LostOrder>,
    /// Since when the execution has been in the state `AwaitCompletion`. `None` if it is in another one or has ended.
    pub waits_since: Option<DateTime>,
}

const SENDS_AN_ORDER: [&str; 2] = ["PlaceOrder", "PlacePrivateOrder"];

impl Run {
    pub(super) fn of(events: &[HistoryEvent]) -> Self {
        let mut run = Self::default();
        for event in events {
            if let Some(entered) = event.state_entered_event_details() {
                let waits = entered.name() == "AwaitCompletion";
                run.waits_since = waits.then_some(*event.timestamp());
                if SENDS_AN_ORDER.contains(&entered.name()) {
                    run.orders.extend(entered.input().and_then(order));
                }
            } else if event.state_exited_event_details().is_some() {
                run.waits_since = None;
            }
        }
        run
    }
}

/// The order in the output of `OpenRestock`.
fn order(input: &str) -> Option<LostOrder> {
    let input: Value = serde_json::from_str(input).ok()?;
    let order = input.get("order")?;
    Some(LostOrder {
        sku: order.get("sku")?.as_str()?.to_owned(),
        cycle: order.get("restock_cycle")?.as_u64()?.try_into().ok()?,
        production_order: order.get("production_order")?.as_str()?.to_owned(),
        attempt: order.get("attempt")?.as_u64()?,
        quantity: order.get("quantity")?.as_u64()?,
    })
}
