//! `POST /checkout`: reads the purchase, runs the `purchase` state machine and returns its decision.

use std::convert::Infallible;

use domain::{Purchase, PurchaseOutcome, PurchaseResult, Stock};
use errors::{ErrorName, NamedError};
use http_api::{
    http::{Reply, Request, Subject},
    origin::RequiredOrigin,
};
use serde_json::json;
use thiserror::Error;

/// Why the outcome of a purchase is unknown.
#[derive(Debug, Error)]
enum OutcomeUnknown {
    #[error(transparent)]
    Aws(#[from] aws::Error),
    #[error("the purchase state machine ended without a result: {0}")]
    Undecided(String),
}

impl OutcomeUnknown {
    fn name(&self) -> ErrorName {
        match self {
            Self::Aws(error) => error.name(),
            Self::Undecided(_) => ErrorName::PurchaseUndecided,
        }
    }
}

/// The `purchase` state machine.
#[derive(Debug)]
pub struct PurchaseMachine {
    /// Must not retry, because StartSyncExecution is not idempotent.
    pub client: aws_sdk_sfn::Client,
    pub arn: String,
}

/// What `sales-api` needs.
#[derive(Debug)]
pub struct SalesApi {
    pub machine: PurchaseMachine,
    pub origin: RequiredOrigin,
}

/// Returns 200, 400, 403, 404, 409, 413, 422, or 503 if it is unknown whether the goods were sold.
pub async fn handle(api: &SalesApi, request: Request) -> Result<Reply, Infallible> {
    if !api.origin.admits(&request) {
        return Ok(wrong_address());
    }
    let purchase = match http_api::checkout::read(&request) {
        Ok(purchase) => purchase,
        Err(error) => return Ok(error.reply().counted("BadRequests")),
    };
    let reply = match api.machine.decide(&purchase).await {
        Ok(result) => reply(&purchase, result),
        Err(error) => unknown(&purchase, &error),
    };
    Ok(reply.about(subject(&purchase)))
}

impl PurchaseMachine {
    /// Runs the state machine. If this fails, the outcome of the purchase is unknown.
    async fn decide(&self, purchase: &Purchase) -> Result<PurchaseResult, OutcomeUnknown> {
        let input = serde_json::to_string(purchase).map_err(aws::Error::from)?;
        let start = self.client.start_sync_execution().state_machine_arn(&self.arn).input(input);
        let ended = start.send().await.map_err(aws::Error::from)?;
        let output = ended.output().ok_or_else(|| {
            let error = ended.error().unwrap_or("no error name");
            OutcomeUnknown::Undecided(format!("it ended with status {}: {error}", ended.status()))
        })?;
        serde_json::from_str(output)
            .map_err(|e| OutcomeUnknown::Undecided(format!("its output is invalid: {e}")))
    }
}

fn reply(purchase: &Purchase, PurchaseResult { outcome, stock }: PurchaseResult) -> Reply {
    match outcome {
        PurchaseOutcome::Sold => sold(purchase, stock),
        PurchaseOutcome::SoldOut => sold_out(purchase, stock),
        PurchaseOutcome::UnknownProduct => {
            let detail = format!("There is no product {}.", purchase.sku);
            problem(404, outcome, "Unknown product", detail)
        }
        PurchaseOutcome::KeyReused => {
            let detail = format!(
                "The Idempotency-Key {} was used before for another product or quantity. Nothing more was \
                 sold. Send a new key for a new purchase.",
                purchase.purchase_id
            );
            problem(422, outcome, "Idempotency key reused", detail)
        }
        PurchaseOutcome::Unknown => {
            unknown(purchase, &OutcomeUnknown::Undecided("it does not know the outcome".to_owned()))
        }
    }
}

/// For a request that did not come through CloudFront.
fn wrong_address() -> Reply {
    let detail = "Purchases are not accepted at this address. Nothing was sold. Send them to the address of the shop.";
    Reply::problem(403, "wrong_address", "Wrong address", detail).counted("BadRequests")
}

fn sold_out(Purchase { sku, quantity, .. }: &Purchase, stock: Option<Stock>) -> Reply {
    let detail = format!(
        "The stock of {sku} is lower than the requested quantity of {quantity}. Nothing was sold. Buy \
         fewer with a new Idempotency-Key, or retry with the same key later: the purchase succeeds only if the \
         stock reaches {quantity}."
    );
    problem(409, PurchaseOutcome::SoldOut, "Sold out", detail)
        .with("sku", sku.as_str())
        .with("stock", stock.map(Stock::get))
        .counted("SoldOut")
}

fn problem(status: u16, outcome: PurchaseOutcome, title: &str, detail: String) -> Reply {
    Reply::problem(status, &outcome.to_string(), title, detail)
}

fn sold(purchase: &Purchase, stock: Option<Stock>) -> Reply {
    let Purchase { purchase_id, sku, quantity } = purchase;
    let body = json!({
        "outcome": PurchaseOutcome::Sold,
        "purchase_id": purchase_id,
        "sku": sku,
        "quantity": quantity,
        "stock": stock,
    });
    Reply::json(200, body, format!("answered purchase {purchase_id}: sold {quantity} {sku}"))
}

fn unknown(purchase: &Purchase, error: &OutcomeUnknown) -> Reply {
    let Purchase { purchase_id, sku, .. } = purchase;
    let detail = "It is unknown whether the goods were sold. Retry with the same Idempotency-Key to find out.";
    problem(503, PurchaseOutcome::Unknown, "Outcome unknown", detail.to_owned())
        .header("retry-after", "2")
        .sentence(format!(
            "it is unknown whether {sku} was sold to purchase {purchase_id}: {error}"
        ))
        .failed(error.name())
        .counted("NotKnown")
}

fn subject(purchase: &Purchase) -> Subject {
    Subject { sku: Some(purchase.sku.clone()), purchase_id: Some(purchase.purchase_id.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_that_did_not_come_through_cloudfront_buys_nothing() {
        let config = aws_sdk_sfn::Config::builder().behavior_version_latest().build();
        let machine =
            PurchaseMachine { client: aws_sdk_sfn::Client::from_conf(config), arn: String::new() };
        let origin = "0123456789abcdef0123456789abcdef".parse().expect("a secret");
        let request = serde_json::from_value(json!({ "headers": { "idempotency-key": "k" } }));
        let reply = handle(&SalesApi { machine, origin }, request.expect("a request")).await;
        let reply = json!(reply.expect("a reply"));
        assert_eq!(reply["statusCode"], 403);
        let body: serde_json::Value =
            serde_json::from_str(reply["body"].as_str().expect("a body")).expect("JSON");
        let document: serde_json::Value =
            serde_json::from_str(include_str!("../../../openapi.json")).expect("JSON");
        let documented = &document["paths"]["/checkout"]["post"]["responses"]["403"]["content"];
        assert_eq!(documented["application/problem+json"]["example"], body);
    }
}
