//! From the last donut to new ones. The test buys the whole stock.

use std::time::SystemTime;

use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus};
use operations::executions::ExecutionEvent;

use crate::{
    customers::assert_problem, deployment::Deployment, deployment::eventually, deployment::new_key,
};
use testkit::database::SKU;

/// The most units of one purchase.
const LARGEST_PURCHASE: usize = 100;

impl Deployment {
    /// Buys all there is until the product is sold out. In large purchases, because a fast factory delivers while somebody buys
    /// one at a time.
    async fn sell_out(&self) {
        let sold_out = eventually("the product is sold out", async || {
            let stock = self.shop.product(SKU).await.expect("an answer").body["stock"].as_u64()?;
            for bought in (0..stock).step_by(LARGEST_PURCHASE) {
                let quantity = (stock - bought).min(LARGEST_PURCHASE as u64);
                self.shop.buy(&new_key(), SKU, quantity as u32).await.expect("an answer");
            }
            let answer = self.shop.buy(&new_key(), SKU, 1).await.expect("an answer");
            (answer.outcome() == "sold_out").then_some(answer)
        })
        .await;
        assert_problem(&sold_out, 409, "sold_out");
    }

    /// Waits for a restock of the product that ran at this time or started later.
    async fn wait_for_restock_since(&self, since: SystemTime) -> ExecutionListItem {
        let since = since.into();
        let is_ours = |restock: &ExecutionListItem| {
            restock.name().starts_with(SKU) && restock.stop_date().is_none_or(|end| *end >= since)
        };
        eventually("the product is restocked", async || {
            self.restocks().latest().await.expect("executions").into_iter().find(is_ours)
        })
        .await
    }
}

#[tokio::test]
async fn a_sold_out_product_is_restocked() {
    let deployment = Deployment::open().await;
    if !deployment.may_be_sold_out() {
        return deployment.finish().await;
    }
    let began = SystemTime::now();
    deployment.sell_out().await;
    let restock = deployment.wait_for_restock_since(began).await;
    // A real factory may need long for the goods, but it must have the order.
    eventually("the restock waits for the factory or has succeeded", async || {
        let restocks = deployment.restocks();
        let now = restocks.describe(restock.name()).await.expect("an answer")?;
        let history = restocks.history(restock.execution_arn()).await.expect("a history");
        let waits = history.contains(&ExecutionEvent::Entered("AwaitCompletion".to_owned()));
        match now.status() {
            ExecutionStatus::Running => waits.then_some(()),
            ExecutionStatus::Succeeded => Some(()),
            _ => panic!("{now:?}"),
        }
    })
    .await;
    deployment.buy_one().await;
    deployment.finish().await;
}
