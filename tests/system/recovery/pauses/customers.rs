//! Customers who send a purchase again, with the same key, until they know its outcome.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use fastrand::Rng;
use tokio::time::sleep;

use system_testkit::{System, eventually};
use testkit::database::SKU;

/// A purchase whose outcome the customer knows.
#[derive(Debug)]
pub struct Purchase {
    key: String,
    quantity: u32,
    outcome: String,
    /// How often it was sent.
    requests: u32,
}

/// Buys until the flag is set, each time with another key.
pub async fn buy_until(
    is_over: &Cell<bool>,
    system: &System,
    customer: usize,
    mut rng: Rng,
) -> Vec<Purchase> {
    let mut purchases = Vec::new();
    while !is_over.get() {
        let key = format!("customer-{customer}-{}", purchases.len());
        purchases.push(buy(system, key, rng.u32(1..=3)).await);
        sleep(Duration::from_millis(rng.u64(100..600))).await;
    }
    purchases
}

async fn buy(system: &System, key: String, quantity: u32) -> Purchase {
    let requests = Cell::new(0);
    let outcome = eventually(&format!("the outcome of {key} is known"), async || {
        requests.set(requests.get() + 1);
        let answer = system.shop.buy(&key, SKU, quantity).await.ok()?;
        (!answer.status.is_server_error()).then(|| answer.outcome().to_owned())
    })
    .await;
    Purchase { key, quantity, outcome, requests: requests.get() }
}

/// Each purchase that was answered `sold` is in the ledger once, with its quantity. Every sale in the ledger was asked for.
pub async fn assert_answers_agree_with_the_ledger(system: &System, purchases: &[Purchase]) {
    let sales = sales(system).await;
    let asked: BTreeSet<_> = purchases.iter().map(|p| (p.key.as_str(), p.quantity)).collect();
    let mut recorded = BTreeMap::<_, u32>::new();
    for (key, quantity) in &sales {
        let sale = (key.as_str(), u32::try_from(-quantity).expect("a sale is negative"));
        assert!(asked.contains(&sale), "nobody has asked for {sale:?}");
        *recorded.entry(sale).or_default() += 1;
    }
    for purchase in purchases {
        let sale = (purchase.key.as_str(), purchase.quantity);
        match purchase.outcome.as_str() {
            "sold" => assert_eq!(recorded.get(&sale), Some(&1), "{purchase:?}"),
            other => assert_eq!(other, "sold_out", "{purchase:?}"),
        }
    }
    print_figures(purchases, sales.len());
}

fn print_figures(purchases: &[Purchase], sales: usize) {
    let sold = purchases.iter().filter(|purchase| purchase.outcome == "sold").count();
    let repeated = purchases.iter().filter(|purchase| purchase.requests > 1).count();
    let all = purchases.len();
    println!("{all} purchases, {repeated} sent again, {sold} answered sold, {sales} in the ledger");
    assert!(sold > 0, "nothing was sold");
}

async fn sales(system: &System) -> Vec<(String, i32)> {
    let all = "SELECT reference, quantity FROM stock_movement WHERE kind = 'sale'";
    let mut connection = system.admin_connection().await;
    sqlx::query_as(all).fetch_all(&mut connection).await.expect("the sales")
}
