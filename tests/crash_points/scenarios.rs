//! Scenarios: together they pass every crash point. Each starts with a stocked product, or stocks it first, and ends with
//! a stocked product, wherever one of its processes crashes.

use std::time::Duration;

use domain::FactoryNetwork;
use factory_simulator::Fault;
use futures::future::{FutureExt, LocalBoxFuture};
use serde_json::json;

use crate::{callbacks::Callbacks, worker::Worker};
use system_testkit::{Orders, customer::get_product, eventually};
use testkit::{
    database::{SKU, set_buckets},
    invalid::{add_unreadable_product, remove_product},
};
use warehouse::FactoryChange;

pub struct Scenario {
    pub name: &'static str,
    pub run: for<'a> fn(&'a Worker) -> LocalBoxFuture<'a, ()>,
}

macro_rules! scenarios {
    ($($name:ident),* $(,)?) => {
        /// All scenarios, the quick ones first.
        pub const SCENARIOS: &[Scenario] = &[$(Scenario {
            name: stringify!($name),
            run: |worker| $name(worker).boxed_local(),
        }),*];
    };
}

scenarios![
    a_product_is_shown,
    a_purchase_is_sold,
    a_message_is_invalid,
    a_product_is_unknown,
    a_queue_sets_a_message_aside,
    a_product_is_sold_out_and_restocked,
    a_product_of_a_private_factory_is_restocked,
    the_stock_is_in_four_buckets,
    the_factory_calls_back_twice,
    the_factory_calls_back_with_an_invalid_count,
    the_factory_refuses_an_order,
    the_execution_name_of_a_restock_is_used_up,
    a_restock_fails_before_it_is_opened,
    a_row_cannot_be_read,
    all_database_connections_are_cut,
    increment_stock_is_throttled,
    a_restock_is_abandoned,
    an_abandoned_restock_is_left_to_the_next_sweep,
    the_factory_never_calls_back,
    stock_is_found_during_the_wait,
    the_factory_calls_back_before_the_wait,
];

async fn a_product_is_shown(worker: &Worker) {
    worker.count_stock(50).await;
    eventually("the product is shown", async || {
        let answer = worker.system.shop.product(SKU).await.expect("an answer");
        answer.status.is_success().then_some(())
    })
    .await;
    eventually("the products are listed", async || {
        (get_product(&worker.system, "?limit=1").await.status == 200).then_some(())
    })
    .await;
}

async fn a_purchase_is_sold(worker: &Worker) {
    worker.count_stock(50).await;
    let purchase_id = worker.new_name();
    worker.buy(&purchase_id, "sold").await;
    worker.buy(&purchase_id, "sold").await;
    assert_eq!(worker.system.totals().await.stock, 49);
}

async fn a_message_is_invalid(worker: &Worker) {
    worker.count_stock(50).await;
    let message = worker.new_name();
    worker.system.send(&message).await;
    worker.wait_for_mail_with(&message).await;
}

async fn a_product_is_unknown(worker: &Worker) {
    worker.count_stock(50).await;
    let sku = worker.new_name();
    let depletion = json!({"sku": sku, "restock_cycle": 1, "reason": "redrive"});
    worker.system.send(&depletion.to_string()).await;
    worker.wait_for_mail_with(&sku).await;
}

async fn a_queue_sets_a_message_aside(worker: &Worker) {
    worker.count_stock(50).await;
    let message_id = worker.system.set_a_message_aside().await;
    worker.wait_for_mail_with(&message_id).await;
}

async fn a_product_is_sold_out_and_restocked(worker: &Worker) {
    worker.count_stock(0).await;
    let purchase_id = worker.new_name();
    worker.buy(&purchase_id, "sold_out").await;
    worker.wait_until_restocked().await;
    worker.buy(&purchase_id, "sold").await;
}

async fn a_product_of_a_private_factory_is_restocked(worker: &Worker) {
    let reached_in = async |network| {
        let network = Some(network);
        worker.system.change_factory(|change| FactoryChange { network, ..change }).await;
    };
    reached_in(FactoryNetwork::Private).await;
    a_product_is_sold_out_and_restocked(worker).await;
    reached_in(FactoryNetwork::Public).await;
}

/// A large purchase takes goods from several buckets, and the arrival adds goods to each.
async fn the_stock_is_in_four_buckets(worker: &Worker) {
    let set = async |number| {
        let request = set_buckets(number);
        worker.system.cloud.warehouse.change(&request).await.expect("buckets");
    };
    set(4).await;
    worker.count_stock(12).await;
    worker.buy_several(&worker.new_name(), 10).await;
    worker.wait_until_restocked().await;
    a_product_is_sold_out_and_restocked(worker).await;
    set(1).await;
}

async fn the_factory_calls_back_twice(worker: &Worker) {
    worker.callbacks.plan(Callbacks::Twice);
    a_product_is_sold_out_and_restocked(worker).await;
}

