//! `POST /factory/completions/{production_order}`: the callback of the factory.
//!
//! The signature is verified before anything else is read. For a valid callback, starts an execution of the
//! `completion` state machine with the production order as its name, so that a repeated callback starts no second
//! execution.

use std::{
    convert::Infallible,
    time::{SystemTime, UNIX_EPOCH},
};

use aws::{Restart, Started, StateMachine};
use domain::{Arrival, ProductionOrderId, callback::Keys};
use errors::NamedError;
use http_api::{
    callback,
    http::{Reply, Request, Subject},
};
use serde_json::json;

#[derive(Debug)]
pub struct Receiver {
    /// The `completion` state machine.
    pub machine: StateMachine,
    pub keys: Keys,
}

/// Returns 202 if the callback is accepted, 200 if an earlier callback for the order was, 400, 401, 404 or 413 if it is
/// invalid, and 503 if the execution could not be started.
pub async fn handle(receiver: &Receiver, request: Request) -> Result<Reply, Infallible> {
    let claim = match callback::authenticate(&request, &receiver.keys, now()) {
        Ok(claim) => claim,
        Err(error) => return Ok(error.reply().counted("ForgedCallbacks")),
    };
    let reply = match callback::read(&request, claim) {
        Ok(arrival) => receiver.accept(&arrival).await,
        Err(error) => receiver.refuse(claim.production_order, &error).await,
    };
    let production_order = Some(claim.production_order);
    Ok(reply.about(Subject { production_order, ..Subject::default() }))
}

impl Receiver {
    async fn accept(&self, arrival: &Arrival) -> Reply {
        let order = arrival.production_order;
        let input = json!(arrival).to_string();
        // If the execution of an earlier callback has failed, this callback gets its own.
        let (name, suffix) = (order.to_string(), ProductionOrderId::random().to_string());
        let restart = Restart::UnlessSucceeded;
        match self.machine.start_again(&name, &suffix, &input, restart).await {
            Ok(started) => accepted(&started, arrival),
            Err(error) => not_accepted(order, &error),
        }
    }

    /// Refuses an invalid callback, and starts an execution that reports it. This execution has another name, so that a
    /// valid callback for the same order is still accepted.
    async fn refuse(&self, order: ProductionOrderId, why: &http_api::Error) -> Reply {
        let input = json!({"production_order": order, "refused": why.to_string()}).to_string();
        match self.machine.start(&format!("refused_{order}"), &input).await {
            Ok(_) => why.reply().counted("RefusedCallbacks"),
            Err(error) => not_accepted(order, &error),
        }
    }
}

fn accepted(started: &Started, arrival: &Arrival) -> Reply {
    let (status, outcome, sentence) = match started {
        Started::Now(_) => (202, "taken", "accepted the callback"),
        Started::Already(_) => (200, "already_taken", "accepted an earlier callback"),
    };
    let Arrival { production_order, quantity } = arrival;
    let body = json!({"outcome": outcome, "production_order": production_order});
    let sentence = format!("{sentence} for production order {production_order}: {quantity} units");
    Reply::json(status, body, sentence)
}

fn not_accepted(order: ProductionOrderId, error: &aws::Error) -> Reply {
    let detail = "The callback could not be accepted. Send it again.";
    Reply::problem(503, "unavailable", "Unavailable", detail)
        .header("retry-after", "10")
        .sentence(format!("could not accept the callback for production order {order}: {error}"))
        .failed(error.name())
        .counted("CallbacksNotTaken")
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
