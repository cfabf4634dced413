//! Orders that an execution has sent and the database has lost are recorded again.

use domain::ProductionOrderId;
use uuid::Uuid;
use warehouse::{Change, ChangeError, ChangeRequest, Changed, SentOrder, SentOrders};

use testkit::database::{Stocked, ordered, purchase, sku};

fn order(attempt: u32) -> SentOrder {
    SentOrder {
        production_order: Uuid::new_v4().to_string().parse().expect("an id"),
        attempt,
        quantity: 50.try_into().expect("units"),
    }
}

fn sent(execution: &str, has_ended: bool, orders: Vec<SentOrder>) -> SentOrders {
    SentOrders { sku: sku(), execution: execution.to_owned(), has_ended, orders }
}

async fn record(stocked: &Stocked, sent: SentOrders) -> Result<Changed, ChangeError> {
    let request = ChangeRequest {
        id: Uuid::new_v4(),
        by: "kim".parse().expect("a name"),
        reason: "restored".parse().expect("a reason"),
        change: Change::RecordSentOrders(sent),
    };
    stocked.warehouse.change(&request).await
}

async fn refused(stocked: &Stocked, sent: SentOrders) -> String {
    let error = record(stocked, sent).await.expect_err("a refusal");
    assert!(matches!(error, ChangeError::Refused(_)), "{error}");
    error.to_string()
}

/// The goods of an order arrive and are credited.
async fn arrive(stocked: &Stocked, production_order: ProductionOrderId) {
    let arrival = domain::Arrival { production_order, quantity: 50.try_into().expect("units") };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
    stocked.warehouse.increment_stock(production_order).await.expect("credited");
}

#[tokio::test]
async fn a_lost_restock_whose_execution_waits_is_open_again_and_its_goods_complete_it() {
    let stocked = Stocked::with(0).await;
    let lost = order(1);
    record(&stocked, sent("CP-502101_1", false, vec![lost.clone()])).await.expect("recorded");
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.open_restocks, totals.completed_restocks), (1, 0));
    arrive(&stocked, lost.production_order).await;
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.stock, totals.open_restocks, totals.completed_restocks), (50, 0, 1));
}

#[tokio::test]
async fn a_lost_restock_whose_execution_has_ended_is_closed_and_the_product_goes_on_to_its_next_cycle()
 {
    let stocked = Stocked::with(0).await;
    let orders = vec![order(1), order(2)];
    record(&stocked, sent("CP-502101_1", true, orders.clone())).await.expect("recorded");
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.open_restocks, totals.completed_restocks), (0, 1));
    for order in orders {
        arrive(&stocked, order.production_order).await;
    }
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.stock, totals.ledger), (100, 100));
    stocked.warehouse.sell(&purchase("all", 100)).await.expect("sold");
    let next = ordered(stocked.open_restock("CP-502101_2", 2, 1).await);
    assert_eq!(next.restock_cycle.to_string(), "2");
}

#[tokio::test]
async fn an_order_that_an_open_restock_has_lost_is_recorded_in_that_restock() {
    let stocked = Stocked::with(0).await;
    let known = ordered(stocked.open_restock("CP-502101_1", 1, 1).await);
    let known = SentOrder {
        production_order: known.production_order,
        attempt: known.attempt,
        quantity: known.quantity,
    };
    let lost = order(2);
    let both = sent("CP-502101_1", false, vec![known.clone(), lost.clone()]);
    record(&stocked, both.clone()).await.expect("recorded");
    arrive(&stocked, lost.production_order).await;
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.stock, totals.completed_restocks), (50, 1), "it was the latest order");
    let again = refused(&stocked, both).await;
    assert!(again.contains("the database has all orders of CP-502101_1"), "{again}");
}

#[tokio::test]
async fn while_another_restock_is_open_a_lost_one_is_refused_and_nothing_is_changed() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("CP-502101_2", 1, 1).await);
    for has_ended in [false, true] {
        let why = refused(&stocked, sent("CP-502101_1", has_ended, vec![order(1)])).await;
        assert!(why.contains("a restock of CP-502101 is open"), "{why}");
    }
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.open_restocks, totals.completed_restocks), (1, 0));
}

#[tokio::test]
async fn an_order_with_the_attempt_of_another_one_and_one_of_an_unknown_product_are_refused() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("CP-502101_1", 1, 1).await);
    let why = refused(&stocked, sent("CP-502101_1", false, vec![order(1)])).await;
    assert!(why.contains("another order of the same attempt"), "{why}");
    let other = SentOrders { sku: "CP-8".parse().expect("an SKU"), ..sent("CP-8_1", true, vec![]) };
    let error = record(&stocked, other).await.expect_err("no product");
    assert!(matches!(error, ChangeError::Unknown(_)), "{error}");
}
