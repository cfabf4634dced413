//! The functions log as many bytes as `restock cost` assumes. Each byte of a purchase costs money a million times.

use std::collections::BTreeMap;

use factory_simulator::Fault;
use system_testkit::{LONG_WAIT, Log, Orders, System, customer::get_product, eventually};

/// As long as the keys that customers send.
const KEYS: [&str; 3] = [
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "5b8e1c5a-7c55-4f5e-8d1d-2f6d6a3a9f10",
    "c0a8012e-93b6-4f0b-9d5e-6a1f0b7e4d22",
];

const SOLD: &[&str] = &["check-stock", "decrement-stock", "sales-api"];
const SOLD_OUT: &[&str] = &["check-stock", "publish-depletion", "sales-api", "start-restock"];
const RESTOCK: &[&str] = &[
    "publish-depletion",
    "start-restock",
    "open-restock",
    "place-order",
    "await-completion",
    "receive-completion",
    "record-arrival",
    "complete-task",
    "increment-stock",
];
/// Before and after what the sweep repairs.
const SWEEP: &[&str] = &["find-depleted", "find-depleted"];

async fn logs<'a>(system: &System, functions: &[&'a str]) -> BTreeMap<&'a str, Log> {
    let mut logs = BTreeMap::new();
    for function in functions {
        logs.insert(*function, system.log(function).await);
    }
    logs
}

/// The bytes that the functions of a scenario log. Each writes one line for each time that it is listed.
async fn logged<T>(system: &System, functions: &[&str], action: impl Future<Output = T>) -> usize {
    let before = logs(system, functions).await;
    action.await;
    let mut bytes = 0;
    for (function, before) in before {
        let invocations = functions.iter().filter(|listed| **listed == function).count();
        let lines = before.sentences().len() + invocations;
        let after = eventually(&format!("{function} has written its line"), async || {
            Some(system.log(function).await).filter(|log| log.sentences().len() >= lines)
        })
        .await;
        assert_eq!(after.sentences().len(), lines, "lines of {function}");
        println!("{function} logs {} bytes", after.bytes() - before.bytes());
        bytes += after.bytes() - before.bytes();
    }
    bytes
}

/// The figures of the price list are upper limits with little room, for longer ids.
#[track_caller]
fn assert_as_assumed(scenarios: &[(&str, usize)]) {
    for (scenario, bytes) in scenarios {
        println!("{scenario}: {bytes} bytes");
    }
    for (scenario, bytes) in scenarios {
        let bytes = f64::from(u32::try_from(*bytes).expect("a few thousand"));
        let assumed = cost::log_bytes(scenario).expect("a figure");
        assert!(
            (assumed * 0.95..=assumed).contains(&bytes),
            "{scenario}: {bytes} bytes are logged; terraform/prices.json says {assumed}"
        );
    }
}

async fn sell(system: &System, key: &str) {
    assert_eq!(system.buy(key).await.outcome(), "sold");
}

#[tokio::test]
async fn sales_requests_restocks_and_sweeps_log_as_many_bytes_as_the_price_list_assumes() {
    let system = System::with(12, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    // First, because the end of a restock starts a sweep too.
    let sweep = logged(&system, SWEEP, system.sweep()).await;
    let sold = logged(&system, SOLD, sell(&system, KEYS[0])).await;
    let request = get_product(&system, "CP-502101");
    let product_request = logged(&system, &["show-product"], request).await;
    let restock = logged(&system, RESTOCK, async {
        // This sale crosses the reorder point.
        sell(&system, KEYS[1]).await;
        system.wait_until_order_is_awaited(1).await;
        system.release_callbacks().await;
    })
    .await;
    assert_as_assumed(&[
        ("sold", sold),
        ("product_request", product_request),
        ("restock", restock),
        ("sweep", sweep),
    ]);
    system.finish().await;
}

#[tokio::test]
async fn a_refused_purchase_logs_as_many_bytes_as_the_price_list_assumes() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    // The first one starts the restock.
    system.buy(KEYS[0]).await;
    system.wait_until_order_is_awaited(1).await;
    let sold_out = logged(&system, SOLD_OUT, system.buy(KEYS[2])).await;
    assert_as_assumed(&[("sold_out", sold_out)]);
    system.release_callbacks().await;
    system.finish().await;
}
