//! Messages that are lost, late, or repeated.

use factory_simulator::Fault;
use futures::future::join_all;
use serde_json::json;

use system_testkit::{FIRST_RESTOCK, LONG_WAIT, Orders, System, eventually};
use testkit::database::SKU;

/// Waits until a message is in the queue.
async fn wait_for_message(system: &System) {
    eventually("a depletion is in stock_queue", async || system.has_messages().await.then_some(()))
        .await;
}

/// What noticed the depletion that started the first restock.
async fn reason_of_first_restock(system: &System) -> String {
    let input = system.input(&system.restocks(), FIRST_RESTOCK).await;
    input["reason"].as_str().expect("a reason").to_owned()
}

/// A system whose consumer is throttled, with the message of a purchase in its queue.
async fn with_an_unread_message() -> System {
    let system = System::with_stock(0).await;
    system.throttle(&["start-restock"]).await;
    system.buy_sold_out().await;
    wait_for_message(&system).await;
    system
}

#[tokio::test]
async fn the_sweep_finds_a_depletion_whose_message_was_lost() {
    let system = with_an_unread_message().await;
    system.purge(&system.cloud.outputs.stock_queue_url).await;
    assert!(!system.has_messages().await, "the message is lost");
    system.unthrottle(&["start-restock"]).await;
    assert!(system.restocks().list().await.expect("executions").is_empty());

    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!(reason_of_first_restock(&system).await, "sweep");
    assert_eq!((system.factory().requests(), system.totals().await.stock), (1, 50));
    system.finish().await;
}

#[tokio::test]
async fn a_message_is_handled_when_its_consumer_can_run_again() {
    let system = with_an_unread_message().await;
    assert!(system.restocks().list().await.expect("executions").is_empty());
    system.unthrottle(&["start-restock"]).await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!(reason_of_first_restock(&system).await, "sold_out");
    assert_eq!((system.factory().requests(), system.totals().await.stock), (1, 50));
    assert!(system.dead_letters().await.is_empty());
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_finds_a_depletion_that_could_not_be_published() {
    let system = System::with_stock(0).await;
    system.throttle(&["publish-depletion"]).await;
    system.buy_sold_out().await;
    system.unthrottle(&["publish-depletion"]).await;
    assert!(system.restocks().list().await.expect("executions").is_empty());
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!(reason_of_first_restock(&system).await, "sweep");
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}

#[tokio::test]
async fn many_messages_of_many_cycles_lead_to_one_open_restock_and_one_order() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    let reasons = ["sold_out", "reorder_point", "sweep", "redrive"];
    let messages = (1..=5).flat_map(|cycle| {
        reasons
            .map(|reason| json!({"sku": SKU, "restock_cycle": cycle, "reason": reason}).to_string())
    });
    let messages: Vec<_> = messages.collect();
    join_all(messages.iter().map(|message| system.send(message))).await;
    system.sweep().await;
    system.wait_until_queue_is_empty().await;

    let restocks = system.restocks();
    eventually("all executions but one have ended", async || {
        let running = restocks.list().await.expect("executions");
        let ended = running.iter().filter(|e| e.status().as_str() == "SUCCEEDED").count();
        (running.len() >= 5 && ended == running.len() - 1).then_some(())
    })
    .await;
    let totals = system.totals().await;
    assert_eq!((totals.open_restocks, totals.production_orders), (1, 1));
    assert_eq!(system.call_back(&system.callback(1).await).await, 200);
    system.wait_for_arrivals(50).await;
    assert_eq!(system.factory().requests(), 1);
    system.finish().await;
}
