//! An upgrade from the last release to this one, and the way back, while customers buy and restocks are open.
//!
//! The local AWS has no versions of functions. So the executions that have begun run the newest code with their earlier
//! definition: on AWS, they keep their code.

mod last_release;

use std::cell::Cell;

use futures::future::join_all;
use local_cloud::redeploy::Release;
use local_programs::build;
use system::CHECKOUT;

use crate::callbacks::good::wait_for_goods;
use domain::Stock;
use system_testkit::{Callback, LONG_WAIT, System, eventually};
use testkit::database::sku;

const CUSTOMERS: usize = 4;

/// Buys until the flag is set, each time with another key. Returns the number of answers.
async fn buy_until(is_over: &Cell<bool>, system: &System, customer: usize) -> usize {
    let mut answers = 0;
    while !is_over.get() {
        let answer = system.buy(&format!("customer-{customer}-{answers}")).await;
        assert_eq!(answer.outcome(), "sold", "{answer:?}");
        answers += 1;
    }
    answers
}

/// Deploys a release while customers buy. Returns the number of answers that they got.
async fn deploy_under_load(release: &Release, system: &System) -> usize {
    let is_over = Cell::new(false);
    let customers = join_all((0..CUSTOMERS).map(|customer| buy_until(&is_over, system, customer)));
    let deploy = async {
        release.deploy(&system.cloud).await.expect("a release");
        // Each customer buys from what was deployed last.
        system.buy("after the deployment").await;
        is_over.set(true);
    };
    tokio::join!(customers, deploy).0.into_iter().sum()
}

/// A restock whose factory has made the goods, and has not called back yet. Then stock for the customers.
async fn with_an_open_restock(release: &Release) -> (System, Callback) {
    let system = System::with(0, LONG_WAIT).await;
    release.deploy(&system.cloud).await.expect("a release");
    let callback = wait_for_goods(&system).await;
    let plenty = system.cloud.warehouse.count_stock(&sku(), Stock::new(10_000), "plenty").await;
    plenty.expect("a count");
    (system, callback)
}

async fn assert_upgraded(from: &Release, to: &Release) {
    let (system, callback) = with_an_open_restock(from).await;
    let answers = deploy_under_load(to, &system).await;
    assert!(answers > CUSTOMERS, "{answers} answers");
    // The restock that the one release has opened is completed by the other.
    system.clear_fault().await;
    assert_eq!(system.call_back(&callback).await, 200);
    eventually("the goods are credited", async || {
        (system.totals().await.arrived == 50).then_some(())
    })
    .await;
    assert!(system.mails().await.is_empty(), "nothing failed");
    system.finish().await;
}

#[tokio::test]
async fn an_upgrade_under_load_and_the_way_back_lose_no_purchase_and_no_restock() {
    let Some(last) = last_release::build().await else { return };
    let last = Release::new(&last.sources, last.binaries, LONG_WAIT).expect("the last release");
    let binaries = build::functions().await.expect("the functions").clone();
    let this = Release::new(CHECKOUT.as_ref(), binaries, LONG_WAIT).expect("this release");
    assert_upgraded(&last, &this).await;
    assert_upgraded(&this, &last).await;
}
