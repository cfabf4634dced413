//! The functions log as many bytes as `restock cost` assumes. Each byte of a purchase costs money a million times.

use deployment::api_client::Response;
use factory_simulator::Fault;
use system_testkit::{LONG_WAIT, Orders, System, customer::get_product, eventually};

/// Keys as customers send them.
const KEYS: [&str; 3] = [
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "5b8e1c5a-7c55-4f5e-8d1d-2f6d6a3a9f10",
    "c0a8012e-93b6-4f0b-9d5e-6a1f0b7e4d22",
];

/// The bytes that all functions have logged so far.
async fn logged(system: &System) -> usize {
    let mut bytes = 0;
    for function in system::System::read().expect("system.json").functions.keys() {
        bytes += system.log(function).await.bytes();
    }
    bytes
}

/// What is logged from now until the functions have written so many more lines.
async fn logged_by<T>(
    system: &System,
    lines: &[(&str, usize)],
    action: impl Future<Output = T>,
) -> usize {
    let before = logged(system).await;
    let mut expected = Vec::new();
    for (function, more) in lines {
        expected.push((*function, system.log(function).await.sentences().len() + more));
    }
    action.await;
    for (function, number) in expected {
        eventually(&format!("{function} has written its line"), async || {
            (system.log(function).await.sentences().len() >= number).then_some(())
        })
        .await;
    }
    logged(system).await - before
}

async fn sell(system: &System, key: &str) {
    let answer: Response = system.buy(key).await;
    assert_eq!(answer.outcome(), "sold", "{answer:?}");
}

/// Upper limits, but not far above what is logged.
#[track_caller]
fn assert_as_assumed(scenario: &str, bytes: usize) {
    let bytes = f64::from(u32::try_from(bytes).expect("a few thousand"));
    let assumed = cost::log_bytes(scenario).expect("a figure");
    assert!(
        (assumed * 0.9..=assumed).contains(&bytes),
        "{scenario}: {bytes} bytes are logged; terraform/prices.json says {assumed}"
    );
}

const SALE: [(&str, usize); 3] = [("check-stock", 1), ("decrement-stock", 1), ("sales-api", 1)];

#[tokio::test]
async fn sales_requests_restocks_and_sweeps_log_what_the_price_list_assumes() {
    let system = System::with_stock(13).await;
    // The first line of an environment is longer, and later ones are the rule.
    sell(&system, KEYS[0]).await;
    get_product(&system, "CP-502101").await;
    let sold = logged_by(&system, &SALE, sell(&system, KEYS[1])).await;
    let request = get_product(&system, "CP-502101");
    let product_request = logged_by(&system, &[("show-product", 1)], request).await;
    // This sale crosses the reorder point.
    let restock = [&SALE[..], &[("increment-stock", 1), ("complete-task", 1)]].concat();
    let restock = logged_by(&system, &restock, sell(&system, KEYS[2])).await - sold;
    system.settle().await;
    system.sweep().await;
    let sweep = logged_by(&system, &[("find-depleted", 1)], system.sweep()).await;
    assert_as_assumed("sold", sold);
    assert_as_assumed("product_request", product_request);
    assert_as_assumed("restock", restock);
    assert_as_assumed("sweep", sweep);
    system.finish().await;
}

#[tokio::test]
async fn a_refused_purchase_logs_what_the_price_list_assumes() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    let lines =
        [("check-stock", 1), ("publish-depletion", 1), ("sales-api", 1), ("start-restock", 1)];
    // The first one starts the restock.
    logged_by(&system, &lines, system.buy(KEYS[0])).await;
    system.wait_until_order_is_awaited(1).await;
    let sold_out = logged_by(&system, &lines, system.buy(KEYS[1])).await;
    assert_as_assumed("sold_out", sold_out);
    system.release_callbacks().await;
    system.finish().await;
}
