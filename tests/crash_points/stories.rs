//! What happens to a shop, so that together every place is passed. Each story begins with a product that is
//! stocked and ends so. It holds wherever one of its processes dies.

use factory_simulator::Fault;
use futures::future::{FutureExt, LocalBoxFuture};
use serde_json::json;

use crate::{floor::Make, stage::Stage};
use system_testkit::eventually;
use testkit::database::SKU;

/// Something that happens.
pub struct Story {
    pub name: &'static str,
    pub happens: for<'a> fn(&'a Stage) -> LocalBoxFuture<'a, ()>,
}

macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        /// All of them, the quick ones first.
        pub const STORIES: &[Story] = &[$(Story {
            name: stringify!($name),
            happens: |stage| $name(stage).boxed_local(),
        }),*];
    };
}

stories![
    a_product_is_looked_at,
    a_purchase_is_made,
    a_message_is_no_depletion,
    a_product_is_unknown,
    a_product_is_sold_out_and_restocked,
    the_factory_calls_twice,
    the_factory_calls_with_a_count_of_nothing,
    the_factory_refuses_an_order,
    a_restock_of_the_same_name_has_been,
    all_connections_are_lost,
    goods_cannot_be_credited_by_who_waited,
    a_restock_is_abandoned,
    the_factory_never_calls,
    goods_come_another_way,
    the_factory_calls_before_anyone_waits,
];

async fn a_product_is_looked_at(stage: &Stage) {
    stage.count(50).await;
    eventually("the product is shown", async || {
        let answer = stage.system.shop.product(SKU).await.expect("an answer");
        answer.status.is_success().then_some(())
    })
    .await;
}

async fn a_purchase_is_made(stage: &Stage) {
    stage.count(50).await;
    let key = stage.name();
    stage.buys(&key, "sold").await;
    stage.buys(&key, "sold").await;
    assert_eq!(stage.system.totals().await.stock, 49);
}

async fn a_message_is_no_depletion(stage: &Stage) {
    stage.count(50).await;
    let why = stage.name();
    stage.system.send(&why).await;
    stage.is_told_of(&why).await;
}

async fn a_product_is_unknown(stage: &Stage) {
    stage.count(50).await;
    let unknown = json!({"sku": stage.name(), "restock_cycle": 1, "reason": "redrive"});
    stage.system.send(&unknown.to_string()).await;
    stage.is_told_of(unknown["sku"].as_str().expect("a name")).await;
}

async fn a_product_is_sold_out_and_restocked(stage: &Stage) {
    stage.count(0).await;
    let key = stage.name();
    stage.buys(&key, "sold_out").await;
    stage.is_restocked().await;
    stage.buys(&key, "sold").await;
}

async fn the_factory_calls_twice(stage: &Stage) {
    stage.floor.next(Make::Twice);
    a_product_is_sold_out_and_restocked(stage).await;
}

async fn the_factory_calls_with_a_count_of_nothing(stage: &Stage) {
    stage.floor.next(Make::Uncountable);
    a_product_is_sold_out_and_restocked(stage).await;
}

async fn the_factory_refuses_an_order(stage: &Stage) {
    stage.count(0).await;
    stage.system.set_fault(Fault::Answers400NotTaken, Orders::Next(1)).await;
    stage.buys(&stage.name(), "sold_out").await;
    stage.is_restocked().await;
}

/// An operator insists on a restock that is not needed, whose name is so used up.
async fn a_restock_of_the_same_name_has_been(stage: &Stage) {
    stage.count(50).await;
    let cycle = stage.cycle().await;
    let message = json!({"sku": SKU, "restock_cycle": cycle, "reason": "redrive"});
    stage.system.send(&message.to_string()).await;
    let restocks = stage.system.restocks();
    stage.system.final_status(&restocks, &format!("{SKU}_{cycle}")).await;
    stage.count(0).await;
    stage.is_restocked().await;
}

async fn all_connections_are_lost(stage: &Stage) {
    stage.buys(&stage.name(), "sold").await;
    a_product_is_sold_out_and_restocked(stage).await;
    stage.is_swept().await;
    stage.lose_connections().await;
    stage.is_swept().await;
    a_product_is_looked_at(stage).await;
    a_product_is_sold_out_and_restocked(stage).await;
}

async fn goods_cannot_be_credited_by_who_waited(stage: &Stage) {
    stage.count(0).await;
    stage.system.throttle(&["increment-stock"]).await;
    stage.buys(&stage.name(), "sold_out").await;
    stage.is_restocked().await;
    stage.system.unthrottle(&["increment-stock"]).await;
}

/// The execution that waited is stopped by hand.
async fn a_restock_is_abandoned(stage: &Stage) {
    stage.floor.next(Make::Nothing);
    stage.count(0).await;
    stage.buys(&stage.name(), "sold_out").await;
    stage.goods_are_awaited().await;
    stage.stop_restock().await;
    stage.system.backdate_restocks().await;
    stage.is_restocked().await;
}

async fn the_factory_never_calls(stage: &Stage) {
    stage.floor.next(Make::Nothing);
    a_product_is_sold_out_and_restocked(stage).await;
}

async fn goods_come_another_way(stage: &Stage) {
    stage.floor.next(Make::Nothing);
    stage.count(0).await;
    stage.buys(&stage.name(), "sold_out").await;
    stage.goods_are_awaited().await;
    stage.count(50).await;
    stage.is_restocked().await;
}

async fn the_factory_calls_before_anyone_waits(stage: &Stage) {
    stage.floor.next(Make::AtOnce);
    let answer = Fault::AnswersAfter(std::time::Duration::from_secs(1));
    stage.system.set_fault(answer, Orders::Next(1)).await;
    a_product_is_sold_out_and_restocked(stage).await;
}
