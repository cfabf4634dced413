//! Requests, responses and movements for the tests.

use std::time::Duration;

use domain::{
    FactoryAddress, FactoryNetwork, MovementKind, ProductionOrder, ProductionOrderId, Purchase,
    PurchaseOutcome, Reason, RestockStatus, Sku, Stock,
};
use warehouse::{Credited, OpenRequest, Opened, StockMovement};

use crate::history::{Decided, Exchange, Response};

pub const ORDER: &str = "6f1f4c7e-0a52-4f0e-9d56-0c5d6d1f2a3b";

pub fn exchange<Q, A>(
    request: Q,
    (began, ended): (u64, u64),
    response: Response<A>,
) -> Exchange<Q, A> {
    let [began, ended] = [began, ended].map(Duration::from_millis);
    Exchange { request, began, ended, response }
}

pub fn buys(
    key: &str,
    quantity: u32,
    when: (u64, u64),
    response: Response<Decided>,
) -> Exchange<Purchase, Decided> {
    let purchase = Purchase {
        purchase_id: key.parse().expect("a key"),
        sku: sku(),
        quantity: quantity.try_into().expect("a quantity"),
    };
    exchange(purchase, when, response)
}

pub fn sku() -> Sku {
    "STRESS-1".parse().expect("an SKU")
}

pub fn order() -> ProductionOrderId {
    ORDER.parse().expect("an order")
}

pub fn factory() -> FactoryAddress {
    let url = "https://factory.example".parse().expect("a URL");
    FactoryAddress { url, network: FactoryNetwork::Public, secret: None, contact: None }
}

pub fn opens(order: &str) -> Exchange<OpenRequest, Opened> {
    let restock_cycle = 1.try_into().expect("a cycle");
    let order = ProductionOrder {
        production_order: order.parse().expect("an order"),
        sku: sku(),
        restock_cycle,
        attempt: 1,
        quantity: 10.try_into().expect("a count"),
        factory: "FF-500293".parse().expect("a factory"),
    };
    let opening = OpenRequest {
        sku: sku(),
        restock_cycle,
        reason: Reason::Sweep,
        execution: "STRESS-1_1".to_owned(),
        attempt: 1,
        attempts_allowed: 1,
    };
    exchange(opening, (41, 44), Response::Received(Opened::Ordered { order, factory: factory() }))
}

pub fn moved(
    kind: MovementKind,
    reference: &str,
    quantity: i64,
    stock_after: i64,
) -> StockMovement {
    moved_in(0, kind, reference, quantity, stock_after)
}

/// A movement in a bucket. The first row of its transaction.
pub fn moved_in(
    bucket: u8,
    kind: MovementKind,
    reference: &str,
    quantity: i64,
    stock_after: i64,
) -> StockMovement {
    let reference = reference.to_owned();
    StockMovement { sku: sku(), bucket, kind, part: 0, quantity, reference, stock_after }
}

pub fn sale(reference: &str, quantity: i64, stock_after: i64) -> StockMovement {
    moved(MovementKind::Sale, reference, quantity, stock_after)
}

pub fn sold(stock: u32) -> Response<Decided> {
    let (outcome, stock) = (PurchaseOutcome::Sold, Some(Stock::new(stock)));
    Response::Received(Decided { outcome, stock, crossed_reorder_point: false })
}

pub fn sold_out(stock: u32) -> Response<Decided> {
    let (outcome, stock) = (PurchaseOutcome::SoldOut, Some(Stock::new(stock)));
    Response::Received(Decided { outcome, stock, crossed_reorder_point: false })
}

pub fn without_stock(outcome: PurchaseOutcome) -> Response<Decided> {
    Response::Received(Decided { outcome, stock: None, crossed_reorder_point: false })
}

pub fn credited(quantity: u32) -> Response<Credited> {
    Response::Received(Credited {
        sku: sku(),
        restock_cycle: 1.try_into().expect("a cycle"),
        attempt: 1,
        quantity: quantity.try_into().expect("a quantity"),
        stock: Stock::new(12),
        target_stock: Stock::new(50),
        credited_here: true,
        completed_here: true,
        late: false,
        restock_status: RestockStatus::Completed,
        lead_time_seconds: 40,
        failures_before: 0,
    })
}
