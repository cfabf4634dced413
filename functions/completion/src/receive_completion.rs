//! `POST /factory/completions/{production_order}`: the factory's callback.
//!
//! The signature is checked before anything else is looked at. What is good is handed to the
//! `completion` machine under the order's name, so that a callback that comes twice is one execution.

use std::{
    convert::Infallible,
    time::{SystemTime, UNIX_EPOCH},
};

use aws::{Started, StateMachine};
use domain::{Arrival, ProductionOrderId, callback::Keys};
use errors::NamedError;
use http_api::{
    callback,
    http::{Reply, Request, Subject},
};
use serde_json::json;

/// What it takes to receive callbacks.
#[derive(Debug)]
pub struct Receiver {
    /// The `completion` machine.
    pub machine: StateMachine,
    /// The keys that sign callback URLs.
    pub keys: Keys,
}

/// Answers 202 taken, 200 taken before, 400, 401, 404, 413; 503 where it could not be handed on.
pub async fn handle(receiver: &Receiver, request: Request) -> Result<Reply, Infallible> {
    let claim = match callback::authenticate(&request, &receiver.keys, now()) {
        Ok(claim) => claim,
        Err(error) => return Ok(error.reply().counted("ForgedCallbacks")),
    };
    let reply = match callback::read(&request, claim) {
        Ok(arrival) => receiver.take(&arrival).await,
        Err(error) => receiver.refuse(claim.production_order, &error).await,
    };
    let production_order = Some(claim.production_order);
    Ok(reply.about(Subject { production_order, ..Subject::default() }))
}

impl Receiver {
    async fn take(&self, arrival: &Arrival) -> Reply {
        let order = arrival.production_order;
        let input = json!(arrival).to_string();
        // Where the execution of an earlier call has failed, this one gets its own.
        let (name, suffix) = (order.to_string(), ProductionOrderId::random().to_string());
        let started = self.machine.start_again(&name, &suffix, &input, |ended| ended.succeeded);
        match started.await {
            Ok(Started::Now(_)) => taken(202, "taken", arrival),
            Ok(Started::Already(_)) => taken(200, "already_taken", arrival),
            Err(error) => not_taken(order, &error),
        }
    }

    /// Refuses a callback, and has it reported under a name of its own, so that a good one for the same
    /// order is still taken.
    async fn refuse(&self, order: ProductionOrderId, why: &http_api::Error) -> Reply {
        let input = json!({"production_order": order, "refused": why.to_string()}).to_string();
        match self.machine.start(&format!("refused_{order}"), &input).await {
            Ok(_) => why.reply().counted("RefusedCallbacks"),
            Err(error) => not_taken(order, &error),
        }
    }
}

fn taken(status: u16, outcome: &str, arrival: &Arrival) -> Reply {
    let Arrival { production_order, delivered } = arrival;
    let body = json!({"outcome": outcome, "production_order": production_order});
    let words = if status == 202 { "took" } else { "had taken" };
    Reply::json(
        status,
        body,
        format!("{words} the callback for order {production_order}: {delivered} came"),
    )
}

fn not_taken(order: ProductionOrderId, error: &aws::Error) -> Reply {
    Reply::problem(503, "unavailable", "Unavailable", "the callback could not be taken: call again")
        .header("retry-after", "10")
        .sentence(format!("the callback for order {order} was not taken: {error}"))
        .failed(error.name())
        .counted("CallbacksNotTaken")
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
