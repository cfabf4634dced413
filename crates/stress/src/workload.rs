//! Carries out the plan: the buyers, and the restocks of each product.

use std::sync::Arc;

use anyhow::Result;
use domain::{Arrival, ProductionOrder, Reason, Sku, Units};
use tokio::{sync::watch, task::JoinSet, time::timeout};
use warehouse::OpenRestock;

use super::{
    functions::Functions,
    history::{Credit, History},
    plan::{InjectedFaults, PlannedCallback, PlannedProduct, PlannedPurchase, PlannedRestock},
};

/// One buyer: sends one purchase after the other, each from all its senders concurrently.
pub(super) async fn buy(
    functions: Arc<Functions>,
    purchases: Vec<PlannedPurchase>,
) -> Result<History> {
    let mut history = History::default();
    for PlannedPurchase { purchase, senders } in purchases {
        let mut sending = JoinSet::new();
        for faults in senders {
            let (functions, purchase) = (Arc::clone(&functions), purchase.clone());
            sending.spawn(async move { functions.decrement_stock.call(&purchase, &faults).await });
        }
        while let Some(calls) = sending.join_next().await {
            history.purchases.extend(calls??);
        }
    }
    Ok(history)
}

/// The restocks of one product, one after the other, until `closed` becomes true.
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
        history.extend(call_back(&functions, &opened, &restock.callbacks).await?);
        history.extend(opened);
    }
    Ok(history)
}

/// Several executions that open the same restock concurrently.
async fn open(
    functions: &Arc<Functions>,
    sku: &Sku,
    number: usize,
    restock: &PlannedRestock,
) -> Result<History> {
    let attempts = 1 + u32::from(restock.second_attempt);
    let mut opening = JoinSet::new();
    for (index, faults) in restock.executions.iter().cloned().enumerate() {
        let input = OpenRestock {
            sku: sku.clone(),
            restock_cycle: 1.try_into()?,
            reason: Reason::Sweep,
            execution: format!("{sku}_{number}_{index}"),
            attempt: 1,
            attempts_allowed: attempts,
        };
        opening.spawn(execution(Arc::clone(functions), input, faults));
    }
    joined(opening).await
}

/// One execution that gets no callback and makes every allowed attempt.
async fn execution(
    functions: Arc<Functions>,
    input: OpenRestock,
    faults: InjectedFaults,
) -> Result<History> {
    let mut history = History::default();
    for attempt in 1..=input.attempts_allowed {
        let input = OpenRestock { attempt, ..input.clone() };
        history.restocks.extend(functions.open_restock.call(&input, &faults).await?);
    }
    Ok(history)
}

/// All callbacks for all orders, concurrently.
async fn call_back(
    functions: &Arc<Functions>,
    opened: &History,
    callbacks: &[PlannedCallback],
) -> Result<History> {
    let mut arriving = JoinSet::new();
    for order in opened.orders() {
        for callback in callbacks.iter().cloned() {
            arriving.spawn(completion(Arc::clone(functions), order.clone(), callback));
        }
    }
    joined(arriving).await
}

/// One callback, handled as by the `completion` state machine.
async fn completion(
    functions: Arc<Functions>,
    order: ProductionOrder,
    callback: PlannedCallback,
) -> Result<History> {
    let production_order = order.production_order;
    let delivered = Units::try_from((order.quantity.get() * callback.percent / 100).max(1))?;
    let arrival = Arrival { production_order, delivered };
    let arrivals = functions.record_arrival.call(&arrival, &callback.faults).await?;
    let credit = Credit { production_order };
    let credits = functions.increment_stock.call(&credit, &callback.faults).await?;
    Ok(History { arrivals, credits, ..History::default() })
}

/// Waits for all tasks and joins their histories.
pub(super) async fn joined(mut tasks: JoinSet<Result<History>>) -> Result<History> {
    let mut history = History::default();
    while let Some(part) = tasks.join_next().await {
        history.extend(part??);
    }
    Ok(history)
}
