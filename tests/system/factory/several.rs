//! More than one product and more than one factory at once.

use std::collections::BTreeMap;

use aws_sdk_sfn::types::ExecutionStatus;
use domain::{FactoryNetwork, PurchaseOutcome};
use factory_simulator::{Factory, Fault};
use futures::future::join_all;
use warehouse::{AuthenticationChange, FactoryChange};

use system_testkit::{
    Callback, FIRST_RESTOCK, LONG_WAIT, Orders, System, entered_states, eventually, task_errors,
};

/// The product of the first factory, and the two of the second.
const PRODUCTS: [&str; 3] = ["CP-502101", "CP-502102", "CP-502103"];

/// A crowd of 20 customers for each product, all at once. Returns how many were sold of each.
async fn crowd(system: &System) -> BTreeMap<&'static str, i64> {
    let purchases = (0..20).flat_map(|customer| PRODUCTS.map(|sku| (customer, sku)));
    let purchases = purchases.map(async |(customer, sku)| {
        let answer = system.shop.buy(&format!("{sku}-{customer}"), sku, 1).await;
        (sku, answer.expect("an answer").purchase_outcome())
    });
    let mut sold = BTreeMap::from(PRODUCTS.map(|sku| (sku, 0)));
    for (sku, outcome) in join_all(purchases).await {
        *sold.entry(sku).or_default() += i64::from(outcome == Some(PurchaseOutcome::Sold));
    }
    sold
}

async fn wait_until_restocked(system: &System, sku: &str) {
    eventually(&format!("{sku} is restocked"), async || {
        let totals = system.totals_of(sku).await;
        (totals.completed_restocks > 0 && totals.open_restocks == 0).then_some(())
    })
    .await;
}

fn callbacks(factory: &Factory) -> Vec<Callback> {
    factory.orders().iter().map(|order| Callback::of(&order.body)).collect()
}

/// The products of the second factory are restocked while the restock of the first still waits for its callback. That wait is
/// longer than the test, even on a busy machine.
#[tokio::test]
async fn products_of_a_good_factory_do_not_wait_for_a_factory_that_does_not_deliver() {
    let system = System::with_two_factories(12, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    let sold = crowd(&system).await;
    for sku in &PRODUCTS[1..] {
        wait_until_restocked(&system, sku).await;
        // The execution ends a moment after its restock is closed in the database.
        let status = system.final_status(&system.restocks(), &format!("{sku}_1")).await;
        assert_eq!(status, "SUCCEEDED", "{sku}");
    }
    let running = system.restocks().with_status(ExecutionStatus::Running).await;
    let running = running.expect("executions");
    assert_eq!(running.iter().map(|one| one.name()).collect::<Vec<_>>(), [FIRST_RESTOCK]);
    assert_eq!(system.totals_of(PRODUCTS[0]).await.arrived, 0);

    system.release_callbacks().await;
    wait_until_restocked(&system, PRODUCTS[0]).await;
    for sku in PRODUCTS {
        let totals = system.totals_of(sku).await;
        assert_eq!((totals.sold, totals.stock), (sold[sku], totals.ledger), "{sku}");
        assert_eq!(totals.stock, 12 - totals.sold + totals.arrived, "{sku}");
        assert_eq!((totals.failed_restocks, totals.production_orders), (0, 1), "{sku}");
    }
    assert_eq!((system.factory().orders().len(), system.second_factory().orders().len()), (1, 2));
    system.finish().await;
}

#[tokio::test]
async fn a_callback_of_one_factory_never_counts_for_the_order_of_another() {
    let system = System::with_two_factories(0, LONG_WAIT).await;
    for factory in [system.factory(), system.second_factory()] {
        factory.misbehave(Fault::HoldsCallback).await.expect("a fault");
    }
    crowd(&system).await;
    eventually("both factories have their orders", async || {
        let orders = (system.factory().orders().len(), system.second_factory().orders().len());
        (orders == (1, 2)).then_some(())
    })
    .await;
    let first = callbacks(system.factory()).remove(0);
    for other in callbacks(system.second_factory()) {
        // With the signature of its own order, for the order of the first factory.
        let forged = other.for_order(&first.order());
        assert_eq!(system.call_back(&forged).await, 200, "stored, and not counted");
    }
    eventually("the forged callbacks are refused", async || {
        // One invocation may handle both, and writes one line.
        (system.log("receive-completion").await.metric("ForgedCallbacks") == 2).then_some(())
    })
    .await;
    assert_eq!(system.totals_of(PRODUCTS[0]).await.arrived, 0);

    for factory in [system.factory(), system.second_factory()] {
        factory.behave().await.expect("no fault");
        factory.release();
    }
    for sku in PRODUCTS {
        wait_until_restocked(&system, sku).await;
        assert_eq!(system.totals_of(sku).await.stock, 50, "{sku}");
    }
    system.finish().await;
}

/// The restock of the first product failed with this error, nothing was sent, and a redrive is of use after the change.
async fn assert_not_sent(system: &System, error: &str, words: &str) {
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history), [error]);
    assert!(!entered_states(&history).contains_key("AwaitCompletion"), "{history:?}");
    let subject = format!("restock CP-502101_1 failed: {error}");
    system.assert_reported(error, 2, &subject).await;
    let mails = system.mails().await;
    assert!(mails.iter().any(|mail| mail.text.contains(words)), "{mails:#?}");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (0, 0));
}

