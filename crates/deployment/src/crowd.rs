//! Customers who buy at the same time.

use std::{
    fmt::Display,
    ops::AddAssign,
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::Result;
use domain::PurchaseOutcome;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::api_client::{ApiClient, Response};

/// The number of customers who buy at the same time.
const CONCURRENCY: usize = 8;

/// How often a customer tries.
const ATTEMPTS: u32 = 20;

/// Customers who buy one unit each.
#[derive(Debug)]
pub struct Crowd<'a> {
    pub api: &'a ApiClient,
    pub sku: &'a str,
    /// The prefix of the customers' idempotency keys.
    pub name: &'a str,
    pub customers: u32,
}

/// The answers that customers received.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Answers {
    pub sold: u32,
    pub sold_out: u32,
    /// Any other answer.
    pub other: u32,
}

impl Answers {
    pub fn count(&mut self, answer: &Response) {
        match (answer.status.as_u16(), answer.purchase_outcome()) {
            (200, Some(PurchaseOutcome::Sold)) => self.sold += 1,
            (409, Some(PurchaseOutcome::SoldOut)) => self.sold_out += 1,
            _ => self.other += 1,
        }
    }
}

impl AddAssign for Answers {
    fn add_assign(&mut self, more: Self) {
        self.sold += more.sold;
        self.sold_out += more.sold_out;
        self.other += more.other;
    }
}

impl Crowd<'_> {
    /// Lets all customers buy and prints every tenth answer.
    pub async fn buy(&self, print: impl Fn(&dyn Display)) -> Result<Answers> {
        let mut answers = Answers::default();
        let mut buying = JoinSet::new();
        let next = AtomicU32::new(0);
        while let Some(answer) = {
            while buying.len() < CONCURRENCY && next.load(Ordering::Relaxed) < self.customers {
                buying.spawn(self.one(next.fetch_add(1, Ordering::Relaxed)));
            }
            buying.join_next().await
        } {
            let answer = answer??;
            answers.count(&answer);
            let so_far = answers.sold + answers.sold_out + answers.other;
            if so_far % 10 == 0 {
                let (status, outcome) = (answer.status.as_u16(), answer.outcome());
                print(&format_args!("customer {so_far}: {status} {outcome}"));
            }
        }
        Ok(answers)
    }

    /// One purchase. After an answer of 5xx it is unknown whether it was made, so it is repeated with the same idempotency
    /// key.
    fn one(&self, number: u32) -> impl Future<Output = Result<Response>> + Send + 'static {
        let (api, sku, key) =
            (self.api.clone(), self.sku.to_owned(), format!("{}-{number}", self.name));
        async move {
            let mut answer = api.buy(&key, &sku, 1).await?;
            for _ in 1..ATTEMPTS {
                if !answer.status.is_server_error() {
                    break;
                }
                answer = api.buy(&key, &sku, 1).await?;
            }
            Ok(answer)
        }
    }
}
