//! From a purchase that finds too little stock to the order that the factory receives.

use std::time::Duration;

use factory_simulator::Factory;
use factory_simulator::Fault;
use futures::stream::{StreamExt, iter};
use tokio::time::timeout;

use system_testkit::{LONG_WAIT, Orders, System, eventually};

/// What `publish-depletion` logs for each message.
const PUBLISHED: &str = "published a depletion";

/// How many customers wait for an answer at the same time. As many functions run.
const AT_ONCE: usize = 12;

/// A system whose factory holds its callbacks until [`System::release_callbacks`].
async fn with_held_callbacks(stock: u32) -> System {
    let system = System::with(stock, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system
}

/// Waits for the first order. Returns its quantity.
async fn ordered_quantity(factory: &Factory) -> i64 {
    let orders = timeout(Duration::from_secs(60), factory.wait_until(|orders| !orders.is_empty()));
    let orders = orders.await.expect("an order");
    orders[0].body["MessageAttributeProductCnt"].as_i64().expect("a count")
}

#[tokio::test]
async fn sixty_refused_purchases_lead_to_one_restock_and_one_order() {
    let system = with_held_callbacks(0).await;
    let shop = &system.shop;
    let keys = (0..60).map(|n| format!("refused-{n}"));
    let buying = keys.map(|key| async move { shop.buy(&key, "CP-502101", 1).await });
    let answers: Vec<_> = iter(buying).buffer_unordered(AT_ONCE).collect().await;
    for answer in answers {
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 409, "{answer:?}");
    }
    assert_eq!(ordered_quantity(system.factory()).await, 50);
    system.wait_until_queue_is_empty().await;
    assert_eq!(system.restock_names().await, ["CP-502101_1"]);

    system.release_callbacks().await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    assert_eq!(system.restock_names().await, ["CP-502101_1"]);
    let totals = system.totals().await;
    assert_eq!((totals.production_orders, system.factory().requests()), (1, 1));
    assert_eq!((totals.sold, totals.stock, totals.ledger), (0, 50, 50));
    system.finish().await;
}

#[tokio::test]
async fn only_the_sale_that_crosses_the_reorder_point_publishes_a_depletion() {
    let system = with_held_callbacks(12).await;
    assert_eq!(system.buy("above").await.status, 200);
    assert_eq!(system.log("publish-depletion").await.count_lines(PUBLISHED), 0);
    assert_eq!(system.buy("crosses").await.status, 200);
    assert_eq!(ordered_quantity(system.factory()).await, 40);
    assert_eq!(system.buy("below").await.status, 200);
    assert_eq!(system.log("publish-depletion").await.count_lines(PUBLISHED), 1);

    system.release_callbacks().await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.production_orders), (3, 49, 1));
    system.finish().await;
}

#[tokio::test]
async fn a_missing_topic_fails_no_purchase_and_the_sweep_finds_the_depletion() {
    let system = System::with(11, LONG_WAIT).await;
    delete_topic(&system).await;
    assert_eq!(system.buy("crosses").await.status, 200);
    assert_eq!(system.buy("below").await.status, 200);
    let refused = system.shop.buy("too-many", "CP-502101", 10).await.expect("an answer");
    assert_eq!((refused.status.as_u16(), refused.outcome()), (409, "sold_out"));
    assert_eq!(system.log("publish-depletion").await.count_lines("Aws.Refused"), 2);
    assert!(system.restock_names().await.is_empty());

    restore_topic(&system).await;
    system.sweep().await;
    eventually("a restock is started", async || {
        (system.restock_names().await.len() == 1).then_some(())
    })
    .await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.production_orders), (2, 50, 1));
    system.finish().await;
}

async fn delete_topic(system: &System) {
    let arn = &system.cloud.outputs.depletion_topic_arn;
    let delete = system.cloud.clients.topics.delete_topic().topic_arn(arn).send().await;
    delete.expect("the topic is gone");
}

async fn restore_topic(system: &System) {
    let (topics, outputs) = (&system.cloud.clients.topics, &system.cloud.outputs);
    let topic = topics.create_topic().name("depletion").send().await.expect("a topic");
    assert_eq!(topic.topic_arn(), Some(outputs.depletion_topic_arn.as_str()));
    let subscribe = topics.subscribe().topic_arn(&outputs.depletion_topic_arn).protocol("sqs");
    let subscribe = subscribe.endpoint(&outputs.stock_queue_arn);
    let subscribe = subscribe.attributes("RawMessageDelivery", "true").send().await;
    subscribe.expect("a subscription");
}
