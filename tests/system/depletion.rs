//! From a purchase that finds too little to the order that the factory gets.

use std::time::Duration;

use factory_simulator::Factory;
use factory_simulator::Fault;
use futures::stream::{StreamExt, iter};
use tokio::time::timeout;

use system_testkit::{cloud::PATIENT, cloud::System, cloud::eventually};

/// What `publish-depletion` logs of each message.
const PUBLISHED: &str = "published a depletion";

/// How many customers wait for an answer at a time: as many functions run as this.
const AT_ONCE: usize = 12;

/// A system whose factory keeps the goods until they are asked for, and where nobody gives up.
async fn with_a_slow_factory(stock: u32) -> System {
    let system = System::with(stock, PATIENT).await;
    system.factory().misbehave(Fault::HoldsCallback).await.expect("a fault");
    system
}

/// How many the first order asks for, once there is one.
async fn ordered(factory: &Factory) -> i64 {
    let orders = timeout(Duration::from_secs(60), factory.wait_until(|orders| !orders.is_empty()));
    let orders = orders.await.expect("an order");
    orders[0].body["MessageAttributeProductCnt"].as_i64().expect("a count")
}

#[tokio::test]
async fn sixty_refused_purchases_start_one_restock_and_one_order() {
    let system = with_a_slow_factory(0).await;
    let shop = &system.shop;
    let hungry = (0..60).map(|n| format!("hungry-{n}"));
    let buying = hungry.map(|key| async move { shop.buy(&key, "CP-502101", 1).await });
    let answers: Vec<_> = iter(buying).buffer_unordered(AT_ONCE).collect().await;
    for answer in answers {
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 409, "{answer:?}");
    }
    assert_eq!(ordered(system.factory()).await, 50);
    system.queue_is_empty().await;
    assert_eq!(system.restock_names().await, ["CP-502101_1"]);

    system.factory().release();
    assert_eq!(system.ended(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    assert_eq!(system.restock_names().await, ["CP-502101_1"]);
    let totals = system.totals().await;
    assert_eq!((totals.production_orders, system.factory().requests()), (1, 1));
    assert_eq!((totals.sold, totals.stock, totals.ledger), (0, 50, 50));
    system.stop().await;
}

#[tokio::test]
async fn the_one_sale_that_crosses_the_reorder_point_asks_for_goods_though_nobody_was_refused() {
    let system = with_a_slow_factory(12).await;
    assert_eq!(system.buy("above").await.status, 200);
    assert_eq!(system.logged_with("publish-depletion", PUBLISHED).await, 0);
    assert_eq!(system.buy("crosses").await.status, 200);
    assert_eq!(ordered(system.factory()).await, 40);
    assert_eq!(system.buy("below").await.status, 200);
    assert_eq!(system.logged_with("publish-depletion", PUBLISHED).await, 1);

    system.factory().release();
    assert_eq!(system.ended(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.production_orders), (3, 49, 1));
    system.stop().await;
}

#[tokio::test]
async fn a_topic_that_is_gone_fails_no_sale_and_the_sweep_makes_up_for_it() {
    let system = System::with(11, PATIENT).await;
    delete_topic(&system).await;
    assert_eq!(system.buy("crosses").await.status, 200);
    assert_eq!(system.buy("below").await.status, 200);
    let refused = system.shop.buy("too-many", "CP-502101", 10).await.expect("an answer");
    assert_eq!((refused.status.as_u16(), refused.outcome()), (409, "sold_out"));
    assert_eq!(system.logged_with("publish-depletion", "Aws.Refused").await, 2);
    assert!(system.restock_names().await.is_empty());

    restore_topic(&system).await;
    system.sweep().await;
    eventually("a restock is started", async || {
        (system.restock_names().await == ["CP-502101_1"]).then_some(())
    })
    .await;
    assert_eq!(system.ended(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.production_orders), (2, 50, 1));
    system.stop().await;
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
