//! The workload of a round: customers who buy, and restocks with a factory that calls back.

use std::sync::Arc;

use anyhow::{Error, Result};
use domain::{Arrival, Buckets, ProductionOrder, ProductionOrderRef, Reason, Sku, Units};
use tokio::{sync::watch, task::JoinSet, time::timeout};
use uuid::Uuid;
use warehouse::{Change, ChangeRequest, OpenRequest};

use super::{
    functions::Functions,
    history::History,
    plan::{
        Faults, PlannedBuckets, PlannedCallback, PlannedProduct, PlannedPurchase, PlannedRestock,
    },
};

/// One customer: makes one purchase after the other. Each is sent by several senders at once if the plan says so.
pub(super) async fn buy(
    functions: Arc<Functions>,
    purchases: Vec<PlannedPurchase>,
) -> Result<History> {
    let mut history = History::default();
    for PlannedPurchase { purchase, senders } in purchases {
        let mut calls = JoinSet::new();
        for faults in senders {
            let (functions, purchase) = (Arc::clone(&functions), purchase.clone());
            calls.spawn(async move { functions.decrement_stock.call(&purchase, &faults).await });
        }
        while let Some(exchanges) = calls.join_next().await {
            history.purchases.extend(exchanges??);
        }
    }
    Ok(history)
}

/// Restocks one product again and again until the shop closes.
pub(super) async fn keep_stocked(
    functions: Arc<Functions>,
    product: PlannedProduct,
    mut closed: watch::Receiver<bool>,
) -> Result<History> {
    let mut history = History::default();
    for (number, restock) in product.restocks.iter().cycle().enumerate() {
        if timeout(restock.pause, closed.wait_for(|closed| *closed)).await.is_ok() {
            break;
        }
        let opened = open(&functions, &product.sku, number, restock).await?;
        history.extend(deliver(&functions, &opened, &restock.callbacks).await?);
        history.extend(opened);
    }
    Ok(history)
}

/// An operator changes the number of buckets of one product again and again until the shop closes.
pub(super) async fn change_buckets(
    functions: Arc<Functions>,
    product: PlannedProduct,
    mut closed: watch::Receiver<bool>,
) -> Result<History> {
    let mut history = History::default();
    for PlannedBuckets { pause, buckets, faults } in product.bucket_changes.iter().cycle() {
        if timeout(*pause, closed.wait_for(|closed| *closed)).await.is_ok() {
            break;
        }
        let request = set_buckets(&product.sku, *buckets)?;
        let exchanges = functions.change_warehouse.call(&request, faults).await?;
        history.bucket_changes.extend(exchanges);
    }
    Ok(history)
}

/// Levels the buckets of products whose number of buckets will change. That starts the process of the function, so that
/// the changes do not come after most purchases.
pub(super) async fn level_buckets(
    functions: &Functions,
    products: &[PlannedProduct],
) -> Result<History> {
    let mut history = History::default();
    for product in products.iter().filter(|product| !product.bucket_changes.is_empty()) {
        let request = set_buckets(&product.sku, product.buckets)?;
        history.bucket_changes.extend(functions.change_warehouse.call(&request, &[]).await?);
    }
    Ok(history)
}

/// A request to change the number of buckets, with an id of its own.
pub(super) fn set_buckets(sku: &Sku, buckets: Buckets) -> Result<ChangeRequest> {
    Ok(ChangeRequest {
        id: Uuid::new_v4(),
        by: "stress".parse().map_err(Error::msg)?,
        reason: "a crowd".parse().map_err(Error::msg)?,
        change: Change::SetBuckets { sku: sku.clone(), buckets },
    })
}

/// Several executions try to open a restock at once.
async fn open(
    functions: &Arc<Functions>,
    sku: &Sku,
    number: usize,
    restock: &PlannedRestock,
) -> Result<History> {
    let attempts = 1 + u32::from(restock.second_attempt);
    let mut opening = JoinSet::new();
    for (rival, faults) in restock.executions.iter().cloned().enumerate() {
        let request = OpenRequest {
            sku: sku.clone(),
            restock_cycle: 1.try_into()?,
            reason: Reason::Sweep,
            execution: format!("{sku}_{number}_{rival}"),
            attempt: 1,
            attempts_allowed: attempts,
        };
        opening.spawn(order(Arc::clone(functions), request, faults));
    }
    gathered(opening).await
}

/// One execution that receives no callback: it makes all allowed attempts.
async fn order(functions: Arc<Functions>, request: OpenRequest, faults: Faults) -> Result<History> {
    let mut history = History::default();
    for attempt in 1..=request.attempts_allowed {
        let request = OpenRequest { attempt, ..request.clone() };
        history.restocks.extend(functions.open_restock.call(&request, &faults).await?);
    }
    Ok(history)
}

/// Handles all callbacks for the orders at once, as the `completion` state machine does.
async fn deliver(
    functions: &Arc<Functions>,
    opened: &History,
    callbacks: &[PlannedCallback],
) -> Result<History> {
    let mut arriving = JoinSet::new();
    for order in opened.orders() {
        for callback in callbacks.iter().cloned() {
            arriving.spawn(arrive(Arc::clone(functions), order.clone(), callback));
        }
    }
    gathered(arriving).await
}

async fn arrive(
    functions: Arc<Functions>,
    order: ProductionOrder,
    PlannedCallback { percent, faults }: PlannedCallback,
) -> Result<History> {
    let production_order = order.production_order;
    let quantity = Units::try_from((order.quantity.get() * percent / 100).max(1))?;
    let arrival = Arrival { production_order, quantity };
    let arrivals = functions.record_arrival.call(&arrival, &faults).await?;
    let order = ProductionOrderRef { production_order };
    let credits = functions.increment_stock.call(&order, &faults).await?;
    Ok(History { arrivals, credits, ..History::default() })
}

/// Waits for all workload and merges their histories.
pub(super) async fn gathered(mut acting: JoinSet<Result<History>>) -> Result<History> {
    let mut history = History::default();
    while let Some(acted) = acting.join_next().await {
        history.extend(acted??);
    }
    Ok(history)
}
