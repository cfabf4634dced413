//! `restock up --data`: the database is kept over a restart. `--stock`: what an existing shop keeps.

use std::time::Duration;

use deployment::api_client::ApiClient;
use nix::sys::signal::Signal;
use testkit::database::{SKU, fresh_database, open, sku};
use tokio::time::timeout;
use warehouse::StockMovement;

use crate::{run::Place, run::Running, run::all_end};

/// Buys one unit under this key, and returns the stock that remains.
async fn buy(up: &Running, key: &str) -> u64 {
    let shop = ApiClient::new(&up.outputs().sales_api_url).expect("a client");
    let body = shop.buy(key, SKU, 1).await.expect("an answer").body;
    body["stock"].as_u64().unwrap_or_else(|| panic!("not sold: {body}"))
}

async fn ledger(up: &Running) -> Vec<StockMovement> {
    let url = up.outputs().database_url.expect("the URL of the database");
    open(&url).await.movements().await.expect("the ledger")
}

fn end(up: Running) {
    let started = up.descendants();
    up.signal(Signal::SIGTERM);
    assert!(up.ended().status.success());
    all_end(&started);
}

#[tokio::test]
async fn the_database_is_kept_over_a_restart_and_over_kill_9() {
    let place = Place::new();
    let folder = place.here().join("shop");
    let arguments = ["--data", folder.to_str().expect("a path")];
    let up = place.up(&arguments);
    assert_eq!(buy(&up, "first").await, 49);
    let before = ledger(&up).await;
    end(up);
    assert!(place.leftovers().is_empty(), "{:?}", place.leftovers());

    let up = place.up(&arguments);
    assert_eq!(ledger(&up).await, before, "the start has changed the stock");
    assert_eq!(buy(&up, "first").await, 49, "the same key is the same purchase");
    assert_eq!(buy(&up, "second").await, 48);
    let before = ledger(&up).await;
    up.signal(Signal::SIGKILL);
    up.ended();

    // At once: the server of the killed command may still be ending.
    let up = place.up(&arguments);
    assert_eq!(ledger(&up).await, before, "a committed purchase is lost");
    assert_eq!(buy(&up, "third").await, 47);
    end(up);
}

/// After a kill, the open restock has no execution any more: the first sweep of the next run closes it.
#[tokio::test]
async fn a_restock_whose_execution_is_gone_is_closed_at_the_next_start() {
    let place = Place::new();
    let folder = place.here().join("shop");
    let folder = folder.to_str().expect("a path");
    let up = place.up(&["--data", folder, "--stock", "11", "--factory-stage", "10m"]);
    assert_eq!(buy(&up, "first").await, 10);
    until(&up, |totals| totals.open_restocks == 1).await;
    up.signal(Signal::SIGKILL);
    up.ended();
    let up = place.up(&["--data", folder]);
    until(&up, |totals| totals.failed_restocks == 1).await;
    end(up);
}

/// Waits until the totals of the product are as expected.
async fn until(up: &Running, expected: impl Fn(&warehouse::ProductTotals) -> bool) {
    let url = up.outputs().database_url.expect("the URL of the database");
    let warehouse = open(&url).await;
    let totals = async || warehouse.totals(&sku()).await.expect("totals");
    let wait = async {
        while !expected(&totals().await) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(60), wait).await.expect("in time");
}

#[test]
fn a_data_folder_in_use_is_refused_with_the_process_that_uses_it() {
    let place = Place::new();
    let folder = place.here().join("shop");
    let arguments = ["up", "--data", folder.to_str().expect("a path")];
    let up = place.until_up(&arguments);
    let second = place.run(&arguments);
    assert_eq!(second.status.code(), Some(1), "{second:?}");
    let user = format!("is in use by process {}: stop it first, or use another folder", up.id());
    assert!(second.error_message().ends_with(&user), "{second:?}");
    assert!(second.stdout.is_empty(), "nothing was started: {second:?}");
    end(up);
}

#[tokio::test]
async fn the_stock_of_a_shop_in_use_is_changed_only_on_request() {
    let url = fresh_database().await;
    let shop = open(&url).await;
    shop.count_stock(&sku(), domain::Stock::new(12), "a count").await.expect("a count");
    let place = Place::new();
    let up = place.up(&["--database-url", &url]);
    assert_eq!(buy(&up, "first").await, 11);
    end(up);
    let up = place.up(&["--database-url", &url, "--stock", "30"]);
    assert_eq!(buy(&up, "second").await, 29);
    end(up);
}
