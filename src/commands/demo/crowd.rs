use std::{
    fmt::Display,
    ops::AddAssign,
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::Result;
use tokio::task::JoinSet;

use deployment::api_client::{ApiClient, Response};

/// How many customers buy at the same time.
const AT_ONCE: usize = 8;

/// Customers who want one each.
pub(super) struct Crowd<'a> {
    pub shop: &'a ApiClient,
    pub sku: &'a str,
    /// What their idempotency keys begin with.
    pub name: &'a str,
    pub customers: u32,
}

/// What customers were told.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sales {
    pub sold: u32,
    pub refused: u32,
    /// Neither. None, if all is well.
    pub other: u32,
}

impl Sales {
    pub(super) fn count(&mut self, answer: &Response) {
        match (answer.status.as_u16(), answer.outcome()) {
            (200, "sold") => self.sold += 1,
            (409, "sold_out") => self.refused += 1,
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
    /// They all buy, several at once. Every tenth answer is told.
    pub(super) async fn buy(&self, tell: impl Fn(&dyn Display)) -> Result<Sales> {
        let mut sales = Sales::default();
        let mut buying = JoinSet::new();
        let next = AtomicU32::new(0);
        while let Some(answer) = {
            while buying.len() < AT_ONCE && next.load(Ordering::Relaxed) < self.customers {
                buying.spawn(self.one(next.fetch_add(1, Ordering::Relaxed)));
            }
            buying.join_next().await
        } {
            let answer = answer??;
            sales.count(&answer);
            let so_far = sales.sold + sales.refused + sales.other;
            if so_far % 10 == 0 {
                let (status, outcome) = (answer.status.as_u16(), answer.outcome());
                tell(&format_args!("customer {so_far}: {status} {outcome}"));
            }
        }
        Ok(sales)
    }

    fn one(&self, number: u32) -> impl Future<Output = Result<Response>> + Send + 'static {
        let (shop, sku, key) =
            (self.shop.clone(), self.sku.to_owned(), format!("{}-{number}", self.name));
        // Who is told that it is not known asks again under the same key, as the answer says.
        async move {
            loop {
                let answer = shop.buy(&key, &sku, 1).await?;
                if answer.outcome() != "unknown" {
                    return Ok(answer);
                }
            }
        }
    }
}
