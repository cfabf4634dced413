//! Changes by operators: made once, explained by the ledger, recorded with who and why, or refused with a sentence.

mod locks;
mod refused;

use std::sync::Arc;

use domain::PurchaseOutcome;
use errors::NamedError;
use futures::future::join_all;
use sqlx::Row;
use tokio::sync::Barrier;
use uuid::Uuid;
use warehouse::{
    Change, ChangeError, ChangeRequest, Changed, NewProduct, Opened, ProductUpdate, SweepRequest,
};

use testkit::database::{AN_HOUR, Stocked, open_request, purchase, sku};

fn request(change: Change) -> ChangeRequest {
    ChangeRequest {
        id: Uuid::new_v4(),
        by: "kim".parse().expect("a name"),
        reason: "counted on Thursday".parse().expect("a reason"),
        change,
    }
}

fn adjust(units: i32) -> ChangeRequest {
    request(Change::AdjustStock { sku: sku(), units })
}

async fn make(stocked: &Stocked, change: Change) -> Result<Changed, ChangeError> {
    stocked.warehouse.change(&request(change)).await
}

/// The sentence of a refused change.
async fn refused(stocked: &Stocked, change: Change) -> String {
    let error = make(stocked, change).await.expect_err("a refusal");
    assert_eq!(error.name().as_str(), "Change.Refused", "{error}");
    error.to_string()
}

