//! `POST /checkout`: reads what the customer wants, runs the `purchase` machine and answers with what
//! it decided.

use std::convert::Infallible;

use domain::Purchase;
use errors::{ErrorName, NamedError};
use http_api::http::{Reply, Request, Subject};
use serde::Deserialize;
use thiserror::Error;

/// Why it is not known whether the purchase was made.
#[derive(Debug, Error)]
enum NotKnown {
    #[error(transparent)]
    Aws(#[from] aws::Error),
    #[error("the purchase machine ended without a result: {0}")]
    Undecided(String),
}

impl NotKnown {
    fn name(&self) -> ErrorName {
        match self {
            Self::Aws(error) => error.name(),
            Self::Undecided(_) => ErrorName::PurchaseUndecided,
        }
    }
}

/// The `purchase` machine. Its client must send a call once: StartSyncExecution is not idempotent.
#[derive(Debug)]
pub struct PurchaseMachine {
    /// A client of Step Functions that does not retry.
    pub client: aws_sdk_sfn::Client,
    /// The machine's ARN.
    pub arn: String,
}

/// What the machine decided.
#[derive(Debug, Deserialize)]
struct Decision {
    outcome: Verdict,
    stock: Option<u32>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Sold,
    SoldOut,
    UnknownProduct,
    KeyReused,
}

/// Answers 200, 400, 404, 409, 413, 422, or 503 where it is not known whether the goods were sold.
pub async fn handle(machine: &PurchaseMachine, request: Request) -> Result<Reply, Infallible> {
    let purchase = match http_api::checkout::read(&request) {
        Ok(purchase) => purchase,
        Err(error) => return Ok(error.reply().counted("BadRequests")),
    };
    let reply = match machine.decide(&purchase).await {
        Ok(decision) => answer(&purchase, &decision),
        Err(why) => not_known(&purchase, &why),
    };
    Ok(reply.about(subject(&purchase)))
}

impl PurchaseMachine {
    /// Runs the machine. An error says why it is not known what was decided.
    async fn decide(&self, purchase: &Purchase) -> Result<Decision, NotKnown> {
        let input = serde_json::to_string(purchase).map_err(aws::Error::from)?;
        let start = self.client.start_sync_execution().state_machine_arn(&self.arn).input(input);
        let ended = start.send().await.map_err(aws::Error::from)?;
        let output = ended.output().ok_or_else(|| {
            let error = ended.error().unwrap_or("no error named");
            NotKnown::Undecided(format!("it ended {}: {error}", ended.status()))
        })?;
        serde_json::from_str(output)
            .map_err(|e| NotKnown::Undecided(format!("its answer is odd: {e}")))
    }
}

fn answer(purchase: &Purchase, decision: &Decision) -> Reply {
    let Purchase { purchase_id, sku, quantity } = purchase;
    match decision.outcome {
        Verdict::Sold => sold(purchase, decision.stock),
        Verdict::SoldOut => {
            let detail = format!("{quantity} {sku} were wanted; more are being made");
            Reply::problem(409, "sold_out", "Sold out", detail)
                .with("sku", sku.as_str())
                .with("stock", decision.stock)
                .counted("SoldOut")
        }
        Verdict::UnknownProduct => Reply::problem(
            404,
            "unknown_product",
            "Unknown product",
            format!("there is no product {sku}"),
        ),
        Verdict::KeyReused => {
            let detail = format!(
                "under the idempotency key {purchase_id} something else was sold: \
                 send a new key for a new purchase"
            );
            Reply::problem(422, "key_reused", "Idempotency key reused", detail)
        }
    }
}

fn sold(purchase: &Purchase, stock: Option<u32>) -> Reply {
    let Purchase { purchase_id, sku, quantity } = purchase;
    let body = serde_json::json!({
        "outcome": "sold",
        "purchase_id": purchase_id,
        "sku": sku,
        "quantity": quantity,
        "stock": stock,
    });
    Reply::json(200, body, format!("answered purchase {purchase_id}: sold {quantity} {sku}"))
}

fn not_known(purchase: &Purchase, why: &NotKnown) -> Reply {
    let Purchase { purchase_id, sku, .. } = purchase;
    let detail =
        "it is not known whether this was sold: send it again with the same Idempotency-Key";
    Reply::problem(503, "unknown", "Not known", detail)
        .header("retry-after", "2")
        .sentence(format!(
            "it is not known whether {sku} was sold to purchase {purchase_id}: {why}"
        ))
        .failed(why.name())
        .counted("NotKnown")
}

fn subject(purchase: &Purchase) -> Subject {
    Subject {
        sku: Some(purchase.sku.clone()),
        purchase_id: Some(purchase.purchase_id.clone()),
        ..Subject::default()
    }
}
