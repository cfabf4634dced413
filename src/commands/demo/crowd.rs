use std::{
    fmt::Display,
    ops::AddAssign,
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::Result;
use domain::PurchaseOutcome;
use tokio::task::JoinSet;

use deployment::api_client::{ApiClient, Response};

/// How many customers buy at the same time.
const AT_ONCE: usize = 8;

/// Customers who each buy one unit.
pub(super) struct Crowd<'a> {
    pub shop: &'a ApiClient,
    pub sku: &'a str,
    /// Prefix of their idempotency keys.
    pub name: &'a str,
    pub customers: u32,
}

/// Number of purchases by outcome.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sales {
    pub sold: u32,
    pub refused: u32,
    /// Any other outcome. 0 if the system works.
    pub other: u32,
}

impl Sales {
    pub(super) fn count(&mut self, response: &Response) {
        match (response.status.as_u16(), response.purchase_outcome()) {
            (200, Some(PurchaseOutcome::Sold)) => self.sold += 1,
            (409, Some(PurchaseOutcome::SoldOut)) => self.refused += 1,
            _ => self.other += 1,
        }
    }
}

impl AddAssign for Sales {
    fn add_assign(&mut self, more: Self) {
        self.sold += more.sold;
        self.refused += more.refused;
        self.other += more.other;
    }
}

impl Crowd<'_> {
    /// All customers buy, several at once. Passes every tenth response to `tell`.
    pub(super) async fn buy(&self, tell: impl Fn(&dyn Display)) -> Result<Sales> {
        let mut sales = Sales::default();
        let mut buying = JoinSet::new();
        let next = AtomicU32::new(0);
        while let Some(response) = {
            while buying.len() < AT_ONCE && next.load(Ordering::Relaxed) < self.customers {
                buying.spawn(self.one(next.fetch_add(1, Ordering::Relaxed)));
            }
            buying.join_next().await
        } {
            let response = response??;
            sales.count(&response);
            let so_far = sales.sold + sales.refused + sales.other;
            if so_far % 10 == 0 {
                let (status, outcome) = (response.status.as_u16(), response.outcome());
                tell(&format_args!("customer {so_far}: {status} {outcome}"));
            }
        }
        Ok(sales)
    }

    fn one(&self, number: u32) -> impl Future<Output = Result<Response>> + Send + 'static {
        let (shop, sku, key) =
            (self.shop.clone(), self.sku.to_owned(), format!("{}-{number}", self.name));
        // If the outcome is unknown, retries with the same key, as the response says.
        async move {
            loop {
                let response = shop.buy(&key, &sku, 1).await?;
                if response.purchase_outcome() != Some(PurchaseOutcome::Unknown) {
                    return Ok(response);
                }
            }
        }
    }
}
