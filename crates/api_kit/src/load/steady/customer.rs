use std::time::Duration;

use deployment::api_client::{ApiClient, Response};
use domain::{PurchaseOutcome, Sku};
use tokio::time::{Instant, sleep};

/// How often a purchase is sent before its outcome counts as unknown.
const ATTEMPTS: usize = 5;

/// The kind of an attempt that was not answered.
const NO_ANSWER: &str = "no answer";

/// A customer as `docs/api.md` describes one: the same key again while the outcome is unknown.
#[derive(Debug, Clone)]
pub struct Customer {
    pub api: ApiClient,
    pub sku: Sku,
}

/// One purchase of one unit.
#[derive(Debug)]
pub struct Purchase {
    /// Every answer, by status and outcome, the last of them decisive.
    pub answers: Vec<String>,
    pub outcome: Outcome,
    /// From its moment to when it was first sent.
    pub late: Duration,
    /// From its moment to its outcome.
    pub time: Duration,
}

/// How a purchase ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With the stock that the answer names.
    Sold(Option<i64>),
    SoldOut(Option<i64>),
    /// None, or one that no purchase should have.
    Error,
}

impl Purchase {
    /// Whether any attempt was answered.
    pub fn is_answered(&self) -> bool {
        self.answers.iter().any(|kind| is_answer(kind))
    }
}

/// Whether an attempt of this kind was answered.
pub fn is_answer(kind: &str) -> bool {
    kind != NO_ANSWER
}

impl Customer {
    /// Buys one unit. The time counts from `moment`.
    pub async fn buy(self, key: String, moment: Instant) -> Purchase {
        let (late, mut answers) = (moment.elapsed(), Vec::new());
        loop {
            let answer = self.api.buy(&key, self.sku.as_str(), 1).await.ok();
            answers.push(kind(answer.as_ref()));
            if answers.len() == ATTEMPTS || !must_retry(answer.as_ref()) {
                return Purchase {
                    answers,
                    outcome: outcome(answer.as_ref()),
                    late,
                    time: moment.elapsed(),
                };
            }
            let seconds = answer.and_then(|answer| answer.retry_after_seconds).unwrap_or(1);
            sleep(Duration::from_secs(seconds)).await;
        }
    }
}

/// `200 sold`, `429`, `no answer`
fn kind(answer: Option<&Response>) -> String {
    let Some(answer) = answer else { return NO_ANSWER.to_owned() };
    let status = answer.status.as_str();
    match answer.outcome() {
        "none" => status.to_owned(),
        outcome => format!("{status} {outcome}"),
    }
}

/// Whether the outcome is unknown, or the gateway has too many requests: no answer, 429 or 5xx.
fn must_retry(answer: Option<&Response>) -> bool {
    answer.is_none_or(|answer| answer.status.is_server_error() || answer.status == 429)
}

fn outcome(answer: Option<&Response>) -> Outcome {
    let Some(answer) = answer else { return Outcome::Error };
    let stock = answer.body["stock"].as_i64();
    match (answer.status.as_u16(), answer.purchase_outcome()) {
        (200, Some(PurchaseOutcome::Sold)) => Outcome::Sold(stock),
        (409, Some(PurchaseOutcome::SoldOut)) => Outcome::SoldOut(stock),
        _ => Outcome::Error,
    }
}