#[tokio::test]
async fn a_factory_at_a_host_that_nobody_allowed_gets_no_order() {
    let system = System::with_stock(0).await;
    let own = system.cloud.backing_services.factory_url().clone();
    let other = "https://evil.example".parse().expect("a URL");
    system.change_factory(|change| FactoryChange { url: Some(other), ..change }).await;
    assert_not_sent(&system, "Factory.NotAllowed", "Terraform variable factory_hosts").await;
    system.change_factory(|change| FactoryChange { url: Some(own), ..change }).await;
    system.finish().await;
}

#[tokio::test]
async fn a_factory_whose_secret_is_not_listed_gets_no_order() {
    let system = System::with_stock(0).await;
    let secret = |secret| Some(AuthenticationChange::Secret(secret));
    let other = "restock/other".parse().expect("a name");
    let change = |authentication| |change| FactoryChange { authentication, ..change };
    system.change_factory(change(secret(other))).await;
    assert_not_sent(&system, "Factory.SecretUnusable", "FACTORY_SECRETS").await;
    system.change_factory(change(Some(AuthenticationChange::None))).await;
    system.finish().await;
}

#[tokio::test]
async fn a_listed_secret_that_does_not_exist_is_reported_and_read_again_with_the_next_order() {
    let system = System::with_stock(0).await;
    system.configure("place-order", "FACTORY_SECRETS", "restock/late").await;
    let name = "restock/late".parse().expect("a name");
    let authentication = Some(AuthenticationChange::Secret(name));
    system.change_factory(|change| FactoryChange { authentication, ..change }).await;
    assert_not_sent(&system, "Factory.SecretUnusable", "ResourceNotFoundException").await;
    system.cloud.create_secret("restock/late", "x-key: something").await.expect("a secret");
    system.sweep().await;
    wait_until_restocked(&system, PRODUCTS[0]).await;
    system.finish().await;
}

/// The second factory answers 401 without its header, so its orders prove that the header was sent.
#[tokio::test]
async fn a_factory_gets_its_header_and_a_wrong_one_is_refused_and_reported_with_the_contact() {
    let system = System::with_two_factories(20, LONG_WAIT).await;
    let authentication = Some(AuthenticationChange::None);
    system.change_second_factory(|change| FactoryChange { authentication, ..change }).await;
    let answer = system.shop.buy("many", "CP-502102", 20).await.expect("an answer");
    assert_eq!(answer.outcome(), "sold", "{answer:?}");
    assert_eq!(system.final_status(&system.restocks(), "CP-502102_1").await, "FAILED");
    let mail = system.wait_for_mail("restock CP-502102_1 failed: Factory.Refused").await;
    assert!(mail.text.contains("401"), "{mail:?}");
    assert!(mail.text.contains("contact: second-factory@donut-states.example"), "{mail:?}");

    let secret = local_cloud::FACTORY_SECRET.parse().expect("a name");
    let authentication = Some(AuthenticationChange::Secret(secret));
    system.change_second_factory(|change| FactoryChange { authentication, ..change }).await;
    system.sweep().await;
    wait_until_restocked(&system, "CP-502102").await;
    assert_eq!(system.second_factory().orders().len(), 1);
    system.finish().await;
}

async fn with_a_private_factory() -> System {
    let system = System::with(0, LONG_WAIT).await;
    let network = Some(FactoryNetwork::Private);
    system.change_factory(|change| FactoryChange { network, ..change }).await;
    system
}

/// Its state took the place of `PlaceOrder`, once.
async fn assert_placed_privately(system: &System) {
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    let states = entered_states(&history);
    assert_eq!((states["PlacePrivateOrder"], states.get("PlaceOrder")), (1, None));
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.production_orders), (50, 50, 1));
}

#[tokio::test]
async fn an_order_to_a_private_factory_that_cannot_connect_is_sent_again_until_it_is_taken() {
    let system = with_a_private_factory().await;
    system.set_fault(Fault::RefusesConnections, Orders::All).await;
    system.buy_sold_out().await;
    system.wait_for_task_error(&system.restocks(), FIRST_RESTOCK, "Factory.Unavailable").await;
    system.clear_fault().await;
    assert_placed_privately(&system).await;
    assert_eq!(system.log("place-private-order").await.count_lines("is placed"), 1);
    system.finish().await;
}

#[tokio::test]
async fn an_order_to_a_private_factory_that_rejects_it_is_reported_at_once() {
    let system = with_a_private_factory().await;
    system.set_fault(Fault::Answers400NotTaken, Orders::Next(1)).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    let subject = "restock CP-502101_1 failed: Factory.Refused";
    system.assert_reported("Factory.Refused", 2, subject).await;
    system.finish().await;
}

/// Lambda ends the process of `place-private-order` at its time-out, before the factory has answered.
#[tokio::test]
async fn an_order_to_a_private_factory_that_was_perhaps_taken_is_not_sent_again() {
    let system = with_a_private_factory().await;
    let configure = system.cloud.clients.functions.update_function_configuration();
    let configure = configure.function_name("place-private-order").timeout(1);
    configure.send().await.expect("a shorter time-out");
    system.set_fault(Fault::HangsThoughTaken, Orders::All).await;
    system.buy_sold_out().await;
    assert_placed_privately(&system).await;
    assert_eq!(system.factory().requests(), 1);
    system.finish().await;
}
