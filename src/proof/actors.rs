//! Who does what the plan says: the customers, and those who see to it that there is something to sell.

use std::sync::Arc;

use anyhow::Result;
use domain::{Arrival, ProductionOrder, Reason, Sku, Units};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use super::{
    history::{Credit, History},
    plan::{Delivery, Fates, Report, Stand, Wish},
    stage::Stage,
};

/// One customer: one wish after the other, each sent as often as is planned.
pub(super) async fn buy(stage: Arc<Stage>, wishes: Vec<Wish>) -> Result<History> {
    let mut history = History::default();
    for Wish { purchase, senders } in wishes {
        let mut asking = JoinSet::new();
        for fates in senders {
            let (stage, purchase) = (Arc::clone(&stage), purchase.clone());
            asking.spawn(async move { stage.decrement_stock.ask(&purchase, &fates).await });
        }
        while let Some(asked) = asking.join_next().await {
            history.purchases.extend(asked??);
        }
    }
    Ok(history)
}

/// One product's restocks, until the shop closes.
pub(super) async fn keep_stocked(
    stage: Arc<Stage>,
    stand: Stand,
    mut closed: watch::Receiver<bool>,
) -> Result<History> {
    let mut history = History::default();
    for (number, delivery) in stand.deliveries.iter().cycle().enumerate() {
        if timeout(delivery.pause, closed.wait_for(|closed| *closed)).await.is_ok() {
            break;
        }
        let orders = open(&stage, &stand.sku, number, delivery).await?;
        history
            .orders
            .extend(orders.iter().map(|order| (order.production_order, order.sku.clone())));
        history.extend(deliver(&stage, orders, &delivery.reports).await?);
    }
    Ok(history)
}

/// What `OpenRestock` asks for, as the sweep would have it.
#[derive(Debug, Clone, Serialize)]
struct Opening {
    sku: Sku,
    restock_cycle: u32,
    reason: Reason,
    execution: String,
    attempt: u32,
    attempts_allowed: u32,
}

/// What there is to do: perhaps there is an order.
#[derive(Debug, Deserialize)]
struct Opened {
    order: Option<ProductionOrder>,
}

/// The orders of a restock that several executions want to open at once.
async fn open(
    stage: &Arc<Stage>,
    sku: &Sku,
    number: usize,
    delivery: &Delivery,
) -> Result<Vec<ProductionOrder>> {
    let mut opening = JoinSet::new();
    for (rival, fates) in delivery.executions.iter().cloned().enumerate() {
        let execution = format!("{sku}_{number}_{rival}");
        let attempts = 1 + u32::from(delivery.second_attempt);
        opening.spawn(attempt(Arc::clone(stage), sku.clone(), execution, fates, attempts));
    }
    let mut orders = Vec::new();
    while let Some(opened) = opening.join_next().await {
        orders.extend(opened??);
    }
    Ok(orders)
}

/// What one execution orders, in so many attempts.
async fn attempt(
    stage: Arc<Stage>,
    sku: Sku,
    execution: String,
    fates: Fates,
    attempts: u32,
) -> Result<Vec<ProductionOrder>> {
    let mut orders = Vec::new();
    for attempt in 1..=attempts {
        let question = Opening {
            sku: sku.clone(),
            restock_cycle: 1,
            reason: Reason::Sweep,
            execution: execution.clone(),
            attempt,
            attempts_allowed: attempts,
        };
        let asked = stage.open_restock.ask::<_, Opened>(&question, &fates).await?;
        let opened = asked.into_iter().filter_map(|exchange| exchange.into_known());
        orders.extend(opened.filter_map(|opened| opened.order));
    }
    Ok(orders)
}

/// The factory's callbacks and what the `completion` machine does for each, all at once.
async fn deliver(
    stage: &Arc<Stage>,
    orders: Vec<ProductionOrder>,
    reports: &[Report],
) -> Result<History> {
    let mut history = History::default();
    let mut arriving = JoinSet::new();
    for order in orders {
        for report in reports.iter().cloned() {
            arriving.spawn(arrive(Arc::clone(stage), order.clone(), report));
        }
    }
    while let Some(arrived) = arriving.join_next().await {
        history.extend(arrived??);
    }
    Ok(history)
}

async fn arrive(stage: Arc<Stage>, order: ProductionOrder, report: Report) -> Result<History> {
    let production_order = order.production_order;
    let delivered = Units::try_from((order.quantity.get() * report.percent / 100).max(1))?;
    let arrival = Arrival { production_order, delivered };
    let arrivals = stage.record_arrival.ask(&arrival, &report.fates).await?;
    let credits = stage.increment_stock.ask(&Credit { production_order }, &report.fates).await?;
    Ok(History { arrivals, credits, ..History::default() })
}