/// Who has made each change and why.
async fn records(stocked: &Stocked) -> Vec<(String, String)> {
    let rows = sqlx::query("SELECT changed_by, reason FROM operator_change");
    let rows = rows.fetch_all(&mut stocked.admin_connection().await).await.expect("rows");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn stock_and_ledger(stocked: &Stocked) -> (i64, i64) {
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    (totals.stock, totals.ledger)
}

fn new_product(target_stock: u32, factory: &str) -> NewProduct {
    NewProduct {
        sku: "CP-9".parse().expect("an SKU"),
        name: "New".parse().expect("a name"),
        price: 100,
        reorder_point: 5_u32.try_into().expect("a stock"),
        target_stock: target_stock.try_into().expect("units"),
        factory: factory.parse().expect("a factory"),
    }
}

#[tokio::test]
async fn an_adjustment_is_in_the_ledger_and_says_who_made_it_and_why() {
    let stocked = Stocked::with(50).await;
    let changed = stocked.warehouse.change(&adjust(-7)).await.expect("a change");
    assert_eq!((changed.stock.map(domain::Stock::get), changed.repeated), (Some(43), false));
    assert_eq!(stock_and_ledger(&stocked).await, (43, 43));
    assert_eq!(records(&stocked).await, [("kim".to_owned(), "counted on Thursday".to_owned())]);
}

#[tokio::test]
async fn the_same_request_sixteen_times_at_once_adjusts_once() {
    let stocked = Stocked::with(50).await;
    let (request, barrier) = (adjust(5), Arc::new(Barrier::new(16)));
    let answers = join_all((0..16).map(|_| async {
        let warehouse = stocked.another().await;
        barrier.wait().await;
        // A caller whose change waited for another one in vain asks again, as the command says.
        loop {
            match warehouse.change(&request).await {
                Err(error) if error.name().as_str() == "Database.Busy" => {}
                other => break other.expect("an answer"),
            }
        }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
    assert_eq!(stock_and_ledger(&stocked).await, (55, 55));
    assert_eq!(records(&stocked).await.len(), 1);
}

#[tokio::test]
async fn the_same_new_product_sixteen_times_at_once_is_added_once_and_nobody_is_refused() {
    let stocked = Stocked::with(50).await;
    let request = request(Change::AddProduct(new_product(20, "FF-500293")));
    let barrier = Arc::new(Barrier::new(16));
    let answers = join_all((0..16).map(|_| async {
        let warehouse = stocked.another().await;
        barrier.wait().await;
        loop {
            match warehouse.change(&request).await {
                Err(error) if error.name().as_str() == "Database.Busy" => {}
                other => break other.expect("an answer"),
            }
        }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
}

#[tokio::test]
async fn an_id_that_was_used_for_another_change_is_refused() {
    let stocked = Stocked::with(50).await;
    let first = adjust(5);
    stocked.warehouse.change(&first).await.expect("a change");
    let second = ChangeRequest { id: first.id, ..adjust(6) };
    let error = stocked.warehouse.change(&second).await.expect_err("a refusal").to_string();
    assert!(error.contains("belongs to another change"), "{error}");
    assert_eq!(stock_and_ledger(&stocked).await, (55, 55));
}

#[tokio::test]
async fn adjustments_among_buyers_keep_stock_and_ledger_together() {
    let stocked = Stocked::with(40).await;
    let barrier = Arc::new(Barrier::new(24));
    let workers = (0..24).map(|n| {
        let (barrier, stocked) = (Arc::clone(&barrier), &stocked);
        async move {
            let warehouse = stocked.another().await;
            barrier.wait().await;
            match n % 3 {
                0 => drop(warehouse.change(&adjust(-2)).await.expect("enough are left")),
                1 => drop(warehouse.change(&adjust(3)).await.expect("a change")),
                _ => drop(warehouse.sell(&purchase(&format!("buyer-{n}"), 1)).await),
            }
        }
    });
    join_all(workers).await;
    let (stock, ledger) = stock_and_ledger(&stocked).await;
    assert_eq!(stock, ledger);
    let movements = stocked.warehouse.movements().await.expect("movements");
    let counts = movements.iter().filter(|movement| movement.kind.to_string() == "count").count();
    // The opening count is one more.
    assert_eq!(counts, records(&stocked).await.len() + 1);
}

#[tokio::test]
async fn a_refused_change_changes_nothing_records_nothing_and_says_why() {
    let stocked = Stocked::with(10).await;
    let update = ProductUpdate {
        sku: sku(),
        name: None,
        price: None,
        reorder_point: Some(60_u32.try_into().expect("a stock")),
        target_stock: None,
        factory: None,
    };
    for (change, why) in [
        (Change::AdjustStock { sku: sku(), units: -11 }, "below zero"),
        (Change::AdjustStock { sku: sku(), units: 0 }, "changes nothing"),
        (Change::ChangeProduct(update), "above the reorder point"),
        (Change::AddProduct(new_product(5, "FF-500293")), "above the reorder point"),
        (Change::AddProduct(new_product(6, "FF-1")), "no such factory"),
    ] {
        let sentence = refused(&stocked, change).await;
        assert!(sentence.contains(why), "{sentence}");
    }
    assert_eq!(stock_and_ledger(&stocked).await, (10, 10));
    assert!(records(&stocked).await.is_empty());
}

#[tokio::test]
async fn a_retired_product_is_neither_sold_nor_restocked_and_a_past_purchase_keeps_its_answer() {
    let stocked = Stocked::with(10).await;
    let before = stocked.warehouse.sell(&purchase("before", 1)).await.expect("a sale");
    make(&stocked, Change::RetireProduct { sku: sku() }).await.expect("retired");
    let outcome = |key: &'static str| {
        let stocked = &stocked;
        async move {
            let sold = stocked.warehouse.sell(&purchase(key, 1)).await.expect("an answer").outcome;
            let check = stocked.warehouse.check_stock(&purchase(key, 1)).await.expect("an answer");
            (sold, matches!(check, warehouse::StockCheck::Available(_)))
        }
    };
    assert_eq!(outcome("after").await, (PurchaseOutcome::UnknownProduct, false));
    assert_eq!(outcome("before").await, (before.outcome, true));
    assert!(stocked.warehouse.show_product(&sku()).await.expect("an answer").is_none());
    let opened = stocked.warehouse.open_restock(&open_request("a", 1, 1)).await.expect("an answer");
    assert_eq!(opened, Opened::NotNeeded);
    let swept = stocked.warehouse.sweep(SweepRequest { ended: None, ..AN_HOUR }).await;
    assert!(swept.expect("a sweep").depletions.is_empty());

    make(&stocked, Change::ReturnProduct { sku: sku() }).await.expect("brought back");
    assert_eq!(outcome("again").await, (PurchaseOutcome::Sold, true));
}

#[tokio::test]
async fn a_new_product_is_restocked_by_the_next_sweep_and_changes_keep_what_they_do_not_name() {
    let stocked = Stocked::with(50).await;
    make(&stocked, Change::AddProduct(new_product(20, "FF-500293"))).await.expect("added");
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("a sweep");
    assert_eq!(swept.depletions.len(), 1);
    let again = refused(&stocked, Change::AddProduct(new_product(20, "FF-500293"))).await;
    assert!(again.contains("exists"), "{again}");
    let update = ProductUpdate {
        sku: "CP-9".parse().expect("an SKU"),
        name: None,
        price: Some(7),
        reorder_point: None,
        target_stock: None,
        factory: None,
    };
    make(&stocked, Change::ChangeProduct(update.clone())).await.expect("changed");
    make(&stocked, Change::ChangeProduct(update)).await.expect("changed to what it was");
    let shown = stocked.warehouse.show_product(&"CP-9".parse().expect("an SKU")).await;
    let shown = shown.expect("an answer").expect("a product");
    assert_eq!((shown.name.as_str(), shown.price), ("New", 7));
}

#[tokio::test]
async fn a_product_is_retired_once_and_returns_once_and_the_second_time_says_so() {
    let stocked = Stocked::with(50).await;
    let returned = refused(&stocked, Change::ReturnProduct { sku: sku() }).await;
    assert_eq!(returned, "CP-502101 is not retired. Nothing was changed");
    make(&stocked, Change::RetireProduct { sku: sku() }).await.expect("retired");
    let again = refused(&stocked, Change::RetireProduct { sku: sku() }).await;
    assert_eq!(again, "CP-502101 was retired already. Nothing was changed");
    make(&stocked, Change::ReturnProduct { sku: sku() }).await.expect("returned");
    assert_eq!(records(&stocked).await.len(), 2);
}

#[tokio::test]
async fn an_adjustment_above_the_largest_stock_is_refused_and_changes_nothing() {
    let stocked = Stocked::with(50).await;
    let sentence = refused(&stocked, Change::AdjustStock { sku: sku(), units: i32::MAX }).await;
    assert_eq!(sentence, "the stock would be above 2,147,483,647. Nothing was changed");
    assert_eq!(stock_and_ledger(&stocked).await, (50, 50));
}
