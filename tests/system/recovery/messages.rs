//! Messages that are lost, late, or too many.

use aws_sdk_sqs::types::QueueAttributeName::{
    ApproximateNumberOfMessages as Visible, ApproximateNumberOfMessagesNotVisible as Taken,
};
use factory_simulator::Fault;
use futures::future::join_all;
use serde_json::json;

use system_testkit::{cloud::PATIENT, cloud::System, cloud::eventually, observe::FIRST};
use testkit::database::SKU;

/// Waits until a message lies in the queue that nobody takes.
async fn lies_in_the_queue(system: &System) {
    let url = &system.cloud.outputs.stock_queue_url;
    eventually("a depletion lies in the queue", async || {
        let get = system.cloud.clients.queues.get_queue_attributes().queue_url(url);
        let answer = get.attribute_names(Visible).attribute_names(Taken).send().await;
        let attributes = answer.expect("a queue").attributes.unwrap_or_default();
        attributes.values().any(|number| number != "0").then_some(())
    })
    .await;
}

/// Nobody takes messages, and a purchase has left one.
async fn with_an_untaken_message() -> System {
    let system = System::with_stock(0).await;
    system.throttle("start-restock").await;
    system.find_sold_out().await;
    lies_in_the_queue(&system).await;
    system
}

#[tokio::test]
async fn a_depletion_that_is_lost_in_the_queue_is_found_by_the_sweep() {
    let system = with_an_untaken_message().await;
    let purge = system.cloud.clients.queues.purge_queue();
    let purge = purge.queue_url(&system.cloud.outputs.stock_queue_url);
    purge.send().await.expect("a message less");
    system.unthrottle("start-restock").await;
    assert!(system.restocks().list().await.expect("executions").is_empty());

    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.totals().await.stock), (1, 50));
    system.finish().await;
}

#[tokio::test]
async fn a_depletion_that_nobody_could_take_for_a_while_is_taken_after() {
    let system = with_an_untaken_message().await;
    assert!(system.restocks().list().await.expect("executions").is_empty());
    system.unthrottle("start-restock").await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.totals().await.stock), (1, 50));
    assert!(system.dead_letters().await.is_empty());
    system.finish().await;
}

#[tokio::test]
async fn a_depletion_that_could_not_be_published_is_found_by_the_sweep() {
    let system = System::with_stock(0).await;
    system.throttle("publish-depletion").await;
    system.find_sold_out().await;
    system.unthrottle("publish-depletion").await;
    assert!(system.restocks().list().await.expect("executions").is_empty());
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}

#[tokio::test]
async fn however_many_depletions_of_however_many_cycles_there_is_one_open_restock_and_one_order() {
    let system = System::with(0, PATIENT).await;
    system.factory_misbehaves(Fault::HoldsCallback).await;
    let reasons = ["sold_out", "reorder_point", "sweep", "redrive"];
    let messages = (1..=5).flat_map(|cycle| {
        reasons
            .map(|reason| json!({"sku": SKU, "restock_cycle": cycle, "reason": reason}).to_string())
    });
    let messages: Vec<_> = messages.collect();
    join_all(messages.iter().map(|message| system.send(message))).await;
    system.sweep().await;

    let restocks = system.restocks();
    eventually("all but one restock have nothing to do", async || {
        let running = restocks.list().await.expect("executions");
        let ended = running.iter().filter(|e| e.status().as_str() == "SUCCEEDED").count();
        (running.len() >= 5 && ended == running.len() - 1).then_some(())
    })
    .await;
    let totals = system.totals().await;
    assert_eq!((totals.open_restocks, totals.production_orders), (1, 1));
    assert_eq!(system.call_back(&system.callback(1).await).await, 202);
    system.arrived(50).await;
    assert_eq!(system.factory().requests(), 1);
    system.finish().await;
}