async fn the_factory_calls_back_with_an_invalid_count(worker: &Worker) {
    worker.callbacks.plan(Callbacks::InvalidThenValid);
    a_product_is_sold_out_and_restocked(worker).await;
}

async fn the_factory_refuses_an_order(worker: &Worker) {
    worker.count_stock(0).await;
    worker.system.set_fault(Fault::Answers400NotTaken, Orders::Next(1)).await;
    worker.buy(&worker.new_name(), "sold_out").await;
    worker.wait_until_restocked().await;
}

/// A depletion of a product that is in stock uses up the name of the restock's execution.
async fn the_execution_name_of_a_restock_is_used_up(worker: &Worker) {
    worker.count_stock(50).await;
    let cycle = worker.restock_cycle().await;
    let message = json!({"sku": SKU, "restock_cycle": cycle, "reason": "sold_out"});
    worker.system.send(&message.to_string()).await;
    let restocks = worker.system.restocks();
    worker.system.final_status(&restocks, &format!("{SKU}_{cycle}")).await;
    a_product_is_sold_out_and_restocked(worker).await;
}

async fn a_restock_fails_before_it_is_opened(worker: &Worker) {
    worker.count_stock(0).await;
    let failed = worker.system.totals().await.failed_restocks;
    worker.system.throttle(&["open-restock"]).await;
    worker.buy(&worker.new_name(), "sold_out").await;
    eventually("the restock has failed", async || {
        (worker.system.totals().await.failed_restocks > failed).then_some(())
    })
    .await;
    worker.system.unthrottle(&["open-restock"]).await;
    worker.wait_until_restocked().await;
}

async fn a_row_cannot_be_read(worker: &Worker) {
    worker.count_stock(50).await;
    let sku = worker.new_name().to_lowercase();
    let mut connection = worker.system.admin_connection().await;
    add_unreadable_product(&mut connection, &sku).await;
    worker.sweep_and_rest().await;
    worker.wait_for_mail_with(&sku).await;
    remove_product(&mut connection, &sku).await;
}

async fn all_database_connections_are_cut(worker: &Worker) {
    worker.buy(&worker.new_name(), "sold").await;
    a_product_is_sold_out_and_restocked(worker).await;
    worker.sweep_and_rest().await;
    worker.cut_connections().await;
    worker.sweep_and_rest().await;
    a_product_is_shown(worker).await;
    a_product_is_sold_out_and_restocked(worker).await;
}

/// The execution that waited cannot credit the goods.
async fn increment_stock_is_throttled(worker: &Worker) {
    worker.count_stock(0).await;
    worker.system.throttle(&["increment-stock"]).await;
    worker.buy(&worker.new_name(), "sold_out").await;
    worker.wait_until_restocked().await;
    worker.system.unthrottle(&["increment-stock"]).await;
}

async fn a_restock_is_abandoned(worker: &Worker) {
    abandon_a_restock(worker).await;
    worker.system.backdate_restocks().await;
    worker.wait_until_restocked().await;
}

/// The sweep that the end of the execution starts cannot close the restock. The next one asks whether the execution runs.
async fn an_abandoned_restock_is_left_to_the_next_sweep(worker: &Worker) {
    worker.system.throttle(&["close-restock"]).await;
    let sweeps = worker.count_sweeps().await;
    abandon_a_restock(worker).await;
    eventually("the end of the execution starts a sweep", async || {
        (worker.count_sweeps().await > sweeps).then_some(())
    })
    .await;
    worker.rest().await;
    worker.system.unthrottle(&["close-restock"]).await;
    worker.system.backdate_restocks().await;
    worker.wait_until_restocked().await;
}

async fn abandon_a_restock(worker: &Worker) {
    worker.callbacks.plan(Callbacks::Never);
    worker.count_stock(0).await;
    worker.buy(&worker.new_name(), "sold_out").await;
    worker.wait_until_goods_are_awaited().await;
    worker.abort_restock().await;
}

async fn the_factory_never_calls_back(worker: &Worker) {
    worker.callbacks.plan(Callbacks::Never);
    a_product_is_sold_out_and_restocked(worker).await;
}

async fn stock_is_found_during_the_wait(worker: &Worker) {
    worker.callbacks.plan(Callbacks::Never);
    worker.count_stock(0).await;
    worker.buy(&worker.new_name(), "sold_out").await;
    worker.wait_until_goods_are_awaited().await;
    worker.count_stock(50).await;
    worker.wait_until_restocked().await;
}

async fn the_factory_calls_back_before_the_wait(worker: &Worker) {
    worker.callbacks.plan(Callbacks::BeforeTheAnswer);
    let slow_answer = Fault::AnswersAfter(Duration::from_secs(1));
    worker.system.set_fault(slow_answer, Orders::Next(1)).await;
    a_product_is_sold_out_and_restocked(worker).await;
}
