//! `POST /factory/completions/{production_order}`: the factory's callback.
//!
//! The signature is checked before anything else is looked at. What is good is handed to the
//! `completion` machine under the order's name, so that a callback that comes twice is one execution.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{
    Arrival, Delivered, ProductionOrderId, Units,
    callback::{Claim, Keys},
};
use door::{Started, StateMachine};
use serde_json::{Value, json};
use step::{
    Ids,
    http::{BodyError, Reply, Request},
};

use crate::Error;

/// What it takes to receive callbacks.
#[derive(Debug)]
pub struct Receiver {
    /// The `completion` machine.
    pub machine: StateMachine,
    /// The keys that sign callback URLs.
    pub keys: Keys,
}

/// Answers 202 taken, 200 taken before, 400, 401, 404, 413; 503 where it could not be handed on.
pub async fn handle(receiver: &Receiver, request: Request) -> Result<Reply, Error> {
    let claim = match receiver.authenticate(&request) {
        Ok(claim) => claim,
        Err(refusal) => return Ok(refusal),
    };
    let reply = match read(&request, claim) {
        Ok(arrival) => receiver.take(&arrival).await,
        Err(Refusal { reply, why }) => receiver.refuse(claim.production_order, reply, &why).await,
    };
    let order = Some(claim.production_order.to_string());
    Ok(reply.about(Ids { production_order: order, ..Ids::default() }))
}

impl Receiver {
    /// What the URL says, if we made it.
    fn authenticate(&self, request: &Request) -> Result<Claim, Reply> {
        let claim = Claim {
            production_order: part(request.path("production_order")).ok_or_else(unknown)?,
            ordered: query::<u32>(request, "quantity")
                .and_then(|number| Units::try_from(number).ok())
                .ok_or_else(|| forged(domain::Error::Forged))?,
            expires: query(request, "expires").ok_or_else(|| forged(domain::Error::Forged))?,
        };
        let signature = request.query("signature").unwrap_or_default();
        self.keys.verify(&claim, signature, now()).map_err(forged)?;
        Ok(claim)
    }

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
    async fn refuse(&self, order: ProductionOrderId, reply: Reply, why: &str) -> Reply {
        let input = json!({"production_order": order, "refused": why}).to_string();
        match self.machine.start(&format!("refused_{order}"), &input).await {
            Ok(_) => reply.counted("RefusedCallbacks"),
            Err(error) => not_taken(order, &error),
        }
    }
}

fn part<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text.and_then(|text| text.parse().ok())
}

fn query<T: std::str::FromStr>(request: &Request, name: &str) -> Option<T> {
    part(request.query(name))
}

/// What is wrong with a callback: the answer, and the same in words for operations.
struct Refusal {
    reply: Reply,
    why: String,
}

impl Refusal {
    fn new(status: u16, outcome: &str, title: &str, why: String) -> Self {
        Self { reply: Reply::problem(status, outcome, title, &why), why }
    }

    fn bad(why: String) -> Self {
        Self::new(400, "bad_request", "Bad request", why)
    }
}

fn read(request: &Request, claim: Claim) -> Result<Arrival, Refusal> {
    let body = request.body().map_err(|error| match error {
        BodyError::TooLarge => {
            Refusal::new(413, "too_large", "Content too large", error.to_string())
        }
        BodyError::NotText => Refusal::bad(error.to_string()),
    })?;
    let body: Value = serde_json::from_str(&body)
        .map_err(|e| Refusal::bad(format!("the body must be the JSON of the order: {e}")))?;
    let delivered = count(&body)
        .and_then(|delivered| delivered.within(claim.ordered))
        .map_err(|e| Refusal::bad(e.to_string()))?;
    Ok(Arrival { production_order: claim.production_order, delivered })
}

fn count(body: &Value) -> Result<Delivered, domain::Error> {
    let count = body.get("MessageAttributeProductCnt").ok_or(domain::Error::Count)?;
    serde_json::from_value(count.clone()).map_err(|_| domain::Error::Count)
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

fn not_taken(order: ProductionOrderId, error: &door::Error) -> Reply {
    Reply::problem(503, "unavailable", "Unavailable", "the callback could not be taken: call again")
        .header("retry-after", "10")
        .sentence(format!("the callback for order {order} was not taken: {error}"))
        .failed(error.name())
        .counted("CallbacksNotTaken")
}

fn forged(why: domain::Error) -> Reply {
    Reply::problem(401, "unauthorized", "Unauthorized", why).counted("ForgedCallbacks")
}

fn unknown() -> Reply {
    Reply::problem(404, "unknown_order", "Unknown order", domain::Error::ProductionOrderId)
        .counted("ForgedCallbacks")
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
